# curves: losses of one task by update, a column a model, from logs.
#
#	awk -v task=TASK -f curves.awk [name=NAME LOG.tsv]...
#
# At most 100 updates, evenly apart; at each the mean of the task's last twentieth
# of updates, of fewer at the start; nan before its first and behind the log's end.
# Of a task with a teacher the hard loss and the soft one (which the log gives
# as 0 or - where there is none); else the hard one.
# Updates that mix tasks are left out: their loss is no task's own.

BEGIN { FS = OFS = "\t" }
FNR == 1 { model[++models] = name }
/^#/ || $1 == "step" { next }
{
	last[models] = $1 + 0
	if ($1 + 0 > steps)
		steps = $1 + 0
}
$3 == task {
	n = ++count[models]
	at[models, n] = $1 + 0
	is_soft = $6 != "-" && $6 + 0 != 0
	hard[models, n] = hard[models, n - 1] + $5
	soft[models, n] = soft[models, n - 1] + (is_soft ? $6 : 0)
	softs[models, n] = softs[models, n - 1] + is_soft
	all++
}
END {
	if (all == 0)
		exit
	printf "update"
	for (m = 1; m <= models; m++) {
		taught[m] = softs[m, count[m]] > 0
		printf "\t%s%s", model[m], taught[m] ? ", hard" : ""
		if (taught[m])
			printf "\t%s, soft", model[m]
	}
	print ""
	rows = steps < 100 ? steps : 100
	for (r = 1; r <= rows; r++) {
		update = int(r * steps / rows)
		printf "%d", update
		for (m = 1; m <= models; m++)
			put(m)
		print ""
	}
}
function put(m, n, from, w) {
	while (done[m] < count[m] && at[m, done[m] + 1] <= update)
		done[m]++
	n = update <= last[m] ? done[m] + 0 : 0
	w = int((count[m] + 19) / 20)
	from = n > w ? n - w : 0
	put_mean(hard[m, n] - hard[m, from], n - from)
	if (taught[m])
		put_mean(soft[m, n] - soft[m, from], softs[m, n] - softs[m, from])
}
function put_mean(sum, n) {
	printf "\t%s", (n > 0 ? sprintf("%.6g", sum / n) : "nan")
}
