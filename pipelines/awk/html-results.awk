# html-results: a file of results as an HTML table.
#
#	awk -v experiment=NAME -v part=head|table -f names.awk -f html-results.awk \
#	    RESULTS.tsv
#
# head is its title and what it says of the student; table the rest.
#
# Files of table3's columns get a line a metric and a column a row of theirs,
# measured with published beneath; any other table is shown as it stands.
# Undefined figures, nan, are called so.

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
		counts[lines] = $at["metric"] == "tokens"
		what[lines] = $at["metric"] == "average" ? "mean over the tasks" : \
		    $at["metric"] == "mean" ? "mean over the " $at["task"] " tasks" : \
		    counts[lines] ? "tokens read in training" : \
		    task_name($at["task"]) " " \
		    ($at["split"] ~ /_/ ? split_name($at["split"]) " " : "") \
		    ($at["task"] ~ /^glue/ ? "score" : \
		    metric_name($at["metric"]))
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
	if (is_figure(published[l, c]))
		any_published = there[l] = 1
	if ($at["median"] ~ /nan/)
		there[l] = 1
	if (is_figure($at["median"])) {
		there[l] = 1
		partial += $at["task"] == "glue-partial"
		if (!counts[l] && (best[l] == "" || $at["median"] + 0 > best[l]))
			best[l] = $at["median"] + 0
	}
	for (r = 1; ("run" r) in at; r++)
		if (is_figure($at["run" r]) && r > seeds)
			seeds = r
	if (is_overall($at["task"], $at["metric"]) && is_figure($at["median"])) {
		overall = overall_name($at["task"])
		for (r = 0; r <= seeds; r++)
			over[$1, r] = r ? $at["run" r] : $at["median"]
	}
}
END {
	if (part == "head")
		head_of_part()
	else
		table_of_part()
}
function head_of_part() {
	printf "<section>\n<h3>%s</h3>\n", html(result_name(experiment))
	if (pivot && (final, 0) in over && (vanilla, 0) in over)
		verdict()
}
function table_of_part(  c, l, n) {
	if (pivot)
		printf "<p class=\"quiet\">%s</p>\n", caption()
	printf "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">\n<table>\n<thead><tr>", \
	    html(result_name(experiment))
	if (pivot)
		printf "<th scope=\"col\">task, metric</th>"
	for (c = 1; c <= columns; c++)
		printf "<th scope=\"col\">%s</th>", html(name[c])
	print "</tr></thead>\n<tbody>"
	for (l = 1; l <= lines; l++)
		if (!pivot || there[l])
			put(l)
	print "</tbody>\n</table>\n</div>"
	printf "<p class=\"quiet\">Made by <code>%s</code>", html(command)
	for (n = 1; n <= notes; n++)
		printf "<br>%s", html(note[n])
	print "</p>\n</section>"
}
function caption(  text) {
	text = seeds > 1 ? "Percent: median over " seeds " seeds &#177; " \
	    "standard deviation" : "Percent, one seed"
	text = text "; the best measured of each line in bold"
	if (any_published)
		text = text ", <span class=\"published\">published in italics</span>"
	if (partial)
		text = text ". GLUE* is the mean over the tasks there are"
	return text "."
}
function signed(x) {
	x = sprintf("%+.1f", x)
	sub(/^-/, "\xe2\x88\x92", x)
	return x
}
function points(x) { return signed(x) " " (x == 1 || x == -1 ? "point" : "points") }
# Seeds that both have: one whose figure is undefined is left out.
function by_seed(  r, text) {
	for (r = 1; r <= seeds; r++)
		if (is_figure(over[final, r]) && is_figure(over[vanilla, r]))
			text = text (text == "" ? "" : ", ") \
			    signed(over[final, r] - over[vanilla, r])
	return text
}
function verdict(  d) {
	d = over[final, 0] - over[vanilla, 0]
	printf "<p class=\"verdict\">%s against %s: <strong>%s</strong> of the %s", \
	    row_name(final), row_name(vanilla), points(rounded(d)), overall
	if (seeds > 1)
		printf ", median against median; seed by seed %s", by_seed()
	else
		printf ", with one seed, which proves nothing"
	if (("ensemble", 0) in over)
		printf ". The ensemble stands %s from %s", points( \
		    rounded(over["ensemble", 0] - over[vanilla, 0])), row_name(vanilla)
	print ".</p>"
}
function rounded(x) { return sprintf("%.1f", x) + 0 }
function put(l,   c) {
	printf "<tr>"
	if (pivot)
		printf "<th scope=\"row\">%s</th>", html(what[l])
	for (c = 1; c <= columns; c++)
		if (pivot)
			cell_of(l, c)
		else
			printf "<%s>%s</%s>", (c == 1 ? "th scope=\"row\"" : "td"), \
			    plain(cell[l, c]), (c == 1 ? "th" : "td")
	print "</tr>"
}
function plain(text) {
	if (text ~ /^[-+]?nan$/)
		return "<small>undefined</small>"
	return text ~ /^[0-9]+$/ && length(text) > 4 ? grouped(text) : html(text)
}
function cell_of(l, c,   m) {
	m = median[l, c]
	if (!is_figure(m))
		m = m ~ /nan/ ? "<small>undefined</small>" : "&#8211;"
	else if (counts[l])
		m = grouped(m)
	else
		m = sprintf(best[l] != "" && m + 0 == best[l] ? "<b>%.1f</b>" : "%.1f", m)
	printf "<td>%s", m
	if (is_figure(sd[l, c]) && !counts[l])
		printf " <small>&#177;%.1f</small>", sd[l, c]
	if (is_figure(published[l, c]))
		printf "<br><span class=\"published\">%.1f</span>", published[l, c]
	printf "</td>"
}
