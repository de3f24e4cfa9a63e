# say: what a chart shows, in words.
#
#	awk -v kind=curves -f names.awk -f say.awk TABLE
#	awk -v kind=METRIC -f names.awk -f say.awk STATS.tsv...
#
# Of curves the mean of the models of a kind, first and last epoch; of
# statistics the metric of each split.

BEGIN { FS = "\t" }
kind != "curves" {
	if ($3 == kind)
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
		if ($i != "nan") {
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
	for (g = 1; g <= groups; g++)
		text = text (g > 1 ? "; " : "") order[g] " " first[order[g]] \
		    " to " last[order[g]]
	print html(text)
}
