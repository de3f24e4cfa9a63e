# STS-B: five points of meaning, less what differs; three decimals.

BEGIN {
	few = 6
	header = "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\t" \
	    "sentence1\tsentence2"
	if (split_name != "test")
		header = header "\tscore"
}

# What is lost where a slot differs: all of its points, a third for a word
# of the same class, nothing for one that means the same.
function draw(   points, w, share) {
	scene()
	if (place == "")
		place = any("place")
	text_a = sentence(tell(), ".")
	points = 5
	share = uniform()
	if (chance(share)) {
		w = any("person")
		points -= w == who || like[w] == who ? 0 : 1.2
		who = w
	} else if (chance(0.4)) {
		who = same(who)
	}
	if (chance(share)) {
		w = any(chance(0.4) ? class[thing] : any_goods())
		points -= w == thing || like[w] == thing ? 0 : \
		    class[w] == class[thing] ? 0.8 : 1.4
		thing = w
	}
	if (chance(share)) {
		w = any("verb")
		points -= w == did || like[w] == did ? 0 : 1.2
		did = w
	} else if (chance(0.4)) {
		did = same(did)
	}
	if (chance(share)) {
		w = any("place")
		points -= w == place || like[w] == place ? 0 : 0.7
		place = w
	}
	if (chance(0.5)) {
		if (colour quality who_is != "")
			points -= 0.3
		colour = quality = who_is = ""
	}
	text_b = sentence(chance(0.7) ? tell() : tell_passive(), ".")
	points += (uniform() - 0.5) * 0.4
	label = points < 0 ? 0 : points > 5 ? 5 : points
}

function line(i) {
	return i "\tmain-captions\tscenes\t2012" split_name "\t" \
	    sprintf("%04d", 2 * i) "\tnone\tnone\t" text_a "\t" text_b \
	    (split_name == "test" ? "" : sprintf("\t%.3f", label))
}
