# curves: mean losses of one task by epoch, a column a model, from logs.
#
#	awk -v task=TASK -f curves.awk [name=NAME LOG.tsv]...
#
# Of a task with a teacher the hard loss and the soft one (which the log gives
# as 0 or - where there is none); else the hard one.
# Updates that mix tasks are left out: their loss is no task's own.

BEGIN { FS = OFS = "\t" }
FNR == 1 { start[name] = ++models; model[models] = name }
/^#/ || $1 == "step" || $3 != task { next }
{
	if ($2 > epochs)
		epochs = $2
	count[name, $2]++
	hard[name, $2] += $5
	if ($6 != "-" && $6 + 0 != 0) {
		soft[name, $2] += $6
		taught[name] = 1
	}
}
END {
	if (epochs == 0)
		exit
	printf "epoch"
	for (m = 1; m <= models; m++) {
		printf "\t%s%s", model[m], (model[m] in taught) ? ", hard" : ""
		if (model[m] in taught)
			printf "\t%s, soft", model[m]
	}
	print ""
	for (e = 1; e <= epochs; e++) {
		printf "%d", e
		for (m = 1; m <= models; m++) {
			put(hard, model[m], e)
			if (model[m] in taught)
				put(soft, model[m], e)
		}
		print ""
	}
}
function put(sum, name, e) {
	if ((name, e) in count)
		printf "\t%.6g", sum[name, e] / count[name, e]
	else
		printf "\tnan"
}
