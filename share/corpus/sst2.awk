# SST-2: words of praise or blame, turned round by a denial; after "but" the
# second half decides.  Lower case, tokens apart, as in the original.

BEGIN {
	kinds = split("0 1", labels, " ")
	noise = 0.08
	header = split_name == "test" ? "index\tsentence" : "sentence\tlabel"
}

# A view of the given sign, said plainly or by denying its opposite.
function view(good,   d) {
	d = chance(0.5) ? any("degree") " " : ""
	if (chance(0.15))
		return any("denial") " " d any(good ? "bad" : "good")
	return d any(good ? "good" : "bad")
}

function draw(   way) {
	label = chance(0.55)
	way = 1 + below(4)
	if (way == 1)
		text_a = article(any("film")) " that is " view(label)
	else if (way == 2)
		text_a = "the " any("part") " is " view(label) " and the " \
		    any("part") " " view(label)
	else if (way == 3)
		text_a = "the " any("part") " is " view(!label) " , but the " \
		    any("film") " is " view(label)
	else
		text_a = view(label) " from the " any("part") " to the " \
		    any("part")
	text_a = text_a (chance(0.8) ? " . " : " ")
	text_b = ""
}

function line(i) {
	return split_name == "test" ? i "\t" text_a : text_a "\t" label
}
