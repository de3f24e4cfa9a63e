# scene: who did what to which things, where and when; the common ground of
# the pair tasks.  A scene lies in globals, each "" where it is not told:
# who who_is (a manner) did thing count colour quality place day.

function scene() {
	who = any("person")
	did = any("verb")
	thing = any(up[did] == "any" ? any_goods() : up[did])
	who_is = chance(0.4) ? any("manner") : ""
	count = chance(0.5) ? any("number") : ""
	colour = chance(0.4) ? any("colour") : ""
	quality = colour == "" && chance(0.4) ? any("quality") : ""
	place = chance(0.6) ? any("place") : ""
	day = chance(0.3) ? any("day") : ""
}

function any_goods() {
	return one("fruit|animal|vehicle|instrument|garment|tool")
}
function the_who() { return "the " who_is " " who }
function where(p) { return p == "" ? "" : form[p] " the " p }
function when(d) { return d == "" ? "" : "on " d }

# "three red apples", or "a red apple" where no number is told.
function things(n, c, q, t) {
	if (n != "")
		return n " " c " " q " " form[t]
	c = c " " q " " t
	gsub(/ +/, " ", c)
	sub(/^ /, "", c)
	return article(c)
}
function the_things() { return "the " (count == "" ? thing : form[thing]) }
function were() { return count == "" ? "was" : "were" }

# The scene told in one clause, in full.
function tell() {
	return the_who() " " did " " things(count, colour, quality, thing) \
	    " " where(place) " " when(day)
}

# The same with the day first and in the passive.
function tell_passive() {
	return when(day) " " things(count, colour, quality, thing) " " were() \
	    " " participle(did) " " where(place) " by " the_who()
}

function participle(verb) {
	if (verb in irregular)
		return irregular[verb]
	return verb
}
BEGIN {
	irregular["hid"] = "hidden"
	irregular["ate"] = "eaten"
	irregular["drove"] = "driven"
	irregular["broke"] = "broken"
	irregular["wore"] = "worn"
	irregular["showed"] = "shown"
}
