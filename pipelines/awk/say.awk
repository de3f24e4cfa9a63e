# say: what a chart shows, in words.
#
#	awk -v kind=curves|dashes|bins -f names.awk -f say.awk TABLE
#	awk -v kind=METRIC -f names.awk -f say.awk STATS.tsv...
#
# Of curves the mean of the models of a kind, first and last row; what their
# dashes are; of a table of bins.awk how many were merged; of statistics the
# metric of each split.

BEGIN { FS = "\t" }
kind == "bins" {
	if (!points[$1]++)
		of_split[++splits] = $1
	bins[$1] += $5
	next
}
kind == "dashes" {
	for (i = 2; NR == 1 && i <= NF; i++) {
		model = what = $i
		sub(/, .*/, "", model)
		if (!sub(/^[^,]*, /, "", what) || what in dashed || what ~ /^(hard|soft)$/)
			continue
		nth = ++had[model]
		dashed[what] = 1
		text = text (nth == 1 ? "Solid: " : nth == 2 ? "; dashed: " : ", ") what
	}
	next
}
kind != "curves" {
	if ($3 == kind && is_figure($4))
		text = text (text == "" ? "" : ", ") split_name($2) " " \
		    sprintf("%.3f", $4)
	next
}
FNR == 1 {
	for (i = 2; i <= NF; i++) {
		group[i] = $i
		sub(/ [^ ,]*/, "", group[i])
		if (!(group[i] in seen)) {
			seen[group[i]] = 1
			order[++groups] = group[i]
		}
	}
	next
}
{
	for (g in seen)
		sum[g] = many[g] = 0
	for (i = 2; i <= NF; i++)
		if (is_figure($i)) {
			sum[group[i]] += $i
			many[group[i]]++
		}
	for (g in seen)
		if (many[g]) {
			last[g] = sprintf("%.3g", sum[g] / many[g])
			if (!(g in first))
				first[g] = last[g]
		}
}
END {
	if (kind == "dashes" && nth < 2)
		sub(/^Solid: /, "", text)
	for (g = 1; g <= splits; g++)
		text = text (g > 1 ? "; " : "") merged(of_split[g])
	for (g = 1; g <= groups; g++)
		if (order[g] in first)
			text = text (text == "" ? "" : "; ") order[g] " " \
			    first[order[g]] " to " last[order[g]]
	print html(text)
}
function merged(s) {
	return (splits > 1 ? split_name(s) ": " : "") counted(bins[s], "bin", "bins") \
	    (points[s] == bins[s] ? "" : ", merged into " points[s])
}
