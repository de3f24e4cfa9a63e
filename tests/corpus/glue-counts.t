#!/usr/bin/env bash
# The files of the benchmark as published: as many rows as its makers count.
# GLUE_DIR names the folder that holds them; parts of it will do.
set -euo pipefail

if [ ! -d "${GLUE_DIR:-}" ]; then
	echo '1..0 # SKIP GLUE_DIR names no folder of GLUE'
	exit 0
fi
. "$(dirname "$0")/../tap.sh"
PATH=$BUILD/bin:$PATH
while read -r task split rows files; do
	for file in $files; do
		[ -f "$GLUE_DIR/$file" ] && break
	done
	if [ ! -f "$GLUE_DIR/$file" ]; then
		ok 0 "$task $split # SKIP no $file"
		continue
	fi
	got=$(glue-read -t "$task" -s "$split" "$GLUE_DIR/$file" | tail -n +3 |
		wc -l)
	# A part of a large training set is told from a miscount by its size.
	if [ "$split" = train ] && [ "$got" -lt $((rows / 2)) ] && [ "$rows" -gt 10000 ]; then
		ok 0 "$task $split # SKIP a part, $got of $rows rows"
	elif [ "$got" -eq "$rows" ]; then
		ok 0 "$task $split: $rows rows"
	else
		ok 1 "$task $split: $got rows, expected $rows"
	fi
done <<END
cola train 8551 CoLA/train.tsv
cola dev 1043 CoLA/dev.tsv
cola test 1063 CoLA/test.tsv
sst2 train 67349 SST-2/train.tsv
sst2 dev 872 SST-2/dev.tsv
sst2 test 1821 SST-2/test.tsv
mnli train 392702 MNLI/train.tsv
mnli dev_matched 9815 MNLI/dev_matched.tsv
mnli test_matched 9796 MNLI/test_matched.tsv
mnli test_mismatched 9847 MNLI/test_mismatched.tsv
rte train 2490 RTE/train.tsv
rte dev 277 RTE/dev.tsv
rte test 3000 RTE/test.tsv
wnli train 635 WNLI/train.tsv
wnli dev 71 WNLI/dev.tsv
wnli test 146 WNLI/test.tsv
qqp train 363849 QQP/train.tsv
qqp test 390965 QQP/test.tsv
mrpc train 3668 MRPC/train.tsv
mrpc dev 408 MRPC/dev.tsv
mrpc test 1725 MRPC/test.tsv
stsb train 5749 STS-B/train.tsv
stsb dev 1500 STS-B/dev.tsv
stsb test 1379 STS-B/test.tsv
qnli train 104743 QNLI/train.tsv
qnli dev 5463 QNLI/dev.tsv
qnli test 5463 QNLI/test.tsv
qnli-rank dev 5463 QNLI/dev.tsv
ax test 1104 AX/diagnostic.tsv AX/AX.tsv diagnostic/diagnostic.tsv
snli train 549367 SNLI/train.tsv
snli dev 9842 SNLI/dev.tsv
snli test 9824 SNLI/test.tsv
scitail train 23596 SciTail/scitail_1.0_train.tsv SciTail/tsv_format/scitail_1.0_train.tsv
scitail dev 1304 SciTail/scitail_1.0_dev.tsv SciTail/tsv_format/scitail_1.0_dev.tsv
scitail test 2126 SciTail/scitail_1.0_test.tsv SciTail/tsv_format/scitail_1.0_test.tsv
END
finish
