# html-encoders: the shapes of encoders as rows of an HTML table.
#
#	awk -f names.awk -f html-encoders.awk encoder/NAME/config.json...

BEGIN {
	FS = "[\":, ]+"
	n = split("num_hidden_layers hidden_size num_attention_heads " \
	    "intermediate_size max_position_embeddings vocab_size", key, " ")
	print "<thead><tr><th scope=\"col\">encoder</th><th scope=\"col\">layers</th>" \
	    "<th scope=\"col\">hidden</th><th scope=\"col\">heads</th>" \
	    "<th scope=\"col\">intermediate</th><th scope=\"col\">positions</th>" \
	    "<th scope=\"col\">pieces</th></tr></thead>\n<tbody>"
}
FNR == 1 {
	line()
	name = FILENAME
	sub(/\/config\.json$/, "", name)
	sub(/.*\//, "", name)
}
{
	for (i = 1; i < NF; i++)
		if (!($i in value))
			value[$i] = $(i + 1)
}
END {
	line()
	print "</tbody>"
}
function line(  i) {
	if (name == "")
		return
	printf "<tr><th scope=\"row\">%s</th>", html(name)
	for (i = 1; i <= n; i++)
		printf "<td>%s</td>", is_figure(value[key[i]]) ? \
		    grouped(value[key[i]]) : "&#8211;"
	print "</tr>"
	split("", value)
}
