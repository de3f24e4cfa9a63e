#!/usr/bin/perl
# What every tool's command line has in common: help, exit codes, messages.
use strict;
use warnings;
use File::Temp;
use Test::More;

my $build = $ENV{BUILD} // 'build';
my ($status, $stdout, $stderr);

# Run by the shell with stdin empty; sets the three variables.
sub run {
	my ($command) = @_;
	my $file = File::Temp->new;
	$stdout = `{ $command ; } 2>$file </dev/null`;
	$status = $? >> 8 || $? & 127;
	$stderr = join '', <$file>;
}

for (sort glob 'tools/*.c') {
	my ($name) = m{([^/]+)\.c$};
	my $tool = "'$build/bin/$name'";

	run("$tool --help");
	my $help = $stdout;
	is($status, 0, "$name --help: exit 0");
	is($stderr, '', "$name --help: nothing on stderr");
	like($help, qr/\A\Q$name\E: \S.*\n\nusage: \Q$name\E /,
		"$name --help: purpose and usage");
	ok(!grep({ length > 80 && !/^usage: / } split /\n/, $help),
		"$name --help: options in lines of at most 80 bytes");
	run("$tool -h");
	is($stdout, $help, "$name -h: the same text");
	run("$tool --version");
	is($status, 0, "$name --version: exit 0");
	like($stdout, qr/\A\Q$name\E \(mtkd\) \d[\d.]*\n/,
		"$name --version: the release");
	is($stdout =~ tr/\n//, $name =~ /^(?:mt-|kd-|mlm-)/ ? 2 : 1,
		"$name --version: and who multiplies");
	SKIP: {
		skip 'no /dev/full', 2 unless -c '/dev/full';
		run("$tool -h >/dev/full");
		is($status, 1, "$name -h: a full disk is exit 1");
		is($stderr, "$name: <stdout>: No space left on device\n",
			"$name -h: and called so, however long the text is");
	}

	# A filter may do without operands; what it needs is not in brackets.
	my ($needs) = $help =~ /^usage: \S+ (.*)$/m;
	1 while $needs =~ s/\[[^\[\]]*\]|\.\.\.//;
	for my $bad ($needs =~ /\S/ ? '' : (), '--no-such-option', '-Z') {
		run("$tool $bad");
		my $what = $bad eq '' ? 'nothing' : "'$bad'";
		is($status, 2, "$name: $what given: exit 2");
		like($stderr, qr/\A\Q$name\E: .+\n(?:.*\n)*usage: /,
			"$name: $what given: a message and a usage line");
		is($stdout, '', "$name: $what given: nothing on stdout");
	}

	for (split /\n/, $help) {
		my ($short, $long, $arg, $doc) =
		    /^  (?:-(\w))?,?\s{1,4}(?:--([\w-]+))?(?: (\S+))?(.*)/
		    or next;
		my $option = defined $long ? "--$long" :
		    defined $short ? "-$short" : next;
		next if $option eq '--help' || !defined $arg;
		run("$tool $option");
		is($status, 2, "$name $option: exit 2 without its value");
		my ($default) = $doc =~ /\[([^\]]*)\]$/;
		my $number = defined $default
		    ? $default =~ /^-?[\d.]+(?:e[-+]?\d+)?$/ : $arg eq 'N';
		next unless $number || $arg =~ /^[a-z0-9-]+(\|[a-z0-9-]+)+$/;
		my @wrong = $number ? ('x', '1x', "''", '1,5', 'nan', '1e999',
		    '99999999999999999999999') : ('no-such-word');
		for my $value (@wrong) {
			run("$tool $option $value");
			is($status, 2, "$name $option $value: exit 2");
			like($stderr, qr/\Q$option\E: '.*': expected /,
				"$name $option $value: says what is expected");
		}
		if (defined $long) {
			run("$tool --$long=$wrong[0]");
			is($status, 2, "$name --$long=$wrong[0]: exit 2");
		}
		# What is shown as the default is a value that it takes.
		my $good = $number ? $default // 1 : (split /\|/, $arg)[0];
		run("$tool $option $good $option $good");
		like($stderr, qr/\Q$option\E: given twice/,
			"$name $option: refused when given twice");
	}
}
done_testing();
