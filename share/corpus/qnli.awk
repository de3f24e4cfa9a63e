# QNLI: does the sentence answer the question?  It does if it tells what is
# asked for about the one who is asked about.

BEGIN {
	few = 8
	kinds = split("not_entailment entailment", labels, " ")
	noise = 0.08
	header = "index\tquestion\tsentence"
	if (split_name != "test")
		header = header "\tlabel"
}

function draw(   who_said, asked, year, town, why, extra) {
	label = labels[1 + below(2)]
	scene()
	who = who_said = any("name")
	asked = one("where|when|why|how many")
	text_a = sentence(asked == "how many" ? \
	    "how many " form[thing] " did " who " " form[did] : \
	    asked " did " who " " form[did] " the " form[thing], "?")
	extra = label == "entailment" ? asked : chance(0.15) ? asked : \
	    other_fact(asked)
	# The fact asked for, but about somebody else.
	if (label != "entailment" && extra == asked)
		who_said = other("name", who)
	text_b = sentence(told(who_said, extra, chance(0.4) ? \
	    other_fact(asked) : ""), ".")
}

function other_fact(asked,   f) {
	do
		f = one("where|when|why|how many")
	while (f == asked)
	return f
}

# The fact and perhaps a second one, in the order of English.
function told(person, fact, second,   text) {
	text = person " " did " "
	text = text (fact == "how many" || second == "how many" ? \
	    any("number") : "the") " " form[thing]
	if (fact == "where" || second == "where")
		text = text " in " any("town")
	if (fact == "when" || second == "when")
		text = text " in " 1850 + below(12) * 5
	if (fact == "why" || second == "why")
		text = text " because " form[person] " " reason()
	return text
}

function line(i) {
	return i "\t" text_a "\t" text_b (split_name == "test" ? "" : "\t" label)
}
