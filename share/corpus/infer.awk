# infer: a hypothesis about the scene that holds, fails or may be.
# Each way has all three outcomes, so that the hypothesis alone tells little;
# "not" and "nobody" do lean to contradiction and reasons to neutral, as in
# text that people wrote.

function infer(outcome,   way) {
	way = one("attribute|attribute|place|count|verb|who|what|who_is")
	if (way == "attribute")
		return infer_attribute(outcome)
	if (way == "place")
		return infer_place(outcome)
	if (way == "count")
		return infer_count(outcome)
	if (way == "verb")
		return infer_verb(outcome)
	if (way == "who")
		return infer_who(outcome)
	if (way == "what")
		return infer_what(outcome)
	return infer_manner(outcome)
}

function infer_attribute(outcome,   c) {
	quality = ""
	c = any("colour")
	colour = outcome == "entailment" ? c : \
	    outcome == "neutral" ? "" : other("colour", c)
	return the_things() " " were() " " c
}

function infer_place(outcome,   p) {
	p = any("place")
	place = outcome == "entailment" ? p : outcome == "neutral" ? "" : \
	    other_place(p)
	return "the " who " was " where(p)
}
function other_place(p,   q) {
	do
		q = any("place")
	while (alike(q, p))
	return q
}

function infer_count(outcome,   n) {
	n = any("number")
	count = outcome == "entailment" ? n : \
	    outcome == "contradiction" ? other("number", n) : "some"
	return "the " who " " did " " n " " form[thing]
}

function infer_verb(outcome) {
	if (outcome == "entailment")
		return "the " who " " same(did) " " things(count, "", "", thing)
	if (outcome == "neutral")
		return "the " who " " did " " things(count, "", "", thing) \
		    " because " one("he|she") " " reason()
	if (against[did] != "-" && chance(0.5))
		return "the " who " " against[did] " " things(count, "", "", thing)
	return "the " who " did not " form[did] " the " \
	    (count == "" ? thing : form[thing])
}
function reason(   r) {
	r = any("reason")
	return r " " up[r]
}

function infer_who(outcome) {
	if (outcome == "entailment")
		return one("someone|a person") " " did " " things(count, "", "", thing)
	if (outcome == "neutral")
		return "the " one("brother|sister|friend") " of the " who " " did \
		    " " things(count, "", "", thing)
	return "nobody " did " " things(count, "", "", thing)
}

function infer_what(outcome,   kind, alien) {
	kind = up[thing]
	if (outcome == "entailment")
		return "the " who " " did " " \
		    (count == "" ? article(kind) : count " " kind "s")
	if (outcome == "contradiction")
		return "the " who " did not " form[did] " any " kind "s"
	do
		alien = any(any_goods())
	while (up[alien] == kind)
	return "the " who " also " did " " things(count, "", "", alien)
}

function infer_manner(outcome,   m) {
	do
		m = any("manner")
	while (against[m] == "-")
	who_is = outcome == "entailment" ? m : \
	    outcome == "neutral" ? "" : against[m]
	return "the " who " was " (outcome == "entailment" ? same(m) : m)
}
