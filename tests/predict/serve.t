#!/usr/bin/env bash
# mt-predict -: each line has its answer in its place, whatever else arrives
# and whenever it does.
set -uo pipefail

BUILD=$(realpath "${BUILD:-build}")
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
scratch
cd "$tmp" || exit
export PATH="$BUILD/bin:$PATH"
small_data
printf 'tasks:\n  rte:\n    head: san\n' >san.yml
train() { # MODEL OUT
	mt-finetune -q -i "$1" -o "$2" -r san.yml --learning-rate 0.01 \
		cola.st rte.st stsb.st
}
train m t
model-new -v vocab.txt --hidden 128 --positions 64 -o m128 2>/dev/null
train m128 wide
small_examples 30 2 not_entailment,entailment pair >rte-ex.tsv
small_examples 20 3 0.5,2.25,4,5.0 pair >stsb-ex.tsv

serve() { # [OPTION]...; the table of one text on stdin
	mt-predict -m t -t cola "$@" -
}

# Row after row, with pauses that let the server answer in between.
slowly() { # FILE
	local line
	while IFS= read -r line; do
		printf '%s\n' "$line"
		[[ $((RANDOM % 4)) != 0 ]] || sleep 0.01
	done <"$1"
}

shuffled() { # FILE
	head -n 1 "$1"
	tail -n +2 "$1" | awk '{ print (NR * 7919) % 1009 "\t" $0 }' |
		sort -n | cut -f 2-
}

by_id() {
	grep -v '^#' | tail -n +2 | LC_ALL=C sort
}

# --- the answer is the row's own ---

same() { # MODEL NUMBERS TASK [DIRECTIVE]
	local predict=(mt-predict -m "$1" --matmul "$2" -t "$3")
	local table=$3-ex.tsv name="$1, $2, $3"
	"${predict[@]}" - <"$table" | by_id >whole
	slowly "$table" | "${predict[@]}" - | by_id >slow
	shuffled "$table" | "${predict[@]}" - | by_id >other
	"${predict[@]}" "$3.st" | by_id >pack
	{
		head -n 1 "$table"
		tail -n 1 "$table"
	} | "${predict[@]}" - | by_id >alone
	is "$(wc -l <whole)" "$(($(wc -l <"$table") - 1))" "$name: a row each"
	check "$name: line by line${4:-}" cmp whole slow
	check "$name: shuffled${4:-}" cmp whole other
	check "$name: as a pack${4:-}" cmp whole pack
	check "$name: a row alone${4:-}" grep -qxFf alone whole
}

# OpenBLAS multiplies few rows in another way than many.
todo=' # TODO products of few rows without oneDNN'
ldd "$(command -v mt-predict)" | grep -q libdnnl && todo=
for numbers in float32 bf16 int8; do
	if ! mt-predict -m t --matmul "$numbers" cola.st >/dev/null 2>&1; then
		skip "answers in $numbers" 'not on this machine'
		continue
	fi
	for task in cola rte stsb; do
		same t "$numbers" "$task" "$todo"
		same wide "$numbers" "$task" "$todo"
	done
done
answers() { mt-predict -m wide -t cola --matmul "$1" cola.st; }
likely() { answers "$1" 2>/dev/null || answers float32; }
check 'auto is bf16 where that runs' cmp <(answers auto) <(likely bf16)
check 'answers in int8 are near' awk -F '\t' '
	NR == FNR { if ($1 ~ /^r/) a[$1] = $2; next }
	$1 ~ /^r/ { n++; d = $2 - a[$1]; if (d > 0.02 || d < -0.02) exit 1 }
	END { exit n == 0 }' <(answers float32) <(likely int8)

# --- bad lines ---

serve <cola-ex.tsv >good.tsv
ok $? 'all rows are good'

# The first three rows of the table, with bad lines after each.
mixed() {
	sed -n 1,2p cola-ex.tsv
	printf '\n'				# 3: blank
	printf 'short\t1\n'			# 4: too short
	printf 'wide\t1\ta cat\tran\n'		# 5: too wide
	sed -n 3p cola-ex.tsv			# 6
	printf 'x\0y\t1\ta cat\n'		# 7: NUL in the id
	printf '\t1\ta cat\n'			# 8: no id
	printf 'bytes\t1\ta \xff cat\n'		# 9: not UTF-8
	printf 'i\xc3d\t1\ta cat\n'		# 10: nor this, in the id
	printf 'r0\t1\ta cat\n'			# 11: an id that was there
	printf 'short\t1\ta cat\n'		# 12: also of a bad line
	printf 'line:8\t1\ta cat\n'		# 13: or that a bad line got
	sed -n 4p cola-ex.tsv			# 14
	printf 'cut\t1\ta c'			# 15: no newline
}
places='r0 line:3 short wide r1 line:7 line:8 bytes line:10 line:11 line:12
line:13 r2 cut'
mixed | serve >mixed.tsv 2>mixed.err
is $? 1 'bad lines: exit 1'
is "$(tail -n +3 mixed.tsv | cut -f 1 | xargs)" "$(xargs <<<"$places")" \
	'an answer for each line, in its place'
is "$(grep -v nan mixed.tsv)" "$(head -n 5 good.tsv)" \
	'good rows have their answers'
is "$(grep -c $'\tnan\tnan$' mixed.tsv)" 11 'the others nan in every column'
is "$(grep -oE '^mt-predict: <stdin>:[0-9]+: ' mixed.err | grep -oE '[0-9]+' |
	xargs)" '3 4 5 7 8 9 10 11 12 13 15' 'each reason with its line'
check 'a blank line has one column' \
	grep -qx 'mt-predict: <stdin>:3: 1 column, expected 3' mixed.err
check 'bytes are counted' grep -qx \
	'mt-predict: <stdin>:9: invalid UTF-8 at byte 11 of the line' mixed.err
check 'they are counted' grep -qx \
	'mt-predict: <stdin>: 11 of 14 rows were not answered' mixed.err
mixed | serve --label 2>/dev/null >label.tsv
is $? 1 'bad lines with --label: exit 1'
mixed | perl -ne '$| = 1; print; select undef, undef, undef, 0.02' |
	serve --label 2>/dev/null >lines.tsv
check 'line by line: the same' cmp lines.tsv label.tsv
is "$(tail -n +2 label.tsv | awk '$2 == "-"' | wc -l)" 11 "'-' is their label"
is "$(grep -v -- '-$' label.tsv)" "$(serve --label <cola-ex.tsv | head -n 4)" \
	'the others have theirs'
mixed | serve -o file.tsv 2>/dev/null
is "$?" 1 '-o FILE and bad lines: exit 1'
check 'the file has all rows' cmp file.tsv mixed.tsv

# Our readers refuse the row by its id.
sed '/^short/,$d; /^line/d' mixed.tsv >fine.tsv
check 'without it the table is read' ens-average -o soft.tsv fine.tsv
grep -E '^#|^id|^r0|^short' mixed.tsv >one.tsv
check 'ens-average names the id' refuses 1 "id 'short'" ens-average one.tsv
check 'glue-score names the id' refuses 1 "id 'short'" \
	glue-score -t cola cola-ex.tsv one.tsv
mt-predict -m t -t stsb - >score.tsv 2>/dev/null \
	<<<$'id\tlabel\ttext_a\ttext_b\nbad\t-\ta cat'
check 'a score too' refuses 1 "id 'bad'" ens-average score.tsv

# --strict: what came before is answered.
mixed | sed 3,5d | serve --strict >strict.tsv 2>strict.err
is $? 1 '--strict: exit 1'
check 'the rows before it are answered' cmp strict.tsv <(head -n 4 good.tsv)
is "$(cat strict.err)" \
	'mt-predict: <stdin>:4: the id holds a NUL, tab or newline' \
	'and the line is named'
echo old >strict.file
mixed | serve --strict -o strict.file 2>/dev/null
is "$? $(cat strict.file)" '1 old' '--strict leaves a file alone'

# A hundred rows, one of them bad in the middle of a batch.
small_examples 101 9 0,1 >hundred.tsv
sed '51s/a/\xff/' hundred.tsv | LC_ALL=C sed '51s/$/\xff/' | serve \
	2>/dev/null >hundred.out
is "$? $(wc -l <hundred.out) $(grep -c nan hundred.out)" '1 103 1' \
	'one bad line costs one answer'

# Replaced on request, as wp-tokenize does.
printf 'id\tlabel\ttext_a\nx\t1\ta \xe4\xb8 cat\xff\ny\xff\t1\ta dog\n' >latin.tsv
serve --replace-invalid <latin.tsv >replaced.tsv 2>replaced.err
ok $? '--replace-invalid: all rows are answered'
check 'and counted' grep -qx \
	'mt-predict: <stdin>: 3 times invalid UTF-8 was replaced' replaced.err
wp-tokenize -v m --replace-invalid latin.tsv 2>/dev/null |
	glue-pack -t cola -s train -o latin.st 2>/dev/null
check 'as the same table as a pack' cmp <(by_id <replaced.tsv) \
	<(mt-predict -m t latin.st | by_id)

# --- models that have no answer ---

# A copy with the first number of a tensor, or its row N, set to these bits.
planted() { # TO TENSOR BITS [ROW]
	rm -rf "$1"
	cp -R t "$1"
	T=$2 B=$3 R=${4:-0} perl -MJSON::PP -0777 -pi -e '
		my $n = unpack "Q<", $_;
		my $h = decode_json(substr $_, 8, $n);
		my $t = $h->{$ENV{T}};
		my $at = $t->{data_offsets}[0] +
			4 * $ENV{R} * ($t->{shape}[1] // 1);
		s/"crc32"/"xxx32"/; s/"header_crc32"/"xxxxxx_crc32"/;
		substr($_, 8 + $n + $at, 4) = pack "V", hex $ENV{B};
	' "$1/model.safetensors"
}
nan=7fc00000 inf=7f800000 minus=ff800000

for case in "heads.cola.bias $nan" "heads.cola.bias $inf" \
	"heads.cola.weight $minus" "bert.pooler.dense.bias $inf" \
	"bert.encoder.layer.0.intermediate.dense.weight $minus" \
	"bert.embeddings.position_embeddings.weight $nan"; do
	# shellcheck disable=SC2086
	planted n $case
	check "$case: a pack" refuses 1 "row 'r0'" mt-predict -m n cola.st
	is "$(wc -c <refuses.out)" 0 'nothing is written'
	check 'with --label' refuses 1 "row 'r0'" mt-predict -m n --label cola.st
	[[ $case == heads.* ]] || check 'with --hidden' refuses 1 "row 'r0'" \
		mt-predict -m n --hidden pooled -o n.st cola.st
	mt-predict -m n -t cola --label - <cola-ex.tsv >n.tsv 2>n.err
	is "$? $(tail -n +2 n.tsv | cut -f 2 | sort -u)" '1 -' 'served: no label'
	check 'and the reason' grep -q '^mt-predict: <stdin>:2: ' n.err
done
planted n heads.rte.bias "$nan"
check 'what another head has does not matter' cmp <(serve <cola-ex.tsv) \
	<(mt-predict -m n -t cola - <cola-ex.tsv)

# A NaN in the vector of one word: rows that have it, and no others.
word=bird
row=$(($(grep -nx "$word" vocab.txt | cut -d : -f 1) - 1))
planted n bert.embeddings.word_embeddings.weight "$nan" "$row"
mt-predict -m n -t cola - <cola-ex.tsv >n.tsv 2>/dev/null
is $? 1 'a word that is NaN'
is "$(grep nan n.tsv | cut -f 1)" \
	"$(grep -w "$word" cola-ex.tsv | cut -f 1)" 'costs the rows that have it'
check 'and no other' cmp <(grep -v nan n.tsv) \
	<(grep -vFf <(grep nan n.tsv | sed $'s/\t.*/\t/') good.tsv)
first=$(grep nan n.tsv | head -n 1 | cut -f 1)
embedding="word embedding of id $row holds a NaN or an infinity"
check 'a pack names the first' refuses 1 "row '$first', model n: the answer is \
not a finite number: the model's $embedding" mt-predict -m n cola.st
for o in '--hidden pooled' '--hidden mean' '--hidden tokens' --attention; do
	check "and with $o" refuses 1 "row '$first'" mt-predict -m n $o -o n.st cola.st
done
ok "$([[ ! -e n.st ]]; echo $?)" 'nothing is written'
mt-predict -m n -t cola --json - <cola-ex.tsv 2>/dev/null >n.json
check 'served: the word is named' grep -q "\"$first\".*$embedding" n.json
mt-predict -m n -t cola --strict - <cola-ex.tsv >n.tsv 2>n.err
is "$? $(tail -n 1 n.tsv | cut -f 1)" "1 r$((${first#r} - 1))" \
	'--strict answers those before it'

# More words in vocab.txt than embeddings.
cp -R t v
printf 'word%d\n' {1..5000} >>v/vocab.txt
check 'words that the model does not embed' refuses 1 'pieces, but the model' \
	mt-predict -m v -t cola - <cola-ex.tsv

# Pairs, where there is one segment.
small_one_segment m o0
mt-finetune -q -i o0 -o o --epochs 1 cola.st
ok $? 'one segment: single texts'
mt-predict -m o - <<<$'id\tlabel\ttext_a\ttext_b\nx\t1\ta cat\tran' \
	>o.tsv 2>o.err
is "$? $(tail -n 1 o.tsv | cut -f 2)" '1 nan' 'a pair is no answer'
check 'the reason' grep -q \
	'<stdin>:2: two texts, but the model has one segment' o.err
check 'training on pairs' refuses 1 \
	"row 'r0': two texts, but the model has one segment" \
	mt-finetune -q -i o0 -o o2 rte.st

mlm-pretrain -i o0 -o o2 --epochs 1 --quiet vocab.txt >/dev/null 2>&1
ok $? 'pre-training without pairs'
check 'pre-training with pairs' refuses 1 \
	'o0: next-sentence needs two segments, but the model has one' \
	mlm-pretrain -q -i o0 -o o3 --next-sentence vocab.txt

# A head that compares texts, given one.
check 'san without text_b' refuses 1 \
	"<stdin>:1: no column 'text_b', but head 'rte' is of kind san" \
	mt-predict -m t -t rte - <cola-ex.tsv

# --- streams that do not block, and readers and writers that are slow ---

cat >through.pl <<'P'
# Run a command between two pipes that do not block: through.pl PAUSE COMMAND
use strict;
use warnings;
use Fcntl;
my $pause = shift;
my @in = do { local $/; <STDIN> } =~ /.{1,700}/gs;
pipe my $child_in, my $to or die;
pipe my $from, my $child_out or die;
fcntl $_, F_SETFL, O_NONBLOCK for $child_in, $child_out;
my $pid = fork // die;
if ($pid == 0) {
	close $to;
	close $from;
	open STDIN, '<&', $child_in or die;
	open STDOUT, '>&', $child_out or die;
	exec @ARGV or die;
}
close $child_in;
close $child_out;
my $writer = fork // die;
if ($writer == 0) {
	close $from;
	$to->autoflush(1);
	for (@in) {
		select undef, undef, undef, $pause;
		print $to $_;
	}
	exit 0;
}
close $to;
select undef, undef, undef, 0.3;
while (sysread $from, my $some, 4096) {
	print $some;
	select undef, undef, undef, $pause / 4;
}
waitpid $writer, 0;
waitpid $pid, 0;
exit $? >> 8;
P
small_examples 3000 11 0,1 >many.tsv
serve <many.tsv >many.out
perl through.pl 0 mt-predict -m t -t cola - <many.tsv >many.got
is "$? $(cmp many.out many.got 2>&1)" '0 ' 'a table through streams that do not block'
perl through.pl 0.02 mt-predict -m t -t cola - <cola-ex.tsv >slow.got
is "$? $(cmp good.tsv slow.got 2>&1)" '0 ' 'a slow writer'
wp-tokenize -v m many.tsv >many.tok
perl through.pl 0 wp-tokenize -v m - <many.tsv >many.got
is "$? $(cmp many.tok many.got 2>&1)" '0 ' 'tokens likewise'
glue-pack -t cola -s train -o many.st many.tok
mt-predict -m t many.st >many.out
perl through.pl 0 mt-predict -m t many.st </dev/null >many.got
is "$? $(cmp many.out many.got 2>&1)" '0 ' 'a pack into such a stream'
tail -n +2 many.tsv | cut -f 3 >many.txt
wp-train --size 60 -o want.voc many.txt 2>/dev/null
perl through.pl 0 wp-train --size 60 -o got.voc - <many.txt 2>/dev/null
is "$? $(cmp want.voc got.voc 2>&1)" '0 ' 'plain text from such a stream'
check 'a full disk' refuses 1 '<stdout>: No space left' \
	bash -c 'mt-predict -m t -t cola - <many.tsv >/dev/full'
check 'a full disk by name' refuses 1 'mt-predict: /dev/full: No space left' \
	mt-predict -m t -t cola -o /dev/full - <many.tsv
# A line that is too long has its answer, and so have the others.
{
	head -n 2 cola-ex.tsv
	printf 'long\t-\t'
	head -c 67200000 /dev/zero | tr '\0' x
	echo
	sed -n 3p cola-ex.tsv
} >long.tsv
serve <long.tsv >long.out 2>long.err
is "$? $(tail -n +3 long.out | cut -f 1 | tr '\n' ' ')$(grep -c nan long.out)" \
	"1 r0 long r1 1" 'a line too long'
is "$(head -n 1 long.err)" 'mt-predict: <stdin>:3: a line of more than 67108864 bytes' \
	'and why'
is "$(serve <cola-ex.tsv | grep $'^r1\t')" "$(tail -n 1 long.out)" 'the next'
finish
