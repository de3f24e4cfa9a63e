# QQP: do two questions ask the same?  Train and dev have six columns, test
# three; one training row is cut short, as in the original.

BEGIN {
	kinds = split("0 1", labels, " ")
	noise = 0.08
	header = split_name == "test" ? "id\tquestion1\tquestion2" : \
	    "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate"
	ask["learn"] = "How can I learn @?|What is the best way to learn @?|" \
	    "How do I start with @?|How should a beginner learn @?"
	ask["cost"] = "How much does a * cost?|What is the price of a *?|" \
	    "How expensive is a *?|How much money do I need for a *?"
	ask["buy"] = "Where can I buy a *?|Which shop sells a *?|" \
	    "Where do they sell a \"*\"?|Who has a * for sale?"
	ask["mend"] = "How do I repair a *?|How can I fix a broken *?|" \
	    "What should I do if my * breaks?|Who can repair my *?"
	ask["travel"] = "How do I get from % to &?|" \
	    "What is the best way from % to &?|" \
	    "Is there a train from % to &?|How far is it from % to &?"
	intents = "learn|cost|buy|mend|travel"
	topics = "car|bus|piano|violin|coat|hat|hammer|ladder|guitar|" \
	    "drum|knife|scarf|bag|clock|camera|chair|radio|tent|kettle|lamp|phone|desk"
	extras = "for a child|in winter|without money|in a hurry"
}

function fill(form_of, thing_of, act, from, to) {
	gsub(/\*/, thing_of, form_of)
	gsub(/@/, act, form_of)
	gsub(/%/, from, form_of)
	sub(/&/, to, form_of)
	return form_of
}

# Most second questions that are no duplicates ask for more than the first; the
# others ask something else, about something else, or backwards.
function draw(   intent, next_intent, first, second, t, a, f, g, how) {
	label = chance(0.48)
	intent = next_intent = one(intents)
	t = one(topics)
	a = up[any("activity")]
	f = any("town")
	g = other("town", f)
	first = one(ask[intent])
	text_a = fill(first, t, a, f, g)
	if (!label)
		how = intent == "travel" ? one("more|more|swap|topic") : \
		    intent == "learn" ? one("more|more|topic") : \
		    one("more|more|more|intent|intent|topic")
	if (how == "swap") {
		text_b = fill(one(ask[intent]), t, a, g, f)
		return
	}
	if (how == "topic") {
		t = another_thing(t)
		a = another_activity(a)
		g = another_town(f, g)
	}
	if (how == "intent") {
		do
			next_intent = one("cost|buy|mend")
		while (next_intent == intent)
	}
	if (how == "" && chance(0.5))
		t = same(t)
	do
		second = one(ask[next_intent])
	while (second == first)
	text_b = fill(second, t, a, f, g)
	if (how == "more")
		sub(/[?]$/, " " one(extras) "?", text_b)
}

function another_thing(t,   w) {
	do
		w = one(topics)
	while (alike(w, t))
	return w
}
function another_activity(a,   w) {
	do
		w = up[any("activity")]
	while (w == a)
	return w
}
function another_town(f, g,   w) {
	do
		w = any("town")
	while (w == f || w == g)
	return w
}

function line(i) {
	if (split_name == "test")
		return i "\t" text_a "\t" text_b
	if (split_name == "train" && i == 30)
		return i "\t" 2 * i + 1 "\t" 2 * i + 2 "\t" text_a
	return i "\t" 2 * i + 1 "\t" 2 * i + 2 "\t" text_a "\t" text_b "\t" label
}
