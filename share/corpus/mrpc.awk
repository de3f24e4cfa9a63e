# MRPC: is one news sentence a paraphrase of the other?  The header of train
# and dev starts with a byte order mark, which has its own escape here.

BEGIN {
	few = 8
	kinds = split("0 1", labels, " ")
	header = split_name == "test" ? "index\t#1 ID\t#2 ID\t#1 String\t#2 String" : \
	    "\357\273\277Quality\t#1 ID\t#2 ID\t#1 String\t#2 String"
}

function draw() {
	label = chance(0.65)
	more = ""
	scene()
	if (count == "")
		count = any("number")
	if (day == "")
		day = any("day")
	text_a = sentence(one("police|the paper|a witness") " said " tell(), " .")
	if (!label)
		change()
	else if (chance(0.5))
		who_is = ""
	did = same(did)
	thing = same(thing)
	who = same(who)
	text_b = sentence((chance(0.6) ? tell_passive() : \
	    when(day) " , " the_who() " " did " " \
	    things(count, colour, quality, thing) " " where(place)) " " more, " .")
}

# Another number, thing, doer or deed, or a tale that goes on: no longer the
# same news.
function change(   what, w) {
	if (chance(0.5)) {
		place = any("place")
		more = one("and denied it later|but lost it again|" \
		    "and was arrested|after a long quarrel")
		return
	}
	what = one("count|thing|who|did")
	if (what == "count") {
		count = other("number", count)
	} else if (what == "thing") {
		do
			w = any(class[thing])
		while (alike(w, thing))
		thing = w
	} else if (what == "who") {
		do
			w = any("person")
		while (alike(w, who))
		who = w
	} else {
		do
			w = any("verb")
		while (alike(w, did) || up[w] != up[did])
		did = w
	}
	if (chance(0.5))
		place = any("place")
}

function line(i) {
	return (split_name == "test" ? i : label) "\t" 7000 + 2 * i "\t" \
	    7001 + 2 * i "\t" text_a "\t" text_b
}
