#!/usr/bin/perl
# What the README names is there: make targets, tools, options, folders.
use strict;
use warnings;
use Test::More;

my $build = $ENV{BUILD} // 'build';

sub slurp {
	my ($path) = @_;
	open my $f, '<', $path or die "$path: $!";
	local $/;
	return scalar <$f>;
}

sub targets {
	my ($path) = @_;
	my $text = slurp($path);
	return map { split ' ' } $text =~ /^([a-z][a-z0-9 -]*):(?!=)/mg;
}

my $readme = slurp('README.md');
my @screen = split /\n/, $readme;
my $first = join "\n", @screen[0 .. ($#screen < 23 ? $#screen : 23)];
like($first, qr/^    make demo$/m, 'the first screen has make demo');
like($first, qr/^    make test$/m, 'the first screen has make test');

my %top = map { $_ => 1 } targets('Makefile');
my @named = $readme =~ /\bmake((?: [A-Z]+=\S+)*(?: [a-z]+)?)(?=[`\n])/g;
cmp_ok(scalar(@named), '>=', 6, 'make commands are found');
for (@named) {
	my ($target) = /([a-z]+)$/;
	ok(!defined $target || $top{$target}, "make$_: the target is there");
	ok(slurp('Makefile') =~ /\b$_\b/, "make$_: $_ is a variable")
	    for /([A-Z]+)=/g;
}
SKIP: {
	skip 'no pipelines', 1 unless -e 'pipelines/Makefile';
	# Targets are computed there: make itself knows them.
	my $known = `make -s -C pipelines -pn help`;
	for my $line (grep { /make -C pipelines/ } @screen) {
		my ($target) = $line =~ /pipelines (\w+)/;
		ok($known =~ /^\Q$target\E:(?!=)/m, "make -C pipelines $target: is there");
		my $all = join '', map { slurp($_) } 'pipelines/Makefile',
		    glob 'pipelines/stage/*.mk';
		ok($all =~ /\b$_\b/, "make -C pipelines: $_ is a variable")
		    for $line =~ /\b([A-Z_]+)=/g;
	}
}

# The commands of the indented blocks: tools and their options.
my $blocks = join "\n", grep { /^    / } @screen;
my $seen = 0;
while ($blocks =~ /^\s+((?:glue|wp|mt|ens|kd|tensor)-\w+)([^#|>\n]*)/mg) {
	my ($tool, $rest) = ($1, $2);
	ok(-e "tools/$tool.c", "$tool is there") or next;
	my $help = `'$build/bin/$tool' --help`;
	ok($help =~ /^  .*(?<![\w-])\Q$_\E\b/m, "$tool has $_")
	    for $rest =~ /(?<= )(-{1,2}\w[\w-]*)/g;
	$seen++;
}
cmp_ok($seen, '>=', 5, 'commands are found');

for ($readme =~ /^\| `([^`]+)` \|/mg) {
	ok(-e $_, "$_ is there");
}
done_testing();
