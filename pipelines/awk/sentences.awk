# Running text, one paragraph a line, becomes sentences, one a line:
#
#	awk -f sentences.awk TEXT | glue-read -t lines -s film
#
# A sentence ends with a word in . ! ? (and quotes or brackets that close
# behind it), unless a lower-case word follows, or the word is an initial or
# one of the abbreviations below; and behind the full stops of Chinese,
# Japanese, Hindi and Arabic.  White space between words becomes one space.
# Works on bytes, in any locale and any awk.

BEGIN {
	n = split("Mr Mrs Ms Dr Prof Rev Gen Col Capt Lt Sgt Sen Rep Gov " \
	    "Hon St Mt Ft Jr Sr vs etc al cf ca No Nos Vol Fig Figs Eq pp " \
	    "Inc Ltd Co Corp Bros Dept Univ approx Jan Feb Mar Apr Jun Jul " \
	    "Aug Sep Sept Oct Nov Dec", words, " ")
	for (i = 1; i <= n; i++)
		abbreviation[words[i] "."] = 1
}

function ends(word, following) {
	if (word !~ /[.!?]([]"')]|”|’|»)*$/ || following ~ /^[a-z]/)
		return 0
	gsub(/^(["'([]|“|‘|«)+|([]"')]|”|’|»)+$/, "", word)
	return !(word in abbreviation) && word !~ /^([A-Za-z]\.)+$/
}

{
	gsub(/。|！|？|।|؟/, "&\n")
	gsub(/\n」/, "」") # the sentence around the quotation goes on
	gsub(/\n』/, "』")
	gsub(/\n”/, "”")
	lines = split($0, line, "\n")
	for (i = 1; i <= lines; i++) {
		n = split(line[i], words, /[ \t\r]+/)
		text = ""
		for (k = 1; k <= n; k++) {
			if (words[k] == "")
				continue
			text = text (text == "" ? "" : " ") words[k]
			if (k == n || ends(words[k], words[k + 1])) {
				print text
				text = ""
			}
		}
		if (text != "")
			print text
	}
}
