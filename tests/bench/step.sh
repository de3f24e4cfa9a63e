#!/usr/bin/env bash
# Where the time of a training update goes, and how far its products are from
# this machine's sgemm at the same shapes.
#
# usage: [GLUE_DIR=DIR VOCAB=FILE] [SIZES="tiny base"] [TASKS=mnli] tests/bench/step.sh BUILD
#
# "update" counts 6 operations an encoder weight and real token, done or not;
# its share is that of sgemm's rate.
set -euo pipefail
SIZES=${SIZES:-tiny mini base}
# shellcheck source=tests/bench/common
. "$(dirname "$0")/common"

declare -A WORK=([tiny]="40 9" [mini]="16 5" [small]="4 5" [base]="2 3")

printf 'size\ttask\twhat\tms\tshare\tGFLOP/s\n'
for size in $SIZES; do
	for task in $TASKS; do
		pack "$task"
		model "$size" "$task"
		read -r batches passes <<<"${WORK[$size]}"
		read -r _ hidden _ inner <<<"${SHAPE[$size]}"
		step "$size-$task" "$task.st" "$batches" "$passes" "$THREADS" >profile
		tokens=$(awk '/^tokens/ { print $2 }' profile)
		bound=$(sgemm "$tokens" "$hidden" "$inner" "$THREADS" | tr '\t' '\n' |
		    sort -g | tail -1)
		awk -F '\t' -v OFS='\t' -v s="$size" -v t="$task" -v b="$bound" '
			$1 == "what" { next }
			$1 == "update" { print s, t, "sgemm", "-", 1, b; $3 = sprintf("%.3f", $4 / b) }
			{ print s, t, $0 }' profile
	done
done
