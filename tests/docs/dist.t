#!/usr/bin/env bash
# make dist: all of the source, the same bytes whoever makes it and wherever;
# what is unpacked builds, and makes the same archive.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
. tests/tap.sh
BUILD=$(realpath "${BUILD:-build}")
scratch
unset MTKD_SHARE MAKEFLAGS MFLAGS MAKELEVEL
name=mtkd-$(sed -n 's/^#define MTKD_VERSION "\(.*\)"/\1/p' lib/base/version.h)
tree=$tmp/$name
if ! tar --version 2>&1 | grep -q GNU; then
	echo '1..0 # SKIP no GNU tar'
	exit
fi

make_dist() { # BUILD
	make --old-file=all BUILD="$1" dist
}
check 'make dist' make_dist "$tmp/a"
(umask 077 && TZ=Asia/Tokyo make_dist "$tmp/b") >/dev/null 2>&1
cmp "$tmp/a/$name.tar.gz" "$tmp/b/$name.tar.gz"
ok $? 'again, elsewhere and under another umask: the same bytes'
tar -tvzf "$tmp/a/$name.tar.gz" >"$tmp/list"
is "$(awk '{ print $2, $4, $5 }' "$tmp/list" | sort -u | wc -l)" 1 'one owner and one time'
is "$(awk '{ print $1 }' "$tmp/list" | sort -u | tr '\n' ' ')" '-rw-r--r-- -rwxr-xr-x ' 'files, as everybody may read them'
LC_ALL=C sort -c <(sed "s,.* $name/,," "$tmp/list")
ok $? 'in the order of their names'

tar -xzf "$tmp/a/$name.tar.gz" -C "$tmp"
if [ -e .git ]; then
	diff <(git ls-files | LC_ALL=C sort) <(cd "$tree" && find . -type f | sed 's,^\./,,' | LC_ALL=C sort)
	ok $? 'it holds all that git has'
else
	skip 'it holds all that git has' 'no git'
fi
cd "$tree" || exit
check 'what is unpacked makes it, too' make_dist "$tree/build"
cmp build/"$name.tar.gz" "$tmp/a/$name.tar.gz"
ok $? 'the same bytes'
unset SAN REAL MAKEFLAGS MFLAGS BUILD
check 'and builds' make -j2 CFLAGS=-O0 BUILD=build build/bin/glue-tasks
is "$(build/bin/glue-tasks --version)" "glue-tasks (mtkd) ${name#mtkd-}" 'a tool of it says its version'
check 'and finds its share' build/bin/glue-tasks
finish
