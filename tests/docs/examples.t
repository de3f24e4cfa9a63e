#!/usr/bin/env bash
# Run the EXAMPLES of every manual page as they stand, each page in an empty
# directory: lines "$ command" must succeed, and where lines of output stand
# below one, print exactly these; "..." stands for any lines.
set -euo pipefail

cd "$(dirname "$0")/../.."
BUILD=$(realpath "${BUILD:-build}")
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH="$BUILD/bin:$PATH"
unset MTKD_SHARE
count=0
failed=0

# The literal blocks of EXAMPLES, with mdoc's escapes taken back.
literal() {
	awk '/^\.Sh / { in_examples = /^\.Sh EXAMPLES/ }
	in_examples && /^\.Bd -literal/ { on = 1; next }
	/^\.Ed/ { if (on) print "$ :"; on = 0 }
	on' "$1" | sed -e 's/\\e/\\/g' -e 's/\\-/-/g' -e 's/\\(aq/'"'"'/g' \
		-e 's/\\(ti/~/g' -e 's/\\(ha/^/g' -e 's/\\(ga/`/g' \
		-e 's/\\(dq/"/g' -e 's/\\&//g'
}

# Does text match the pattern, where a line "..." is any number of lines?
matches() { # WANT GOT
	perl -0777 -e 'my ($want, $got) = map {
		open my $f, "<", $_ or die; scalar <$f> // "" } @ARGV;
	my $p = join "", map { $_ eq "...\n" ? "(?:.*\n)*?" : quotemeta }
		$want =~ /(.*\n)/g;
	exit($got !~ /\A$p\z/)' "$1" "$2"
}

check() { # NAME COMMAND, with the expected lines in $work/want
	local got=0
	[ "$2" != : ] || return 0
	count=$((count + 1))
	(cd "$work/in" && exec bash -eo pipefail -c "$2") </dev/null \
		>"$work/got" 2>"$work/err" || got=$?
	if [ "$got" = 0 ] && { [ ! -s "$work/want" ] ||
	    matches "$work/want" "$work/got"; }; then
		printf 'ok %d - %s: %s\n' "$count" "$1" \
			"$(head -n 1 <<<"${2//#/\\#}")"
		return
	fi
	failed=1
	printf 'not ok %d - %s: %s\n' "$count" "$1" \
		"$(head -n 1 <<<"${2//#/\\#}")"
	{
		echo "exit status $got; stdout and stderr:"
		head -n 20 "$work/got"
		head -n 5 "$work/err"
	} | sed 's/^/# /'
}

for page in man/*.[157]; do
	rm -rf "$work/in"
	mkdir "$work/in"
	command=:
	more=
	: >"$work/want"
	while IFS= read -r line; do
		if [ -n "$more" ]; then # a backslash or here-document goes on
			command+=$'\n'${line#> }
		elif [[ $line == '$ '* ]]; then
			check "$page" "$command"
			command=${line#\$ }
			: >"$work/want"
		else
			printf '%s\n' "$line" >>"$work/want"
			continue
		fi
		[[ $line == *\\ ]] && more=1 || more=
	done < <(literal "$here/$page")
	check "$page" "$command"
done
echo "1..$count"
exit "$failed"
