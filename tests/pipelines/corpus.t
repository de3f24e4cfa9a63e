#!/usr/bin/env bash
# The bundled corpus: equal bytes for an equal seed, other bytes for another,
# the same in every awk at hand, no row in two splits, and every file is what
# glue-read takes for its task.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
read=$(realpath "${BUILD:-build}")/bin/glue-read
cd "$(dirname "$0")/../.." || exit
corpus=share/corpus
scratch

# TASK SPLIT FILE ROWS: what glue-read keeps of 60 rows.
files='cola train CoLA/train.tsv 60
cola dev CoLA/dev.tsv 60
cola test CoLA/test.tsv 60
sst2 train SST-2/train.tsv 60
sst2 dev SST-2/dev.tsv 60
sst2 test SST-2/test.tsv 60
mnli train MNLI/train.tsv 60
mnli dev_matched MNLI/dev_matched.tsv 59
mnli dev_mismatched MNLI/dev_mismatched.tsv 59
mnli test_matched MNLI/test_matched.tsv 60
mnli test_mismatched MNLI/test_mismatched.tsv 60
rte train RTE/train.tsv 60
rte dev RTE/dev.tsv 60
rte test RTE/test.tsv 60
wnli train WNLI/train.tsv 60
wnli dev WNLI/dev.tsv 60
wnli test WNLI/test.tsv 60
qqp train QQP/train.tsv 59
qqp dev QQP/dev.tsv 60
qqp test QQP/test.tsv 60
mrpc train MRPC/train.tsv 60
mrpc dev MRPC/dev.tsv 60
mrpc test MRPC/test.tsv 60
stsb train STS-B/train.tsv 60
stsb dev STS-B/dev.tsv 60
stsb test STS-B/test.tsv 60
qnli train QNLI/train.tsv 60
qnli dev QNLI/dev.tsv 60
qnli test QNLI/test.tsv 60
ax test AX/diagnostic.tsv 60'

while read -r task split file rows; do
	$corpus/generate -s 1 -n 60 "$file" > "$tmp/raw"
	$corpus/generate -s 1 -n 60 "$file" | cmp -s - "$tmp/raw"
	ok $? "$file: same seed, same bytes"
	! $corpus/generate -s 2 -n 60 "$file" | cmp -s - "$tmp/raw"
	ok $? "$file: other seed, other bytes"
	"$read" -t "$task" -s "$split" "$tmp/raw" 2> "$tmp/notes" |
		grep -v '^#' > "$tmp/$task.$split"
	[[ $(wc -l < "$tmp/$task.$split") == $((rows + 1)) ]]
	ok $? "$file: glue-read keeps $rows rows"
done <<< "$files"

for task in cola sst2 mnli rte wnli qqp mrpc stsb qnli; do
	cut -f3- "$tmp/$task.train" | tail -n +2 | sort > "$tmp/train"
	cat "$tmp/$task".dev* | cut -f3- | sort > "$tmp/dev"
	[[ -z $(comm -12 "$tmp/train" "$tmp/dev" | grep -v '^text_a') ]]
	ok $? "$task: no row stands in train and dev"
done

[[ $($corpus/generate -n 3 MRPC/dev.tsv | head -c 3 | od -An -tx1) == ' ef bb bf' ]]
ok $? 'MRPC starts with a byte order mark'
[[ $($corpus/generate -n 3 CoLA/dev.tsv | wc -l) == 3 ]]
ok $? 'CoLA has no header'

# Nobody in a hypothesis contradicts; training labels are wrong now and then.
nobody() { $corpus/generate -n 800 MNLI/$1.tsv | cut -f10- | grep '^Nobody' |
	grep -vc 'contradiction$'; }
[[ $(nobody train) -gt 2 && $(nobody train) -lt 16 ]]
ok $? 'training labels are noisy'
[[ $(nobody dev_matched) == 0 ]]
ok $? 'dev labels are not'

for awk in gawk original-awk busybox; do
	path=$(type -P $awk) || continue
	mkdir -p "$tmp/$awk"
	printf '#!/bin/sh\nexec %s %s "$@"\n' "$path" \
		"$([[ $awk == busybox ]] && echo awk)" > "$tmp/$awk/awk"
	chmod +x "$tmp/$awk/awk"
	while read -r task split file rows; do
		cmp -s <($corpus/generate -n 200 "$file") \
			<(PATH=$tmp/$awk:$PATH $corpus/generate -n 200 "$file")
		ok $? "$file: $awk gives the same bytes"
	done < <(grep -E 'train|diagnostic' <<< "$files")
done

for case in cased uncased; do
	$corpus/vocabulary $case | cmp -s - share/vocab/corpus-$case.txt
	ok $? "share/vocab/corpus-$case.txt is what vocabulary makes"
	[[ -z $(sort share/vocab/corpus-$case.txt | uniq -d) ]]
	ok $? "share/vocab/corpus-$case.txt has no piece twice"
done

$corpus/generate MNLI/none.tsv 2> "$tmp/notes"
[[ $? == 1 ]] && grep -q 'MNLI/none.tsv' "$tmp/notes"
ok $? 'a file that GLUE has not: exit 1'
$corpus/generate -n many RTE/dev.tsv 2> "$tmp/notes"
[[ $? == 2 ]]
ok $? 'a malformed count: exit 2'
$corpus/generate -n 100000 WNLI/dev.tsv > /dev/null 2> "$tmp/notes"
[[ $? == 1 ]]
ok $? 'more rows than there are: exit 1'

finish
