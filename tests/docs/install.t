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

the_same_tools() {
	local t
	for t in "$BUILD"/bin/*; do
		cmp "$t" "$tmp/root/opt/x/bin/${t##*/}" || return
	done
}

all_pages() {
	for p in man/*.[157]; do
		cmp "$p" "$tmp/root/opt/x/share/man/man${p##*.}/${p##*/}" ||
			return
	done
}

same_share() {
	diff -r pipelines "$tmp/root/opt/x/share/mtkd/pipelines" &&
		diff -r -x pipelines share "$tmp/root/opt/x/share/mtkd"
}

all_readable() {
	[ -z "$(find "$tmp/root/opt" ! -perm -o=r -o -type d ! -perm -o=x)" ]
}

# What nm -g exports of an archive; all of it has the prefix.
exported() {
	nm -g --defined-only "$tmp/root/opt/x/lib/libmtkd.a" | awk 'NF == 3 { print $3 }'
}
only_prefixed() {
	[ "$(exported | grep -c '^mtkd_')" -gt 300 ] && ! exported | grep -v '^mtkd_'
}

# share/example/answers.c, built as its head says, and mt-predict agree.
example() {
	local root=$tmp/root/opt/x
	export PKG_CONFIG_PATH=$root/lib/pkgconfig
	printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' '[MASK]' a film >"$tmp/v"
	printf 'id\tlabel\ttext_a\n1\t1\ta film\n2\t0\tfilm\n' >"$tmp/ex"
	PATH=$root/bin:$PATH
	model-new -v "$tmp/v" --hidden 16 -o "$tmp/m" &&
		wp-tokenize -v "$tmp/m" "$tmp/ex" |
		glue-pack -t sst2 -s train -o "$tmp/p.st" &&
		mt-finetune -q -i "$tmp/m" -o "$tmp/t" "$tmp/p.st" &&
		mt-predict -m "$tmp/t" "$tmp/p.st" | tail -n +3 >"$tmp/want" &&
		${CC:-cc} -o "$tmp/answers" "$root/share/mtkd/example/answers.c" \
			$(pkg-config --define-variable=prefix="$root" --cflags --libs mtkd) &&
		"$tmp/answers" "$tmp/t" "$tmp/p.st" >"$tmp/got" &&
		cmp "$tmp/got" "$tmp/want" && [ -s "$tmp/want" ]
}
caught() {
	! "$tmp/answers" "$tmp/t" "$tmp/ex" 2>"$tmp/why" &&
		grep -q '^answers: not this one: answers: .*/ex: ' "$tmp/why"
}

run_installed() {
	printf 'sentence\tlabel\nA film.\t1\n' >"$tmp/a.tsv"
	(cd "$tmp" && root/opt/x/bin/glue-read -t sst2 a.tsv | grep -q 'A film')
}

completes() {
	local root=$tmp/root/opt/x
	[ "$(bash -c '. "$0/share/bash-completion/completions/mt-predict"
		COMP_WORDS=(mt-predict --matm) COMP_CWORD=1
		$(complete -p mt-predict | sed "s/.*-F //; s/ .*//") "$0/bin/mt-predict"
		echo "${COMPREPLY[*]}"' "$root")" = --matmul ]
}

# The programs of mtkd, and what one of them completes.
completes_umbrella() {
	local root=$tmp/root/opt/x
	[ "$(bash -c '. "$0/share/bash-completion/completions/mtkd"
		say() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _mtkd "$root/bin/mtkd"; echo "${COMPREPLY[*]}"; }
		root=$0; say mtkd fine; say mtkd glue-pa; say mtkd help pa; say mtkd pack --max' "$root")" = \
		$'finetune\nglue-pack\npack\n--max-length' ]
}
completes_zsh() {
	local root=$tmp/root/opt/x
	head -n 1 "$root/share/zsh/site-functions/_mtkd" | grep -q '^#compdef .*glue-pack .*mtkd .*wp-train$' &&
		zsh -fc 'fpath=($0/share/zsh/site-functions $fpath); autoload -Uz _mtkd
		_files() { print files; }
		_describe() { local last=${@[-1]}; print -rl -- ${(P)last}; }
		say() { words=("$@") CURRENT=$# PREFIX=${@[-1]}; _mtkd; }
		say $0/bin/mt-predict --se | grep -x -- "--hidden:.*"
		say $0/bin/mt-predict a; say $0/bin/mtkd pa | grep "^pack:"; say $0/bin/mtkd pack --max | grep -o "^--max-length"' "$root" >"$tmp/zsh" &&
		[ "$(cut -d : -f 1 "$tmp/zsh" | tr '\n' ' ')" = '--hidden files pack --max-length ' ]
}

nothing_left() {
	[ "$(find "$tmp/root" | wc -l)" = 2 ] # root/opt
}

(umask 077; check 'make install, under umask 077' install_it)
tap_count=1
check 'everything can be read by everybody' all_readable
check 'every exported name has the prefix' only_prefixed
if [[ $(basename "$(realpath "$BUILD")") == *-san* ]]; then
	skip 'a program of 40 lines against the library' 'a build for the sanitizers'
else
	check 'a program of 40 lines against the library' example
	check 'it goes on after an error' caught
fi
check 'every tool is installed' all_tools
check 'and is that of the build folder' the_same_tools
check 'every manual page is installed' all_pages
check 'share is installed whole' same_share
check 'an installed tool finds its share' run_installed
check 'bash completes its options' completes
check 'and the programs of mtkd' completes_umbrella
if command -v zsh >/dev/null; then
	check 'zsh completes both' completes_zsh
else
	skip 'zsh completes both' 'no zsh'
fi
check 'make install again' install_it
check 'make uninstall' make "${to[@]}" uninstall
check 'nothing is left' nothing_left

# A build outside of the source, which may be read-only; as it were built there.
apart=$tmp/apart
check 'a build folder elsewhere' make -s BUILD="$apart" "$apart/share"
check 'is made with all' grep -q "ln -s .* $apart/share" <(
	make -n BUILD="$apart" --assume-new=share all)
mkdir "$apart/bin"
cp "$BUILD/bin/glue-tasks" "$BUILD/bin/mtkd" "$apart/bin"
check 'finds its share' test "$("$apart/bin/glue-tasks" rte)" = "$("$BUILD/bin/glue-tasks" rte)"
mkdir "$tmp/formatter"
printf '%s\n' '#!/bin/sh' 'echo "$2"' >"$tmp/formatter/mandoc"
chmod +x "$tmp/formatter/mandoc"
check 'and its pages' cmp man/glue-pack.1 \
	"$(PATH=$tmp/formatter "$apart/bin/mtkd" help glue-pack)"
finish
