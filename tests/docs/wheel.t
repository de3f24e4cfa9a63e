#!/usr/bin/env bash
# make wheel: pip puts tools, share and manual into a virtual environment; no
# library but glibc comes from the system, and nothing is left when it goes.
# tests/packages tries it where nothing else is.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
. tests/tap.sh
BUILD=$(realpath "${BUILD:-build}")
scratch
unset MTKD_SHARE MAKEFLAGS MFLAGS MAKELEVEL
skip_all() {
	echo "1..0 # SKIP $1"
	exit
}
command -v objdump >/dev/null || skip_all 'no objdump'
command -v dpkg >/dev/null || skip_all 'no dpkg, which knows the licences of libraries'
python3 -m venv "$tmp/venv" >/dev/null 2>&1 || skip_all 'no python3-venv'
[[ $(basename "$BUILD") == build ]] || skip_all 'a build of another kind'

# Objects are those of the build folder, what is made goes elsewhere.
check 'make wheel' make --old-file="$BUILD/lib/libmtkd.a" BUILD="$BUILD" wheel="$tmp/wheel" wheels="$tmp" wheel-file
name=$(cd "$tmp" && ls mtkd-*.whl)
[[ $name =~ ^mtkd-[0-9.]+-py3-none-linux_[a-z0-9_]+\.manylinux_2_[0-9]+_[a-z0-9_]+\.whl$ ]]
ok $? "its name says where it runs"
tree() { (cd "$tmp/venv" && find . ! -name '*.pyc' ! -name __pycache__ | LC_ALL=C sort); }
tree >"$tmp/before"
check 'pip installs it' "$tmp/venv/bin/pip" install --no-index "$tmp/$name"
all() { # COMMAND TOOL...: of each tool
	local t
	for t in tools/*.c; do
		t=$(basename "$t" .c)
		"$@" "$t" || return
	done
}
answers() { [ "$("$tmp/venv/bin/$1" --version | sed -n 1p)" = "$("$BUILD/bin/$1" --version | sed -n 1p)" ]; }
has_completion() {
	[ -s "$tmp/venv/share/bash-completion/completions/$1" ] &&
		grep -q "^#compdef.* $1\( \|\$\)" "$tmp/venv/share/zsh/site-functions/_mtkd"
}
has_page() { cmp "$tmp/venv/share/man/man1/$1.1" "man/$1.1"; }
check 'every tool answers' all answers
check 'and has its page' all has_page
check 'and its completion, of bash and zsh' all has_completion
is "$(ldd "$tmp"/venv/bin/mt-predict | sed -n 's,.* => \(/.*\) (.*,\1,p' | grep -v "^$tmp/venv/" |
	sed 's,.*/,,' | grep -vE '^lib(c|m|dl|rt|pthread)\.so' )" '' 'libraries are those beside it, but glibc'
check 'it finds its share' "$tmp/venv/bin/glue-tasks"
is "$("$tmp/venv/share/mtkd/pipelines/fetch-glue" -l | head -n 1)" CoLA 'and scripts are executable'
check 'pip uninstalls it' "$tmp/venv/bin/pip" uninstall -y mtkd
find "$tmp/venv" -depth -type d -empty -delete
is "$(tree | comm -13 "$tmp/before" -)" '' 'nothing is left'
finish
