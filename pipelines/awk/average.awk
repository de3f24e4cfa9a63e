# average: the mean over columns, TASK/SPLIT/METRIC, from tables of scores of one
# row, as a score of a task of that name; nothing where one is missing.
#
#	awk -v name=NAME -v columns='COLUMN ...' -f runs.awk -f average.awk SCORES.tsv...

BEGIN {
	FS = OFS = "\t"
	print "task", "split", "metric", "value", "n"
	all = split(columns, wanted, " ")
}
{
	run = $3 ~ /\.run[0-9]+$/ ? $3 : $3 ".run1"
	metric = run
	sub(/\..*/, "", metric)
	if ($3 != metric && $3 !~ /\.run[0-9]+$/)
		next
	sub(/.*\.run/, "", run)
	value[$1 "/" $2 "/" metric, run + 0] = $4
	if (run + 0 > runs)
		runs = run + 0
}
END {
	for (r = 1; r <= runs; r++)
		for (w = 1; w <= all; w++) {
			if (!((wanted[w], r) in value))
				exit 0 # no average
			average[r] += (value[wanted[w], r] == "nan" ? 0 : \
			    value[wanted[w], r]) / all
		}
	if (runs)
		report(name, "dev", "average", average, runs)
}
