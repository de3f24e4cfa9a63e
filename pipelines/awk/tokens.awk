# tokens: how many tokens the trainings of a row read, run by run.
#
#	awk -f runs.awk -f tokens.awk run=SEED LOG.tsv... run=SEED LOG.tsv...

BEGIN { FS = OFS = "\t"; print "task", "split", "metric", "value", "n" }
run != last { last = run; runs++ }
/^#/ { next }
$1 == "step" {
	for (column = NF; $column != "tokens"; column--)
		if (column == 1) {
			print "tokens: " FILENAME ": no column tokens" > "/dev/stderr"
			exit 1
		}
	next
}
{ tokens[runs] += $column }
END { report("train", "-", "tokens", tokens, runs) }
