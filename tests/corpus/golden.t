#!/usr/bin/env bash
# The oracle's ids (tests/corpus/oracle/golden) for 22,000 generated lines:
# every script, marks, controls, special pieces, words of about 100
# characters.  The vocabularies of single characters hide nothing.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
bin=$(realpath "${BUILD:-build}")/bin
cd "$(dirname "$0")/../.." || exit
golden=$PWD/tests/corpus/golden
share=$PWD/share/vocab
scratch
cd "$tmp" || exit 1

for file in "$golden"/*.xz; do
	name=$(basename "$file" .xz)
	xz -dc "$file" > "$name"
done
[[ $(wc -l < lines) -ge 20000 ]]
ok $? 'there are at least 20,000 lines'
cp "$share"/en-*.txt .
for ids in *.ids; do
	vocab=${ids%.ids}
	cased=
	[[ $vocab == *-cased ]] && cased=--cased
	for threads in 1 3; do
		"$bin/wp-tokenize" -v "$vocab.txt" $cased --lines -j $threads \
			lines > got 2> notes
		cmp -s got "$ids"
		ok $? "$vocab, $threads threads: the oracle's ids"
		diff got "$ids" | sed -n '1,6s/^/# /p'
	done
done

# A table holds the same ids, wherever its lines are cut.
{
	printf 'id\tlabel\ttext_a\n'
	tr -d '\t' < lines | perl -ne 'print "$.\t-\t$_"'
} > examples
"$bin/wp-tokenize" -v en-uncased.txt -j 2 examples 2> notes |
	tail -n +3 | cut -f 3 > got
tr -d '\t' < lines | "$bin/wp-tokenize" -v en-uncased.txt --lines 2> notes |
	cmp -s - got
ok $? 'a table holds the ids that lines have'

# One long line is what its parts are.
tr '\n' ' ' < lines > line
"$bin/wp-tokenize" -v en-uncased.txt --lines line 2> notes > long
tr '\n' ' ' < en-uncased.ids | tr -s ' ' | sed 's/^ //; s/ $//' > want
tr -d '\n' < long | cmp -s - want
ok $? 'a line of all lines has all ids'

finish
