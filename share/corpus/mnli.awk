# MNLI: train has 12 columns, dev 16, test 10; ten columns come before the
# labels and the last column is the gold label.  Its unused columns are empty.
# AX: index, sentence1, sentence2, no label.

BEGIN {
	kinds = split("contradiction neutral entailment", labels, " ")
	noise = 0.08
	near = name !~ /mismatched|diagnostic/
	header = "index\tpromptID\tpairID\tgenre\tsentence1_binary_parse\t" \
	    "sentence2_binary_parse\tsentence1_parse\tsentence2_parse\t" \
	    "sentence1\tsentence2"
	if (split_name == "train")
		header = header "\tlabel1\tgold_label"
	else if (split_name == "dev")
		header = header "\tlabel1\tlabel2\tlabel3\tlabel4\tlabel5\tgold_label"
	if (name == "diagnostic")
		header = "index\tsentence1\tsentence2"
}

function draw(   hypothesis) {
	label = labels[1 + below(3)]
	scene()
	hypothesis = infer(label)
	text_a = sentence(tell(), ".")
	text_b = sentence(hypothesis, ".")
}

function line(i,   start) {
	if (name == "diagnostic")
		return i "\t" text_a "\t" text_b
	start = i "\t" i "\t" i (near ? "n\thome" : "n\tabroad") \
	    "\t\t\t\t\t" text_a "\t" text_b
	if (split_name == "train")
		return start "\t" label "\t" label
	if (split_name == "test")
		return start
	# Annotators without a majority: gold is "-" and the row is skipped.
	if (i == 40)
		return start "\tneutral\tneutral\tentailment\tentailment\t" \
		    "contradiction\t-"
	return start "\t" label "\t\t\t\t\t" label
}
