# serving: a file of serving results beside the scores of its systems.
#
#	awk -v final=ROW -f serving.awk SERVING.tsv RESULTS.tsv
#
# The ensemble is the row of this name, what begins with student is ROW.  Columns:
# system, models, rows a second, memory in MB, score in percent (- where it is
# undefined or not among the results), task, split, metric, runs.

BEGIN { FS = OFS = "\t" }
FNR == NR && /^# medians of / { runs = $0; task = part = $0
	sub(/^# medians of /, "", runs); sub(/ .*/, "", runs)
	sub(/.* on /, "", task); sub(/ .*/, "", task)
	sub(/.* /, "", part)
	next
}
/^#/ { next }
FNR == NR {
	if ($1 == "system")
		for (i = 1; i <= NF; i++)
			at[$i] = i
	else {
		system_[++n] = $1
		models[n] = $at["models"]
		speed[n] = $at["rows_per_second"]
		memory[n] = $at["memory_MB"]
	}
	next
}
$1 == "row" {
	for (i = 1; i <= NF; i++)
		column[$i] = i
	next
}
$column["task"] == task && $column["split"] == part {
	if (metric == "")
		metric = $column["metric"]
	if ($column["metric"] == metric && $column["median"] ~ /^-?[0-9]/)
		score[$1] = $column["median"]
}
END {
	print "system", "models", "rows_per_second", "memory_MB", "score", \
	    "task", "split", "metric", "runs"
	for (i = 1; i <= n; i++) {
		row = system_[i] ~ /^student/ ? final : system_[i]
		print system_[i], models[i], speed[i], memory[i], \
		    row in score ? score[row] : "-", task, part, metric, runs
	}
}
