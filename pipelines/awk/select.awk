# select: members by their dev scores, the best first.
#
#	awk -f select.awk member=NAME SCORES.tsv... member=NAME SCORES.tsv...
#
# The score of a member is the mean over its tasks of the task's value: the
# mean of its metrics and of MNLI's matched and mismatched rows.  With MNLI and
# RTE among them these two alone count, as in the paper.  An undefined metric
# counts 0.  Of equal members the earlier stands first.

BEGIN { FS = OFS = "\t" }
/^#/ { next }
FNR == 1 || $1 == "task" { next }
{
	if (member != last) {
		name[++count] = last = member
	}
	sum[count, $1] += $4 == "nan" ? 0 : $4
	seen[count, $1]++
	if (!($1 in known)) {
		known[$1]
		task[++tasks] = $1
	}
}
END {
	if (count == 0) {
		print "select: no scores" > "/dev/stderr"
		exit 1
	}
	pair = ("mnli" in known) && ("rte" in known)
	by = ""
	for (t = 1; t <= tasks; t++)
		if (!pair || task[t] ~ /^(mnli|rte)$/)
			by = by (by == "" ? "" : ",") task[t]
	used = split(by, judge, ",")
	for (m = 1; m <= count; m++) {
		for (t = 1; t <= used; t++) {
			if (!((m, judge[t]) in seen)) {
				print "select: " name[m] " has no score of " judge[t] \
				    > "/dev/stderr"
				exit 1
			}
			score[m] += sum[m, judge[t]] / seen[m, judge[t]] / used
		}
	}
	print "#members by their mean over " by
	print "rank", "index", "member", "score"
	for (rank = 1; rank <= count; rank++) {
		best = 0
		for (m = 1; m <= count; m++)
			if (!(m in taken) && (!best || score[m] > score[best]))
				best = m
		taken[best]
		print rank, best, name[best], sprintf("%.9g", score[best])
	}
}
