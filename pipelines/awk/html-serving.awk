# html-serving: a table of serving.awk as an HTML table.
#
#	awk -f names.awk -f html-serving.awk SERVING.tsv

BEGIN { FS = "\t" }
NR == 1 { next }
NR == 2 {
	printf "<thead><tr><th scope=\"col\">system</th>" \
	    "<th scope=\"col\">models</th><th scope=\"col\">%s, percent</th>" \
	    "<th scope=\"col\">rows a second</th>" \
	    "<th scope=\"col\">memory, MB</th></tr></thead>\n<tbody>\n", html(metric_name($8))
}
{
	printf "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td>" \
	    "<td>%s</td></tr>\n", html($1), html($2), \
	    is_figure($5) ? sprintf("%.1f", $5) : "&#8211;", \
	    is_figure($3) ? grouped($3) : "&#8211;", \
	    is_figure($4) ? sprintf("%.1f", $4) : "&#8211;"
}
END { print "</tbody>" }
