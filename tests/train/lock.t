#!/usr/bin/env bash
# One process at a time trains into a folder: a second one is told by whom, and
# changes nothing; a lock goes with its process, however that ends.
set -euo pipefail

. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
workplace
small_data
tail -n +2 cola-ex.tsv | cut -f 3 >text

first() { # DIR
	exec mt-finetune -q -i m --batch-size 2 --epochs 60 --dev dev.st \
		-o "$1" cola.st
}

# Stopped by a signal that it does not see, it stays where it is.
start() { # DIR
	(first "$1") &
	pid=$!
	until [ -s "$1/best/model.safetensors" ] &&
		[ "$(wc -l <"$1/log.tsv")" -gt 5 ]; do
		kill -0 "$pid"
		sleep 0.01
	done
	kill -STOP "$pid"
}

(first whole)
start both
cp -R both kept
busy="both: being trained by process $pid"
for second in "mt-finetune -q -i m -o both cola.st" \
    "mt-finetune -q -i m -o both/. --batch-size 2 --epochs 60 --dev dev.st cola.st" \
    "kd-train -q -i m -o both --soft cola.tsv cola.st" \
    "mlm-pretrain -q -i m -o both text" \
    "model-new -v vocab.txt -o both" \
    "bert-import -o both m" \
    "bert-export -o both m"; do
	check "${second%% -*}: refused" \
		refuses 1 "${busy/both/$(grep -o 'both[/.]*' <<<"$second")}" $second
done
for second in "mt-finetune -q -i m -o both/best cola.st" \
    "mt-finetune -q -i m -o both/best/ cola.st" \
    "mlm-pretrain -q -i m -o both/../both/best text" \
    "model-new -v vocab.txt -o both/best"; do
	check "best: $second: refused" \
		refuses 1 "both: being trained by process $pid" $second
done
check 'best: from inside' refuses 1 "both: being trained by process $pid" \
	bash -c 'cd both/best && exec mt-finetune -q -i ../../m -o . ../../cola.st'
check 'nothing is touched' alike kept both
check 'a dry run may look on' \
	mt-finetune -q -i m -o both --dry-run cola.st
check 'another folder is free' mt-finetune -q -i m --epochs 1 -o other cola.st
kill -CONT "$pid"
check 'the first is none the worse' wait "$pid"
check 'nor its files' alike whole both

mkdir inner
start inner/best
for second in "mt-finetune -q -i m -o inner cola.st" \
    "bert-export -o inner/. m"; do
	check "around best: $second: refused" \
		refuses 1 "/best: being trained by process $pid" $second
done
kill -CONT "$pid"
check 'the one within is none the worse' wait "$pid"
check 'nor its files' alike whole inner/best

start killed
kill -9 "$pid"
wait "$pid" 2>kill.err || true
check 'kill -9 leaves no lock' bash -c '. "$1"; '"$(declare -f first)"'
	first killed' - /dev/null
check 'and the run goes on' alike whole killed
finish
