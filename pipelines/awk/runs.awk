# runs: a figure of several runs, value[1 to n], as a table of scores has it.
#
#	awk -f runs.awk -f CALLER

# The square root by Newton's steps from above: an awk may come without sqrt.
function root(x,   r, next_r) {
	if (x <= 0)
		return 0
	for (r = x > 1 ? x : 1; ; r = next_r) {
		next_r = (r + x / r) / 2
		if (next_r >= r)
			return r
	}
}
function median_of(value, n,   i, k, sorted) {
	for (i = 1; i <= n; i++) {
		for (k = i; k > 1 && sorted[k - 1] > value[i]; k--)
			sorted[k] = sorted[k - 1]
		sorted[k] = value[i]
	}
	return (sorted[int((n + 1) / 2)] + sorted[int((n + 2) / 2)]) / 2
}
function report(task, where, metric, value, n,   i, mean, square) {
	for (i = 1; i <= n; i++) {
		printf "%s\t%s\t%s.run%d\t%.9g\t1\n", task, where, metric, i, value[i]
		mean += value[i] / n
	}
	for (i = 1; i <= n; i++)
		square += (value[i] - mean) * (value[i] - mean)
	printf "%s\t%s\t%s.median\t%.9g\t%d\n", task, where, metric, \
	    median_of(value, n), n
	printf "%s\t%s\t%s.sd\t", task, where, metric
	if (n > 1)
		printf "%.9g\t%d\n", root(square / (n - 1)), n
	else
		printf "nan\t%d\n", n
}
