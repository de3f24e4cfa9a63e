# tasks: rows of tables of examples, by split and label.
#
#	NAMES=FILE awk -f names.awk -f tasks.awk data/TASK/SPLIT.tsv...
#
# A line "task split rows", then a line "task split rows label" for each label,
# most rows first; scores are no labels, and their line has the lowest and the
# highest.

BEGIN { FS = OFS = "\t" }
FNR == 1 {
	close_file()
	task = $0
	sub(/.* task=/, "", task); sub(/ .*/, "", task)
	part = FILENAME
	sub(/.*\//, "", part); sub(/\.tsv$/, "", part)
	next
}
FNR == 2 {
	for (i = column = 1; i <= NF; i++)
		if ($i == "label")
			column = i
	next
}
{ rows++ }
$column == "-" { next }
task_types[task] == "regression" {
	if (!scores++ || $column + 0 < low)
		low = $column + 0
	if (scores == 1 || $column + 0 > high)
		high = $column + 0
	next
}
{
	n = task_types[task] == "multilabel" ? split($column, label, ",") : 1
	if (task_types[task] != "multilabel")
		label[1] = $column
	for (i = 1; i <= n; i++) {
		if (!(label[i] in count))
			order[++labels] = label[i]
		count[label[i]]++
	}
}
END { close_file() }
function close_file(  i, j, l) {
	if (task != "") {
		print task, part, rows + 0
		for (i = 2; i <= labels; i++) {
			l = order[i]
			for (j = i - 1; j > 0 && (count[order[j]] < count[l] || \
			    count[order[j]] == count[l] && order[j] > l); j--)
				order[j + 1] = order[j]
			order[j + 1] = l
		}
		for (i = 1; i <= labels; i++)
			print task, part, count[order[i]], order[i]
		if (scores)
			print task, part, scores, low " to " high
	}
	rows = labels = scores = 0
	split("", count)
}
