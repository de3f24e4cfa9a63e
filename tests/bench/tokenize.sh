#!/usr/bin/env bash
# wp-tokenize: MB of text a second, whole process, beside Hugging Face's
# tokenizer where that is installed: median of three each, one thread, and two
# threads of ours.
#
# usage: tests/bench/tokenize.sh BUILD [TEXT...]
#
# Without TEXT, rows of the bundled corpus.  ORACLE names a folder with npm's
# tokenizers@0.23.2; VOCAB a vocabulary (lower-cased) instead of en-uncased.
set -euo pipefail
build=$(realpath "$1")
PATH=$build/bin:$PATH
here=$(cd "$(dirname "$0")/.." && pwd)
vocab=$(realpath "${VOCAB:-$here/../share/vocab/en-uncased.txt}")
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ $# -eq 0 ]; then
	"$here/../share/corpus/generate" -n 100000 MNLI/train.tsv > "$work/corpus"
	set -- "$work/corpus"
fi
for text; do
	cp "$text" "$work/text"
	chmod u+w "$work/text"
	bytes=$(wc -c < "$work/text")
	for threads in 1 2; do
		for i in 1 2 3; do
			begin=$EPOCHREALTIME
			wp-tokenize -v "$vocab" --lines -j $threads "$work/text" \
				> /dev/null 2>&1
			end=$EPOCHREALTIME
			awk -v b="$begin" -v e="$end" -v n="$bytes" \
				'BEGIN { print n / (e - b) / 1e6 }'
		done | sort -g | sed -n 2p > "$work/ours-$threads"
	done
	oracle=
	if [ -d "${ORACLE:-.}/node_modules/tokenizers" ]; then
		oracle=$(cd "${ORACLE:-.}" && RAYON_NUM_THREADS=1 node \
			"$here/corpus/oracle/oracle.mjs" "$vocab" uncased \
			"$work/text" --bench | sort -g | sed -n 2p)
	fi
	awk -v name="$(basename "$text")" -v a="$(cat "$work/ours-1")" \
	    -v b="$(cat "$work/ours-2")" -v o="$oracle" 'BEGIN {
		printf "wp-tokenize\t%s\t%.1f MB/s\t%.2f times that with 2 threads",
		    name, a, b / a
		if (o > 0)
			printf "\tthe oracle %.2f MB/s, %.1f times that", o, a / o
		print ""
	}'
	rm "$work/text"
done
