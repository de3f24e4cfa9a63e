#!/usr/bin/perl
# mt-finetune and kd-train against PyTorch in float64, on the fixture that
# tests/torch/fixture.py wrote: every row of log.tsv and the final parameters.
use strict;
use warnings;
use File::Temp 'tempdir';
use JSON::PP;
use Test::More;

my $bin = ($ENV{BUILD} // 'build') . '/bin';
my $fixture = 'tests/net/fixture';
my $work = tempdir(CLEANUP => 1);
mkdir "$work/san";
my @packs = map { "$fixture/$_.st" } qw(mnli stsb qnli-rank);
my @soft = map { ('--soft', "$fixture/$_-soft.tsv") } qw(mnli qnli-rank);
my @exactly = qw(--shuffle none --dropout 0 --head-dropout 0 --keep-heads
	--batch-size 4 --epochs 2 --learning-rate 1e-3 --quiet);
my $rate = 1e-3;

sub slurp {
	my ($path) = @_;
	open my $f, '<:raw', $path or die "$path: $!";
	local $/;
	return scalar <$f>;
}

# The numbers of every tensor, by name.
sub tensors {
	my ($path) = @_;
	my $bytes = slurp($path);
	my $n = unpack 'Q<', $bytes;
	my $table = decode_json(substr $bytes, 8, $n);
	my %numbers;
	for my $name (grep { $_ ne '__metadata__' } keys %$table) {
		my ($begin, $end) = @{ $table->{$name}{data_offsets} };
		my $letter = $table->{$name}{dtype} eq 'F64' ? 'd<' : 'f<';
		$numbers{$name} = [ unpack "$letter*",
			substr $bytes, 8 + $n + $begin, $end - $begin ];
	}
	return \%numbers;
}

# Rows of a table as maps from column to field.
sub rows {
	my ($path) = @_;
	my @lines = grep { !/^#/ } split /\n/, slurp($path);
	my @names = split /\t/, shift @lines;
	return map { my %row; @row{@names} = split /\t/; \%row } @lines;
}

sub relative {
	my ($got, $want, $least) = @_;
	my $d = abs($got - $want) / (abs($want) > $least ? abs $want : $least);
	return $d == $d ? $d : 9**9**9;
}

sub compare_logs {
	my ($name, $out, @columns) = @_;
	my @got = rows("$out/log.tsv");
	my @want = rows("$fixture/$name.tsv");
	is(scalar @got, scalar @want, "$name: as many updates");
	for my $c (qw(step epoch task tokens)) {
		is(join(' ', map { $_->{$c} } @got),
			join(' ', map { $_->{$c} } @want), "$name: $c");
	}
	for my $c (@columns) {
		my $worst = 0;
		for my $i (0 .. $#want) {
			my $d = relative($got[$i]{$c}, $want[$i]{$c},
				$c eq 'lr' ? $rate : 1);
			$worst = $d if $d > $worst;
		}
		cmp_ok($worst, '<', 1e-4,
			sprintf '%s: %s within 1e-4: %.0e', $name, $c, $worst);
	}
}

# In units of the rate.  The true gradient of a key's bias and of that of the
# query's summary is 0, so what they do is rounding's.
sub compare_parameters {
	my ($name, $out) = @_;
	my $got = tensors("$out/model.safetensors");
	my $want = tensors("$fixture/$name.safetensors");
	is(join(' ', sort keys %$got), join(' ', sort keys %$want),
		"$name: the same parameters");
	my $worst = 0;
	for my $key (grep { !/key\.bias$|san\.query\.bias$/ } keys %$want) {
		for my $i (0 .. $#{ $want->{$key} }) {
			my $d = abs($got->{$key}[$i] - $want->{$key}[$i]);
			$worst = $d if !($d <= $worst);
		}
	}
	cmp_ok($worst / $rate, '<', 5e-3,
		sprintf '%s: parameters within 0.005 of an update: %.0e',
		$name, $worst / $rate);
}

sub run {
	my ($name, $init, @command) = @_;
	is(system("$bin/$command[0]", '-i', "$fixture/$init", '-o',
		"$work/$name", @exactly, @command[1 .. $#command]), 0,
		"$name: runs");
}

run('finetune', 'model', 'mt-finetune', @packs);
compare_logs('finetune', "$work/finetune", qw(loss hard lr grad_norm));
compare_parameters('finetune', "$work/finetune");
my @distil = ('kd-train', qw(--optimizer adamw --mix const:0.5
	--temperature 2), @soft, @packs);
run('distil', 'model', @distil);
compare_logs('distil', "$work/distil", qw(loss hard soft lr grad_norm));
compare_parameters('distil', "$work/distil");

run('san/finetune', 'san', qw(mt-finetune --head san),
	map { "$fixture/san/$_.st" } qw(ab ba));
compare_logs('san/finetune', "$work/san/finetune", qw(loss hard lr grad_norm));
compare_parameters('san/finetune', "$work/san/finetune");

# Logs of what else can be set.
run('mixed', 'model', 'kd-train', qw(--batches mixed --accumulate 2
	--mix uncertainty --soft-loss kl --temperature 2 --optimizer bert-adam
	--layer-decay 0.9 --recipe), "$fixture/weights.yml", @soft, @packs);
compare_logs('mixed', "$work/mixed", qw(loss hard soft lr grad_norm));
run('annealed', 'model', 'kd-train', qw(--mix anneal:cosine --soft-loss mse
	--optimizer adamax-2019 --schedule bert-2019 --freeze 1 --loss-sum),
	@soft, @packs);
compare_logs('annealed', "$work/annealed", qw(loss hard soft lr grad_norm));

run('again', 'model', @distil, '--recompute');
ok(slurp("$work/distil/model.safetensors") eq
	slurp("$work/again/model.safetensors"),
	'activations computed again give the same bytes');
run('warm', 'model', @distil, qw(--warmup 0.2));
my ($got) = (rows("$work/warm/log.tsv"))[5];
my ($want) = (rows("$fixture/distil.tsv"))[5];
cmp_ok(relative($got->{loss}, $want->{loss}, 1), '>', 1e-3,
	'another warm-up would be seen');
done_testing();
