#!/usr/bin/perl
# Scripts and makefiles keep to what macOS and the BSDs have too: no forms of
# GNU's tools alone, no bash after 4.4; the Makefile takes GNU make 3.81, which
# macOS has, pipelines/ 4.3.  What is for Linux or Debian alone stands here with
# the reason.
use strict;
use warnings;
use Test::More;

my %linux = (
	'tests/machines' => 'root folders of Debian', 'tests/root.sh' => 'these',
	'tests/packages' => 'packages in them', 'share/package/deb' => 'dpkg',
	'share/package/wheel' => 'ELF', 'share/package/dist' => 'GNU tar, as dist.t says',
	'share/package/debian/rules' => 'dpkg', 'tests/mpi.sh' => 'finds processes in /proc',
	(map { $_ => 'network namespaces' } 'tests/train/hosts.t', 'tests/hosts.sh'),
	'tests/fuzz/run' => 'libFuzzer', 'tests/lint' => 'what developers have',
	(map { $_ => 'measures' } glob('tests/bench/* tests/quality/*')));

# Each form that is not everywhere: a name, what it looks like in a line, and
# an example, so that a pattern that finds nothing shows.
my @forms = (
	['sed -i', qr/\bsed\s+(?:-\w+\s+)*-\w*i/, "sed -i 's/a/b/' f"],
	['sed -z', qr/\bsed\s+-\w*z/, 'sed -z s/a/b/'],
	['sed: \t, \|, \+, \?, \w', qr/\bsed\s[^|\$;]*'(?:[^'\\]|\\[^tw|+?sSW'])*\\[tw|+?sSW]/, q{sed 's/\t/ /'}],
	['head -c -N', qr/\bhead\s+-[cn]\s*-/, 'head -c -2'],
	['stat', qr/(?:^|[|;&(`]\s*|\s)stat\s+-/, 'n=$(stat -c %s f)'],
	['grep -P, -z', qr/\bgrep\s+(?:-\w+\s+)*-\w*[Pz]/, 'grep -oP x'],
	['date', qr/\bdate\s+(?:-\w+\s+)*-(?:-|\w*[dr])/, 'date -u -d now'],
	['find -printf', qr/\s-printf\b/, "find . -printf '%p'"],
	['xargs -r, -d', qr/\bxargs\s+(?:-\w+\s+)*-\w*[rd]/, 'xargs -r rm'],
	['sort -z, -V, -R', qr/\bsort\s+(?:-\w+\s+)*-\w*[zVR]/, 'sort -V f'],
	['touch -d', qr/\btouch\s+-\w*d/, 'touch -d 2001-01-01 f'],
	['cp -a', qr/\bcp\s+-\w*[aT]\b/, 'cp -a x y'],
	['readlink -f', qr/\breadlink\s+-\w*[fem]/, 'readlink -f x'],
	['timeout', qr/(?:^|[|;&(`]\s*|\s(?:exec|then|do)\s+)timeout\s/, 'a | timeout 5 b'],
	['nproc alone', qr/\bnproc\b(?!.*getconf)/, 'make -j$(nproc)'],
	['column', qr/\|\s*column\b/, 'cat f | column -t'],
	['mapfile', qr/\b(?:mapfile|readarray)\b/, 'mapfile -t a <f'],
	['declare -A', qr/\b(?:declare|local|typeset)\s+-\w*[An]/, 'declare -A a'],
	['bash 5', qr/\$\{?EPOCH|\bwait -n\b|\$\{\w+\@[A-Za-z]\}/, 'a=$EPOCHREALTIME'],
	['${x^}, ${x,}', qr/\$\{\w+(?:\[[^]]*\])?[\^,]/, 'echo "${x^^}"'],
	['sha256sum alone', qr/\b(?:sha256|md5)sum\s+[<-]/, 'sha256sum <f'],
	['tac, shuf, numfmt', qr/(?:^|[|;&(]\s*)(?:tac|shuf|numfmt|stdbuf)\b/, 'tac f']);
my @make = (
	['.ONESHELL', qr/^\.ONESHELL/, '.ONESHELL:'],
	['.SHELLFLAGS', qr/^\.SHELLFLAGS/, '.SHELLFLAGS = -c'],
	['define =', qr/^define\s+\w+\s*=/, 'define a ='],
	['grouped targets', qr/&:/, 'a b &: c'],
	['$(file)', qr/\$\(file\s/, '$(file >x,y)'],
	['!=, :::=', qr/^\w+\s*(?:!=|::+=)/, 'x != y'],
	['$(intcmp), $(let)', qr/\$\((?:intcmp|let)\s/, '$(let a,b,c)']);

my %allowed = map { $_ => 1 } (
	'pipelines/measure.sh: bash 5', # refuses an older one
	'pipelines/speed: declare -A', # sources that
	'pipelines/fetch.sh: sha256sum alone'); # else shasum

# A list's words after the exit code are those of a shell.
my (@scripts, @makefiles);
for my $path (sort split /\0/, join "\0", glob(
	'Makefile pipelines/* pipelines/*/* share/package/* share/package/*/*
	share/corpus/* tests/* tests/*/*')) {
	next if !-f $path || $path =~ /\.(?:c|h|py|awk|tsv|txt|json|yml|md|st)$/;
	next if $path eq 'tests/portable.t' || exists $linux{$path};
	if ($path =~ m{(?:Makefile|\.mk|/rules)$}) {
		push @makefiles, $path;
		next;
	}
	open my $f, '<', $path or die "$path: $!";
	my $first = <$f> // '';
	push @scripts, $path if $path =~ /\.(?:sh|list)$/ || $first =~ m{^#!.*\b(?:ba)?sh\b|^# Completion for bash};
}
ok(@scripts > 40 && @makefiles > 15, 'scripts and makefiles are found') or diag("@scripts");

sub used {
	my ($pattern, @paths) = @_;
	my @found;
	for my $path (@paths) {
		open my $f, '<', $path or die "$path: $!";
		while (<$f>) {
			next if /^\s*#/;
			push @found, "$path:$.: $_" if $_ =~ $pattern;
		}
	}
	return @found;
}

sub check {
	my ($forms, @paths) = @_;
	for (@$forms) {
		my ($name, $pattern, $example) = @$_;
		my @found = grep { !$allowed{ (split /:/)[0] . ": $name" } }
		    used($pattern, @paths);
		ok(!@found && $example =~ $pattern, $name) or diag(@found);
	}
}
check(\@forms, @scripts, @makefiles);
check(\@make, 'Makefile');

# BWK awk wants brackets round what print compares; a statement may go on after
# a comma or a backslash.
my $compares = qr/\bprintf?\b((?:[^;{}()'"\n]|[,\\]\n|"(?:\\.|[^"\\])*"|(\((?:[^()"]|"(?:\\.|[^"\\])*"|(?2))*\)))*?(?:[=!]=|<(?![<(&>])))/;
sub text_of {
	open my $f, '<', $_[0] or die "$_[0]: $!";
	local $/;
	return <$f>;
}
my @compared;
for my $path (@scripts, @makefiles, split /\n/, `find lib man pipelines share tests -name '*.awk'`) {
	my $text = text_of($path) =~ s/^\s*#.*//gmr;
	push @compared, "$path: print$1" if $text =~ $compares;
}
# busybox awk may be built without sqrt, log and their like; in brackets it takes
# a backslash for itself.
my $bracketed = qr/\[\^?[^]\n\/]*\\[][]/;
my $mathematics = qr/\b(?:sqrt|exp|log|sin|cos|atan2)\([^)]*\)?|[\w)]\s*(?:\^|\*\*)\s*[\w(]+/;
my @computed;
for my $path (@scripts, @makefiles, split /\n/, `find lib man pipelines share tests -name '*.awk'`) {
	my $text = text_of($path) =~ s/^\s*#.*//gmr =~ s/"(?:\\.|[^"\\\n])*"/""/gr;
	my @programs = $path =~ /\.awk$/ ? $text : $text =~ /\bawk\b[^'\n]*'([^']*)'/g;
	push @computed, map { /($mathematics|$bracketed)/ ? "$path: $1" : () } @programs;
}
ok(!@computed && '{ print -log($1) }' =~ $mathematics && 'x ^ 2' =~ $mathematics &&
	q{/[.!]([")\]]|x)/} =~ $bracketed, "awk's mathematics and brackets") or diag(@computed);
ok(!@compared && "print \$1,\n  \$2 == 1 ? 1 : (2 == 3)" =~ $compares, "awk's print a == b")
	or diag(@compared);
is_deeply([grep { !-e } sort keys %linux], [], 'what is for Linux alone is there');

my $old = `make -n -C pipelines .FEATURES= demo 2>&1`;
ok($old =~ /GNU make 4\.3 or later/, 'an older make is told so');
done_testing;
