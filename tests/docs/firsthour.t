#!/usr/bin/env bash
# README's block of single steps, run as it is printed in a fresh tree: the
# bundled data, the programs where make puts them, nothing else on PATH.
. "$(dirname "$0")/../tap.sh"
here=$(realpath "$(dirname "$0")/../..")
BUILD=$(realpath "${BUILD:-build}")
scratch
mkdir "$tmp/tree"
cp -R "$here/share" "$here/README.md" "$tmp/tree"
mkdir "$tmp/tree/build"
ln -s "$BUILD/bin" "$tmp/tree/build/bin"

# The second block of indented lines.
block() { # README
	awk '/^    / { if (!on) n++; on = 1 } /^[^ ]/ { on = 0 }
		/^## One step at a time/ { wanted = 1 } /^## Real data/ { wanted = 0 }
		wanted && on { print substr($0, 5) }' "$1"
}
block "$tmp/tree/README.md" >"$tmp/block"
is "$(head -n 1 "$tmp/block" | cut -c 1-40)" 'export PATH=$PWD/build/bin:$PATH        ' 'PATH is said first'
status=0
(cd "$tmp/tree" && unset MTKD_SHARE && exec bash -euo pipefail "$tmp/block") </dev/null \
	>"$tmp/out" 2>"$tmp/err" || status=$?
ok "$status" 'the block runs as it is printed'
[ "$status" = 0 ] || sed 's/^/# /;20q' "$tmp/err"
grep -q "^rte	dev	accuracy	0\.[0-9]*	400$" "$tmp/out"
ok $? 'it ends in a score'
tail -n 1 "$tmp/out" | grep -qx '[^	]*	\(not_\)\{0,1\}entailment.*'
ok $? 'and in an answer'
is "$(grep -c ': trained, .* updates in .* best on dev, .*/best$' "$tmp/err")" 4 'each training sums up'
[ -s "$tmp/tree/try/student/best/model.safetensors" ]
ok $? 'the student is there'
finish
