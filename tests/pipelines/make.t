#!/usr/bin/env bash
# The stages as make sees them: what would run, in which order, with which
# settings; nothing is run.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
cd "$(dirname "$0")/../../pipelines" || exit
scratch
unset MAKEFLAGS MFLAGS MAKELEVEL
plan() { make -n V=1 BUILD="$tmp" "$@" 2>&1; }
count() { grep -c -- "$1" "$tmp/plan"; }

plan SEEDS=1 "$tmp/pipelines/demo/table3.txt" > "$tmp/plan"
is $? 0 'demo: every file has a rule'
is "$(count 'mt-finetune.* -o [^ ]*[^e]/mtdnn/')" 6 'demo: six members'
is "$(count 'mt-finetune.* -o [^ ]*/teacher/')" 27 'demo: three members on nine tasks'
is "$(count ' -o [^ ]*/student/')" 1 'demo: one student'
is "$(count '-o [^ ]*/soft/')" 4 'demo: soft targets of four tasks'
is "$(count '-o [^ ]*/fine/kd/')" 9 'demo: the student on each task'
is "$(count '-o [^ ]*/fine/mtdnn/')" 9 'demo: the vanilla model on each task'
is "$(count ' -o [^ ]*/single/single/')" 9 'demo: nine single-task baselines'
is "$(grep -o -- '--soft [^ ]*' "$tmp/plan" | sed 's/.*\///' | tr '\n' ' ')" \
	'mnli.tsv qqp.tsv rte.tsv qnli.tsv ' 'demo: the student has four teachers'
is "$(grep -o -- 'member=[^ ]*-[0-9.]*' "$tmp/plan" | tr '\n' ' ')" \
	'member=uncased-1-0.1 member=uncased-1-0.2 member=uncased-1-0.3 member=uncased-2-0.1 member=uncased-2-0.2 member=uncased-2-0.3 ' \
	'demo: members in the order of their index'

mkdir -p "$tmp/glue"/{RTE,MRPC,CoLA,STS-B,AX}
touch "$tmp/glue"/{RTE,MRPC,CoLA,STS-B}/{train,dev}.tsv "$tmp/vocab.txt"
table3() { plan CONF=tiny TASKS='rte mrpc cola stsb' INIT= SEEDS=1 GLUE_DIR="$tmp/glue" VOCAB="$tmp/vocab.txt" \
	"$tmp/pipelines/tiny/table3.txt" "$@"; }
table3 > "$tmp/plan"
is $? 0 'tiny: every file has a rule'
is "$(count 'mt-finetune.* -o [^ ]*[^e]/mtdnn/')" 6 'tiny: two seeds and three rates of dropout'
is "$(count 'mt-finetune.* -o [^ ]*/teacher/')" 12 'tiny: three members on four tasks'
table3 SEEDS='1 2 3' TASKS='rte mrpc' > "$tmp/plan"
is "$(count ' -o [^ ]*/student/')" 3 'tiny: a student for each seed'
is "$(count ' -o [^ ]*/single/single/')" 6 'tiny: and baselines'
is "$(count 'mt-finetune.* -o [^ ]*[^e]/mtdnn/')" 7 'tiny: a third vanilla model beside six members'
is "$(grep -o "'rte: a sample[^']*'" <(table3 SAMPLE_rte=99))" \
	"'rte: a sample of 99 training rows'" 'tiny: a sample is told of'
table3 LAUNCH='srun -c 16' > "$tmp/plan"
is "$(grep -cE '(^|; *|^ *)(mt-finetune|kd-train|mt-predict)' "$tmp/plan")" 0 \
	'LAUNCH stands before every heavy command'
is "$(($(count 'srun -c 16 mt-finetune') > 20))" 1 'and is there'

plan CONF=tiny "$tmp/pipelines/tiny/table3.txt" > "$tmp/plan"
is "$? $(count 'needs GLUE_DIR=DIR')" '2 1' 'without GLUE_DIR: says so'
table3 IMPORT= VOCAB= > "$tmp/plan"
is "$? $(($(count 'needs VOCAB_uncased=FILE') > 0))" '2 1' 'without a vocabulary: says so'
table3 TASKS='rte none' > "$tmp/plan"
is "$? $(count 'unknown task none')" '2 1' 'an unknown task: says so'
rm "$tmp/glue/RTE/dev.tsv"
table3 > "$tmp/plan"
is "$? $(count "No rule to make target '[^']*RTE/dev.tsv'")" '2 1' 'a missing task file: names it'

for conf in tiny mini base large; do
	mkdir -p "$tmp/glue"/{RTE,MRPC,CoLA,STS-B,AX,MNLI,QQP,QNLI,WNLI,SST-2}
	touch "$tmp/glue"/{RTE,MRPC,CoLA,STS-B,QQP,QNLI,WNLI,SST-2}/{train,dev}.tsv
	touch "$tmp/glue"/MNLI/{train,dev_matched,dev_mismatched}.tsv
	plan CONF=$conf INIT= GLUE_DIR="$tmp/glue" VOCAB="$tmp/vocab.txt" \
		"$tmp/pipelines/$conf/table3.txt" > "$tmp/plan"
	is $? 0 "$conf: every file has a rule"
done

plan encoder-files CONF=mini TEXT="$tmp/vocab.txt" HELD_OUT="$tmp/vocab.txt" > "$tmp/plan"
is "$? $(grep -o 'encoder-mini.* -i [^ ]*' "$tmp/plan" | tr '\n' ' ')" \
	"0 encoder-mini-short.yml -i $tmp/pipelines/mini/pretrain/start encoder-mini.yml -i $tmp/pipelines/mini/pretrain/short " \
	'the encoder of mini: short sequences first'

# Each experiment with GLUE's nine tasks, SNLI and SciTail.
mkdir -p "$tmp/glue"/{SNLI,SciTail}
touch "$tmp/glue"/RTE/dev.tsv "$tmp/glue"/SNLI/{train,dev}.tsv \
	"$tmp/glue/SciTail/scitail_1.0_dev.tsv" "$tmp/text.txt"
lab() { # EXPERIMENT SETTING...
	plan CONF=tiny GLUE_DIR="$tmp/glue" INIT= VOCAB="$tmp/vocab.txt" \
		UNLABELLED="$tmp/text.txt" RESULTS="$tmp/results" "$@" > "$tmp/plan"
}
trained() { grep -E -- "(mt-finetune|kd-train).* -o [^ ]*/$1 " "$tmp/plan" | wc -l; }
for e in $(awk -F'\t' '!/^#/ && $1 != "experiment" { print $1 }' rows.tsv |
	sort -u) table1 costs; do
	lab "$e" SEEDS='1 2'
	is "$? $(count '\*\*\*')" '0 0' "$e: every file has a rule"
done
lab ablation SEEDS='1 2'
is "$(trained 'student/[^ ]*')" 18 'ablation: nine students of each seed'
is "$(grep -c -- '--mix const:0.9' "$tmp/plan")" 2 'ablation: with weights of their own'
lab bam SEEDS='1 2'
is "$(trained 'single/bam-single/[12]/[a-z0-9]*')" 16 'bam: eight tasks, not WNLI'
is "$(grep -cE -- 'kd-train.*single/bam-single-single/.*--mix anneal --soft [^ ]*/bam-single/1/' "$tmp/plan")" \
	16 'bam: born again from the first seed, annealed'
is "$(grep -- 'student/bam-flat/' "$tmp/plan" | grep -c -- '-r recipes/bam.yml.*--layer-decay 1 ')" \
	2 'bam: without layer-wise rates'
lab self SEEDS='1 2'
is "$(grep -- '-o [^ ]*student/self-3/2 ' "$tmp/plan" | grep -o -- '--soft [^ ]*' | grep -c /self-2-shared/2/)" \
	9 'self: the third generation learns from the second of its seed'
lab folds SEEDS=1 FOLDS=3
is "$(trained 'school/fold[123]of3/mtdnn/[^ ]*')" 9 'folds: three members without each fold'
is "$(grep -- '-o [^ ]*student/folds/1 ' "$tmp/plan" | grep -o -- '--soft [^ ]*' | wc -l)" \
	12 'folds: soft targets of three folds of four tasks'
lab small SEEDS=1
is "$(grep -c -- '-o [^ ]*/pipelines/mini/mtdnn/' "$tmp/plan")" 6 'small: the members of mini'
is "$(grep -- '-o [^ ]*student/small/1 ' "$tmp/plan" | grep -o -- '--soft [^ ]*' | grep -c /mini/soft/)" \
	4 'small: are the teachers of tiny'
mkdir "$tmp/bert"
touch "$tmp/bert/model.safetensors"
lab small SEEDS=1 TEACHERS_IMPORT="$tmp/bert"
is "$(grep -c -- "bert-import -o [^ ]*/mini/encoder/uncased $tmp/bert$" "$tmp/plan")" 1 \
	'small: from an encoder of their own'
lab bam SEEDS=1 MATMUL=bf16
is "$(grep -E '^(\./timed|mt-predict) ' "$tmp/plan" | grep -o -- '--matmul bf16 ' | wc -l)" \
	"$(grep -cE '^(\./timed|mt-predict) ' "$tmp/plan")" \
	'MATMUL: of all trainings and predictions'
lab languages SEEDS=1
is "$(trained 'school/languages/mtdnn/[^ ]*')" 3 'languages: a member of each'
lab adapt SEEDS=1
is "$(trained '(single/single|fine/mtdnn|fine/kd)/1/snli[^ ]*')" 9 'adapt: three encoders, three sizes'
is "$(trained '(single/single|fine/mtdnn|fine/kd)/1/scitail[^ ]*')" 15 'adapt: and five folds'
lab unlabelled UNLABELLED=
is "$? $(($(count 'give UNLABELLED=FILE') > 0))" '2 1' 'unlabelled: without a text, says so'
lab table3 SEEDS='1 2 3'
is "$(count 'compare --seeds\|--compare.*--seeds')" 0 'three seeds: no test over seeds'
lab table3 SEEDS='1 2 3 4'
is "$(grep -c -- '--seeds' "$tmp/plan")" 30 'four seeds: three pairs on ten dev sets'

finish
