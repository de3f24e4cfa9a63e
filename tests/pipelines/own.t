#!/usr/bin/env bash
# Tasks of one's own: the bundled example, with very small models, goes from its
# files to a student that is served by the line that is printed.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
BUILD=$(realpath "${BUILD:-build}")
cd "$(dirname "$0")/../../pipelines" || exit
scratch
unset MAKEFLAGS MFLAGS MAKELEVEL
data=$tmp/data out=$tmp/out
cp -R ../share/own "$data"
made() { # TARGET [SETTING]
	make -j2 BUILD="$BUILD" OUT="$out" DATA="$data" IMPORT= LAYERS=1 HIDDEN=8 HEADS=2 \
		INTERMEDIATE=16 EPOCHS=1 FINE_EPOCHS=1 SEEDS=1 MEMBER_SEEDS=1 \
		DROPOUTS='0.1 0.2' TOP=2 "$@"
}
run() { made own "$@"; }
ids() { awk -F '\t' '!/^#/ && $1 != "id" { print $1 }' "$@" | sort; }

run > "$tmp/log" 2>&1
ok $? 'it ends'
[[ $tap_failed == 0 ]] || tail -n 5 "$tmp/log" | sed 's/^/# /'
is "$(sed -n '/^dev, percent/,/^$/p' "$tmp/log" | head -n 2 | sed 's/  */ /g')" \
	$'dev, percent Mood Alike follows of 3 tokens\n acc/F1 acc/F1 acc mean M' 'with a table of its tasks, by title and place'
is "$(sed -n 's/.*  (\([0-9]*\) of \([0-9]*\).*/\1 \2/p' "$tmp/log" | awk '
	$1 != n + 1 { wrong++ } { n = $1; all = $2 } END { print wrong + 0, (n == all), (n > 100) }')" '0 1 1' \
	'its steps are counted to the last'
is "$(grep -cE '^(mood|alike|follows): 0 problems' "$tmp/log")" 3 'after a check of its data'
is "$(ls results | grep own)" '' 'which is no result of the source'
is "$(awk -F '\t' '!/^#/ && $6 == "-"' "$out/own.tsv")" '' 'in which all is measured'
is "$(grep -c '^alike: no dev; fold 1 of 5 of train takes its place' "$tmp/log")" 2 \
	'what has no dev gets a fold of train, and it says so'
texts() { awk -F '\t' '!/^#/ && $1 != "id" { for (i = 3; i <= NF; i++) print $i }' "$1" | sort -u; }
for task in alike follows; do
	is "$(comm -12 <(texts "$out/data/$task/train.tsv") <(texts "$out/data/$task/dev.tsv"))" '' \
		"$task: no text of which stands on both sides"
	is "$(awk -F '\t' '/^#/ || $1 == "id" { next }
		{ all[$2]++; dev[$2] += FILENAME ~ /dev/ }
		END { for (l in all) if (dev[l] < int(all[l] / 5) || dev[l] > all[l] / 5 + 1) print l }' \
		"$out/data/$task"/{train,dev}.tsv)" '' "$task: a fifth of each label is in dev"
done
is "$(ids "$out"/data/alike/{train,dev}.tsv)" "$(cut -d , -f 1 "$data/alike/train.csv" | grep -v key | sort)" \
	'and none is lost'
is "$(grep ^labels "$out/tasks/follows.yml")" 'labels: ["contradiction", "entailment", "neutral"]' \
	'what has no task.yml gets one'
is "$(ids "$out/data/mood/dev.tsv" | wc -l)" 60 'where there is a dev it is taken'
is "$(head -n 1 "$out/soft/mood-unlabelled.tsv" | grep -o 'members=.*') $(ids "$out/soft/mood-unlabelled.tsv" | wc -l)" \
	"members=2 $(wc -l < "$data/mood/unlabelled.txt")" 'two teachers answer unlabelled text'
# A smaller student of theirs, as mtkd(7) has it.
sed -n '/^bert-import -o tiny/,/^mt-predict/p' ../man/mtkd.7 | sed "s,OUT/,$out/,g; s,TASK,mood,g; s,share/encoder,$PWD/../share/encoder,
	s,kd-train,& -q --epochs 1 --missing-ids," > "$tmp/small.sh"
cut -f 3 "$out/data/mood/test.tsv" | sed 1,2d > "$tmp/TEXTS"
(cd "$tmp" && PATH=$BUILD/bin:$PATH bash -e small.sh > small.tsv 2> small.err)
is "$? $(wc -l < "$tmp/small.tsv")" "0 $(wc -l < "$data/mood/test.tsv")" 'a smaller student by the lines of mtkd(7)'
mv "$out/student/kd/1/model.safetensors" "$tmp/aside"
make -n V=1 BUILD="$BUILD" OUT="$out" DATA="$data" IMPORT= SEEDS=1 "$out/student/kd/1/model.safetensors" |
	grep -q -- '--soft [^ ]*/mood-unlabelled.tsv' 
ok $? 'and the student hears them'
mv "$tmp/aside" "$out/student/kd/1/model.safetensors"
is "$(ids "$out/predict/kd/1/mood/test.tsv" | wc -l)" "$(($(wc -l < "$data/mood/test.tsv") - 1))" \
	'test rows are answered'

grep -qE '^mood, test: accuracy [0-9.]+$' "$tmp/log"
ok $? 'and scored where they have labels'
is "$(ids "$out/predict/kd/1/alike/test.tsv" | wc -l) $(grep -c '^alike, test' "$tmp/log")" \
	"$(($(wc -l < "$data/alike/test.csv") - 1)) 0" 'and only answered where they have none'

# The report, with all of that in it.
page=$out/report/report.html
if ! command -v gnuplot > /dev/null; then
	skip 'a report' 'no gnuplot'
else
	is "$(grep -c "^$page$" "$tmp/log") $(grep -cE '^<h3>(Mood|Alike|follows)</h3>$' "$page") $(grep -c 'rows a second' "$page")" \
		'1 3 4' 'a report: labels of its tasks, score over speed'
	is "$(grep -o '<h1>.*</h1>' "$page")" '<h1>Distillation report: data</h1>' 'named after its folder'
	is "$(awk -F '\t' '$1 == "student" { print ($3 ~ /^[0-9]+$/), $6, $9 }' "$out/report/serving.tsv")" '1 alike 3' \
		'speed is measured by three runs'
fi

# The line that serves the student, on rows of one's own.
line=$(grep -- '-t mood --lines' "$tmp/log")
printf 'quite lifeless .\n' > "$tmp/rows.txt"
is "$(cd .. && eval "${line/TEXTS/$tmp/rows.txt}" | awk -F '\t' '$1 == "1" { print ($2 ~ /^(good|bad)$/) }')" \
	1 'the line that is printed answers'

run > "$tmp/log" 2>&1
! grep -qE '^(train|distil|teach|fine-tune|predict|read) ' "$tmp/log"
ok $? 'again: nothing is left to do'
touch "$data/alike/train.csv"
run > "$tmp/log" 2>&1
is "$(grep -c '^read .*alike' "$tmp/log") $(grep -c '^read .*mood' "$tmp/log")" '2 0' \
	'a changed file is read again, others are not'

# Teachers elsewhere have the same tasks.
made small TEACHERS=mini > "$tmp/log" 2>&1
is "$? $(grep -c '^larger teachers' "$tmp/log")" '0 2' 'teachers of another size'
made folds TASKS=mood FOLDS=2 > "$tmp/log" 2>&1
is "$? $(grep -c '^cross-fitted teachers' "$tmp/log")" '0 2' 'teachers that did not see the rows'
is "$(made folds 2>&1 | grep -c 'folds: no dev of alike follows, which a fold of train stands for already')" 1 \
	'but no folds of what is left of a fold'

is "$(make BUILD="$BUILD" OUT="$tmp/new" DATA="$data" choose 2>&1 | grep -c 'type make own DATA=[^ ]* first')" 1 \
	'what needs the definitions asks for them'

# Any number of labels a row: train in JSON lines, and test.
mkdir -p "$tmp/many/topics"
for part in train test; do
	seq 90 | awk -v part=$part '{ s = ($1 % 2 ? "" : ",\"red\"") ($1 % 3 ? "" : ",\"hot\"") ($1 % 5 ? "" : ",\"far\"")
		printf "{\"text\":\"%s row %d\",\"label\":[%s]}\n", part, $1, substr(s, 2) }' \
		> "$tmp/many/topics/$part.jsonl"
done
for n in 1 2 3 4 5 6; do
	echo "{\"text\":\"quiet row $n\",\"label\":null}"
done >> "$tmp/many/topics/train.jsonl"
data=$tmp/many out=$tmp/many-out run MULTILABEL=topics > "$tmp/log" 2>&1
ok $? 'a task whose rows have any number of labels ends'
[[ $tap_failed == 0 ]] || tail -n 5 "$tmp/log" | sed 's/^/# /'
is "$(sed -n 2,4p "$tmp/many-out/tasks/topics.yml" | tail -n 1) $(grep ^labels "$tmp/many-out/tasks/topics.yml")" \
	'type: multilabel labels: ["far", "hot", "red"]' 'is defined as such'
sed 1,2d "$tmp/many-out/data/topics/dev.tsv" | cut -f 2 | grep -c far | grep -qx '[34]'
ok $? 'its fold has a fifth of the 18 rows of a label'
grep -qE '^topics, test: f1_micro [0-9.]+$' "$tmp/log" && head -n 1 "$tmp/many-out/predict/kd/1/topics/test.tsv" | grep -q type=multilabel
ok $? 'and its test rows are answered and scored'
is "$(cut -f 3 "$tmp/many-out/data/topics/unlabelled.tsv" | grep -c quiet) $(ids "$tmp/many-out/soft/topics-unlabelled.tsv" | wc -l) $(
	grep -c quiet "$tmp/many-out/data/topics/train.tsv") $(grep -c '^topics: rows of train without a label are for the student' "$tmp/log")" \
	'6 6 0 2' 'its rows without a label are answered by the teachers, for the student'
line=$(grep -- '-t topics --lines' "$tmp/log")
is "$(cd .. && printf 'a red row\n' | eval "${line%<*}" | awk -F '\t' 'NR == 2 { print ($2 ~ /^(-|(far|hot|red)(,(hot|red))*)$/) }')" \
	1 'the line that serves it prints sets of labels'

says() { # TEXT NAME
	run > "$tmp/log" 2>&1
	is "$? $(grep -c -- "$1" "$tmp/log")" '2 1' "$2"
}
mkdir -p "$tmp/named/stars"
printf 'what,Review,stars\n1,good,5\n2,"bad, bad",1\n' > "$tmp/named/stars/train.csv"
data=$tmp/named out=$tmp/named-out says 'stars: tell which columns are what, once' 'columns of unusual names: tells how they are named'
line=$(grep -- '^  glue-read .*--write-task' "$tmp/log" | sed 's/text-a-column C/text-a-column Review/; s/label-column C/label-column stars/')
PATH=$BUILD/bin:$PATH bash -c "$line" 2> "$tmp/err"
is "$(grep -c 'Review' "$tmp/named/stars/task.yml")" 1 'by a line that does it'
head -n 2 "$data/mood/train.tsv" | tail -n 1 >> "$data/mood/dev.tsv"
says '^mood: problem: dev: 1 row whose texts stand in train' 'what would spoil a score ends it'
is "$(grep -c '^mood: CHECK=warn goes on' "$tmp/log")" 1 'and says how to go on'
run CHECK=warn > "$tmp/log" 2>&1
is "$? $(grep -c '^mood: 1 problem' "$tmp/log") $(grep -c '^MT-DNN_KD  ' "$tmp/log")" '0 1 1' 'or is told, with CHECK=warn'
printf 'same text\tperhaps\n' >> "$data/mood/train.tsv"
says "mood/train.tsv:302: .*perhaps" 'a label that the task has not: file and line'
mv "$data/mood/task.yml" "$tmp/aside"
printf 'title: Mood\nkind: both\n' > "$data/mood/task.yml"
run > "$tmp/log" 2>&1
is "$? $(grep -c 'mood.yml:2: ' "$tmp/log") $(grep -c 'definitions cannot be read' "$tmp/log")" '2 1 1' \
	'a bad task.yml: file and line'
mv "$tmp/aside" "$data/mood/task.yml"
rm "$data"/*/train.*
says 'no folder in it has train.tsv' 'without train: says so'
data=$tmp/none
says 'is no folder' 'a folder that is not there: says so'
is "$(make own 2>&1 | grep -c 'own needs DATA=DIR')" 1 'without DATA: says what it needs'

finish
