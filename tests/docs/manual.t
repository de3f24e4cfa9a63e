#!/usr/bin/perl
# The manual pages: clean, complete, and at one with the option tables.
use strict;
use warnings;
use File::Temp 'tempdir';
use Test::More;

my $build = $ENV{BUILD} // 'build';
my %names = map { m{([^/]+)\.c$}; $1 => 1 } glob 'tools/*.c';
my @pages = sort glob 'man/*.[157]';

sub slurp {
	my ($path) = @_;
	open my $f, '<', $path or die "$path: $!";
	local $/;
	return scalar <$f>;
}

# mandoc looks for cross references in folders by section.
my $folder = tempdir(CLEANUP => 1);
for (@pages) {
	my ($file, $section) = m{^man/(.*\.(\d))$};
	mkdir "$folder/man$section";
	open my $f, '>', "$folder/man$section/$file" or die "$file: $!";
	print $f slurp($_);
}
$ENV{MANPATH} = $folder;
for (@pages) {
	# The folder has no index of names; mandoc looks into it all the same.
	my $found = join '', grep { !/ outdated mandoc\.db / }
	    `mandoc -Tlint -Wstyle $_ 2>&1`;
	is($found, '', "$_: mandoc -Tlint is silent");
}

# man has groff, which reads a word that is the name of a macro as one in more
# places than mandoc does.
SKIP: {
	skip 'no groff', scalar @pages if system('command -v groff >/dev/null');
	is(`groff -K utf8 -mdoc -Tutf8 -ww -z $_ 2>&1`, '', "$_: groff is silent") for @pages;
}

# The sections of a page, by name, in order of appearance.
sub sections {
	my ($path) = @_;
	my (@order, %text);
	for (split /^\.Sh /m, slurp($path)) {
		my ($name, $body) = /\A([^\n]*)\n(.*)\z/s or next;
		push @order, $name;
		$text{$name} = $body;
	}
	return (\@order, \%text);
}

# The options that a line of mdoc names: Fl takes words until a macro.
sub flags {
	my ($line) = @_;
	my ($on, @found) = (0);
	for (split ' ', $line) {
		if (/^\.?([A-Z][a-z])$/) {
			$on = $1 eq 'Fl';
		} elsif ($on && /^-?\w/) {
			push @found, "-$_";
		}
	}
	return @found;
}

for my $name (sort keys %names) {
	my $page = "man/$name.1";
	ok(-e $page, "$page exists") or next;
	my ($order, $text) = sections($page);
	my @need = ('NAME', 'SYNOPSIS', 'DESCRIPTION', 'EXIT STATUS',
		'EXAMPLES', 'SEE ALSO');
	my %place = map { $order->[$_] => $_ } 0 .. $#$order;
	my @there = grep { exists $place{$_} } @need;
	is("@there", "@need", "$page: has the sections");
	is(join(' ', sort { $place{$a} <=> $place{$b} } @there), "@there",
		"$page: in the usual order");
	like($text->{NAME} // '', qr/\A\.Nm \Q$name\E\n\.Nd /,
		"$page: NAME starts with the name");
	like($text->{SYNOPSIS} // '', qr/\A\.Nm(?: \Q$name\E)?\n/,
		"$page: SYNOPSIS starts with the name");

	# Option table and page, both ways.
	my $help = `'$build/bin/$name' --help`;
	is($?, 0, "$name --help: exit 0");
	like($help, qr/^usage: \Q$name\E/m, "$name --help: has a usage line");
	my %table;
	for (split /\n/, $help) {
		next unless /^  (-\w(?:, --[\w-]+)?|    --[\w-]+)(?: |$)/;
		$table{$_} = 1 for $1 =~ /(--[\w-]+|-\w)/g;
	}
	my (%items, %named);
	for (split /\n/, $text->{DESCRIPTION} // '') {
		$items{$_} = 1 for /^\.It / ? flags($_) : ();
	}
	$named{$_} = 1 for map { flags($_) } split /\n/,
	    $text->{SYNOPSIS} // '';
	%named = (%named, %items);
	delete @$_{qw(-h --help --version)} for \%table, \%named, \%items;
	is(join(' ', grep { !$items{$_} } sort keys %table), '',
		"$page: DESCRIPTION has an item for every option");
	is(join(' ', grep { !$table{$_} } sort keys %named), '',
		"$page: names no option that is not there");
}

# No page for a tool that is not there.
for (grep { m{\.1$} } @pages) {
	my ($name) = m{^man/(.*)\.1$};
	ok($names{$name}, "$_: the tool is there");
}

# What is equal: each row names tests that are there, or is measured; what is
# not promised is held by none.
my ($equal) = slurp('man/mtkd.7') =~ /^\.Ss What is equal\n(.*?)^\.El/ms;
my $held = 0;
sub there { # a test by its path or its name
	return grep { -e } glob "$_[0] tests/*/$_[0] tests/*/$_[0].c";
}
for (grep { !/^\.It Sy/ } $equal =~ /^\.It .*$/mg) {
	my ($row, $how, $by) = map { s/^\s+|\s+$//gr } split / Ta /, s/^\.It //r;
	my @tests = $by =~ /([\w\/.-]+)/g;
	shift @tests if $tests[0] eq 'Pa';
	$held++;
	if ($by eq '-' || $by =~ /^measured/) {
		is($by eq '-', $how eq 'not promised', "$row: $by");
		next;
	}
	is(join(' ', grep { !there($_) } @tests), '',
	    "$row: its tests are there");
}
ok($held > 15, 'what is equal is a table');
done_testing();
