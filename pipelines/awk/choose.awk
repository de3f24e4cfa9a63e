# choose: what was tried, a line for each candidate, kind of model and task: the
# mean of the task's metrics, median over the seeds, and that of each seed.
#
#	awk -f runs.awk -f choose.awk tried=RATE_EPOCHS_DROPOUT_SHUFFLE/scores/OF-TASK SCORES.tsv ...
#
# The best candidate of a task is marked; task mean is the mean over the tasks.

BEGIN { FS = OFS = "\t" }
/^#/ || $1 == "task" { next }
tried != last {
	last = tried
	split(tried, part, "/")
	of = substr(part[3], 1, 3)
	enter(part[1], of, substr(part[3], 5))
}
{
	stat = $3
	if (!sub(/^[^.]*\./, "", stat))
		stat = "run1"
	if (stat ~ /^run/)
		add(part[1], of, substr(part[3], 5), substr(stat, 4) + 0, $4)
}
function enter(candidate, of, task) {
	if (!(candidate in seen)) {
		seen[candidate]
		list[++candidates] = candidate
	}
	if (!((of, task) in known)) {
		known[of, task]
		kind[++tasks] = of
		name[tasks] = task
	}
}
function add(candidate, of, task, run, value) {
	sum[candidate, of, task, run] += value == "nan" ? 0 : value
	metrics[candidate, of, task, run]++
	if (run > runs)
		runs = run
}
function value_of(candidate, of, task, run,   t, n, all) {
	if (task != "mean")
		return sum[candidate, of, task, run] / metrics[candidate, of, task, run]
	for (t = 1; t <= tasks; t++)
		if (kind[t] == of && name[t] != "mean") {
			all += value_of(candidate, of, name[t], run)
			n++
		}
	return all / n
}
function median(candidate, of, task,   r, value) {
	for (r = 1; r <= runs; r++)
		value[r] = value_of(candidate, of, task, r)
	return median_of(value, runs)
}
END {
	if (!runs) {
		print "choose: no scores" > "/dev/stderr"
		exit 1
	}
	enter(list[1], "one", "mean")
	enter(list[1], "all", "mean")
	printf "of\ttask\tlearning_rate\tepochs\tdropout\tshuffle\tmedian"
	for (r = 1; r <= runs; r++)
		printf "\trun%d", r
	print "\tchosen"
	for (t = 1; t <= tasks; t++)
		if (any(kind[t]))
			lines(kind[t], name[t])
}
function any(of,   t) {
	for (t = 1; t <= tasks; t++)
		if (kind[t] == of && name[t] != "mean")
			return 1
	return 0
}
function lines(of, task,   c, r, best, m, set) {
	for (c = 1; c <= candidates; c++) {
		m[c] = median(list[c], of, task)
		if (!best || m[c] > m[best])
			best = c
	}
	for (c = 1; c <= candidates; c++) {
		split(list[c], set, "_")
		printf "%s\t%s\t%s\t%s\t%s\t%s\t%.2f", of, task, set[1], set[2], \
		    set[3], set[4], 100 * m[c]
		for (r = 1; r <= runs; r++)
			printf "\t%.2f", 100 * value_of(list[c], of, task, r)
		print "\t" (c == best ? "best" : "-")
	}
}
