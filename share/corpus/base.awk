# base: words, random numbers and the loop that all tasks of the corpus share.
#
# Variables: file (such as MNLI/train.tsv), seed, rows, plain (the texts alone,
# one a line).  A task's own file defines
#	draw()	one example: sets text_a, text_b, label (any state it likes)
#	line(i)	the example as a line of the task's own format
# and may set in BEGIN: header (with its line end left out), noise (share of
# training labels that are wrong), labels and kinds, their count.
#
# A row belongs to the split that the hash of its texts chooses, so that none
# stands in two splits of a task; no row stands twice in a file.

BEGIN {
	bytes = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	    "[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
	name = file
	sub(/.*\//, "", name)
	sub(/\.tsv$/, "", name)
	split_name = name
	sub(/_.*/, "", split_name)
	if (split_name == "diagnostic")
		split_name = "test"
	state = hash(seed " " file) % 2147483646 + 1
	for (burn = 0; burn < 8; burn++)
		uniform()
}

# The words: class word form up like against genre.
/^#/ || NF == 0 { next }
NF != 7 {
	printf "%s:%d: %d columns, expected 7\n", FILENAME, FNR, NF > "/dev/stderr"
	failed = 1
	exit 1
}
{
	entry[$1, ++size[$1]] = $2
	class[$2] = $1
	form[$2] = $3
	up[$2] = $4
	like[$2] = $5
	against[$2] = $6
	far[$2] = $7 == "far"
}

END {
	if (failed)
		exit 1
	if (header != "" && !plain)
		printf "%s\n", header
	for (made = tries = 0; made < rows;) {
		if (++tries > 20000) {
			print file ": too many rows asked for" > "/dev/stderr"
			exit 1
		}
		draw()
		if (split_of(text_a text_b) != split_name || seen[text_a, text_b]++)
			continue
		if (split_name == "train" && chance(noise))
			label = wrong(label)
		made++
		tries = 0
		if (plain)
			printf("%s\n%s", text_a, (text_b == "") ? "" : text_b "\n")
		else
			printf "%s\n", line(made - 1)
	}
}

# A hash below 2^31 of a text: exact in doubles, so equal in every awk.
function hash(text,   i, h) {
	h = 7
	for (i = 1; i <= length(text); i++)
		h = (h * 131 + index(bytes, substr(text, i, 1))) % 2147483647
	return h
}

function split_of(text,   h) {
	h = int(hash(text) / 97) % 20
	return h < 14 ? "train" : h < 17 ? "dev" : "test"
}

# Lehmer's generator with the multiplier of Park, Miller and Stockmeyer.
function uniform() {
	state = state * 48271 % 2147483647
	return state / 2147483647
}

function below(n) { return int(uniform() * n) }
function chance(p) { return uniform() < p }

# A word of a kind; with near set, none of the mismatched genre, with few
# set one of the first few.
function any(kind,   w) {
	do
		w = entry[kind, 1 + below(few && few < size[kind] ? few : size[kind])]
	while (near && far[w])
	return w
}

# Any word of a kind but one.
function other(kind, word,   w) {
	do
		w = any(kind)
	while (w == word)
	return w
}

# One of the alternatives of a text, separated by |.
function one(alternatives,   a, n) {
	n = split(alternatives, a, "|")
	return a[1 + below(n)]
}

# The word that means the same, or the word itself.
function same(word) {
	return (word in like) && like[word] != "-" ? like[word] : word
}

function alike(a, b) { return a == b || same(a) == b }

function wrong(l) { return kinds == 0 ? l : other_label(l) }
function other_label(l,   w) {
	do
		w = labels[1 + below(kinds)]
	while (w == l)
	return w
}

function article(words) { return (words ~ /^[aeio]/ ? "an " : "a ") words }

# A text as a sentence: one blank between words, a capital, a stop.
function sentence(text, stop) {
	gsub(/ +/, " ", text)
	sub(/^ /, "", text)
	sub(/ $/, "", text)
	return toupper(substr(text, 1, 1)) substr(text, 2) stop
}
