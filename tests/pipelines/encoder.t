#!/usr/bin/env bash
# The bundled encoders: whole, over the vocabulary beside them, small, and they
# know English: words of one kind lie closer to each other than to another.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
bin=$(realpath "${BUILD:-build}")/bin
cd "$(dirname "$0")/../.." || exit 1
scratch

# Of the words A, B and C, B is the nearer to A by the angle of embeddings.
near() { # ENCODER A B C
	local encoder=$1
	shift
	"$bin/tensor-cat" --head 8192 $encoder | awk -F '\t' -v words="$*" '
	BEGIN { split(words, w, " ") }
	FNR == NR { id[$0] = FNR - 1; next }
	$1 ~ /word_embeddings/ && (id[w[1]] == $2 || id[w[2]] == $2 || id[w[3]] == $2) {
		row[$2] = $3
	}
	function cosine(a, b,  i, n, x, y, ab, aa, bb) {
		n = split(row[id[a]], x, " ")
		split(row[id[b]], y, " ")
		for (i = 1; i <= n; i++) {
			ab += x[i] * y[i]; aa += x[i] ^ 2; bb += y[i] ^ 2
		}
		return ab / sqrt(aa * bb)
	}
	END { exit !(cosine(w[1], w[2]) > cosine(w[1], w[3]) + 0.1) }' \
		$encoder/vocab.txt -
}
words='three four river
river lake music
january october war
king queen small
he she city
could would german
france germany was'
declare -A most=([tiny]=4000000 [mini]=12000000)
for name in tiny mini; do
	encoder=share/encoder/$name
	cmp -s $encoder/vocab.txt share/vocab/en-uncased.txt
	ok $? "$name: its vocabulary is en-uncased.txt"
	[[ $(cat $encoder/* | wc -c) -lt ${most[$name]} ]]
	ok $? "$name: a few megabytes"
	"$bin/bert-import" -o "$tmp/$name" $encoder 2> /dev/null
	ok $? "$name: is imported"
	"$bin/tensor-cat" --check "$tmp/$name" > /dev/null
	ok $? "$name: what is made of it is whole"
	while read -r a b c; do
		near $encoder "$a" "$b" "$c"
		ok $? "$name: $a is nearer to $b than to $c"
	done <<< "$words"
done
finish
