# html-speed: scores and speed of an experiment's rows as an HTML table.
#
#	awk -v experiment=NAME -f names.awk -f html-speed.awk NAME-speed.tsv

BEGIN { FS = "\t" }
/^#/ { next }
$1 == "row" {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	print "<thead><tr><th scope=\"col\">model</th><th scope=\"col\">layers x " \
	    "features</th><th scope=\"col\">numbers</th><th scope=\"col\">GLUE " \
	    "score</th><th scope=\"col\">rows a second</th><th scope=\"col\">memory, " \
	    "MB</th><th scope=\"col\">file, MB</th></tr></thead>\n<tbody>"
	next
}
{
	printf "<tr><th scope=\"row\">%s</th><td>%dx%d</td><td>%s</td><td>%s%s</td>" \
	    "<td>%s</td><td>%.1f</td><td>%.1f</td></tr>\n", html(row_name($1)), \
	    $at["layers"], $at["hidden"], html($at["numbers"]), \
	    is_figure($at["glue"]) ? sprintf("%.1f", $at["glue"]) : "&#8211;", \
	    is_figure($at["sd"]) ? sprintf(" <small>&#177;%.1f</small>", $at["sd"]) : "", \
	    grouped($at["rows_per_second"]), $at["memory_MB"], $at["model_MB"]
}
END { print "</tbody>" }
