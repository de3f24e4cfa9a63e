# CoLA: acceptable (1) or not (0); no header in train and dev.

BEGIN {
	few = 6
	kinds = split("0 1", labels, " ")
	if (split_name == "test")
		header = "index\tsentence"
}

function draw(   way) {
	label = chance(0.6)
	way = 1 + below(6)
	text_b = ""
	text_a = sentence(way == 1 ? agreement() : way == 2 ? auxiliary() : \
	    way == 3 ? plural() : way == 4 ? reflexive() : \
	    way == 5 ? order() : determiner(), ".")
}

# Subject and verb: "the farmers sell", "the farmer sells".
function agreement(   many, ends) {
	do
		scene()
	while (form[did] ~ /[shy]$/)
	many = chance(0.5)
	ends = label ? !many : many
	return "the " who_is " " (many ? form[who] : who) " " form[did] \
	    (ends ? "s" : "") " the " form[thing]
}

function auxiliary() {
	do
		scene()
	while (form[did] == did)
	return the_who() " " one("did not|will|could not") " " \
	    (label ? form[did] : did) " the " thing " " where(place)
}

function plural(   n) {
	scene()
	n = chance(0.5) ? any("number") : "a"
	return "the " who " " did " " n " " one("red|big|green|new") " " \
	    ((n != "a") == label ? form[thing] : thing) " " where(place)
}

function reflexive(   n, self) {
	n = any("name")
	self = up[n]
	if (!label)
		self = self == "himself" ? "herself" : "himself"
	return n " " one("washed|hid|showed|found") " " self " " where(any("place"))
}

function order(   q) {
	scene()
	q = any("quality")
	return label ? the_who() " " did " the " q " " thing : \
	    one("the " who " the " q " " thing " " did "|the " who " " did \
	    " the " thing " " q "|" who " the " did " the " q " " thing)
}

function determiner() {
	scene()
	return label ? the_who() " " did " " one("this|every|one") " " thing : \
	    the_who() " " did " " one("these|the a|many") " " thing
}

function line(i) {
	return split_name == "test" ? i "\t" text_a : \
	    "mk" 1 + i % 7 "\t" label "\t" (label ? "" : "*") "\t" text_a
}
