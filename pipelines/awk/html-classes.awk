# html-classes: what a model says of the rows of each label: a sentence, a table
# with bars of precision, recall and F1, and the matrix of confusions.
#
#	awk -v source=FILE -f names.awk -f html-classes.awk CLASSES.tsv [CONFUSION.tsv]
#
# CLASSES.tsv is of glue-score --classes, CONFUSION.tsv of --confusion, which
# tasks of several labels a row do not have; FILE is where a matrix of more than
# 40 labels can be read instead.

BEGIN { FS = "\t"; largest = 40 }
FNR == 1 { file++ }
/^#/ { next }
file == 1 && $1 == "task" { next }
file == 1 {
	task = $1
	part = $2
	items = $5
	if (!match($3, /^(precision|recall|f1|support):/)) {
		if ($3 !~ /:/ && is_figure($4))
			overall = overall (overall == "" ? "" : ", ") \
			    html(metric_name($3)) " is " percent($4)
		next
	}
	what = substr($3, 1, RLENGTH - 1)
	label = substr($3, RLENGTH + 1)
	if (!(label in number)) {
		number[label] = ++labels
		name[labels] = label
	}
	value[what, number[label]] = $4
	next
}
FNR > 2 {
	row = ++golds
	for (i = 2; i <= NF; i++) {
		count[row, i - 1] = $i
		of_gold[row] += $i
		of_answer[i - 1] += $i
		all += $i
		if (i - 1 == row)
			right += $i
		else if ($i > 0)
			wrong[++mistakes] = row SUBSEP (i - 1)
	}
}
END {
	if (!labels)
		exit
	tall = labels > 5
	print "<p>" sentence() "</p>"
	print "<div class=\"pair\">"
	class_table()
	if (golds && golds <= largest)
		matrix()
	print "</div>"
}
function percent(x) { return sprintf("%.1f&#160;%%", 100 * x) }
function sentence(  text) {
	if (!golds)
		return counted(items, "row", "rows") " of " html(split_name(part)) \
		    (overall == "" ? "." : ": " overall ".")
	text = of_rows(right, all) " of " html(split_name(part)) \
	    (right == 1 ? " is" : " are") " right (" percent(right / all) ")" \
	    (overall == "" ? "." : "; " overall ".") " " confused()
	if (golds > largest)
		text = text " The matrix of " golds " labels is too large for a page: <code>" \
		    html(source) "</code>."
	return text
}
# What is confused more than once: the three largest.
function confused(  text, i, part_) {
	if (!mistakes)
		return "No label is taken for another."
	often()
	for (i = 1; i <= mistakes && i <= 3 && cell(wrong[i]) > 1; i++) {
		split(wrong[i], part_, SUBSEP)
		text = text (i > 1 ? "; " : "") quoted(name[part_[1]]) " for " \
		    quoted(name[part_[2]]) " in " of_rows(cell(wrong[i]), of_gold[part_[1]])
	}
	return text == "" ? "No label is taken for another more than once." : \
	    "Most often taken for another: " text "."
}
function quoted(text) { return "<q>" html(text) "</q>" }
function of_rows(n, all) { return grouped(n) " of " counted(all, "row", "rows") }
# The three largest off the diagonal come first, of equal ones the earlier.
function often(  i, j, best, kept) {
	for (i = 1; i <= mistakes && i <= 3; i++) {
		best = i
		for (j = i + 1; j <= mistakes; j++)
			if (cell(wrong[j]) > cell(wrong[best]))
				best = j
		kept = wrong[best]
		for (j = best; j > i; j--)
			wrong[j] = wrong[j - 1]
		wrong[i] = kept
	}
}
function cell(key,   part_) {
	split(key, part_, SUBSEP)
	return count[part_[1], part_[2]] + 0
}
function box(what) {
	printf "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"%s of %s\">\n", \
	    what, html(task_name(task)) ", " html(split_name(part))
}
function class_table(  i) {
	box("Precision, recall and F1 of each label")
	print "<table class=\"classes\"><caption><span>Each label, percent</span></caption>"
	print "<thead><tr><th scope=\"col\">label</th><th scope=\"col\">rows</th>" \
	    "<th scope=\"col\">precision</th><th scope=\"col\">recall</th>" \
	    "<th scope=\"col\">F1</th></tr></thead>\n<tbody>"
	for (i = 1; i <= labels; i++)
		printf "<tr><th scope=\"row\">%s</th><td>%s</td>%s%s%s</tr>\n", \
		    html(name[i]), grouped(value["support", i]), \
		    bar("precision", i), bar("recall", i), bar("f1", i)
	print "</tbody></table>\n</div>"
}
function bar(what, i,   v) {
	v = value[what, i]
	if (!is_figure(v))
		return "<td>&#8211;</td>"
	return sprintf("<td>%.1f<svg class=\"bar %s\" viewBox=\"0 0 100 6\" " \
	    "preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">" \
	    "<rect class=\"track\" width=\"100\" height=\"6\"/>" \
	    "<rect width=\"%.1f\" height=\"6\"/></svg></td>", 100 * v, what, 100 * v)
}
function matrix(  g, p) {
	box("Confusion matrix")
	print "<table class=\"matrix" (tall ? " tall" : "") "\"><caption>" \
	    "<span>What the rows of a label were taken for</span></caption>"
	printf "<thead><tr><th scope=\"col\">label</th>"
	for (p = 1; p <= golds; p++)
		printf "<th scope=\"col\"><span>%s</span></th>", html(name[p])
	print "<th scope=\"col\"><span>all</span></th></tr></thead>\n<tbody>"
	for (g = 1; g <= golds; g++) {
		printf "<tr><th scope=\"row\">%s</th>", html(name[g])
		for (p = 1; p <= golds; p++)
			entry(g, p)
		printf "<td class=\"sum\">%s</td></tr>\n", grouped(of_gold[g])
	}
	printf "</tbody>\n<tfoot><tr><th scope=\"row\">all predicted</th>"
	for (p = 1; p <= golds; p++)
		printf "<td class=\"sum\">%s</td>", grouped(of_answer[p])
	printf "<td class=\"sum\">%s</td></tr></tfoot></table>\n</div>\n", grouped(all)
}
function entry(g, p) {
	if (count[g, p] == 0)
		printf "<td class=\"nil\">0</td>"
	else
		printf "<td class=\"%s\" style=\"--s:%.2f\" title=\"%s of %s %s %s\">%s</td>", \
		    (g == p ? "hit" : "miss"), count[g, p] / of_gold[g], \
		    of_rows(count[g, p], of_gold[g]), html(name[g]), \
		    (g == p ? "found to be" : "taken for"), html(name[p]), \
		    grouped(count[g, p])
}
