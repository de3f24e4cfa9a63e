# html-settings: recipes of models in HTML, a column of a table for a kind.
#
#	awk -f names.awk -f html-settings.awk [kind=KIND RECIPE.yml...]...
#
# Where the models of a kind differ all values stand, in the order of the files.
# Settings in which all kinds agree are a list behind the table.

BEGIN { FS = ": " }
FNR == 1 {
	if (!(kind in number)) {
		number[kind] = ++kinds
		title[kinds] = kind
	}
	k = number[kind]
	models[k]++
	inside = ""
}
{
	value = substr($0, length($1) + 3)
	key = $1
	if (key ~ /^ /) {
		gsub(/^ +/, "", key)
		key = task_name(key) ", alone"
		gsub(/[{}]/, "", value)
	} else if (value == "")
		next
	if (!(key in seen)) {
		seen[key] = 1
		order[++keys] = key
	}
	if (!((key, k, value) in had)) {
		had[key, k, value] = 1
		text[key, k] = text[key, k] (text[key, k] == "" ? "" : "; ") value
	}
}
END {
	print "<div class=\"wide\" role=\"region\" tabindex=\"0\" " \
	    "aria-label=\"Settings of training\">\n<table>"
	printf "<thead><tr><th scope=\"col\">setting</th>"
	for (k = 1; k <= kinds; k++)
		printf "<th scope=\"col\">%s</th>", html(title[k])
	printf "</tr></thead>\n<tbody>\n<tr><th scope=\"row\">models</th>"
	for (k = 1; k <= kinds; k++)
		printf "<td>%s</td>", grouped(models[k])
	print "</tr>"
	for (i = 1; i <= keys; i++)
		if (!alike(order[i]))
			line(order[i])
	print "</tbody>\n</table>\n</div>"
	print "<h3>Alike in all of them</h3>\n<ul class=\"alike\">"
	for (i = 1; i <= keys; i++)
		if (alike(order[i]))
			printf "<li>%s: <b>%s</b></li>\n", html(order[i]), \
			    html(text[order[i], 1])
	print "</ul>"
}
function alike(key,   k) {
	for (k = 2; k <= kinds; k++)
		if (text[key, k] != text[key, 1])
			return 0
	return 1
}
function line(key,   k) {
	printf "<tr><th scope=\"row\">%s</th>", html(key)
	for (k = 1; k <= kinds; k++)
		printf "<td>%s</td>", (text[key, k] != "" ? html(text[key, k]) : "&#8211;")
	print "</tr>"
}
