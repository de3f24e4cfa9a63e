#!/usr/bin/env bash
# make install under DESTDIR: tools find share/ beside them, nothing is left by
# make uninstall.
set -euo pipefail

cd "$(dirname "$0")/../.."
BUILD=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MTKD_SHARE MAKEFLAGS MFLAGS
to=(BUILD="$BUILD" DESTDIR="$work/root" PREFIX=/opt/x)
count=0
failed=0

check() { # NAME COMMAND...
	local name=$1 not=
	shift
	count=$((count + 1))
	"$@" >"$work/out" 2>&1 || not='not ' failed=1
	echo "${not}ok $count - $name"
	[ -z "$not" ] || sed 's/^/# /' "$work/out"
}

# Objects are those of the build folder; whatever made them stays as it is.
install_it() {
	make --old-file=all "${to[@]}" install
}

all_tools() {
	for t in tools/*.c; do
		[ -x "$work/root/opt/x/bin/$(basename "$t" .c)" ] || return
	done
}

all_pages() {
	for p in man/*.[157]; do
		cmp "$p" "$work/root/opt/x/share/man/man${p##*.}/${p##*/}" ||
			return
	done
}

same_share() {
	diff -r share "$work/root/opt/x/share/mtkd"
}

run_installed() {
	printf 'sentence\tlabel\nA film.\t1\n' >"$work/a.tsv"
	(cd "$work" && root/opt/x/bin/glue-read -t sst2 a.tsv | grep -q 'A film')
}

nothing_left() {
	[ -z "$(find "$work/root" ! -type d)" ]
}

check 'make install' install_it
check 'every tool is installed' all_tools
check 'every manual page is installed' all_pages
check 'share is installed whole' same_share
check 'an installed tool finds its share' run_installed
check 'make install again' install_it
check 'make uninstall' make "${to[@]}" uninstall
check 'nothing is left' nothing_left
echo "1..$count"
exit "$failed"
