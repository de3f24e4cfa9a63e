# STS-B: five points of meaning, less what differs; three decimals.

BEGIN {
	few = 6
	header = "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\t" \
	    "sentence1\tsentence2"
	if (split_name != "test")
		header = header "\tscore"
}

# The second sentence keeps a slot, says it vaguely or says something else:
# share is how much of it changes.
function draw(   points, share) {
	scene()
	count = colour = quality = who_is = ""
	if (place == "")
		place = any("place")
	text_a = sentence(tell(), ".")
	share = uniform()
	points = 5
	points -= change_who(share) + change_deed(share) + change_place(share)
	text_b = sentence("the " who " " did " " thing " " place, ".")
	sub(/^The some/, "Some", text_b)
	points += (uniform() - 0.5) * 0.4
	label = points < 0 ? 0 : points > 5 ? 5 : points
}

function change_who(share,   w) {
	if (!chance(share)) {
		who = chance(0.4) ? same(who) : who
		return 0
	}
	if (chance(0.6)) {
		who = "someone"
		return 0.8
	}
	w = who
	who = any("person")
	return alike(w, who) ? 0 : 1.5
}

function change_deed(share,   w, kind) {
	if (!chance(share)) {
		did = chance(0.4) ? same(did) : did
		thing = article(thing)
		return 0
	}
	if (chance(0.4)) {
		thing = article(up[thing])
		return 0.5
	}
	if (chance(0.5)) {
		did = one("did|had")
		thing = "something"
		return 2
	}
	w = did
	kind = class[thing]
	did = any("verb")
	thing = article(any(kind))
	return alike(w, did) ? 1 : 2
}

function change_place(share,   w) {
	w = place
	place = where(place)
	if (!chance(share))
		return 0
	if (chance(0.6)) {
		place = "somewhere"
		return 0.5
	}
	place = where(any("place"))
	return place == where(w) ? 0 : 0.8
}

function line(i) {
	return i "\tmain-captions\tscenes\t2012" split_name "\t" \
	    sprintf("%04d", 2 * i) "\tnone\tnone\t" text_a "\t" text_b \
	    (split_name == "test" ? "" : sprintf("\t%.3f", label))
}
