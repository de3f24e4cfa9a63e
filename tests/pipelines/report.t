#!/usr/bin/env bash
# The report of a small run put together by hand: one self-contained page,
# well formed, of equal bytes wherever it is made.
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
	within 100 make BUILD="$BUILD" OUT="$1" "${@:2}" report
}
# What a page of nothing but this run needs besides.
alone=(CONF=tiny results=)

report "$tmp/none" "${alone[@]}" gnuplot=/bin/true > "$tmp/log" 2>&1
[[ $? != 0 && $(cat "$tmp/log") == *'nothing to show yet in '*'run demo or table3 first'* ]]
ok $? 'without a run: says what to do'
report "$tmp/none" "${alone[@]}" gnuplot= > "$tmp/log" 2>&1
[[ $? != 0 && $(cat "$tmp/log") == *'please install gnuplot-nox'* ]]
ok $? 'without gnuplot: says what to install'
plan() { make -n V=1 BUILD="$tmp/plan" "$@" "$tmp/plan/pipelines/demo/table3.txt" 2>&1; }
[[ $(plan | grep -c -- --dev) == 0 && $(plan CURVES=1 SEEDS=1 TASKS=rte |
	grep -c -- '--dev [^ ]*/pack/[a-z]*/rte/dev.st') == 7 ]]
ok $? 'CURVES=1: six members and a student are scored on dev'
if ! command -v gnuplot > /dev/null; then
	skip 'the page' 'no gnuplot'
	finish
fi

# --- a run ---

run=$tmp/a/run
mkdir -p "$run"/{mtdnn/uncased-1-0.1,student/kd/1,soft} "$run"/data/{rte,stsb}
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
done
for split in train dev; do
	{
		printf '#mtkd examples 1 task=rte split=%s\nid\tlabel\ttext_a\ttext_b\n' $split
		printf '%d\t%s\t<b>A & "B"</b>\tHypothesis %d.\n' 0 entailment 0 1 entailment 1 \
			2 not_entailment 2 3 not_entailment 3
	} > "$run/data/rte/$split.tsv"
	for rank in 1 2; do
		mkdir -p "$run/predict/teacher/$rank"/{rte,stsb}
		awk -v k=$rank -v part=$split 'BEGIN {
			print "#mtkd pred 1 task=rte split=" part " type=classification members=1"
			print "id\tnot_entailment\tentailment"
			for (i = 0; i < 4; i++)
				print i "\t" (i + k) / 8 "\t" 1 - (i + k) / 8
		}' > "$run/predict/teacher/$rank/rte/$split.tsv"
	done
done
printf '#mtkd examples 1 task=stsb split=train\nid\tlabel\ttext_a\ttext_b\n0\t2.5\ta\tb\n' \
	> "$run/data/stsb/train.tsv"
for rank in 1 2; do
	printf '#mtkd pred 1 task=stsb split=train type=regression members=1\nid\tscore\n0\t%d\n' $rank \
		> "$run/predict/teacher/$rank/stsb/train.tsv"
done
for task in rte stsb; do
	ens-average -o "$run/soft/$task.tsv" "$run"/predict/teacher/*/$task/train.tsv
done
{
	printf '# make -C pipelines demo\n# a note & more\n'
	printf 'row\ttask\tsplit\tmetric\tpublished\tmedian\tsd\trun1\trun2\trun3\n'
	printf 'mtdnn\trte\tdev\taccuracy\t83.4\t70.00\t1.00\t69.00\t70.00\t71.00\n'
	printf 'mtdnn\tglue\tdev\tglue\t-\t70.00\t1.00\t69.00\t70.00\t71.00\n'
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
files=(CONF=demo results="$tmp/table1-demo.tsv $tmp/table3-demo.tsv $tmp/own-demo.tsv")

# --- its page ---

report "$run" "${files[@]}" > "$tmp/log" 2>&1
ok $? 'the page is made'
page=$run/report/report.html
[[ $tap_failed == 0 ]] || sed 's/^/# /' "$tmp/log"
tail -n 1 "$tmp/log" | grep -qF "$page"
ok $? 'and its path printed'
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
	my $rest = s/<[^<>]*>//gr;
	$bad .= "a stray bracket " if $rest =~ /[<>]/ && $rest !~ /^[^<]*tbody tr[^<]*$/s;
	$bad .= "open: @open" if @open;
	print "# $bad\n" if $bad;
	exit !!$bad' "$page"
ok $? 'well formed, ids once, every chart in words'
[[ $(grep -c '<table>' "$page") == 5 && $(grep -c 'scope="col"' "$page") -ge 4 &&
	$(grep -c '<tbody>' "$page") == 5 && $(grep -c 'scope="row"' "$page") -ge 4 ]]
ok $? 'five tables with header cells'
[[ $(grep -c '^<svg' "$page") == 7 ]]
ok $? 'seven charts: scores of two tables, losses, scores on dev, reliability, entropy'
! grep -qE '(https?:)?//|src *=|href="[^#]|url\(|@import|<script|<link' "$page"
ok $? 'nothing from elsewhere'
! grep -qE "$tmp|$(uname -n)|[Gg][Nn][Uu][Pp][Ll][Oo][Tt]" "$page"
ok $? 'no path, host or maker in it'
grep -q 'prefers-color-scheme: dark' "$page" && ! grep -q 'rgb(' "$page"
ok $? 'colours are those of the page'
has '<strong>+1.5 points</strong>' 'student against MT-DNN'
has '<strong>+2.0 points</strong> of the mean over the tasks, with one seed' 'of own tasks the mean'
has 'seed by seed +1.0, +1.5, −0.5' 'and seed by seed'
has '<b>72.5</b> <small>&#177;1.0</small><br><span class="published">88.6</span>' \
	'a cell: median, deviation, published'
has '<th scope="row">RTE</th><td>2490</td><td>2490</td>' 'any other table as it stands'
has 'a note &amp; more' 'notes'
has 'MT-DNN 0.75 to 0.25; MT-DNN_KD, hard 0.75 to 0.25; MT-DNN_KD, soft 0.65 to 0.65' \
	'losses in words'
has 'MT-DNN, accuracy 50 to 75; MT-DNN_KD, accuracy 50 to 75' 'scores in words'
ece=$(awk -F '\t' '$3 == "ece" { printf "%.3f", $4 }' "$run/report/stats/rte/train.tsv")
has "ECE: train $ece, dev $ece" 'calibration'
has '&lt;b&gt;A &amp; &quot;B&quot;&lt;/b&gt;<br>Hypothesis 2.' 'a contradicted row with its text'
has 'RTE: 1 of 1' 'and how many there are'

! ls "$run" | grep -qE 'encoder|pack|single'
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

finish
