# Verdicts from the lines of runs, as tests/quality/matmul has them.
#
# usage: awk -f judge.awk -v train=bf16 -v answer=int8 -v tasks="cola rte"
#	majority.tsv runs.tsv
#
# In the folder of pred/TASK-SEED-NUMBERS.tsv and data/TASK-dev.tsv.  Figures
# are points, 100 times GLUE's.
#
# Training: the paired difference of `train' to float32 over the seeds that
# both have; as good, where the lower end of the 95 % interval of its mean
# (Student's t) is above the task's bound, unknown where fewer than 3 seeds
# are there or float32 itself does not clearly beat the majority.
#
# Answers: labels of `answer' beside float32's of the same models.  As good,
# where 99 % of all rows pooled are equal; where McNemar's exact test of the
# task's rows over all seeds does not find it worse at 0.05; and where the mean
# score is less than 0.3 points below (dev of 1,000 rows or more), else than
# two rows.

BEGIN {
	FS = OFS = "\t"
	bound["mrpc"] = bound["stsb"] = -0.5
	bound["cola"] = bound["rte"] = -1.5
	split("12.706 4.303 3.182 2.776 2.571 2.447 2.365 2.306 2.262 2.228 " \
		"2.201 2.179 2.160 2.145 2.131 2.120 2.110 2.101 2.093 2.086 " \
		"2.080 2.074 2.069 2.064 2.060 2.056 2.052 2.048 2.045 2.042",
		student, " ")
	task_count = split(tasks, task, " ")
}

# One answer for all rows correlates with nothing.
$2 == "majority" { majority[$1] = $3 ~ /nan/ ? 0 : 100 * $3; next }
$1 == "task" { next }

{
	score[$1, $2, $3] = 100 * $4
	if ($2 > seeds)
		seeds = $2
}

# x[1..n] of the seeds that both have; of the float32 runs the mean, the
# lowest, and the other's mean.
function pairs(t, numbers,    s) {
	n = sum = sum2 = of_float = of_other = 0
	lowest = 1e9
	for (s = 1; s <= seeds; s++) {
		if (!((t, s, "float32") in score && (t, s, numbers) in score))
			continue
		d = score[t, s, numbers] - score[t, s, "float32"]
		n++
		sum += d
		sum2 += d * d
		of_float += score[t, s, "float32"]
		of_other += score[t, s, numbers]
		if (score[t, s, "float32"] < lowest)
			lowest = score[t, s, "float32"]
	}
	if (n == 0)
		return 0
	mean = sum / n
	of_float /= n
	of_other /= n
	deviation = n > 1 ? (sum2 - n * mean * mean) / (n - 1) : 0
	deviation = deviation > 0 ? root(deviation) : 0
	return n
}

# Newton's, from above; not every awk has sqrt.
function root(x,    r, i) {
	r = x > 1 ? x : 1
	for (i = 0; i < 60; i++)
		r = (r + x / r) / 2
	return r
}

function judge(t, numbers,    half, verdict) {
	if (pairs(t, numbers) == 0)
		return
	half = n > 1 ? student[n > 31 ? 30 : n - 1] * deviation / root(n) : 0
	verdict = mean - half > bound[t] ? "as good" : "worse"
	if (n < 3 || lowest <= majority[t])
		verdict = "unknown"
	note(verdict)
	printf "%s\t%d\t%.2f\t%.2f\t%.2f\t%.2f\t", t, n, majority[t], lowest,
		of_float, of_other
	if (n > 1)
		printf "%.2f\t%.2f\t%.2f", mean, mean - half, mean + half
	else
		printf "%.2f\t-\t-", mean
	printf "\t%.1f\t%s\n", bound[t], verdict
}

function note(verdict) {
	if (verdict == "worse")
		failed = 1
}

# --- labels ---

# label[id] of a table, by the column of the highest number; their count.
function labels(path, label,    line, field, name, columns, i, most, count) {
	count = 0
	while ((getline line < path) > 0) {
		if (line ~ /^#/)
			continue
		columns = split(line, field, "\t")
		if (field[1] == "id") {
			split(line, name, "\t")
			continue
		}
		most = 2
		for (i = 3; i <= columns; i++)
			if (field[i] + 0 > field[most] + 0)
				most = i
		label[field[1]] = name[most]
		count++
	}
	close(path)
	return count
}

function golds(path, label,    line, field, count) {
	count = 0
	while ((getline line < path) > 0) {
		split(line, field, "\t")
		if (line ~ /^#/ || field[1] == "id")
			continue
		label[field[1]] = field[2]
		count++
	}
	close(path)
	return count
}

# Of b and c rows that one of two alone has right: exact, two-sided.  Each row
# halves the sum of binomials, which is kept near 1.
function mcnemar(b, c,    k, i, term, sum, halves) {
	k = b < c ? b : c
	halves = b + c - 1
	for (i = 0; i <= k; i++) {
		term = i == 0 ? 1 : term * (b + c - i + 1) / i
		for (sum += term; sum > 1 && halves > 0; halves--) {
			sum /= 2
			term /= 2
		}
	}
	for (; halves > 0 && sum > 0; halves--)
		sum /= 2
	return sum < 1 ? sum : 1
}

# Rows of all seeds: equal, and right in one of the two alone.
function rows_of(t,    s, gold, a, b, id) {
	equal = rows = lost = won = 0
	dev = golds("data/" t "-dev.tsv", gold)
	for (s = 1; s <= seeds; s++) {
		if (t == "stsb" || !((t, s, "float32") in score &&
		    (t, s, answer) in score))
			continue
		labels("pred/" t "-" s "-float32.tsv", a)
		labels("pred/" t "-" s "-" answer ".tsv", b)
		for (id in gold) {
			rows++
			equal += a[id] == b[id]
			lost += a[id] == gold[id] && b[id] != gold[id]
			won += b[id] == gold[id] && a[id] != gold[id]
		}
	}
	all_rows += rows
	all_equal += equal
}

function judge_answers(t,    p, less, verdict) {
	if (pairs(t, answer) == 0)
		return
	rows_of(t)
	p = mcnemar(lost, won)
	less = dev >= 1000 ? 0.3 : 100 * 2 / dev
	# Scores have six digits.
	verdict = -mean > less + 0.001 || (lost > won && p <= 0.05) ? "worse" : "as good"
	note(verdict)
	printf "%s\t%d\t%d\t%s\t%d\t%d\t%.3g\t%.2f\t%.2f\t%.2f\t%.2f\t%s\n", t,
		n, rows, rows ? sprintf("%.4f", equal / rows) : "-", lost, won,
		p, of_float, of_other, mean, -less, verdict
}

END {
	print "# trained in " train " and in float32"
	print "task", "seeds", "majority", "lowest", "float32", train,
		"difference", "low", "high", "bound", "verdict"
	for (i = 1; i <= task_count; i++)
		judge(task[i], train)
	print "# " answer " and float32 answers of the same models"
	print "task", "seeds", "rows", "equal", "lost", "won", "mcnemar",
		"float32", answer, "difference", "bound", "verdict"
	for (i = 1; i <= task_count; i++)
		judge_answers(task[i])
	if (all_rows > 0) {
		verdict = all_equal < 0.99 * all_rows ? "worse" : "as good"
		note(verdict)
		printf "all\t-\t%d\t%.4f\t-\t-\t-\t-\t-\t-\t0.99\t%s\n", all_rows,
			all_equal / all_rows, verdict
	}
	exit failed
}
