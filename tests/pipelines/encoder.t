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
	"$bin/tensor-cat" --head 8192 $encoder | perl -F'\t' -lane '
	BEGIN {
		@w = @ARGV[0 .. 2];
		open my $f, "<", $ARGV[3] or die;
		while (<$f>) { chomp; $id{$_} = $. - 1 }
		@ARGV = ("-");
		@want{@id{@w}} = ();
	}
	$row{$F[1]} = [split / /, $F[2]]
		if $F[0] =~ /word_embeddings/ && exists $want{$F[1]};
	sub cosine {
		my ($x, $y) = @row{@id{@_}};
		my ($ab, $aa, $bb) = (0, 0, 0);
		for (0 .. $#$x) {
			$ab += $$x[$_] * $$y[$_];
			$aa += $$x[$_] ** 2;
			$bb += $$y[$_] ** 2;
		}
		return $ab / sqrt($aa * $bb);
	}
	END { exit !(cosine(@w[0, 1]) > cosine(@w[0, 2]) + 0.1) }' \
		"$@" "$encoder/vocab.txt"
}
words='three four river
river lake music
january october war
king queen small
he she city
could would german
france germany was'
for name in tiny mini; do
	most=4000000
	[[ $name == tiny ]] || most=12000000
	encoder=share/encoder/$name
	cmp -s $encoder/vocab.txt share/vocab/en-uncased.txt
	ok $? "$name: its vocabulary is en-uncased.txt"
	[[ $(cat $encoder/* | wc -c) -lt $most ]]
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
