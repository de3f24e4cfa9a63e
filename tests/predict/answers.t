#!/usr/bin/env bash
# What answers look like, and what of the input goes along with them.
set -uo pipefail

BUILD=$(realpath "${BUILD:-build}")
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
scratch
cd "$tmp" || exit
export PATH="$BUILD/bin:$PATH"
small_data
small_examples 40 6 low,mid,high >three-ex.tsv
{
	printf 'three:\n  kind: single\n  labels: [low, mid, high]\n'
	printf '  layout: {text_a: text, label: label}\n'
} >three.yml
wp-tokenize -v m three-ex.tsv 2>/dev/null |
	glue-pack -t three --tasks three.yml -s train -o three.st -
printf 'tasks:\n  rte:\n    head: san\n' >san.yml
mt-finetune -q -i m -o t -r san.yml --learning-rate 0.01 --epochs 6 \
	cola.st rte.st stsb.st rank.st three.st
ok $? 'a model of five heads'

pack() { mt-predict -m t "$@"; }
cola() { mt-predict -m t -t cola "$@"; }
lines() { mt-predict -m t -t "$1" --lines "${@:2}"; }
rows() { tail -n +2 "$1"; }

# --- labels ---

pack three.st | tail -n +2 >numbers.tsv
pack --label three.st >label.tsv
pack --probability three.st >one.tsv
pack --label --top 3 three.st >top.tsv
is "$(head -n 1 one.tsv)" $'id\tlabel\tprobability' '--probability: columns'
check 'they begin with those of --label' \
	cmp <(cut -f 1,2 one.tsv) label.tsv
is "$(head -n 1 top.tsv | tr '\t' ' ')" \
	'id label probability label_2 probability_2 label_3 probability_3' \
	'--top: columns'
check 'the first three are those of --probability' \
	cmp <(cut -f 1-3 top.tsv) one.tsv
check 'each label has its own number, in falling order' awk -F '\t' '
	NR == FNR && FNR == 1 { for (i = 2; i <= 4; i++) name[i] = $i; next }
	NR == FNR { for (i = 2; i <= 4; i++) p[$1, name[i]] = $i; next }
	FNR > 1 { n++; bad += !(p[$1, $2] == $3 && p[$1, $4] == $5 &&
		p[$1, $6] == $7 && $3 >= $5 && $5 >= $7 && $2 != $4 &&
		$2 != $6 && $4 != $6) }
	END { exit bad || n != 40 }' numbers.tsv top.tsv
middle=$(rows one.tsv | cut -f 3 | sort -g | sed -n 20p)
pack --threshold "$middle" three.st >some.tsv
check '--threshold: a label where its probability reaches it' awk -F '\t' \
	-v t="$middle" 'NR == FNR { label[$1] = $2; p[$1] = $3; next }
	FNR > 1 { bad += $2 != (p[$1] >= t ? label[$1] : "-"); none += $2 == "-" }
	END { exit bad || none < 10 || none > 20 }' one.tsv some.tsv
pack --top 3 --threshold "$middle" three.st >both.tsv
check 'of --top, each for itself; probabilities stay' awk -F '\t' -v OFS='\t' \
	-v t="$middle" 'NR > 1 { for (i = 3; i <= 7; i += 2)
		if ($i < t) $(i - 1) = "-" } { print | "cmp - both.tsv" }
	END { exit close("cmp - both.tsv") }' top.tsv
check 'everything reaches 0' cmp <(pack --threshold 0 three.st) label.tsv
is "$(pack --threshold 1 three.st | tail -n +2 | cut -f 2 | sort -u)" '-' \
	'and nothing 1'

# A head of zeros, whose labels are as likely as each other.
cp -R t even
perl -MJSON::PP -0777 -pi -e '
	my $n = unpack "Q<", $_;
	my $h = decode_json(substr $_, 8, $n);
	s/"crc32"/"xxx32"/; s/"header_crc32"/"xxxxxx_crc32"/;
	for my $t (map { $h->{"heads.cola.$_"} } "weight", "bias") {
		my ($from, $to) = @{$t->{data_offsets}};
		substr($_, 8 + $n + $from, $to - $from) = "\0" x ($to - $from);
	}' even/model.safetensors
even() { mt-predict -m even "$@" cola.st | tail -n +2 | cut -f 2- | sort -u; }
is "$(even --top 2)" $'0\t0.5\t1\t0.5' 'of equal ones the first wins'
is "$(even --top 2 --threshold 0.5)" $'0\t0.5\t1\t0.5' 'reached is enough'
is "$(even --threshold 0.500001)" - 'below it is not'
check 'more labels than there are' refuses 1 \
	"--top 4: head 'three' has 3 labels" mt-predict -m t --top 4 three.st
for option in --probability '--top 1' '--threshold 0.5'; do
	# shellcheck disable=SC2086
	check "$option of scores" refuses 1 \
		"head 'stsb' gives scores: it has no labels" \
		mt-predict -m t $option stsb.st
done

# --- plain text ---

tail -n +2 cola-ex.tsv | cut -f 3 >cola.txt
cola - <cola-ex.tsv >table.tsv
lines cola - <cola.txt >plain.tsv
ok $? '--lines: exit 0'
numbered() { awk -F '\t' -v OFS='\t' -v head="$2" '
	FNR > head { $1 = FNR - head } { print }' "$1"; }
check 'answers are those of the table, ids the numbers of the lines' \
	cmp <(numbered table.tsv 2) plain.tsv
check 'without -' cmp <(lines cola <cola.txt) plain.tsv
check 'of a file' cmp <(lines cola cola.txt) plain.tsv
check 'with \r\n and without the last newline' \
	cmp <(perl -pe 's/\n/eof ? "" : "\r\n"/e' cola.txt | lines cola) plain.tsv
small_examples 30 2 not_entailment,entailment pair >rte-ex.tsv
mt-predict -m t -t rte - <rte-ex.tsv >pairs.tsv
check 'pairs' cmp <(tail -n +2 rte-ex.tsv | cut -f 3,4 | lines rte) \
	<(numbered pairs.tsv 2)
is "$(lines cola </dev/null | wc -l)" 2 'no lines'
is "$(printf '\n\n' | lines cola --label | cut -f 1 | xargs)" 'id 1 2' \
	'an empty line has an answer'
{
	printf 'the cat\n#mtkd is a word\na\tb\tc\n\n\xff\ncat\t'
	printf 'a dog\nold\0river\na\tb\tc\td'
} >odd.txt
lines cola --label - <odd.txt >odd.tsv 2>odd.err
is "$? $(tail -n +2 odd.tsv | awk -F '\t' '$2 == "-" { print $1 }' | xargs)" \
	'1 3 5 8' 'bad lines in their places'
is "$(wc -l <odd.tsv)" 9 'one answer for each line'
is "$(grep -c '<stdin>:[38]: more than one tab: a line has one text' odd.err)" \
	2 'reasons with lines'
check 'bytes' grep -q '<stdin>:5: invalid UTF-8 at byte 1' odd.err
lines cola --label --strict - <odd.txt >strict.tsv 2>strict.err
is "$? $(wc -l <strict.tsv)" '1 3' '--strict'
lines cola --label --replace-invalid - <odd.txt >mended.tsv 2>odd.err
check '--replace-invalid' grep -qx $'5\t[01]' mended.tsv
check 'counted' grep -q '<stdin>: 1 time invalid UTF-8' odd.err
lines rte --label <<<$'one\none\ttwo' >san.tsv 2>san.err
is "$? $(cut -f 2 san.tsv | sed -n 2p)" '1 -' 'san needs two texts'
check 'the reason' grep -q "<stdin>:1: one text, but head 'rte' is of kind" \
	san.err
check 'a table is no plain text' refuses 1 'a table of predictions, expected plain text' \
	mt-predict -m t -t cola --lines table.tsv
check 'plain text is no table' refuses 1 \
	"<stdin>:1: no column 'id' in the header; plain text is read with --lines" \
	mt-predict -m t -t cola - <cola.txt

# Each answer leaves before the next line comes, and a half line waits.
mkfifo in
{
	printf 'the cat\na d'
	read -r _ <in
	printf 'og\n'
} | within 20 mt-predict -m t -t cola --lines --label --with-text |
	{
		read -r _
		read -r x _ text
		echo "$x $text" >first
		echo on >in
		read -r y _ text
		echo "$y $text" >second
	}
is "$(cat first second | xargs)" '1 the cat 2 a dog' \
	'the first line is answered before the second is whole'
small_examples 3000 11 0,1 | tail -n +2 | cut -f 3 >many.txt
lines cola --top 2 --with-text many.txt >many.tsv
perl -ne '$| = 1; print; select undef, undef, undef, 0.01 if $. % 50 == 0' \
	many.txt | lines cola --top 2 --with-text >slow.tsv
check 'thousands, slowly: the same' same_answers many.tsv slow.tsv
check 'their texts are the lines' cmp many.txt <(rows many.tsv | cut -f 6)

# --- columns carried along ---

paste cola-ex.tsv <(echo date && seq 40) <(echo source && seq 101 140) >wide.tsv
cola --label - <cola-ex.tsv >label.tsv
cola --label --with-text --keep source,label - <wide.tsv >kept.tsv 2>kept.err
is "$? $(cat kept.err)" \
	'0 mt-predict: <stdin>: columns passed over: date' '--keep'
is "$(head -n 1 kept.tsv | tr '\t' ' ')" 'id label text_a source input_label' \
	'texts, then columns in the order asked for; no name twice'
check 'each row has its own' cmp <(rows kept.tsv) \
	<(paste label.tsv wide.tsv | tail -n +2 |
		awk -F '\t' -v OFS='\t' '{ print $1, $2, $5, $7, $4 }')
cut -f 1,3,5 wide.tsv | cola --label --with-text --keep source - |
	cmp - <(cut -f 1-4 kept.tsv)
ok $? 'without a column of labels'
cola --keep source,0 - <<<$'0\tid\ttext_a\tsource\nx\ty\ta cat\tz' >num.tsv
is "$(sed -n 1,2p num.tsv | tr '\t' ' ' | paste -sd +)" \
	'#mtkd answers 1 task=cola split=test type=classification+id 0 1 source input_0' \
	'numbers with columns'
is "$(tail -n 1 num.tsv | cut -f 1,4,5 | tr '\t' ' ')" 'y z x' 'their row'
check 'no predictions for our readers' refuses 1 "answers" \
	ens-average num.tsv
mt-predict -m t -t rte --label --with-text - <rte-ex.tsv | cut -f 3,4 |
	cmp - <(cut -f 3,4 rte-ex.tsv)
ok $? 'both texts'
{
	head -n 2 wide.tsv
	printf 'short\t1\nr0\t1\ta cat\td\ttwice\nbyte\t1\ta \xff\td\ts\n'
	sed -n 3p wide.tsv
} | cola --probability --keep source - 2>/dev/null >bad.tsv
is "$(tail -n +2 bad.tsv | awk -F '\t' '{ print $1 "," ($2 == "-") "," $4 }' |
	xargs)" 'r0,0,101 short,1, line:4,1,twice byte,1, r1,0,102' \
	'bad rows keep their columns where they have them'
check 'and have no probability' grep -qx $'short\t-\tnan\t' bad.tsv
mt-predict -m t --label --keep group,label three.st >gold.tsv
is "$(head -n 1 gold.tsv | tr '\t' ' ')" 'id label group input_label' \
	'of a pack: its label and group'
check 'each row its own' cmp <(rows gold.tsv | cut -f 1,4) \
	<(rows three-ex.tsv | cut -f 1,2)
mt-predict -m t --json --keep label rank.st |
	grep -qE '"group":0,"input_label":"(not_)?entailment"}$'
ok $? 'in JSON'
is "$(mt-predict -m t --keep label stsb.st | sed -n 3p | cut -f 3)" \
	"$(tensor-cat --head 1 stsb.st | tail -n 1 | cut -f 2)" 'a score'
check 'a column that is not there' refuses 1 \
	"no column 'sauce' to keep; the columns: id, label, text_a, date, source" \
	mt-predict -m t -t cola --keep sauce - <wide.tsv
check 'others are an error without --keep' refuses 1 \
	"text_b, group (--keep carries others along)" \
	mt-predict -m t -t cola - <wide.tsv
check 'a column twice' refuses 1 "column 'date' would stand twice" \
	mt-predict -m t -t cola --keep date,date - <wide.tsv
check 'a pack has no texts' refuses 2 '--with-text: no texts are in a pack' \
	mt-predict -m t --with-text cola.st
check 'nor other columns' refuses 1 \
	"cola.st: no column 'text_a' to keep: a pack has label and group" \
	mt-predict -m t --keep label,text_a cola.st
check 'lines have no columns' refuses 2 '--keep: plain lines have no columns' \
	mt-predict -m t --lines --keep a
check 'neither PACK nor lines' refuses 2 'needs PACK, or - or --lines' \
	mt-predict -m t

# --- JSON ---

# As a table: id, then what expressions of a row $r say.
json() { # EXPRESSION...
	perl -MJSON::PP -CO -ne '
		BEGIN { our @say = splice @ARGV; }
		our @say;
		my $r = JSON::PP->new->utf8->allow_bignum->decode($_);
		print join("\t", map { eval($_) // "null" } "\$r->{id}", @say),
			"\n";' -- "$@"
}
check 'JSON: numbers' cmp \
	<(pack --json three.st | json "\$r->{probabilities}{low}" \
		"\$r->{probabilities}{mid}" "\$r->{probabilities}{high}") \
	<(rows numbers.tsv)
check 'scores' cmp <(pack --json stsb.st | json "\$r->{score}") \
	<(pack stsb.st | tail -n +3)
check 'groups' cmp <(pack --json rank.st | json "\$r->{score}" \
	"\$r->{group}") <(pack rank.st | tail -n +3)
check 'the likeliest' cmp \
	<(pack --json --probability three.st | json "\$r->{label}" \
		"\$r->{probability}") <(rows one.tsv)
check 'the likeliest three' cmp \
	<(pack --json --top 3 three.st | json \
		"join(qq(\t), map { (\$_->{label}, \$_->{probability}) } \
			@{\$r->{top}})") <(rows top.tsv)
check 'under a threshold: null' cmp \
	<(pack --json --threshold "$middle" three.st | json "\$r->{label}") \
	<(rows some.tsv | sed 's/-$/null/')
is "$(pack --json --label three.st | head -n 1 | sed 's/"[a-z]*"}$//')" \
	'{"id":"r0","label":' 'no more keys than asked for'
printf 'id\ttext_a\tid2\n"\\\t\xc3\xa9 "q" \\ \x01\0.\t\x7f\nx\ta\n' |
	cola --json --label --with-text --keep id2,id - 2>/dev/null >json.txt
is "$(head -n 1 json.txt | sed 's/"label":"[01]"/L/')" \
	'{"id":"\"\\",L,"text_a":"é \"q\" \\ \u0001\u0000.","id2":"\u007f","input_id":"\"\\"}' \
	'strings are escaped'
is "$(tail -n 1 json.txt)" \
	'{"id":"x","label":null,"error":"2 columns, expected 3"}' 'a bad row'
lines stsb --json --with-text <<<$'a\tb\na\nx\ty\tz' 2>/dev/null |
	sed 's/"score":[-0-9.e][-0-9.e]*/S/' >json.txt
is "$(cat json.txt)" '{"id":"1",S,"text_a":"a","text_b":"b"}
{"id":"2",S,"text_a":"a"}
{"id":"3","score":null,"error":"more than one tab: a line has one text, or two with a tab between"}' \
	'lines'

# --- answers that are not finite ---

small_nan t broken
for form in '' --label '--top 2' --json '--json --label'; do
	# shellcheck disable=SC2086
	mt-predict -m broken -t three $form --lines --with-text cola.txt \
		>nan.tsv 2>nan.err
	is "$? $(grep -cE $'^[0-9]+\t(-|nan)\t|null,"error":"no finite' nan.tsv)" \
		'1 40' "no finite answer: ${form:-numbers}"
done
check 'a full disk' refuses 1 'No space left' \
	bash -c 'mt-predict -m t -t cola --lines --json many.txt >/dev/full'
finish
