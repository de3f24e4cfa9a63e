#!/usr/bin/env bash
# The bundled encoder: whole, over the vocabulary beside it, small, and it
# knows English: words of one kind lie closer to each other than to another.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
bin=$(realpath "${BUILD:-build}")/bin
cd "$(dirname "$0")/../.."
encoder=share/encoder/tiny
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

cmp -s $encoder/vocab.txt share/vocab/en-uncased.txt
ok $? 'its vocabulary is en-uncased.txt'
[[ $(cat $encoder/* | wc -c) -lt 4000000 ]]
ok $? 'a few megabytes'
"$bin/bert-import" -o "$tmp/model" $encoder 2> /dev/null
ok $? 'it is imported'
"$bin/tensor-cat" --check "$tmp/model" > /dev/null
ok $? 'what is made of it is whole'

# Of the words A, B and C, B is the nearer to A by the angle of embeddings.
near() { # A B C
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
while read -r a b c; do
	near "$a" "$b" "$c"
	ok $? "$a is nearer to $b than to $c"
done <<'END'
three four river
river lake music
january october war
king queen small
he she city
could would german
france germany was
END
finish
