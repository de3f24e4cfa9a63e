#!/usr/bin/env bash
# Every experiment on a corpus of few rows with very small models, in the
# layout of GLUE with SNLI and SciTail beside: each ends with its table, and
# what the experiments claim of their teachers holds.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
BUILD=$(realpath "${BUILD:-build}")
cd "$(dirname "$0")/../../pipelines" || exit
scratch
unset MAKEFLAGS MFLAGS MAKELEVEL

glue=$tmp/glue
text() { ../share/corpus/generate "$@"; }
for file in SST-2/{train,dev,test} MNLI/{train,dev_matched,dev_mismatched} \
	RTE/{train,dev} AX/diagnostic; do
	mkdir -p "$glue/${file%/*}"
	text -s 3 -n 30 "$file.tsv" > "$glue/$file.tsv"
done
mkdir -p "$glue"/{SNLI,SciTail}
for split in train:4 dev:5; do
	text -s ${split#*:} -n 30 MNLI/train.tsv | awk -F '\t' -v OFS='\t' \
		'{ print $1, $2, $3, $5, $6, $7, $8, $9, $10, $(NF - 1), $NF }' \
		> "$glue/SNLI/${split%:*}.tsv"
done
text -s 6 -n 30 MNLI/train.tsv | awk -F '\t' -v OFS='\t' 'NR > 1 {
	print $9, $10, ($NF == "entailment" ? "entails" : "neutral") }' \
	> "$glue/SciTail/scitail_1.0_dev.tsv"
text -p -s 7 -n 60 SST-2/train.tsv > "$tmp/text.txt"

vocab=../share/vocab/corpus
run() { # EXPERIMENT...
	make -j2 BUILD="$BUILD" OUT="$tmp/out" RESULTS="$tmp/results" CONF=tiny \
		GLUE_DIR="$glue" IMPORT= VOCAB=$vocab-uncased.txt \
		VOCAB_cased=$vocab-cased.txt TASKS='sst2 mnli rte' TEACH='mnli rte' \
		LAYERS=2 HIDDEN=8 HEADS=2 INTERMEDIATE=16 POSITIONS=64 \
		MAX_LENGTH=64 EPOCHS=1 FINE_EPOCHS=1 BAM_EPOCHS=1 \
		BAM_SINGLE_EPOCHS=1 SEEDS=1 MEMBER_SEEDS=1 DROPOUTS='0.1 0.2' TOP=2 \
		SNLI_ROWS='10 20' UNLABELLED="$tmp/text.txt" UNLABELLED_ROWS=40 \
		CHOOSE_RATES='1e-3 2e-3' CHOOSE_EPOCHS=1 CHOOSE_BASE='1e-3 1 0.1 once' \
		CHOOSE_DROPOUTS=0.1 CHOOSE_SEEDS='1 2' FOLDS=2 SAMPLE_sst2= SAMPLE_mnli=20 "$@"
}
out=$tmp/out results=$tmp/results
ids() { awk -F '\t' '!/^#/ && $1 != "id" { print $1 }' "$@" | sort; }

for e in table3 ablation bam unlabelled self folds small languages adapt teachers heads \
	frozen snli phases table1 table2 costs choose; do
	run $e > "$tmp/log" 2>&1
	ok $? "$e ends"
	[[ $tap_failed == 0 ]] || tail -n 5 "$tmp/log" | sed 's/^/# /'
	head -n 1 "$results/$e-tiny.tsv" | grep -q "^# make -C pipelines $e "
	ok $? "$e says which command made it"
done

# Those that measure the speed of each row too, in all numbers that this CPU has.
kinds=float32
"$BUILD/bin/mt-predict" -q -m "$out/student/kd/1" --matmul int8 "$out/pack/uncased/rte/dev.st" > /dev/null 2>&1 && kinds+=' int8'
awk -F '\t' '$1 != "features" || $2 ~ /^(mtdnn|half-attention|general-half-answers|narrow-hidden|general-hidden|least-relations)/' \
	rows.tsv > "$tmp/rows.tsv"
for e in features students; do
	run $e NUMBERS="$kinds" RUNS=1 TABLES="$tmp/rows.tsv" > "$tmp/log" 2>&1
	is "$? $(head -n 1 "$results/$e-tiny.tsv" "$results/$e-tiny-speed.tsv" | grep -c "^# make -C pipelines $e ")" '0 2' "$e ends"
	[[ $tap_failed == 0 ]] || tail -n 5 "$tmp/log" | sed 's/^/# /'
	of=$kinds
	[[ $e == students ]] || of=float32
	is "$(awk -F '\t' '!/^#/ && $1 != "row" && $3 > 0 && $4 > 0 && $5 > 10 && $7 > 0 && $8 > 0 { print $1, $2 }' \
		"$results/$e-tiny-speed.tsv")" \
		"$(for r in $(awk -F '\t' -v e=$e '$1 == e { print $2 }' "$tmp/rows.tsv"); do for k in $of; do echo "$r $k"; done; done)" \
		"$e: score and speed of each row"
done

# What should have been measured was.
for e in table3 ablation unlabelled self folds small languages adapt teachers heads frozen snli \
	phases features students; do
	is "$(awk -F '\t' '$2 ~ /^(sst2|mnli|rte|snli|scitail|train)/ && $2 !~ /none/ { n += $6 == "-"; m++ }
		END { print n + 0, (m > 9) }' "$results/$e-tiny.tsv")" '0 1' "$e: nothing is missing"
done

# Teachers: the first of a pool.  Heads: of the student, the teacher, or both.
is "$(for k in 1 2 4 8; do head -n 1 "$out/soft/pool-$k/rte.tsv" | grep -o 'members=.*'; done | tr '\n' ' ')" \
	'members=1 members=2 members=4 members=8 ' 'teachers: so many answered'
cmp -s "$out/soft/pool-2/rte.tsv" "$out/soft/rte.tsv"
is $? 1 'teachers: other ones than Table 3'\''s'
is "$(for m in san linear-san san-linear san-san; do grep -c '"kind": "san"' "$out/student/$m/1/config.json"; done | tr '\n' ' ')" \
	'2 0 2 2 ' 'heads: on tasks of two texts, where the student has them'

# Frozen: what lies below is the encoder's to the byte, what lies above is not.
numbers() { # MODEL TENSOR: a sum of its bytes
	local from size
	read -r from size < <("$BUILD/bin/tensor-cat" "$out/$1" | awk -F '\t' -v t="$2" '$1 == t { print $4, $5 }')
	tail -c +$((from + 1)) "$out/$1/model.safetensors" | head -c "$size" | cksum
}
moved() { # MODEL: of the embeddings, the lower and the upper layer, the pooler
	local t
	for t in embeddings.word_embeddings encoder.layer.0.output.dense encoder.layer.1.output.dense pooler.dense; do
		[[ $(numbers "$1" "bert.$t.weight") == "$(numbers encoder/uncased "bert.$t.weight")" ]]
		printf '%d' $?
	done
}
is "$(for m in frozen-words kd-frozen-half kd-frozen-all; do moved student/$m/1; echo; done | tr '\n' ' ')" \
	'0111 0011 0001 ' 'frozen: the embeddings, the lower half, all layers'

is "$(ids "$out/soft/mnli-snli.tsv") $(awk -F '\t' '!/^#/ && $1 != "id" && $2 != "-"' "$out/data/mnli/snli.tsv" | wc -l)" \
	"$(ids "$out/data/snli/train.tsv") 0" 'snli: its rows are labelled by the teachers alone'
is "$(awk -F '\t' '$1 ~ /shared/ && $2 == "snli-none" { n += $6 ~ /^[0-9]/ } END { print n }' "$results/snli-tiny.tsv")" 3 \
	'snli: its dev rows are answered by the head of another task'

# From inside: a smaller student, without labels first, and after plain text.
tensors() { "$BUILD/bin/tensor-cat" "$out/$1" | cut -f 1,3; }
is "$(for m in narrow-hidden least-relations half-attention; do
	tensors student/$m/1 | grep -oE 'word_embeddings.*,[0-9]+\]|layer.[0-9]*.output.dense.weight' | grep -o '[0-9]*\]$\|layer.[0-9]'
done | tr '\n' ' ')" '4] layer.0 2] layer.0 8] layer.0 ' 'features: students are smaller'
for k in 'hidden narrow' 'relation least' 'attention half'; do
	m=${k#* } k=${k% *}
	by=$out/student/$m-by-${k/relation/relations}/1
	is "$(tail -n +3 "$by/log.tsv" | awk -F '\t' '$4 != $7 || $7 <= 0' | wc -l)" 0 "$k: first from inside alone"
	is "$(grep -c -- 'answer-weight: 0' "$by/recipe.yml") $(grep -E '^feature-(hidden|relation|attention): 1' "$by/recipe.yml")" \
		"1 feature-$k: 1" "$k: from nothing else"
	is "$(head -n 2 "${by/-by-/-}/log.tsv" | grep -c feature)" 0 "$k: then from answers alone"
done
cmp -s <(numbers inside/half bert.encoder.layer.0.output.dense.weight) \
	<(numbers encoder/uncased bert.encoder.layer.1.output.dense.weight)
ok $? 'half: the upper layer of two'
is "$("$BUILD/bin/tensor-cat" "$out/pack/bundled-tiny/rte/dev.st" | grep '^# vocab:')" \
	"# vocab: $(sha256sum ../share/encoder/tiny/vocab.txt | cut -d ' ' -f 1)" 'students: the bundled ones read their own words'
run general > "$tmp/log" 2>&1
is "$? $(grep -c 'feature loss' "$tmp/log")" '0 1' 'general: says what it made'
is "$(tensors inside/general | grep -c 'cls\|projection')" 0 'general: an encoder without a head for masks'
cmp -s "$out/inside/general/model.safetensors" "$out/inside/narrow/model.safetensors"
is $? 1 'which has learned'

# Folds: no teacher labels a row that it was trained on; together they label all.
for k in 1 2; do
	school=$out/school/fold${k}of2
	is "$(comm -12 <(ids "$school/soft/mnli.tsv") <(ids "$school/data/mnli/train.tsv"))" \
		'' "fold $k: teachers have not seen the rows"
done
is "$(ids "$out"/school/fold?of2/soft/mnli.tsv)" "$(ids "$out/data/mnli/train.tsv")" \
	'all rows of the sample are labelled once'

is "$(head -n 1 "$out/soft/sst2-unsup.tsv" | grep -o 'split=.*')" \
	'split=unsup type=classification members=2' 'unlabelled: two teachers answered'
is "$(ids "$out/soft/sst2-unsup.tsv" | wc -l)" 40 'so many sentences'
foreign=$out/school/languages/tokens/foreign/mnli/train.tsv
is "$(ids "$foreign")" "$(ids "$out/data/mnli/train.tsv")" 'languages: the same rows'
cmp -s "$foreign" "$out/tokens/uncased/mnli/train.tsv"
is $? 1 'in other words'
is "$(ids "$out/predict/kd/1/scitail-folds/dev.tsv")" "$(ids "$out/data/scitail/dev.tsv")" \
	'adapt: five folds answer each row once'
is "$(ids "$out/data/snli/train-10.tsv" | wc -l)" 10 'adapt: as many rows as it says'
is "$(ls "$out/submission" | tr '\n' ' ')" 'AX.tsv SST-2.tsv ' \
	'table2: files of the tests that are there'
is "$(awk -F '\t' '$2 == "glue" { print $6 }' "$results/table2-tiny.tsv" | tr '\n' ' ')" \
	'70.52 72.74 - 80.52 - 83.19 83.33 83.82 87.05 ' 'table2: the score of complete rows'
is "$(awk -F '\t' '$1 == "mnli" && $2 == "train" { print $4, $5 }' "$results/table1-tiny.tsv")" \
	'392702 30' 'table1: rows of the file, not of the sample'
is "$(awk -F '\t' '$1 == "9 students" { print $2, $3, $4 }' "$results/costs-tiny.tsv")" \
	"1 $(tail -n 1 "$out/student/kd/1/log.tsv" | cut -f 1 | awk '{ print $1 + 0 }') $(
		awk -F '\t' '$1 ~ /^[0-9]/ { t += $9 } END { print t }' "$out/student/kd/1/log.tsv")" \
	'costs: updates and tokens are those of the training'
is "$(awk -F '\t' '$1 == "kd-shared" && $2 == "train" { print $6 }' "$results/table3-tiny.tsv")" \
	"$(awk -F '\t' '$1 ~ /^[0-9]/ { t += $9 } END { print t }' "$out/student/kd/1/log.tsv")" \
	'table3: and so are its tokens'

# What make would run, as dry runs: of the experiment that costs knows the same.
run hours HOURS_OF='table3 features frozen bam' > "$tmp/log" 2>&1
ok $? 'hours ends'
is "$(awk -F '\t' '$1 == "table3" { print $2, $3 }' "$results/hours-tiny.tsv")" \
	"$(awk -F '\t' '$1 == "all" { print $2, $3 }' "$results/costs-tiny.tsv")" 'hours: trainings and updates as costs has them'
is "$(awk -F '\t' '$1 == "bam" { print $2, $4 }' "$results/hours-tiny.tsv")" "$(for m in "$out"/single/bam-single*/1/* "$out"/student/bam-*/1; do
	awk -F '\t' '$1 ~ /^[0-9]/ { t += $9 } END { print t }' "$m/log.tsv"; done | awk '{ t += $1 } END { print NR, t }')" \
	'hours: trainings and tokens of what was run'
is "$(awk -F '\t' '!/^#/ && NF == 10 { n++; best += $10 == "best"; part += $2 == "mean" } END { print n, best, part }' "$results/choose-tiny.tsv")" \
	'33 8 8' 'choose: four candidates, three tasks and their mean, one or all'
is "$(awk -F '\t' -v OFS='\t' '$1 == "one" && $3 == "1e-3" && $6 == "once" { if ($2 == "mean") m = $8; else s += $8 / 3 }
	END { d = m - s; print (d < 0.006 && d > -0.006) }' "$results/choose-tiny.tsv")" 1 'choose: the mean is that of the tasks'

# What an encoder that has seen pairs is worth, and predictions for whoever has the labels.
{
	printf '# make tfidf\ntask\tsplit\tmetric\tvalue\tn\nsst2\tdev\taccuracy\t0.8\t30\nrte\tdev\taccuracy\t0.6\t30\n'
	printf 'mnli\tdev_matched\taccuracy\t0.5\t30\nmnli\tdev_mismatched\taccuracy\t0.4\t30\n'
} > "$results/tfidf-tiny.tsv"
run table3 submit REDRAWN=1 TFIDF=1 UNSEEN='sst2 rte' PUBLISH='sst2 ax' results="$results" > "$tmp/log" 2>&1
ok $? 'table3 with TF-IDF, an upper layer anew and unseen tasks; submit'
figure() { awk -F '\t' -v r="$1" -v t="$2" '!/^#/ && $1 == r && $2 == t { print $6 }' "$results/table3-tiny.tsv"; }
is "$(figure tf-idf sst2) $(figure tf-idf unseen) $(figure tf-idf glue-partial)" '80.00 70.00 61.67' 'table3: figures of another program'
is "$(for r in single redrawn ensemble kd-shared kd; do
	{ figure $r sst2; figure $r rte; figure $r unseen; } | awk '{ s += NR < 3 ? $1 / 2 : -$1 } END { print (s < 0.02 && s > -0.02) }'
done | tr '\n' ' ')" '1 1 1 1 1 ' 'table3: the mean over the unseen tasks'
is "$(for t in encoder.layer.0.output encoder.layer.1.output pooler; do
	cmp -s <(numbers inside/upper-anew bert.$t.dense.weight) <(numbers encoder/uncased bert.$t.dense.weight)
	printf '%d' $?
done)" 011 'table3: the last layer and the pooler are drawn anew'
is "$(grep -o "GLUE's release.* rte/train [0-9]* of 2490" "$results/table3-tiny.tsv" | grep -o 'rte.*')" 'rte/dev 30 of 277, rte/train 30 of 2490' \
	'table3: how many rows were at hand'
is "$(awk -F '\t' '!/^#/ && $1 != "row" { print $1, $2, $3, $5 }' "$results/submit-tiny.tsv" | sort | tr '\n' ',')" \
	"$(for r in ensemble kd mtdnn redrawn single; do printf "$r 1 %s 30," ax sst2; done)" 'submit: each model of one task'
is "$(cd "$results/tiny" && for r in */1/sst2; do head -n 1 $r/test.tsv | grep -o 'task=sst2 split=test'; done | wc -l)
$(cat "$out"/submissions/*/1/AX.tsv | wc -l)" $'5\n155' 'submit: predictions, and the files for the server'
cmp -s "$results/tiny/ensemble/1/ax/test.tsv" "$results/tiny/kd/1/ax/test.tsv"
is $? 1 'submit: each of its own'

RUNS=1 run serving > /dev/null 2>&1
is "$(awk -F '\t' '$1 ~ /^(ensemble|student)$/ && $5 > 0 && $6 > 0 { print $1, $2, $3 }' \
	"$results/serving-tiny.tsv" | tr '\n' ' ')" 'ensemble 2 30 student 1 30 ' \
	'serving: the ensemble and the student answer'

gzip -c "$tmp/text.txt" > "$tmp/text.txt.gz"
run encoder CONF=demo OUT="$tmp/demo" TEXT="$tmp/text.txt.gz" \
	HELD_OUT="$tmp/text.txt" > /dev/null 2>&1
is "$(awk -F '\t' '$1 ~ /^[0-9]/ && $4 > 1 { n++ } END { print (n > 0) }' "$results/encoder-demo.tsv")" \
	1 'encoder: its perplexity'
PATH="$BUILD/bin:$PATH" tensor-cat --check "$tmp/demo/pretrain/export/model.safetensors" > /dev/null
ok $? 'encoder: it is a model'

finish
