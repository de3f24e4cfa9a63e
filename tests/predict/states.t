#!/usr/bin/env bash
# What mt-predict writes of vectors and maps is what its answers are made of.
set -euo pipefail

. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
workplace
small_data
mt-finetune -q -i m -o t --learning-rate 0.02 cola.st
mt-predict -m t cola.st >pred.tsv
mt-predict -m t --hidden pooled -o pooled.st cola.st
mt-predict -m t --hidden tokens -o tokens.st cola.st
mt-predict -m t --attention -o maps.st cola.st

# Rows of tensors as "NAME ROW VALUE...".
for f in t pooled.st tokens.st; do
	tensor-cat --head 1000000 "$f" | tr '\t' ' '
done >rows.txt

# Rows "NAME ROW VALUE..." are kept as $x{NAME}[ROW]; what follows is perl of
# the END, which counts in $bad; an awk may come without exp.
over_rows() { # PERL FILE...
	perl -lane '
	BEGIN { sub far { abs($_[0] - $_[1]) > 1e-5 } }
	$x{$F[0]}[$F[1]] = [@F[2 .. $#F]] if $F[1] =~ /^\d+$/;
	END { '"$1"' exit($bad > 0) }' "${@:2}"
}

# tanh(W h + b) of each row's first token.
pooled() {
	over_rows '
	my ($w, $b) = @x{map { "bert.pooler.dense.$_" } qw(weight bias)};
	$bad = @{$x{pooled}} != 40;
	for my $r (0 .. $#{$x{pooled}}) {
		my $h = $x{hidden}[$x{starts}[$r][0]];
		for my $k (0 .. 15) {
			my $u = $$b[$k][0];
			$u += $$w[$k][$_] * $$h[$_] for 0 .. 15;
			$bad += far(1 - 2 / (exp(2 * $u) + 1), $x{pooled}[$r][$k]);
		}
	}' rows.txt
}

# softmax(W pooled + b).
answers() {
	tail -n +3 pred.tsv | awk '{ print "answer", NR - 1, $3 }' >answers.txt
	over_rows '
	my ($w, $b) = @x{map { "heads.cola.$_" } qw(weight bias)};
	$bad = @{$x{answer}} != 40;
	for my $r (0 .. $#{$x{answer}}) {
		my $u = $$b[1][0] - $$b[0][0];
		$u += ($$w[1][$_] - $$w[0][$_]) * $x{pooled}[$r][$_] for 0 .. 15;
		$bad += far(1 / (1 + exp(-$u)), $x{answer}[$r][0]);
	}' rows.txt answers.txt
}

# Each token attends by a distribution, in 2 layers of 2 heads.
maps() {
	tensor-cat --head 1000000 maps.st | over_rows '
	my @start = map { $$_[0] } @{$x{starts}};
	my @p = map { $$_[0] } @{$x{attention}};
	$bad = @start != 41 || @p != $start[40] || !@p;
	for my $r (0 .. 39) {
		my $size = $start[$r + 1] - $start[$r];
		my $L = int(sqrt($size / 4) + 0.5);
		$bad += $size != 4 * $L * $L;
		for my $q (0 .. 4 * $L - 1) {
			my $sum = 0;
			for (@p[map { $start[$r] + $q * $L + $_ } 0 .. $L - 1]) {
				$bad += $_ < 0;
				$sum += $_;
			}
			$bad += far($sum, 1);
		}
	}'
}

fails() {
	! "$@"
}

check 'pooled vectors come from the states of [CLS]' pooled
check 'answers come from pooled vectors' answers
check 'attention maps are distributions' maps
perl -pi -e 's/^(pooled 7 \S* )\S*/${1}0.7/' rows.txt
check 'another vector would be seen' fails pooled
check 'another vector would give another answer' fails answers
finish
