#!/usr/bin/env bash
# lib/README.md: "Add a task" and "Add a tool" are carried out as they stand
# there, in a copy of the tree; its folders are those of lib.
set -uo pipefail

cd "$(dirname "$0")/../.." || exit
BUILD=$(realpath "${BUILD:-build}")
. tests/tap.sh
scratch
guide=$PWD/lib/README.md
unset MTKD_SHARE MAKEFLAGS MFLAGS

is "$(sed -n 's/^| `\([a-z]*\)`.*/\1/p' "$guide")" "$(cd lib && printf "%s\n" */ | tr -d /)" \
	'the table of folders is the listing of lib'

# The lines of a section that are indented by four blanks.
section() { # TITLE
	awk -v title="## $1" '/^## / { on = $0 == title } on && sub(/^    /, "")' \
		"$guide"
}

# The tree and what is built of it, with their times: make has nothing to do.
built=$tmp/tree/build
mkdir "$tmp/tree" "$built"
cp -pR Makefile lib tools man share tests "$tmp/tree"
cp -pR "$BUILD"/{lib,tools,bin} "$built"
cd "$tmp/tree" || exit
export BUILD=$built MAKEFLAGS=BUILD=build PATH="$built/bin:$PATH"

carry_out() { # TITLE WORDS: it succeeds and prints these words somewhere
	section "$1" >"$tmp/script"
	check "$1" bash -euo pipefail "$tmp/script"
	grep -qF -- "$2" "$tmp/said"
	ok $? "$1: $2"
	cp "$tmp/said" "$tmp/last"
}

carry_out 'Add a task' 'task: tickets'
is "$(sed -n 3p tickets.examples)" $'7\tlogin\tI cannot sign in.' 'the task is read'
rm tickets.*
carry_out 'Add a tool' 'ex-count.1'
! grep -q '^not ok' "$tmp/last"
ok $? 'the tool passes its tests'
BUILD=$BUILD tests/one tests/layout.t >"$tmp/layout" 2>&1
ok $? 'the layout holds with it'
perl -pi -e "s/\[FILE\]/[FILE] [FILE]/; s/'o', OPT_WRITE/'p', OPT_WRITE/" tools/ex-count.c
! { make all && tests/one tests/docs/manual.t; } >"$tmp/said" 2>&1
ok $? 'an option that the page does not have is seen'
finish
