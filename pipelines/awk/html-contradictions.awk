# html-contradictions: lines of ens-average --contradictions as an HTML table.
#
#	awk -f names.awk -f html-contradictions.awk TABLE

BEGIN { FS = "\t" }
NR == 1 {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	print "<thead><tr><th scope=\"col\">id</th><th scope=\"col\">label</th>" \
	    "<th scope=\"col\">the mean says</th><th scope=\"col\">members</th>" \
	    "<th scope=\"col\" class=\"text\">text</th></tr></thead>\n<tbody>"
	next
}
{
	printf "<tr><th scope=\"row\">%s</th><td>%s<br><small>%.3f</small></td>" \
	    "<td>%s<br><small>%.3f</small></td><td>%s</td><td class=\"text\">%s", \
	    html($1), html($2), $4, html($3), $5, $6, html($at["text_a"])
	if (at["text_b"])
		printf "<br>%s", html($at["text_b"])
	print "</td></tr>"
}
END { print "</tbody>" }
