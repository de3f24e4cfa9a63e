# RTE: two classes, few rows, a premise of two sentences.

BEGIN {
	kinds = split("not_entailment entailment", labels, " ")
	header = "index\tsentence1\tsentence2"
	if (split_name != "test")
		header = header "\tlabel"
}

function draw(   hypothesis, aside) {
	label = labels[1 + below(2)]
	scene()
	aside = sentence(any("name") " " one("saw|told|heard") " it " \
	    when(any("day")), ".")
	hypothesis = infer(label == "entailment" ? label : \
	    one("neutral|contradiction"))
	text_a = sentence(tell(), ".")
	text_a = chance(0.5) ? aside " " text_a : text_a " " aside
	text_b = sentence(hypothesis, ".")
}

function line(i) {
	return i "\t" text_a "\t" text_b (split_name == "test" ? "" : "\t" label)
}
