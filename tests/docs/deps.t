#!/usr/bin/env bash
# Where nothing may be installed, the missing packages are named.
set -euo pipefail

cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A PATH without apt-get, where the compiler finds no library.
unset CC CPPFLAGS LDFLAGS ONEDNN POSIX
for p in bash env id mktemp rm make dirname; do
	ln -s "$(command -v "$p")" "$work/$p"
done
printf '#!/bin/sh\n[ "$1" = --version ]\n' >"$work/cc"
chmod +x "$work/cc"

status=0
PATH=$work tests/deps build >"$work/out" 2>"$work/err" || status=$?
[ "$status" = 1 ] && echo 'ok 1 - exit 1' || echo "not ok 1 - exit $status"
want='deps: please install: libopenblas-dev libcsv-dev libyaml-dev libutf8proc-dev'
if grep -qxF "$want" "$work/err"; then
	echo 'ok 2 - names the packages'
else
	echo 'not ok 2 - names the packages'
	sed 's/^/# /' "$work/err"
fi
status=0
tests/deps nothing 2>/dev/null || status=$?
[ "$status" = 2 ] && echo 'ok 3 - exit 2' || echo "not ok 3 - exit $status"
# A compiler that finds no header of oneDNN builds without it.
unset MAKEFLAGS MAKELEVEL BUILD
make -pn CC='cc -nostdinc' all >"$work/rules" 2>/dev/null || true
if grep -qx 'ONEDNN := 0' "$work/rules"; then
	echo 'ok 4 - no oneDNN, a build without'
else
	echo 'not ok 4 - no oneDNN, a build without'
fi
# Where a header is missing, make says of which package, and installs nothing.
status=0
make -s CC='cc -nostdinc' BUILD="$work/b" "$work/b/lib/base/num.o" \
	>"$work/out" 2>&1 || status=$?
if [ "$status" = 2 ] && grep -qxF "$want" "$work/out"; then
	echo 'ok 5 - make names the packages'
else
	echo "not ok 5 - make names the packages: exit $status"
	sed 's/^/# /' "$work/out"
fi
echo 1..5
