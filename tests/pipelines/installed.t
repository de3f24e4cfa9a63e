#!/usr/bin/env bash
# The pipelines of an installed package: they find its tools and its share, and
# write into the folder that make is called from, nothing into the package.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
BUILD=${BUILD:-build}
. tests/tap.sh
scratch
unset MTKD_SHARE MTKD_FROM MAKEFLAGS MFLAGS MAKELEVEL
prefix=$tmp/opt flow=$tmp/opt/share/mtkd/pipelines
check 'make install' make --old-file=all BUILD="$BUILD" DESTDIR= PREFIX="$prefix" install
listing() { (cd "$prefix" && find . -type f -exec cksum {} + | LC_ALL=C sort -k 3); }
listing >"$tmp/before"
mkdir "$tmp/my"
cp -R share/own "$tmp/my/tasks"
cd "$tmp/my" || exit

tiny=(IMPORT= LAYERS=1 HIDDEN=8 HEADS=2 INTERMEDIATE=16 EPOCHS=1 FINE_EPOCHS=1
	SEEDS=1 MEMBER_SEEDS=1 DROPOUTS='0.1 0.2' TOP=2 gnuplot=)
check 'own, of a relative folder' make -j2 -C "$flow" own DATA=tasks "${tiny[@]}"
cp "$tmp/said" "$tmp/log"
is "$(ls; ls build/pipelines/own)" $'build\ntasks\ntasks-own' 'writes where make is called'
line=$(grep -- '-t mood --lines' "$tmp/log")
echo 'quite lifeless .' >rows.txt
is "$(eval "${line/TEXTS/rows.txt}" | awk -F '\t' '$1 == "1" { print ($2 ~ /^(good|bad)$/) }')" \
	1 'the line that serves the student works from there'

check 'an experiment on the bundled corpus' make -j2 -C "$flow" table3 CONF=demo "${tiny[@]}" \
	TASKS=rte TEACH=rte ROWS=40
is "$(ls results | tr '\n' ' ')" 'table3-demo-minutes.tsv table3-demo-tests.tsv table3-demo.tsv ' \
	'has its results there'
is "$(head -n 1 results/table3-demo.tsv | cut -d ' ' -f 2-4)" "make -C $flow" 'and they say what made them'

plan() { make -n V=1 -C "$flow" "$@" >"$tmp/plan" 2>&1; }
plan demo
is "$? $(grep -c "/build/pipelines/demo/.*/CoLA/" "$tmp/plan" | sed 's/^[1-9].*/some/')" '0 some' 'demo has a plan'
mkdir -p glue/{RTE,MRPC}
touch glue/{RTE,MRPC}/{train,dev}.tsv words.txt
plan table3 CONF=tiny GLUE_DIR=glue TASKS='rte mrpc' INIT= IMPORT= VOCAB=words.txt
is "$? $(grep -c "glue-read .* $tmp/my/glue/RTE/train.tsv" "$tmp/plan") $(grep -c "model-new -v $tmp/my/words.txt" "$tmp/plan")" \
	'0 1 1' 'relative folders of the command line begin there'
plan report CONF=tiny GLUE_DIR=glue OUT=there
is "$? $(grep -c "OUT=$tmp/my/there " "$tmp/plan")" '0 1' 'and so does OUT'

(cd "$flow" && make own DATA="$tmp/my/tasks") >"$tmp/plan" 2>&1
is "$? $(grep -c "nothing is written here: type make -C $flow where" "$tmp/plan")" '2 1' 'called in the package itself: says so'
mkdir 'a b'
(cd 'a b' && plan demo)
is "$(grep -c 'has a blank in its name' "$tmp/plan")" 1 'a folder with a blank: says so'

# The tools are elsewhere on PATH, or nowhere.
mkdir "$tmp/elsewhere"
mv "$prefix/bin" "$tmp/elsewhere"
PATH=$tmp/elsewhere/bin:$PATH MTKD_SHARE=$prefix/share/mtkd plan demo
is "$? $(grep -c "$tmp/elsewhere/bin/tensor-cat" "$tmp/plan" | sed 's/^[1-9].*/some/')" '0 some' 'tools on PATH serve'
plan demo
is "$? $(grep -c "no glue-tasks, neither in $prefix/bin nor on PATH" "$tmp/plan")" '2 1' 'no tools: says so'
mv "$tmp/elsewhere/bin" "$prefix"

for fetch in bert glue; do
	is "$("$flow/fetch-$fetch" -l | head -n 1)" "$(awk -F '\t' '!/^#/ && NF == 4 { print $1; exit }' "$flow/fetch-$fetch.tsv")" \
		"fetch-$fetch knows its list"
done
listing | cmp - "$tmp/before"
ok $? 'nothing is written into the package'
finish
