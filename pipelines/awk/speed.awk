# speed: what an experiment's rows score and how fast they are, for a chart.
#
#	awk -v experiment=NAME -f names.awk -f speed.awk NAME-speed.tsv
#
# The columns of serving.awk, and the numbers; the name of a row stands at the
# first of its points, which are those of other numbers.

BEGIN { FS = OFS = "\t" }
/^# medians of / {
	runs = task = part = $0
	sub(/^# medians of /, "", runs); sub(/ .*/, "", runs)
	sub(/.* on /, "", task); sub(/ .*/, "", task)
	sub(/.* /, "", part)
}
/^#/ { next }
$1 == "row" {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	print "system", "models", "rows_per_second", "memory_MB", "score", \
	    "task", "split", "metric", "runs", "numbers"
	next
}
{
	print (seen[$1]++ ? "" : row_name($1)), 1, $at["rows_per_second"], \
	    $at["memory_MB"], $at["glue"], task, part, "GLUE score", runs, \
	    $at["numbers"]
}
