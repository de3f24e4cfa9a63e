# html-tasks: a table of tasks.awk as an HTML table, a line a task,
# in the order of the names.
#
#	awk -f names.awk -f html-tasks.awk TASKS.tsv

BEGIN { FS = "\t"; most = 12 }
{ there[$1] = 1 }
NF == 3 {
	kind = $2 ~ /^(train|dev|test)/ ? $2 : "unlabelled"
	sub(/_.*/, "", kind)
	rows[$1, kind] = rows[$1, kind] (rows[$1, kind] == "" ? "" : " + ") grouped($3)
	next
}
$2 == "train" {
	labels[$1]++
	if (labels[$1] <= most)
		text[$1] = text[$1] (text[$1] == "" ? "" : ", ") \
		    "<q>" html($4) "</q> " grouped($3)
	fewest[$1] = $3
	if (labels[$1] == 1)
		largest[$1] = $3
	scores[$1] = $4
}
END {
	columns = split("train dev test unlabelled", column, " ")
	printf "<thead><tr><th scope=\"col\">task</th><th scope=\"col\" class=\"word\">type</th>"
	for (c = 1; c <= columns; c++)
		printf "<th scope=\"col\">%s</th>", column[c]
	print "<th scope=\"col\" class=\"text\">labels of training rows</th></tr></thead>\n<tbody>"
	for (t = 1; t <= task_count; t++)
		if (task_list[t] in there)
			line(task_list[t])
	print "</tbody>"
}
function line(t,   c) {
	printf "<tr><th scope=\"row\">%s</th><td class=\"word\">%s%s</td>", \
	    html(task_name(t)), \
	    html(task_types[t]), (task_kinds[t] == "pair" ? " of pairs" : "")
	for (c = 1; c <= columns; c++)
		printf "<td>%s</td>", (t, column[c]) in rows ? \
		    rows[t, column[c]] : "&#8211;"
	printf "<td class=\"text\">%s</td></tr>\n", labels_of(t)
}
function labels_of(t) {
	if (task_types[t] == "regression")
		return "scores from " html(scores[t])
	if (labels[t] > most)
		return labels[t] " labels, of " grouped(fewest[t]) " to " \
		    counted(largest[t], "row", "rows") " each"
	return text[t]
}
