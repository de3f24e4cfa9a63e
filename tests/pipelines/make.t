#!/usr/bin/env bash
# The stages as make sees them: what would run, in which order, with which
# settings; nothing is run.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
BUILD=$(realpath "${BUILD:-build}")
cd "$(dirname "$0")/../../pipelines" || exit
scratch
unset MAKEFLAGS MFLAGS MAKELEVEL
ln -s "$BUILD/bin" "$tmp/bin"
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

for conf in tiny mini minilm base large; do
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
lab teachers SEEDS=9 POOL='1 2 3 4 5 6 7 8'
is "$(trained 'student/pool-[1248]/9') $(trained 'fine/mtdnn/[1-8]/(mnli|qqp|rte|qnli)') $(trained 'fine/mtdnn/9/[a-z0-9]*')" \
	'4 32 0' 'teachers: four students of eight MT-DNNs, fine-tuned on four tasks'
is "$(grep -c -- 'ens-average -o [^ ]*/soft/pool-4/rte.tsv\( [^ ]*/predict/mtdnn/[1234]/rte/train.tsv\)\{4\}$' "$tmp/plan")" 1 \
	'teachers: the first four of them'
lab heads SEEDS='1 2'
is "$(trained 'student/(san|self-1|san-linear|linear-san|san-san)/[12]')
$(grep -c -- '-r [^ ]*/recipe/san.yml .*/student/[a-z]*-*san/' "$tmp/plan")" \
	$'10\n4' 'heads: four students and MT-DNN with the other kind'
lab frozen SEEDS=1 LAYERS=6
is "$(grep -oE -- 'student/[^ ]*/1 .*--freeze [0-9]' "$tmp/plan" | sed -E 's,student/([^ ]*) .* ,\1 ,' | tr '\n' ' ')" \
	'frozen-words/1 1 frozen-half/1 4 frozen-all/1 7 kd-frozen-words/1 1 kd-frozen-half/1 4 kd-frozen-all/1 7 ' 'frozen: how far up'
lab snli SEEDS=1
is "$(grep -c -- '-o [^ ]*student/snli-text/1 .*--soft [^ ]*/soft/mnli-snli.tsv .*/mnli/snli.st$' "$tmp/plan")" 1 \
	'snli: its text and what the teachers say of it'
lab features CONF=minilm SEEDS=1
only() { grep -oE -- "$1" "$tmp/plan" | sort -u | wc -l; }
is "$(only ' -o [^ ]*/student/[a-z-]*/1 ') $(only ' -o [^ ]*/student/[a-z-]*-by-[a-z]*/1 .*--answer-weight 0 --feature-')
$(grep -oE -- 'model-new .*' "$tmp/plan" | grep -oE -- '--(take|layers) .*/(half|narrow|least)$' | sed 's, --seed.*/, ,' | sort -u | tr '\n' ',')" \
	$'37 14\n--layers 2 --hidden 128 --heads 2 least,--layers 4 --hidden 256 --heads 4 narrow,--take 2,4,6 half,' \
	'features: three shapes, with and without general distillation, from inside in three ways'
is "$(only 'mlm-pretrain .*--mask 0 .*/inside/general[a-z-]*$')" 3 'features: general distillation of each'
lab students CONF=minilm SEEDS=1
is "$(only ' -o [^ ]*/student/(kd|half-answers|narrow-answers|least-answers|bundled-(mini|tiny)-answers)/1 ')
$(only '-o [^ ]*/student/bundled-tiny-answers/.*--soft [^ ]*/soft/rte.tsv .*/pack/bundled-tiny/rte/train.st ')
$(for k in float32 bf16 int8; do only "mt-predict .*--matmul $k .*/numbers/$k/bundled-tiny-answers-shared/1/.*/pack/bundled-tiny/.*"
done | tr '\n' ' ')" $'6\n1\n10 10 10 ' 'students: six of each seed; of the bundled ones packs of their own; numbers of three kinds'
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
is "$(grep -c -- '--train-on dev .*scitail/dev-not[1-5]of5' "$tmp/plan") $(grep -- '--train-on' "$tmp/plan" |
	grep -vc 'scitail/dev-not')" '15 0' 'adapt: parts of dev are trained on as such'
lab unlabelled UNLABELLED=
is "$? $(($(count 'give UNLABELLED=FILE') > 0))" '2 1' 'unlabelled: without a text, says so'
lab table3 SEEDS='1 2 3'
is "$(count 'compare --seeds\|--compare.*--seeds')" 0 'three seeds: no test over seeds'
lab table3 SEEDS='1 2 3 4'
is "$(grep -c -- '--seeds' "$tmp/plan")" 30 'four seeds: three pairs on ten dev sets'

# Before the tools are built.
mkdir "$tmp/fresh"
cp -R . "$tmp/fresh/pipelines"
bare() { make -C "$tmp/fresh/pipelines" "$@" 2>&1; }
is "$(bare -s help | head -n 1)" 'pipelines: the experiments, stage by stage (see README).' 'without tools: help'
is "$(bare -s clean)" '' 'without tools: clean says nothing'
is "$(bare CONF=tiny GLUE_DIR=none ../build/x.tsv | grep -c 'type make tools first')" 1 'without tools: what to do'

# INIT: a model of ours as it is, any other folder imported; IMPORT likewise.
mkdir "$tmp/ours"
printf '01234567{"__metadata__":{"format":"pt","mtkd":"model 1"}}' > "$tmp/ours/model.safetensors"
mkdir "$tmp/torch"
touch "$tmp/torch/pytorch_model.bin"
lab table3 SEEDS=1 IMPORT= INIT="$tmp/ours"
is "$? $(count 'bert-import -o [^ ]*/encoder/') $(grep -c -- "mt-finetune .* -i $tmp/ours -o [^ ]*/mtdnn/" "$tmp/plan")" '0 0 6' 'INIT: a model of ours'
for bert in bert torch; do
	lab table3 SEEDS=1 INIT="$tmp/$bert/"
	is "$? $(count "bert-import -o [^ ]*/tiny/encoder/uncased $tmp/$bert$")" '0 1' "INIT: a folder of others', $bert"
done
lab table3 SEEDS=1 IMPORT="$tmp/torch"
is "$? $(count "bert-import -o [^ ]*/tiny/encoder/uncased $tmp/torch$")" '0 1' 'IMPORT: its old name'
lab table3 SEEDS=1 INIT="$tmp/none"
is "$? $(count "No rule to make target '$tmp/none/model.safetensors'")" '2 1' 'INIT: a folder that is not there is named'

# Settings are chosen on training rows alone.
lab choose CONF=minilm TASKS='rte sst2' INIT="$tmp/bert"
is "$? $(trained 'choose/[^ ]*/1/(one/rte|one/sst2|all)')" '0 39' 'choose: thirteen candidates, two tasks and both'
is "$(count ' -s dev') $(grep -c -- '--not-fold 1/5' "$tmp/plan") $(grep -c -- '--fold 1/5' "$tmp/plan")" '0 2 2' 'choose: no row of dev is read'
is "$(grep -o -- '--learning-rate [^ ]* --epochs [^ ]* --dropout [^ ]* --shuffle [^ ]* [^ ]*/rte/train-not1of5.st$' "$tmp/plan" |
	sed 's/ [^ ]*$//; s/--[a-z-]* //g' | sort | uniq -c | awk '{ print $2, $3, $4, $5 }' | tr '\n' ',')" \
	"$(printf '%s,' '1e-4 5 0.1 epoch' '1e-4 5 0.1 once' '2e-4 3 0.1 once' '2e-4 5 0 once' '2e-4 5 0.05 once' \
		'2e-4 5 0.1 epoch' '2e-4 5 0.1 once' '2e-4 5 0.3 once' '2e-4 8 0.1 once' '5e-4 5 0.1 epoch' \
		'5e-4 5 0.1 once' '5e-5 5 0.1 epoch' '5e-5 5 0.1 once')" \
	'choose: rates with shuffles, then epochs and dropout one at a time'

# Other programs: the same packs, settings and seeds on both sides.
lab peers CONF=minilm TASKS='rte stsb' PEER_TASKS='rte stsb' SEEDS='1 2' INIT="$tmp/bert"
is "$? $(trained 'peers/ours/(rte|stsb)/[12]') $(grep -cE 'finetune.py .*--seed [12] .*--dev [^ ]*/dev.st' "$tmp/plan")" '0 4 4' \
	'peers: both sides train two seeds of two tasks'
for said in '--rate 1e-4 .*--seed 2 --epochs 3' 'adamw .*--learning-rate 1e-4 .*--seed 2 --epochs 3 --shuffle epoch'; do
	is "$(grep -c -- "$said" "$tmp/plan")" 2 "peers: $said"
done
is "$(count '/peers/hf/rte [^ ]*/rte/train.st --dropout 0 --in-order')" 1 'peers: the first updates begin with one head'
is "$(count '-i [^ ]*/peers/head/rte .* --keep-heads --dropout 0 --head-dropout 0')" 1 'peers: on both sides, without dropout'
is "$(grep -oE 'interval.py .*' "$tmp/plan" | grep -oE '/(rte|stsb).tsv [0-9.]+' | tr '\n' ' ')" '/rte.tsv 1.5 /stsb.tsv 0.7 ' 'peers: how far apart'
lab tfidf CONF=minilm TASKS='rte mnli' INIT="$tmp/bert"
is "$? $(grep -oE 'tfidf.py [^ ]*/train.tsv [^ ]*/dev[a-z_]*.tsv' "$tmp/plan" | sed 's,[^ ]*/data/,,g' | tr '\n' ',')" \
	'0 tfidf.py rte/train.tsv rte/dev.tsv,tfidf.py mnli/train.tsv mnli/dev_matched.tsv,tfidf.py mnli/train.tsv mnli/dev_mismatched.tsv,' \
	'tfidf: trained on train, answers each dev split'

# The stages know kinds of step: no model's name stands in them, but for folders.
names=$(awk -F '\t' '!/^#/ && $1 !~ /^(model|single|mtdnn)$/ { print $1 }' models.tsv | paste -sd '|')
is "$(grep -hvE '^#' stage/*.mk | sed "s/'[0-9]* [A-Za-z ]*'//" | grep -oE "(^|[^-a-z/])($names)([^-a-z]|$)")" '' 'no stage knows a model'
titles=$(PATH=$BUILD/bin:$PATH glue-tasks | awk -F '\t' '$2 != "title" && $2 != "" { print $2 }' | sort -u | paste -sd '|')
is "$(grep -hvE '^#' stage/*.mk awk/*.awk | grep -vE 'CORPUS|and so on' | grep -oE "(^|[^-A-Za-z])($titles)([^-A-Za-z_]|$)")" '' \
	'nor is a title typed again'

# What make says of its steps, numbered; the rest is passed on, and so is failure.
{ printf "printf '%%-10s %%s\\\\n' '%s' '%s'\n" read a train b 'dry run' c train d; echo 'cat x'; } > "$tmp/plan"
is "$(printf '%s\n' 'read       a' 'train      b' 'a warning: train' 'dry run    c' 'other      x' 'train      d' |
	./progress "$tmp/plan" | sed 's/, [0-9]* s left//')" \
	$'read       a  (1 of 4)\ntrain      b  (2 of 4)\na warning: train\ndry run    c  (3 of 4)\nother      x\ntrain      d  (4 of 4)' \
	'progress: steps are numbered'
make -j2 table3 CONF=tiny GLUE_DIR="$tmp/none" OUT="$tmp/out" BUILD="$BUILD" > "$tmp/log" 2>&1
is "$? $(grep -c 'No rule to make' "$tmp/log")" '2 1' 'progress: what fails fails'

# A new ablation is a line of models.tsv, and one of rows.tsv where it stands in
# a table; nothing else knows of it.
{ cat models.tsv; printf '%s\tall but wnli\tencoder\tensemble:all,sst2-unsup self-1-shared@first:rte\tconst:0.3\tbam\t%s\tsst2/unsup\t-\n' \
	mix0.3-shared '$(options) --temperature 4'; printf 'mix0.3\tone\tmix0.3-shared\tmtdnn@first\t-\t-\t-\t-\t-\n'; } > "$tmp/models.tsv"
{ cat rows.tsv; printf 'ablation\tmix0.3-shared\tkd-shared\thard 0.3\nablation\tmix0.3\tmix0.3-shared\tand fine-tuned\n'; } > "$tmp/rows.tsv"
lab ablation SEEDS='1 3' MODELS="$tmp/models.tsv" TABLES="$tmp/rows.tsv"
is "$? $(trained 'student/mix0.3/[13]') $(trained 'fine/mix0.3/[13]/[a-z0-9]*')" '0 2 18' 'a new line: is trained'
is "$(sed -n 's,.*mt-finetune,,; s,.*kd-train,,; s,/[^ ]*/pipelines/tiny/,,g; s/  */ /g; s/^ \(.* -o student.mix0.3.1 .*\)/\1/p' "$tmp/plan")" \
	"-r recipes/bam.yml --threads 1 -i encoder/uncased -o student/mix0.3/1 --seed 1 --epochs 3 --dropout 0.1 \
--temperature 4 --mix const:0.3$(printf ' --soft soft/%s.tsv' cola sst2 mnli rte qqp mrpc stsb qnli sst2-unsup) \
--soft predict/self-1-shared/1/rte/train.tsv$(printf ' pack/uncased/%s.st' cola/train sst2/train mnli/train \
	rte/train qqp/train mrpc/train stsb/train qnli/train sst2/unsup)" \
	'as its line says'
is "$(grep -o -- '-i [^ ]* -o [^ ]*/fine/mix0.3/3/rte .*--soft [^ ]*' "$tmp/plan" | sed 's,/[^ ]*/pipelines/tiny/,,g')" \
	'-i student/mix0.3/3 -o fine/mix0.3/3/rte --seed 3 --epochs 3 --dropout 0.1 --mix const:0.5 --soft predict/mtdnn/1/rte/train.tsv' \
	'and a model of each task that starts from it'
is "$(($(count 'row=mix0.3-shared [^ ]*/score/mix0.3-shared/cola/dev.tsv') > 0)) $(count '/score/mix0.3-shared/wnli')" '1 0' 'and stands in the table'
is "$(grep -c 'glue-score.*--compare .*/predict/kd-shared/1/.*/predict/mix0.3-shared/1/' "$tmp/plan")" 9 'and is tested'
lab models MODEL=mix0.3 SEEDS=1 MODELS="$tmp/models.tsv" TABLES=rows.tsv
is "$? $(trained 'fine/mix0.3/1/[a-z0-9]*') $(count glue-score.*mix0.3)" '0 9 0' 'make models: without a table'
sed $'s/^kd-shared\tall/kd-shared\tmany/' models.tsv > "$tmp/models.tsv"
lab table3 MODELS="$tmp/models.tsv"
is "$? $(count "models.tsv:[0-9]*: 'many': expected one, all, average or figures")" '2 1' 'a line that is none: says so'
lab table3 TABLES=<(printf 'experiment\trow\tagainst\tlabel\ntable3\tkd\t-\tx\ntable3\tnone\t-\tx\n')
is "$? $(count "no model 'none' in models.tsv")" '2 1' 'a row of no model: says so'

finish
