# WNLI: to whom or to what does the pronoun refer?  sentence2 puts one of the
# two candidates in its place.

BEGIN {
	few = 5
	kinds = split("0 1", labels, " ")
	header = "index\tsentence1\tsentence2"
	if (split_name != "test")
		header = header "\tlabel"
}

function draw(   way) {
	way = 1 + below(3)
	if (way == 1)
		fits()
	else if (way == 2)
		lifts()
	else
		helps()
}

# Says the claim about the first or the second candidate; label follows.
function claim(first, second, right, text) {
	label = chance(0.5)
	return sentence((label == (right == 1) ? first : second) " " text, ".")
}

function fits(   inner, outer, is) {
	inner = any(one("instrument|garment|tool"))
	outer = one("box|bag|drawer|case")
	is = one("big|small|large|little")
	text_a = sentence("the " inner " did not fit into the " outer \
	    " because it was too " is, ".")
	text_b = claim("the " inner, "the " outer, \
	    is ~ /big|large/ ? 1 : 2, "was too " is)
}

function lifts(   n, what, is) {
	n = any("person")
	what = any(one("instrument|tool|animal"))
	is = one("weak|heavy|tired|large")
	text_a = sentence("the " n " could not lift the " what \
	    " because the poor thing was too " is, ".")
	text_b = claim("the " n, "the " what, is ~ /weak|tired/ ? 1 : 2, \
	    "was too " is)
}

function helps(   n, m, deed, gave) {
	n = any("name")
	do
		m = any("name")
	while (m == n || form[m] != form[n])
	gave = chance(0.5)
	deed = gave ? one("helped a lot|given advice") : \
	    one("received help|asked for advice")
	text_a = sentence(n " thanked " m " because " form[n] " had " deed, ".")
	text_b = claim(n, m, gave ? 2 : 1, "had " deed)
}

function line(i) {
	return i "\t" text_a "\t" text_b (split_name == "test" ? "" : "\t" label)
}
