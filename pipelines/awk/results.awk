# results: published and measured figures side by side, in percent.
#
#	awk -v columns=LIST -f results.awk [PUBLISHED.tsv] \
#	    row=ROW SCORES.tsv... row=ROW ...
#
# One line for each row, task, split and metric of the table: a column is
# TASK/SPLIT/METRIC.  Runs are the seeds, - is what was not published or not
# measured.  With --glue's tables among the scores, task glue is the GLUE score
# over all nine tasks and glue-partial the mean over those there are.  Tokens
# are a count.

BEGIN {
	FS = OFS = "\t"
	columns = split(columns, column, " ")
}
row != last {
	rows[++count] = last = row
}
/^#/ { next }
$1 == "row" || $1 == "task" { next }
row == "" {
	published[$1, $2 "/" $3 "/" $4] = $5
	next
}
{
	what = $3
	sub(/\..*/, "", what)
	stat = $3 == what ? "only" : substr($3, length(what) + 2)
	value[row, $1 "/" $2 "/" what, stat] = $4
	if (stat ~ /^run[0-9]+$/ && substr(stat, 4) + 0 > runs)
		runs = substr(stat, 4) + 0
}
END {
	if (!runs)
		runs = 1
	printf "row\ttask\tsplit\tmetric\tpublished\tmedian\tsd"
	for (r = 1; r <= runs; r++)
		printf "\trun%d", r
	print ""
	for (i = 1; i <= count; i++)
		for (c = 1; c <= columns; c++)
			line(rows[i], column[c])
}
function line(row, key,   part, r) {
	split(key, part, "/")
	printf "%s\t%s\t%s\t%s\t%s", row, part[1], part[2], part[3], \
	    ((row, key) in published) ? published[row, key] : "-"
	if ((row, key, "only") in value)
		printf "\t%s\t-\t%s", figure(row, key, "only"), \
		    figure(row, key, "only")
	else
		printf "\t%s\t%s\t%s", figure(row, key, "median"), \
		    figure(row, key, "sd"), figure(row, key, "run1")
	for (r = 2; r <= runs; r++)
		printf "\t%s", figure(row, key, "run" r)
	print ""
}
function figure(row, key, stat) {
	if (!((row, key, stat) in value))
		return "-"
	if (value[row, key, stat] == "nan")
		return stat == "sd" ? "-" : "nan"
	if (key ~ /\/tokens$/)
		return sprintf("%.0f", value[row, key, stat])
	return sprintf("%.2f", 100 * value[row, key, stat])
}
