# costs: what each stage of the flow will cost, from dry runs of one epoch of
# each pack.
#
#	awk -v gflops=G -v epochs=E -v fine=F -v members=M -v top=K -v seeds=S \
#	    -v more=N -v teach='TASK ...' -v judges='TASK ...' [-v release=1] \
#	    -f costs.awk PUBLISHED.tsv DRY.tsv...
#
# Predicting is a third of an epoch of training.  more: seeds of the table whose
# vanilla model is not a member.

BEGIN {
	FS = OFS = "\t"
	print "stage", "trainings", "updates", "tokens", "pflops", "hours", \
	    "memory_MB", "disk_MB"
}
/^#/ || $3 == "printed" { next }
NF == 4 { rows[$1 "/" $2] = $4; next }
{
	split($1, part, "/")
	if (!(part[1] in seen)) {
		seen[part[1]]
		task[++tasks] = part[1]
	}
	if ($2 == "memory_bytes" && $3 > memory)
		memory = $3
	if ($2 == "parameters" && $3 > parameters)
		parameters = $3
	kind = part[2] == "train" ? "train" : "dev"
	set[kind, part[1]] = set[kind, part[1]] " " $1
	value[$1, $2] = $3
}
# A figure of one epoch of a task's training rows, or of its dev rows.
function epoch(kind, name, what,   n, i, sets, got, sum) {
	n = split(set[kind, name], sets, " ")
	for (i = 1; i <= n; i++)
		if (!(sets[i] in got)) {
			got[sets[i]]
			sum += value[sets[i], what] * share(sets[i])
		}
	return sum
}
function share(sets) {
	return release && value[sets, "rows_per_epoch"] > 0 ? \
	    rows[sets] / value[sets, "rows_per_epoch"] : 1
}
function over(kind, names, what,   i, n, name, sum) {
	n = split(names, name, " ")
	for (i = 1; i <= n; i++)
		sum += epoch(kind, name[i], what)
	return sum
}
function line(stage, trainings, updates, tokens, flops, models) {
	printf "%s\t%d\t%.0f\t%.0f\t%.4g\t%.2f\t%.0f\t%.0f\n", stage, trainings, \
	    updates, tokens, flops / 1e15, flops / gflops / 1e9 / 3600, \
	    memory / 1e6, models * parameters * 4 / 1e6
	all_trainings += trainings; all_updates += updates
	all_tokens += tokens; all_flops += flops; all_models += models
}
# n trainings on each of the tasks together (of all: a model), or on each alone.
function train(stage, n, times, names, models) {
	line(stage, n * models, n * times * over("train", names, "updates"), \
	    n * times * over("train", names, "tokens"), \
	    n * times * over("train", names, "flops"), n * models)
}
function predict(stage, n, kind, names) {
	line(stage, 0, 0, n * over(kind, names, "tokens"), \
	    n * over(kind, names, "flops") / 3, 0)
}
END {
	for (i = 1; i <= tasks; i++) {
		names = names " " task[i]
		if (index(" " teach " ", " " task[i] " ") == 0)
			untaught = untaught " " task[i]
	}
	taught = split(teach, part, " ")
	train("4 members", members, epochs, names, 1)
	predict("5 select", members, "dev", judges)
	train("6 teachers", top, fine, teach, taught)
	train("6 ensemble's other tasks", top, fine, untaught, tasks - taught)
	predict("7 soft targets", top, "train", teach)
	predict("7 ensemble on dev", top, "dev", names)
	train("9 students", seeds, epochs, names, 1)
	train("10 vanilla models", more, epochs, names, 1)
	train("10 single-task", seeds, epochs, names, tasks)
	train("10 fine-tuned MT-DNN", seeds, fine, names, tasks)
	train("10 fine-tuned MT-DNN_KD", seeds, fine, names, tasks)
	predict("11 dev predictions", 5 * seeds, "dev", names)
	line("all", all_trainings, all_updates, all_tokens, all_flops, all_models)
}
