#!/usr/bin/env bash
# tests/quality/matmul: its verdicts on made-up runs; a small run of its own,
# stopped and gone on with; the planted faults are there.
set -uo pipefail
here=$(dirname "$(realpath "$0")")
. "$here/../tap.sh"
workplace

# Runs of one task: SCORES of float32, then DIFFERENCES to it.
runs() { # NUMBERS TASK "SCORES" "DIFFERENCES"
	paste <(tr ' ' '\n' <<<"$3") <(tr ' ' '\n' <<<"$4") |
		awk -v OFS='\t' -v numbers="$1" -v task="$2" '
		{ print task, NR, "float32", $1, 9; print task, NR, numbers, $1 + $2, 5 }'
}

verdict() { # TASK [MAJORITY]
	awk -f "$here/judge.awk" -v train=bf16 -v answer=int8 -v tasks="$1" \
		<(printf '%s\tmajority\t%s\n' "$1" "${2:-0.5}") - >said
	echo "$? $(sed -n 3p said | cut -f 2,7-)"
}

eight='0.70 0.71 0.69 0.72 0.70 0.71 0.70 0.69'
is "$(runs bf16 rte "$eight" \
	'0.01 -0.01 0 0.01 -0.01 0.02 -0.01 0.01' | verdict rte)" \
	$'0 8\t0.25\t-0.72\t1.22\t-1.5\tas good' 'the interval of a mean'
is "$(runs bf16 mrpc "$eight" \
	'0.01 -0.01 0 0.01 -0.01 0.02 -0.01 0.01' | verdict mrpc)" \
	$'1 8\t0.25\t-0.72\t1.22\t-0.5\tworse' 'which another bound forbids'
is "$(runs bf16 stsb "$eight" '0 0 0 0 0 0 0 0' | verdict stsb)" \
	$'0 8\t0.00\t0.00\t0.00\t-0.5\tas good' 'nothing but equal'
for nan in nan -nan; do
	is "$(runs bf16 stsb "$eight" '0 0 0 0 0 0 0 0' | verdict stsb $nan)" \
		$'0 8\t0.00\t0.00\t0.00\t-0.5\tas good' \
		"a majority without a score: $nan"
done
is "$(runs bf16 cola "$eight" '-.02 -.02 -.02 -.02 -.02 -.02 -.02 -.02' |
	verdict cola)" $'1 8\t-2.00\t-2.00\t-2.00\t-1.5\tworse' 'lower in each'
is "$(runs bf16 rte '0.7 0.71' '0 0' | verdict rte)" \
	$'0 2\t0.00\t0.00\t0.00\t-1.5\tunknown' 'two seeds say nothing'
is "$(runs bf16 rte "$eight 0.5" '0 0 0 0 0 0 0 0 0' | verdict rte)" \
	$'0 9\t0.00\t0.00\t0.00\t-1.5\tunknown' 'nor one that learned nothing'

# Answers: rows 1 to 300, of which int8 has LOST wrong and WON right.
mkdir data pred
answers() { # LOST WON
	awk -v OFS='\t' -v lost="$1" -v won="$2" 'BEGIN {
		gold = "data/rte-dev.tsv"
		a = "pred/rte-1-float32.tsv"
		b = "pred/rte-1-int8.tsv"
		print "id", "label", "text_a" >gold
		print "id", "no", "yes" >a
		print "id", "no", "yes" >b
		for (i = 1; i <= 300; i++) {
			print i, "yes", "-" >gold
			p = i <= 100 ? 0.25 : 0.75
			print i, 1 - p, p >a
			if (i > 300 - lost || i <= won)
				p = 1 - p
			print i, 1 - p, p >b
		}
	}'
	runs int8 rte 0.66667 "$(awk "BEGIN { print ($2 - $1) / 300 }")" |
		awk -f "$here/judge.awk" -v train=bf16 -v answer=int8 \
		-v tasks=rte <(printf 'rte\tmajority\t0.5\n') - >said
	echo "$? $(awk -F '\t' '$2 == 1 && NR > 2 { print $4, $7, $10, $12 }
		$1 == "all" { print $4, $12 }' said | xargs)"
}

is "$(answers 1 1)" '0 0.9933 1 0.00 as good 0.9933 as good' 'equal answers'
is "$(answers 0 4)" '1 0.9867 0.125 1.33 as good 0.9867 worse' \
	'too few of them, though better'
is "$(answers 2 0)" '0 0.9933 0.5 -0.67 as good 0.9933 as good' \
	'two rows are near enough'
is "$(answers 3 0)" '1 0.9900 0.25 -1.00 worse 0.9900 as good' 'three are not'
is "$(answers 10 1)" '1 0.9633 0.0117 -3.00 worse 0.9633 worse' 'McNemar'

# --- a run ---

init=$here/../../share/encoder/tiny
for f in RTE STS-B; do
	mkdir -p "glue/$f"
	for split in train dev; do
		"$here/../../share/corpus/generate" -s 3 -n 60 "$f/$split.tsv" \
			>"glue/$f/$split.tsv"
	done
done
bert-import -o ours "$init" 2>/dev/null
quality() { # [NAME=VALUE...]
	env GLUE_DIR=glue INIT="$init" SEEDS=2 TASKS='rte stsb' \
		OPTIONS='--epochs 1 --learning-rate 1e-3 --threads 1' "$@" \
		"$here/matmul" out "$BUILD" >said.tsv 2>said.err
}
glue-read -t rte glue/RTE/dev.tsv | wp-tokenize -v ours 2>/dev/null |
	glue-pack -t rte -s train -o rte.st
if ! mt-finetune -i ours -o no --matmul bf16 --dry-run rte.st >/dev/null 2>&1
then
	skip 'a run' 'this CPU has no bfloat16'
	finish
fi
quality SEEDS=1 TASKS=rte
is "$(cut -f 1-3 out/runs.tsv | tail -n +2 | xargs)" \
	'rte 1 float32 rte 1 int8 rte 1 bf16' 'a line for each run'
is "$(ls out/model)" '' 'models go'
cp out/runs.tsv before
printf 'stsb\t1\tfloat32\t0.' >>out/runs.tsv # killed while it wrote
quality
check 'what is there is not made again' cmp <(head -n 4 out/runs.tsv) before
is "$(cut -f 1-3 out/runs.tsv | sort -u | wc -l)" 13 'the rest is'
is "$(awk -F '\t' '!/^#/ && $2 == 2 { print $1, NF }' said.tsv | xargs)" \
	'rte 11 stsb 11 rte 12 stsb 12' 'verdicts'
cp out/runs.tsv before
quality
check 'a third time nothing is made' cmp out/runs.tsv before
quality FAULT=bf16-weights
quality FAULT=one-scale
is "$(cut -f 3 out/runs.tsv | sort | uniq -c | xargs)" \
	'4 bf16 4 bf16-weights 4 float32 4 int8 1 numbers 4 one-scale' \
	'faults are runs of their own'
for seed in 1 2; do
	! cmp -s out/pred/rte-$seed-{one-scale,int8}.tsv
	ok $? 'one scale: other answers'
	! cmp -s out/pred/rte-$seed-{bf16-weights,bf16}.tsv
	ok $? 'weights in bf16: other answers'
done
quality FAULT=none
is "$? $(cat said.err)" "2 matmul: no fault 'none'" 'no other faults'
finish
