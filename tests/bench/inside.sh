#!/usr/bin/env bash
# What a student of 3x384 pays for learning from inside a teacher of 6x384: each
# loss over (the student's update + the teacher's forward pass), which 1.25
# should bound, and the bytes that the teacher takes.
#
# usage: [GLUE_DIR=DIR VOCAB=FILE] [TASKS=mnli] tests/bench/inside.sh BUILD
set -euo pipefail
# shellcheck source=tests/bench/common
. "$(dirname "$0")/common"
SHAPE[student]="3 384 12 1536"

printf 'task\twhat\tms\tratio\tbytes\n'
for task in $TASKS; do
	pack "$task"
	model minilm "$task"
	model student "$task"
	inside student-"$task" minilm-"$task" "$task.st" 3 "$RUNS" "$THREADS" |
		sed "1d; s/^/$task\t/"
done
