# foreign: examples in a language that nobody speaks: the words of a text in
# reverse order, each spelt with other vowels and consonants.  Ids and labels
# stay, so that its teachers answer the same rows.
#
#	awk -f foreign.awk EXAMPLES.tsv

BEGIN {
	FS = OFS = "\t"
	from = "aeioubcdfghjklmnpqrstvwxyz"
	to = "eiouacdfghjklmnpqrstvwxyzb"
	for (i = 1; i <= length(from); i++) {
		spelt[substr(from, i, 1)] = substr(to, i, 1)
		spelt[toupper(substr(from, i, 1))] = toupper(substr(to, i, 1))
	}
}
/^#mtkd / || ($1 == "id" && $2 == "label") { print; next }
{
	for (column = 3; column <= NF; column++)
		$column = foreign($column)
	print
}
function foreign(text,   n, i, k, word, letter, out) {
	n = split(text, word, " ")
	for (i = n; i > 0; i--) {
		out = out (i < n ? " " : "")
		for (k = 1; k <= length(word[i]); k++) {
			letter = substr(word[i], k, 1)
			out = out (letter in spelt ? spelt[letter] : letter)
		}
	}
	return out
}
