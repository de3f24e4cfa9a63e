#!/usr/bin/env bash
# Run the EXAMPLES of every manual page as they stand, each page in an empty
# directory: lines "$ command" must succeed, and where lines of output stand
# below one, print exactly these; "..." stands for any lines.
set -euo pipefail

cd "$(dirname "$0")/../.."
BUILD=$(realpath "${BUILD:-build}")
here=$PWD
. tests/tap.sh
scratch
export PATH="$BUILD/bin:$PATH"
unset MTKD_SHARE

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

example() { # NAME COMMAND, with the expected lines in $tmp/want
	local got=0 title
	[ "$2" != : ] || return 0
	title="$1: $(head -n 1 <<<"${2//#/\\#}")"
	(cd "$tmp/in" && exec bash -eo pipefail -c "$2") </dev/null \
		>"$tmp/got" 2>"$tmp/err" || got=$?
	if [ "$got" = 0 ] && { [ ! -s "$tmp/want" ] ||
	    matches "$tmp/want" "$tmp/got"; }; then
		ok 0 "$title"
		return
	fi
	ok 1 "$title"
	{
		echo "exit status $got; stdout and stderr:"
		head -n 20 "$tmp/got"
		head -n 5 "$tmp/err"
	} | sed 's/^/# /'
}

for page in man/*.[157]; do
	rm -rf "$tmp/in"
	mkdir "$tmp/in"
	command=:
	more='' document=''
	: >"$tmp/want"
	while IFS= read -r line; do
		if [ -n "$more" ]; then # a backslash or here-document goes on
			command+=$'\n'${line#> }
		elif [[ $line == '$ '* ]]; then
			example "$page" "$command"
			command=${line#\$ }
			: >"$tmp/want"
		else
			printf '%s\n' "$line" >>"$tmp/want"
			continue
		fi
		[[ $line == *"<<'END'" ]] && document=1
		[[ $line != END ]] || document=
		[[ $line == *\\ || -n $document ]] && more=1 || more=
	done < <(literal "$here/$page")
	example "$page" "$command"
done
finish
