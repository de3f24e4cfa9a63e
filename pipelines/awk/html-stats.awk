# html-stats: tables of ens-average --stats as one HTML table, a line a task and
# split.
#
#	awk -f names.awk -f html-stats.awk STATS.tsv...

BEGIN {
	FS = "\t"
	columns = split("relative_entropy max_probability one_hot agreement " \
	    "spread accuracy contradiction label_probability brier ece", \
	    column, " ")
	split("relative entropy|highest Q|one-hot|members agree|spread|" \
	    "accuracy|contradict the label|Q of the label|Brier|ECE", name, "|")
	split("%.2f %.2f % % %.3f % % %.2f %.3f %.3f", form, " ")
}
FNR == 1 { lines++; next }
{ task[lines] = $1; part[lines] = $2; value[lines, $3] = $4; n[lines] = $5 }
$3 == "spread" { items[lines] = $5 }
END {
	printf "<thead><tr><th scope=\"col\">task, rows</th><th scope=\"col\">items</th>"
	for (c = 1; c <= columns; c++)
		printf "<th scope=\"col\">%s</th>", name[c]
	print "</tr></thead>\n<tbody>"
	for (l = 1; l <= lines; l++) {
		printf "<tr><th scope=\"row\">%s %s</th><td>%s</td>", \
		    html(task_name(task[l])), html(split_name(part[l])), grouped(items[l])
		for (c = 1; c <= columns; c++)
			printf "<td>%s</td>", shown(l, c)
		print "</tr>"
	}
	print "</tbody>"
}
function shown(l, c,   v) {
	if (!is_figure(value[l, column[c]]))
		return "&#8211;"
	v = value[l, column[c]]
	return form[c] == "%" ? sprintf("%.1f %%", 100 * v) : sprintf(form[c], v)
}
