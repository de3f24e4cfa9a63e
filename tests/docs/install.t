#!/usr/bin/env bash
# make install under DESTDIR: tools find share/ beside them, nothing is left by
# make uninstall.
set -euo pipefail

cd "$(dirname "$0")/../.."
BUILD=${BUILD:-build}
. tests/tap.sh
scratch
unset MTKD_SHARE MAKEFLAGS MFLAGS
to=(BUILD="$BUILD" DESTDIR="$tmp/root" PREFIX=/opt/x)
# Objects are those of the build folder; whatever made them stays as it is.
install_it() {
	make --old-file=all "${to[@]}" install
}

all_tools() {
	for t in tools/*.c; do
		[ -x "$tmp/root/opt/x/bin/$(basename "$t" .c)" ] || return
	done
}

all_pages() {
	for p in man/*.[157]; do
		cmp "$p" "$tmp/root/opt/x/share/man/man${p##*.}/${p##*/}" ||
			return
	done
}

same_share() {
	diff -r share "$tmp/root/opt/x/share/mtkd"
}

run_installed() {
	printf 'sentence\tlabel\nA film.\t1\n' >"$tmp/a.tsv"
	(cd "$tmp" && root/opt/x/bin/glue-read -t sst2 a.tsv | grep -q 'A film')
}

nothing_left() {
	[ -z "$(find "$tmp/root" ! -type d)" ]
}

check 'make install' install_it
check 'every tool is installed' all_tools
check 'every manual page is installed' all_pages
check 'share is installed whole' same_share
check 'an installed tool finds its share' run_installed
check 'make install again' install_it
check 'make uninstall' make "${to[@]}" uninstall
check 'nothing is left' nothing_left
finish
