#!/usr/bin/env bash
# The whole flow on a corpus of few rows with very small models: it ends with
# a table; killed at any point and started again it makes the same bytes.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
BUILD=$(realpath "${BUILD:-build}")
cd "$(dirname "$0")/../../pipelines" || exit
scratch
unset MAKEFLAGS MFLAGS MAKELEVEL
flow() { # OUT [SEEDS]
	make -j2 BUILD="$BUILD" OUT="$1" ROWS=24 SEEDS="${2:-1}" IMPORT= LAYERS=1 \
		HIDDEN=8 HEADS=2 INTERMEDIATE=16 ENCODERS='uncased cased' \
		MEMBER_SEEDS=1 EPOCHS=1 FINE_EPOCHS=1 "$1/table3.txt"
}

flow "$tmp/a" > "$tmp/log" 2>&1
ok $? 'the flow ends'
if [[ $tap_failed != 0 ]]; then
	mkdir -p "$BUILD/failed"
	cp "$tmp/log" "$BUILD/failed/flow.log"
	tail -n 5 "$tmp/log" | sed 's/^/# /'
	echo "# see $BUILD/failed/flow.log"
fi
[[ $(grep -c '^MT-DNN_KD  *[-0-9]' "$tmp/a/table3.txt") == 1 ]]
ok $? 'with a table'
! grep -qE '	-$' <(grep -v glue-partial "$tmp/a/table3.tsv" | cut -f1-6)
ok $? 'in which every task was measured'
[[ $(awk -F'\t' '$1 ~ /^[123]$/' "$tmp/a/selected.tsv" | wc -l) == 3 ]]
ok $? 'three members were chosen'
head -n 1 "$tmp/a/soft/mnli.tsv" | grep -q 'members=3'
ok $? 'and averaged'
flow "$tmp/a" > "$tmp/log" 2>&1 && [[ ! -s $tmp/log ]]
ok $? 'nothing is left to do'

# Every command that the demo names shows something.
wrong='' looks=0
while read -r look; do
	looks=$((looks + 1))
	[[ -n $(cd .. && eval "$look" 2>&1) ]] && (cd .. && eval "$look") \
		> /dev/null 2>&1 || wrong+="$look; "
done < <(make -s BUILD="$BUILD" OUT="$tmp/a" look | sed -n 's/^.\{15\}\(.*\)/\1/p' |
	grep -v 'to look into')
[[ -z $wrong && $looks == 19 ]]
ok $? "every file named can be looked into${wrong:+, but: $wrong}"

# A process group of its own, killed outright when so many models are there.
models() { find "$tmp/b" -name model.safetensors 2> /dev/null | wc -l; }
for enough in 1 5 12 30 42; do
	set -m
	flow "$tmp/b" > /dev/null 2>&1 &
	set +m
	while (($(models) < enough)) && kill -0 $! 2> /dev/null; do
		sleep 0.05
	done
	kill -9 -- -$! 2> /dev/null
	wait $! 2> /dev/null
done
[[ ! -f $tmp/b/table3.tsv ]]
ok $? 'killed before the end'
flow "$tmp/b" > "$tmp/log" 2>&1
ok $? 'started again it ends'
cmp -s "$tmp/a/table3.tsv" "$tmp/b/table3.tsv"
ok $? 'with the same table'
cmp -s "$tmp/a/student/kd/1/model.safetensors" "$tmp/b/student/kd/1/model.safetensors"
ok $? 'and the same student'
is "$(cd "$tmp" && diff -rq a b | grep -vE '\.tmp|minutes')" '' 'and the same files all over'

# What is over the seeds is made anew, from models that were there and not.
cp "$tmp/a/table3.tsv" "$tmp/one"
flow "$tmp/a" '1 2' > "$tmp/log" 2>&1 && grep -q 'run2$' "$tmp/a/table3.tsv"
ok $? 'with another seed'
rm -r "$tmp/a/predict/kd/2" "$tmp/a/predict/mtdnn"
flow "$tmp/a" 1 > "$tmp/log" 2>&1 && cmp -s "$tmp/a/table3.tsv" "$tmp/one"
ok $? 'without it, the table from before'
flow "$tmp/a" '1 2' > "$tmp/log" 2>&1
! grep -q "^train\|^distil" "$tmp/log" && grep -q 'run2$' "$tmp/a/table3.tsv" &&
	[[ $(awk -F '\t' '$1 != "ensemble" &&
	$9 == "-" && $2 != "glue-partial"' "$tmp/a/table3.tsv" | grep -vc '^#') == 0 ]]
ok $? 'and with it again, from the models at hand'

finish
