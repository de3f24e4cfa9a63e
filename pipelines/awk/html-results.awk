# html-results: a file of results as an HTML table.
#
#	awk -v title=TITLE -f names.awk -f html-results.awk RESULTS.tsv
#
# Files of table3's columns get a line a metric and a column a row of theirs,
# measured with published beneath; any other table is shown as it stands.

BEGIN { FS = "\t" }
/^#/ && !command { command = substr($0, 3); next }
/^#/ { note[++notes] = substr($0, 3); next }
!head {
	head = NR
	for (i = 1; i <= NF; i++)
		at[$i] = i
	pivot = at["row"] == 1 && at["task"] && at["split"] && at["metric"] && \
	    at["median"]
	if (!pivot)
		for (i = columns = NF; i > 0; i--)
			name[i] = $i
	next
}
!pivot {
	lines++
	for (i = 1; i <= columns; i++)
		cell[lines, i] = $i
	next
}
{
	key = $at["task"] SUBSEP $at["split"] SUBSEP $at["metric"]
	if (!(key in line)) {
		line[key] = ++lines
		what[lines] = $at["metric"] == "average" ? "mean over the tasks" : \
		    task_name($at["task"]) " " \
		    ($at["split"] ~ /_/ ? split_name($at["split"]) " " : "") \
		    ($at["task"] ~ /^glue/ ? "score" : $at["metric"])
	}
	if (!($1 in column)) {
		column[$1] = ++columns
		name[columns] = row_name($1)
	}
	l = line[key]
	c = column[$1]
	median[l, c] = $at["median"]
	sd[l, c] = at["sd"] ? $at["sd"] : "-"
	published[l, c] = at["published"] ? $at["published"] : "-"
	if (published[l, c] ~ /[0-9]/)
		any_published = there[l] = 1
	if ($at["median"] ~ /[0-9]/) {
		there[l] = 1
		partial += $at["task"] == "glue-partial"
		if (best[l] == "" || $at["median"] + 0 > best[l])
			best[l] = $at["median"] + 0
	}
	for (r = 1; ("run" r) in at; r++)
		if ($at["run" r] ~ /[0-9]/ && r > seeds)
			seeds = r
	if (is_overall($at["task"], $at["metric"]) && $at["median"] ~ /[0-9]/) {
		overall = overall_name($at["task"])
		for (r = 0; r <= seeds; r++)
			over[$1, r] = r ? $at["run" r] : $at["median"]
	}
}
END {
	print "<section>"
	printf "<h3>%s</h3>\n", title
	if (pivot && (final, 0) in over && (vanilla, 0) in over)
		verdict()
	if (pivot)
		printf "<p class=\"quiet\">%s</p>\n", caption()
	printf "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">\n<table>\n<thead><tr>", \
	    title
	if (pivot)
		printf "<th scope=\"col\">task, metric</th>"
	for (c = 1; c <= columns; c++)
		printf "<th scope=\"col\">%s</th>", html(name[c])
	print "</tr></thead>\n<tbody>"
	for (l = 1; l <= lines; l++)
		if (!pivot || there[l])
			put(l)
	print "</tbody>\n</table>\n</div>"
	printf "<p class=\"quiet\"><code>%s</code>", html(command)
	for (n = 1; n <= notes; n++)
		printf "<br>%s", html(note[n])
	print "</p>\n</section>"
}
function caption(  text) {
	text = seeds > 1 ? "Percent: median over " seeds " seeds &#177; " \
	    "standard deviation" : "Percent, one seed"
	text = text "; the best measured in bold"
	if (any_published)
		text = text "; <span class=\"published\">published in italics</span>"
	if (partial)
		text = text ". GLUE* is the mean over the tasks there are"
	return text "."
}
function signed(x) {
	x = sprintf("%+.1f", x)
	sub(/^-/, "\xe2\x88\x92", x)
	return x
}
function verdict(  r, text, d) {
	d = over[final, 0] - over[vanilla, 0]
	printf "<p class=\"verdict\">%s against %s: <strong>%s points</strong>", \
	    row_name(final), row_name(vanilla), signed(d)
	if (seeds > 1) {
		for (r = 1; r <= seeds; r++)
			text = text (r > 1 ? ", " : "") \
			    signed(over[final, r] - over[vanilla, r])
		printf " of the %s, median against median; seed by seed %s", overall, text
	} else {
		printf " of the %s, with one seed, which proves nothing", overall
	}
	if (("ensemble", 0) in over)
		printf ". The ensemble stands %s points from %s", \
		    signed(over["ensemble", 0] - over[vanilla, 0]), row_name(vanilla)
	print ".</p>"
}
function put(l,   c) {
	printf "<tr>"
	if (pivot)
		printf "<th scope=\"row\">%s</th>", html(what[l])
	for (c = 1; c <= columns; c++)
		if (pivot)
			cell_of(l, c)
		else
			printf "<%s>%s</%s>", c == 1 ? "th scope=\"row\"" : "td", \
			    html(cell[l, c]), c == 1 ? "th" : "td"
	print "</tr>"
}
function cell_of(l, c,   m) {
	m = median[l, c]
	if (m !~ /[0-9]/)
		m = m == "nan" ? "nan" : "&#8211;"
	else
		m = sprintf(m + 0 == best[l] ? "<b>%.1f</b>" : "%.1f", m)
	printf "<td>%s", m
	if (sd[l, c] ~ /[0-9]/)
		printf " <small>&#177;%.1f</small>", sd[l, c]
	if (published[l, c] ~ /[0-9]/)
		printf "<br><span class=\"published\">%.1f</span>", published[l, c]
	printf "</td>"
}
