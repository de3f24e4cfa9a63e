#!/usr/bin/env bash
# The report of a small run put together by hand: one self-contained page,
# well formed, of equal bytes wherever it is made, whose figures are those of
# its files.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
BUILD=$(realpath "${BUILD:-build}")
cd "$(dirname "$0")/../../pipelines" || exit
scratch
unset MAKEFLAGS MFLAGS MAKELEVEL
export PATH="$BUILD/bin:$PATH"
has() { # TEXT NAME
	grep -qF -- "$1" "$page"
	ok $? "$2"
}
report() { # OUT MAKE-ARGUMENT...
	within 100 make BUILD="$BUILD" OUT="$1" TASK_FILES="$tmp/tasks" "${@:2}" report
}
# What a page of nothing but this run needs besides.
alone=(CONF=tiny results=)

mkdir "$tmp/tasks"
cat > "$tmp/tasks/mark.yml" <<'END'
title: "<i>Mark</i> & \"quote\""
kind: single
labels: ["<u>yes</u>", "no & \"never\"", perhaps]
layout: {text_a: text, label: label}
END

report "$tmp/none" "${alone[@]}" gnuplot=/bin/true > "$tmp/log" 2>&1
[[ $? != 0 && $(cat "$tmp/log") == *'nothing to show yet in '*'run demo or table3 first'* ]]
ok $? 'without a run: says what to do'
report "$tmp/none" "${alone[@]}" gnuplot= > "$tmp/log" 2>&1
[[ $? != 0 && $(cat "$tmp/log") == *'please install'*'gnuplot-nox'* ]]
ok $? 'without gnuplot: says what to install'
mkdir "$tmp/plan"
ln -s "$BUILD/bin" "$tmp/plan/bin"
plan() { make -n V=1 BUILD="$tmp/plan" "$@" "$tmp/plan/pipelines/demo/table3.txt" 2>&1; }
[[ $(plan CURVES= | grep -c -- --dev) == 0 && $(plan SEEDS=1 TASKS=rte |
	grep -c -- '--dev [^ ]*/pack/[a-z]*/rte/dev.st') == 7 ]]
ok $? 'six members and a student of the demo are scored on dev, with CURVES= none'

# --- filters ---

export NAMES=$tmp/names.tsv
printf 'task\trte\tRTE\tclassification\tpair\nrow\ttable3\tkd\tMT-DNN_KD\nfinal\tkd\tvanilla\tmtdnn\ttable3\n' > "$NAMES"
words() { # SCRIPT ARGUMENT...
	awk -f awk/names.awk -f "awk/$1.awk" "${@:2}"
}
# One right row of one, two, or none of two.
classes() { # ROWS RIGHT
	printf '#mtkd scores 1\ntask\tsplit\tmetric\tvalue\tn\n' > "$tmp/c.tsv"
	for l in a b; do
		printf "rte\tdev\t%s:$l\t0.5\t$1\n" precision recall f1 >> "$tmp/c.tsv"
		printf "rte\tdev\tsupport:$l\t$1\t$1\n" >> "$tmp/c.tsv"
	done
	printf '#mtkd confusion 1\ngold\ta\tb\na\t%d\t%d\nb\t0\t0\n' "$2" $(($1 - $2)) > "$tmp/m.tsv"
	words html-classes "$tmp/c.tsv" "$tmp/m.tsv"
}
sentence() { classes "$@" | sed -n 's/&#160;/ /g;s/^<p>\(.*\)<\/p>$/\1/p'; }
is "$(sentence 1 1)" '1 of 1 row of dev is right (100.0 %). No label is taken for another.' 'grammar: one row'
is "$(sentence 2 1)" '1 of 2 rows of dev is right (50.0 %). No label is taken for another more than once.' \
	'grammar: one of two'
is "$(sentence 2 2)" '2 of 2 rows of dev are right (100.0 %). No label is taken for another.' 'grammar: two'
is "$(sentence 2 0)" '0 of 2 rows of dev are right (0.0 %). Most often taken for another: <q>a</q> for <q>b</q> in 2 of 2 rows.' \
	'what is confused is said'
is "$(classes 1234 1200 | grep -o 'title="[^"]*"' | head -n 1)" 'title="1,200 of 1,234 rows of a found to be a"' \
	'thousands are grouped'
is "$(classes 2 1 > /dev/null; words html-classes "$tmp/c.tsv" /dev/null | grep -c 'class="matrix')$(
	words html-classes "$tmp/c.tsv" /dev/null | head -n 1)" '0<p>2 rows of dev.</p>' 'several labels a row: no matrix'
results() { # MEDIAN of the student, of MT-DNN 70
	printf 'row\ttask\tsplit\tmetric\tpublished\tmedian\tsd\trun1\trun2\n'
	printf 'mtdnn\tglue\tdev\tglue\t-\t70.00\t-\t70.00\tnan\nkd\tglue\tdev\tglue\t-\t%s\t-\t%s\t71.00\n' "$1" "$1"
	printf 'kd\trte\tdev\tmatthews\t-\tnan\t-\tnan\tnan\n'
}
points() { words html-results -v experiment=table3 -v part=head <(results "$1") | grep -o '<strong>.*'; }
is "$(points 71.00)" '<strong>+1.0 point</strong> of the GLUE score, median against median; seed by seed +1.0.</p>' \
	'grammar: one point; a seed that is undefined is left out'
is "$(points 68.00 | grep -o '<strong>.*</strong>')" '<strong>−2.0 points</strong>' 'grammar: two points'
is "$(words html-results -v experiment=table3 -v part=table <(results 71.00) | grep -c '<small>undefined</small>')" 1 \
	'nan is called undefined'
bins() { # FROM ITEMS RIGHT...
	printf 'task\tsplit\tof\tfrom\tto\titems\tlabelled\tright\tmean\n'
	while [[ $# -gt 0 ]]; do
		printf 'rte\tdev\tconfidence\t%s\t1\t%d\t%d\t%d\t%s\n' "$1" "$2" "$2" "$3" "$([[ $2 == 0 ]] && echo nan || echo "$1")"
		shift 3
	done
}
is "$(awk -f awk/bins.awk <(bins 0.1 0 0 0.2 3 1 0.4 17 9 0.5 20 12 0.9 30 27 1 19 19))" \
	$'dev\t0.37\t0.5\t20\t2\ndev\t0.5\t0.6\t20\t1\ndev\t0.938776\t0.938776\t49\t2' \
	'bins of few rows join their neighbours'
is "$(awk -f awk/bins.awk <(bins 0.2 9 5 0.9 10 9))" '' 'fewer than 20 rows are no point'
is "$(words say -v kind=bins <(printf 'dev\t0.9\t1\t30\t1\n')) $(words say -v kind=bins <(printf 'dev\t0.9\t1\t30\t2\n'))" \
	'1 bin 2 bins, merged into 1' 'grammar: bins'
is "$(words say -v kind=curves <(printf 'epoch\tMT-DNN 1\tMT-DNN 2\n1\tnan\t2\n2\tnan\tnan\n'))" 'MT-DNN 2 to 2' \
	'epochs without a figure are passed over'
# Updates 1 to N with losses N to 1; every third is of another task, every other has soft targets.
updates() { # N
	printf '#mtkd log 1\nstep\tepoch\ttask\tloss\thard\tsoft\tlr\tgrad_norm\ttokens\n'
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++)
		print i "\t1\t" (i % 3 ? "rte" : "mark") "\t0\t" n - i + 1 "\t" (i % 2 ? 1.5 : "-") "\t0\t1\t9" }'
}
curve() { awk -v task="$1" -f awk/curves.awk 'name=MT-DNN 1' <(updates "$2") 'name=MT-DNN 2' <(updates "$3"); }
is "$(curve rte 4 3)" $'update\tMT-DNN 1, hard\tMT-DNN 1, soft\tMT-DNN 2, hard\tMT-DNN 2, soft
1\t4\t1.5\t3\t1.5\n2\t3\tnan\t2\tnan\n3\t3\tnan\t2\tnan\n4\t1\tnan\tnan\tnan' 'losses by update; none behind the end of a log'
is "$(curve mark 300 300 | wc -l) $(curve mark 300 300 | sed -n '2p;3p;21p' | tr '\n' ' ')" \
	$'101 3\t298\t1.5\t298\t1.5 6\t296.5\t1.5\t296.5\t1.5 60\t247\t1.5\t247\t1.5 ' \
	'100 updates, each the mean of the last 5 of the 100 of the task'
# Labels of a chart of many points at the same place, as boxes in pixels.
{
	printf 'system\tmodels\trows_per_second\tmemory_MB\tscore\ttask\tsplit\tmetric\truns\n'
	for n in 1 2 3 4 5 6 7 8; do
		printf 'student, kind %d\t1\t%d\t9\t%s\tmnli\tdev\taccuracy\t5\n' $n $((1000 + n)) 80.0$n
	done
	printf 'other\t1\t500\t9\t-\tmnli\tdev\taccuracy\t5\n'
} > "$tmp/serving.tsv"
awk -F '\t' -v width=280 -v height=200 -f awk/names.awk -f awk/labels.awk "$tmp/serving.tsv" > "$tmp/labels"
is "$(awk '/^set label/ {
		match($0, /"[^"]*"/); wide = 6.5 * (RLENGTH - 2); split(substr($0, RSTART + RLENGTH), f, /[ ,]+/)
		n++; x = f[4] * 280; y[n] = f[5] * 200
		from[n] = x - (f[6] == "right" ? wide : f[6] == "center" ? wide / 2 : 0); to[n] = from[n] + wide
		for (i = 1; i < n; i++)
			over += from[i] < to[n] && to[i] > from[n] && y[i] - y[n] < 12 && y[n] - y[i] < 12
	}
	END { print (n >= 3), over + 0 }' "$tmp/labels")" '1 0' 'names in a chart cover no other'
is "$(printf 's\tn\tr\tm\tp\tt\ts\tm\nx\t1\t9\t9\t80\tt\tdev\tf1_micro\n' > "$tmp/s.tsv"; awk -F '\t' -v width=280 -v height=200 -f awk/names.awk \
	-f awk/labels.awk "$tmp/s.tsv" | grep ylabel)" 'set ylabel "micro F1, percent"' 'its axis has the name of the metric'

if ! command -v gnuplot > /dev/null; then
	skip 'the page' 'no gnuplot'
	finish
fi

# --- a run ---

run=$tmp/a/run
mkdir -p "$run"/{mtdnn/uncased-1-0.1,mtdnn/uncased-2-0.1,student/kd/1,soft,check,encoder/uncased} "$run"/data/{rte,stsb,mark}
log() { # SOFT
	printf '#mtkd log 1\nstep\tepoch\ttask\tloss\thard\tsoft\tlr\tgrad_norm\ttokens\n'
	printf '1\t1\trte\t0.7\t0.75\t%s\t0\t1\t9\n2\t1\tstsb\t4\t4\t0\t0\t1\t9\n' "$1"
	printf '3\t2\trte\t0.5\t0.25\t%s\t0\t1\t9\n4\t2\trte,stsb\t9\t9\t0\t0\t1\t9\n' "$1"
}
log - > "$run/mtdnn/uncased-1-0.1/log.tsv"
log 0.65 > "$run/student/kd/1/log.tsv"
for m in mtdnn/uncased-1-0.1 student/kd/1; do
	printf '#mtkd dev 1\nepoch\ttask\tsplit\tmetric\tvalue\tn\n1\trte\tdev\taccuracy\t0.5\t4\n2\trte\tdev\taccuracy\t0.75\t4\n' \
		> "$run/$m/dev.tsv"
	printf '1\tmark\tdev\taccuracy\tnan\t4\n2\tmark\tdev\taccuracy\t0.5\t4\n' >> "$run/$m/dev.tsv"
	printf 'optimizer: adamax\ndropout: 0.1\nepochs: 2\nclass: "<b>"\n' > "$run/$m/recipe.yml"
done
printf 'optimizer: adamax\ndropout: 0.2\nepochs: 2\nclass: "<b>"\n' > "$run/mtdnn/uncased-2-0.1/recipe.yml"
echo 'mix: const:0.5' >> "$run/student/kd/1/recipe.yml"
printf '{\n  "num_hidden_layers": 2,\n  "vocab_size": 30522\n}\n' > "$run/encoder/uncased/config.json"
printf 'train: 40 rows\nnote: <1 row> & more\n1 problems, 1 notes\n' > "$run/check/rte.txt"
# RTE's rows; the teachers' probabilities spread, so that bins are of few rows.
for split in train dev; do
	{
		printf '#mtkd examples 1 task=rte split=%s\nid\tlabel\ttext_a\ttext_b\n' $split
		awk 'BEGIN { for (i = 0; i < 60; i++)
			print i "\t" (i % 4 && i != 38 ? "entailment" : "not_entailment") "\t<b>A & \"B\"</b>\tHypothesis " i "." }'
	} > "$run/data/rte/$split.tsv"
	for rank in 1 2; do
		mkdir -p "$run/predict/teacher/$rank"/{rte,stsb,mark}
		awk -v k=$rank -v part=$split 'BEGIN {
			print "#mtkd pred 1 task=rte split=" part " type=classification members=1"
			print "id\tnot_entailment\tentailment"
			for (i = 0; i < 60; i++) {
				p = (60 - i + k / 4) / 62
				print i "\t" p "\t" 1 - p
			}
		}' > "$run/predict/teacher/$rank/rte/$split.tsv"
	done
done
# Three rows of three labels, which the student gets right, wrong and wrong.
for split in train dev; do
	printf '#mtkd examples 1 task=mark split=%s\nid\tlabel\ttext_a\n0\t<u>yes</u>\ta\n1\tno & "never"\tb\n2\tperhaps\tc\n' \
		$split > "$run/data/mark/$split.tsv"
	mark=$(printf '#mtkd pred 1 task=mark split=%s type=classification members=1\nid\t<u>yes</u>\tno & "never"\tperhaps\n' $split
		printf '0\t0.8\t0.1\t0.1\n1\t0.7\t0.2\t0.1\n2\t0.6\t0.2\t0.2\n')
	for rank in 1 2; do
		echo "${mark/0.8	0.1	0.1/0.8$rank	0.0$((10 - rank))	0.1}" > "$run/predict/teacher/$rank/mark/$split.tsv"
	done
	mkdir -p "$run"/predict/kd/1/{rte,mark,stsb}
	echo "$mark" > "$run/predict/kd/1/mark/$split.tsv"
	cp "$run/predict/teacher/1/rte/$split.tsv" "$run/predict/kd/1/rte/"
done
printf '#mtkd examples 1 task=stsb split=train\nid\tlabel\ttext_a\ttext_b\n0\t2.5\ta\tb\n' \
	> "$run/data/stsb/train.tsv"
# The student's scores, and rows without labels: of neither are there classes.
sed 's/split=train/split=dev/' "$run/data/stsb/train.tsv" > "$run/data/stsb/dev.tsv"
printf '#mtkd pred 1 task=stsb split=dev type=regression members=1\nid\tscore\n0\t2\n' > "$run/predict/kd/1/stsb/dev.tsv"
printf '#mtkd examples 1 task=mark split=test\nid\tlabel\ttext_a\n0\t-\ta\n1\t-\ta\n2\t-\ta\n' > "$run/data/mark/test.tsv"
sed 's/split=dev/split=test/' "$run/predict/kd/1/mark/dev.tsv" > "$run/predict/kd/1/mark/test.tsv"
for rank in 1 2; do
	printf '#mtkd pred 1 task=stsb split=train type=regression members=1\nid\tscore\n0\t%d\n' $rank \
		> "$run/predict/teacher/$rank/stsb/train.tsv"
done
for task in rte stsb mark; do
	ens-average -o "$run/soft/$task.tsv" "$run"/predict/teacher/*/$task/train.tsv
done
{
	printf '# make -C pipelines demo\n# a note & more\n'
	printf 'row\ttask\tsplit\tmetric\tpublished\tmedian\tsd\trun1\trun2\trun3\n'
	printf 'mtdnn\trte\tdev\taccuracy\t83.4\t70.00\t1.00\t69.00\t70.00\t71.00\n'
	printf 'mtdnn\tglue\tdev\tglue\t-\t70.00\t1.00\t69.00\t70.00\t71.00\n'
	printf 'mtdnn\ttrain\t-\ttokens\t-\t1234567\t0.00\t1234567\t1234567\t1234567\n'
	printf 'mtdnn\tmark\tdev\taccuracy\t-\tnan\tnan\tnan\tnan\tnan\n'
	printf 'ensemble\trte\tdev\taccuracy\t-\t72.10\t-\t72.10\t-\t-\n'
	printf 'kd\trte\tdev\taccuracy\t88.6\t72.50\t1.00\t71.00\t72.50\t73.00\n'
	printf 'kd\tglue\tdev\tglue\t-\t71.50\t1.00\t70.00\t71.50\t70.50\n'
} > "$run/table3.tsv"
printf '# make -C pipelines table1\ntask\tours\tpublished\nRTE\t2490\t2490\n' > "$tmp/table1-demo.tsv"
cp "$run/table3.tsv" "$tmp/table3-demo.tsv"
{
	printf '# make -C pipelines own DATA=DIR\n'
	printf 'row\ttask\tsplit\tmetric\tpublished\tmedian\tsd\trun1\n'
	printf 'mtdnn\town\tdev\taverage\t-\t70.00\t-\t70.00\nkd\town\tdev\taverage\t-\t72.00\t-\t72.00\n'
} > "$tmp/own-demo.tsv"
{
	printf '# make -C pipelines serving\n# medians of 5 runs on rte dev\n'
	printf 'system\tmodels\trows\tseconds\trows_per_second\tmemory_MB\n'
	printf 'ensemble\t3\t40\t0.5\t1835\t86.9\nstudent\t1\t40\t0.1\t5561\t28.1\n'
} > "$run/serving.tsv"
# Of the rows of an experiment: all of one speed, then others, in two kinds of numbers.
{
	printf '# make -C pipelines students <a>\n# medians of 5 runs on rte dev\n'
	printf 'row\tnumbers\tlayers\thidden\tglue\tsd\trows_per_second\tmemory_MB\tmodel_MB\n'
	n=0
	for row in mtdnn kd half-answers narrow-answers least-answers bundled-mini-answers bundled-tiny-answers; do
		printf "$row-shared\\t%s\\t6\\t384\\t%s\\t0.5\\t%d\\t9.5\\t91.2\\n" float32 $((70 - n / 3)).25 $((400 + n / 3 * 2345)) \
			int8 $((70 - n / 3)).05 $((900 + n / 3 * 4567))
		n=$((n + 1))
	done
	printf 'unheard-of\tfloat32\t2\t128\t-\t-\t9000\t9.5\t91.2\n'
} > "$run/students-speed.tsv"
files=(CONF=demo results="$tmp/table1-demo.tsv $tmp/table3-demo.tsv $tmp/own-demo.tsv")

# --- its page ---

report "$run" "${files[@]}" > "$tmp/log" 2>&1
ok $? 'the page is made'
page=$run/report/report.html
[[ -s $page ]] || sed 's/^/# /' "$tmp/log"
tail -n 1 "$tmp/log" | grep -qF "$page"
ok $? 'and its path printed'
! grep -qiE 'warning|error|undefined' "$tmp/log"
ok $? 'without a complaint'
perl -CSD -ne 'BEGIN { undef $/ }
	my (@open, %id, $bad);
	s/<!DOCTYPE html>//;
	while (/<(\/?)([a-z0-9]+)((?:\s+[\w:-]+(?:\s*=\s*(?:"[^"]*"|\x27[^\x27]*\x27))?)*)\s*(\/?)>/gi) {
		my ($end, $name, $attributes, $empty) = ($1, $2, $3, $4);
		if ($end) { $bad .= "</$name> " if (pop @open // "") ne $name }
		elsif (!$empty && $name ne "meta" && $name ne "br") { push @open, $name }
		$bad .= "id $1 " if $attributes =~ /\bid="([^"]*)"/ && $id{$1}++;
		$bad .= "an image without words " if $attributes =~ /role="img"/
			&& $attributes !~ /aria-label="[^"]{9,}"/;
	}
	$bad .= "a link to nowhere " for grep { !$id{$_} } /href="#([^"]*)"/g;
	s/<style>.*?<\/style>//s;
	my $rest = s/<[^<>]*>//gr;
	$bad .= "a stray bracket " if $rest =~ /[<>]/;
	$bad .= "a bare & " if $rest =~ /&(?!#?\w+;)/;
	$bad .= "open: @open" if @open;
	print "# $bad\n" if $bad;
	exit !!$bad' "$page"
ok $? 'well formed, ids once, links that lead somewhere, every chart in words'
is "$(grep -c '<tbody>' "$page") $(grep -c '<thead>' "$page") $(grep -o '<th' "$page" | wc -l)" \
	"$(grep -c '<table' "$page") $(grep -c '<table' "$page") $(($(grep -o '<th scope="\(row\|col\)"' "$page" | wc -l) + $(grep -c '<thead>' "$page")))" \
	'tables have heads, and their cells say of what'
is "$(grep -c '<table' "$page") $(grep -c '^<svg' "$page")" '16 14' 'sixteen tables and fourteen charts'
! grep -qE '(https?:)?//|src *=|href="[^#]|url\(|@import|<script|<link' "$page"
ok $? 'nothing from elsewhere'
! grep -qE "$tmp|$(uname -n)|[Gg][Nn][Uu][Pp][Ll][Oo][Tt]" "$page"
ok $? 'no path, host or maker in it'
grep -q 'prefers-color-scheme: dark' "$page" && ! grep -q 'rgb(' "$page"
ok $? 'colours are those of the page'
is "$(sed 's/<[^>]*>/ /g' "$page" | grep -ciwE '[-+]?(nan|inf)')" 0 'no number that is none'
has '<strong>+1.5 points</strong>' 'student against MT-DNN'
has '<strong>+2.0 points</strong> of the mean over the tasks, with one seed' 'of own tasks the mean'
has 'seed by seed +1.0, +1.5, −0.5' 'and seed by seed'
has '<b>72.5</b> <small>&#177;1.0</small><br><span class="published">88.6</span>' \
	'a cell: median, deviation, published'
has '<td>1,234,567</td>' 'tokens are a count'
has 'MT‑DNN, float32: 70.2 percent, 400 rows a second; MT‑DNN, int8: 70.0 percent, 900 rows a second' 'score and speed in words'
has '<tr><th scope="row">every second layer</th><td>6x384</td><td>int8</td><td>70.0 <small>&#177;0.5</small></td><td>900</td><td>9.5</td><td>91.2</td></tr>' \
	'and as a table'
has '<td>2x128</td><td>float32</td><td>&#8211;</td><td>9,000</td>' 'of what has no score too'
has '<code>make -C pipelines students &lt;a&gt;</code>' 'and what made it'
is "$(grep -c '<circle\|class="key"' "$run/report/speed/students.svg")" 16 'a point for each but that, and one of each kind in the key'
has '<th scope="row">RTE</th><td>2490</td><td>2490</td>' 'any other table as it stands'
has 'a note &amp; more' 'notes'
has 'MT-DNN 0.75 to 0.25; MT-DNN_KD, hard 0.75 to 0.25; MT-DNN_KD, soft 0.65 to 0.65' \
	'losses in words'
has 'MT-DNN, accuracy 50 to 75; MT-DNN_KD, accuracy 50 to 75' 'scores in words'

# Figures of the bodies of tables whose label begins so, a line a row, without
# its name.
rows() { # LABEL
	perl -CSDA -e 'my ($label, $page) = @ARGV; undef $/;
		open my $f, "<:utf8", $page; $_ = <$f>;
		while (/aria-label="\Q$label\E[^"]*">\n<table.*?<tbody>\n?(.*?)<\/tbody>/sg) {
			my $body = $1 =~ s/<svg.*?<\/svg>//gr =~ s/<th.*?<\/th>//gr;
			print join(" ", map { s/<[^>]*>//gr } /<td[^>]*>(.*?)<\/td>/g), "\n" for split /\n/, $body;
		}' "$1" "$page"
}
# What the student takes for what: the tools' own figures.
for task in rte mark; do
	of=(-t "$task" --tasks "$tmp/tasks" "$run/data/$task/dev.tsv" "$run/predict/kd/1/$task/dev.tsv")
	title=RTE
	[[ $task == rte ]] || title='&lt;i&gt;Mark&lt;/i&gt; &amp; &quot;quote&quot;'
	is "$(rows "Confusion matrix of $title, dev" | sed 's/ [0-9]*$//')" \
		"$(glue-score --confusion "${of[@]}" | sed 1,2d | cut -f 2- | tr '\t' ' ')" "$task: its confusions"
	is "$(rows "Precision, recall and F1 of each label of $title, dev")" \
		"$(glue-score --classes "${of[@]}" | awk -F '\t' 'split($3, part, ":") > 1 {
			label = substr($3, length(part[1]) + 2)
			if (!(label in at)) at[label] = ++n
			value[part[1], at[label]] = $4
		}
		END { for (i = 1; i <= n; i++) printf "%d %.1f %.1f %.1f\n", value["support", i],
			100 * value["precision", i], 100 * value["recall", i], 100 * value["f1", i] }')" \
		"$task: precision, recall and F1 of each label"
done
has '<th scope="row">&lt;u&gt;yes&lt;/u&gt;</th>' 'labels are escaped'
has '<h3>&lt;i&gt;Mark&lt;/i&gt; &amp; &quot;quote&quot;</h3>' 'and titles'
is "$(grep -c 'Confusion matrix of' "$page")" 2 'no matrix of scores or of rows without labels'
has '1 of 3 rows of dev is right (33.3&#160;%)' 'and a sentence'

# Soft targets: held-out rows apart from training rows, few rows apart.
for split in dev train; do
	is "$(rows "Statistics of the soft targets, $split" | cut -d ' ' -f 1)" $'60\n3' \
		"of $split, rows of $split alone"
	ece=$(awk -F '\t' '$3 == "ece" { printf "%.3f", $4 }' "$run/report/stats/rte/$split.tsv")
	has "ECE: $split $ece. 5 bins, merged into 2" "$split: calibration"
	is "$(cut -f 4 "$run/report/reliability/$split/rte.tsv" | tr '\n' ' ')" '25 35 ' "$split: points of 20 rows or more"
done
is "$(grep -c 'No diagram: fewer than 20 items' "$page")" 2 'no diagram of three rows'
has '&lt;b&gt;A &amp; &quot;B&quot;&lt;/b&gt;<br>Hypothesis 2.' 'a contradicted row with its text'
has 'RTE: the first 10 of 30 rows' 'and how many there are'

# The rest.
is "$(rows 'Score, speed and memory')" $'3 72.1 1,835 86.9\n1 72.5 5,561 28.1' 'score, speed and memory'
is "$(rows 'Tasks and their rows' | grep regr)" 'regression of pairs 1 1 &#8211; &#8211; scores from 2.5 to 2.5' 'rows of a task of scores'
has '<q>entailment</q> 44, <q>not_entailment</q> 16' 'rows of each label'
is "$(rows 'Settings of training')" $'2 1\n0.1; 0.2 0.1\n&#8211; const:0.5' 'settings that differ, with all their values'
has '<li>epochs: <b>2</b></li>' 'and those that do not'
has '<li>class: <b>&quot;&lt;b&gt;&quot;</b></li>' 'escaped, too'
is "$(rows Encoders)" '2 &#8211; &#8211; &#8211; &#8211; 30,522' 'encoders'
has '<li>note: &lt;1 row&gt; &amp; more</li>' 'what glue-check found'

# A browser, where there is one: no part of the page is wider than the window,
# and no two texts of a chart overlap.
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
measured() { # WIDTH
	{
		cat "$page"
		cat <<-'END'
		<script>
		let said = [innerWidth, document.body.scrollWidth, document.documentElement.scrollWidth].join(' ');
		let wrong = [];
		for (const svg of document.querySelectorAll('figure svg')) {
			const frame = svg.getBoundingClientRect();
			const texts = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim());
			const box = texts.map(t => t.getBoundingClientRect());
			for (let i = 0; i < box.length; i++) {
				if (box[i].left < frame.left - 1 || box[i].right > frame.right + 1)
					wrong.push('outside: ' + texts[i].textContent.trim());
				for (let j = 0; j < i; j++)
					if (box[i].left < box[j].right - 1 && box[j].left < box[i].right - 1 &&
					    box[i].top < box[j].bottom - 4 && box[j].top < box[i].bottom - 4)
						wrong.push(texts[i].textContent.trim() + ' over ' + texts[j].textContent.trim());
			}
		}
		parent.postMessage('SAID ' + said + ' SAID ' + wrong.join('; ') + ' SAID', '*');
		</script>
		END
	} > "$tmp/measured.html"
	cat > "$tmp/frame.html" <<-END
	<!DOCTYPE html>
	<script>onmessage = e => { document.documentElement.textContent = e.data; }</script>
	<iframe src="measured.html" style="border: 0; width: $1px; height: 900px"></iframe>
	END
	within 100 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$tmp/browser" \
		--virtual-time-budget=9000 --window-size=1400,1000 --dump-dom "file://$tmp/frame.html" 2> /dev/null |
		awk -F ' ?SAID ?' 'NF > 3 { print $2; print $3 }'
}
for width in 390 1280; do
	if [[ -z $browser ]]; then
		skip "at $width pixels" 'no chromium'
		continue
	fi
	said=$(measured $width)
	read -r window body whole <<< "$said"
	[[ $window == "$width" && $body -le $width && $whole -le $width ]]
	ok $? "at $width pixels: nothing is wider ($window, $body, $whole)"
	is "$(sed -n 2p <<< "$said")" '' "at $width pixels: no text of a chart covers another or leaves it"
done

! ls "$run" | grep -qE 'pack|single'
ok $? 'nothing is trained for it'
cp -R "$tmp/a" "$tmp/b"
rm -r "$tmp/b/run/report"
report "$tmp/b/run" "${files[@]}" JOBS=1 > /dev/null 2>&1
cmp "$page" "$tmp/b/run/report/report.html"
ok $? 'the same bytes elsewhere'
touch -t 200101010000 "$run/report/report.html"
perl -pi -e 's/72.50/72.60/' "$tmp/table3-demo.tsv"
report "$run" "${files[@]}" > /dev/null 2>&1
has '<b>72.6</b>' 'made anew when results change'

# Of a run of few updates curves have points; without what it needs a part says
# what makes it.
rm -r "$run"/{report,serving.tsv,mtdnn/*/dev.tsv,student/kd/1/dev.tsv}
perl -ni -e 'print unless /^[34]\t/' "$run"/{mtdnn,student/kd}/*/log.tsv
report "$run" "${files[@]}" > "$tmp/log" 2>&1
is "$(grep -c '<circle' "$run/report/curves/rte.svg")" 6 'one epoch of two updates: points'
has '<code>make -C pipelines serving</code> does it' 'without serving results: says how'
has 'a run with <code>CURVES=1</code> scores' 'and without scores on dev'

finish
