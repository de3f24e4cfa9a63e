# bam: BAM's average over eight tasks (Clark et al. 2019), one metric of each,
# from tables of scores of one row.
#
#	awk -f runs.awk -f bam.awk SCORES.tsv...

BEGIN {
	FS = OFS = "\t"
	print "task", "split", "metric", "value", "n"
	split("cola/dev/matthews sst2/dev/accuracy mrpc/dev/accuracy " \
	    "stsb/dev/spearman qqp/dev/accuracy mnli/dev_matched/accuracy " \
	    "qnli/dev/accuracy rte/dev/accuracy", wanted, " ")
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
		for (w = 1; w <= 8; w++) {
			if (!((wanted[w], r) in value))
				exit 0 # not all eight tasks: no average
			average[r] += (value[wanted[w], r] == "nan" ? 0 : \
			    value[wanted[w], r]) / 8
		}
	if (runs)
		report("bam", "dev", "average", average, runs)
}
