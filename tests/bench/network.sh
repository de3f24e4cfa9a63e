#!/usr/bin/env bash
# Training and prediction: rows a second, beside PyTorch's where it is there.
#
# usage: [GLUE_DIR=DIR VOCAB=FILE] [SIZES="tiny mini"] [RUNS=5] tests/bench/network.sh BUILD
#
# With GLUE_DIR the rows are CoLA's and MNLI's own, else random words of the
# same lengths.  A rate is the rows between a short run and a long one over
# the seconds between them, so start and end of the programs do not count;
# each figure is the median of RUNS, the peer's taken in between.
set -euo pipefail

PATH=$(realpath "$1")/bin:$PATH
here=$(dirname "$(realpath "$0")")
VOCAB=${VOCAB:+$(realpath "$VOCAB")}
GLUE_DIR=${GLUE_DIR:+$(realpath "$GLUE_DIR")}
SIZES=${SIZES:-tiny mini small base}
THREADS=${THREADS:-$(nproc)}
RUNS=${RUNS:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

declare -A SHAPE=([tiny]="2 128 2 512" [mini]="4 256 4 1024" \
	[small]="4 512 8 2048" [base]="12 768 12 3072")
declare -A STEPS=([tiny]="40 200" [mini]="8 40" [small]="4 20" [base]="1 4")

# Random words in lengths like those of CoLA or MNLI.
tokens() { # ROWS MEAN_A MEAN_B
	awk -v rows="$1" -v a="$2" -v b="$3" 'function words(mean,  s, n) {
		n = 3 + int(-log(1 - rand()) * (mean - 3))
		for (s = ""; n > 0; n--)
			s = s (s == "" ? "" : " ") (5 + int(rand() * 995))
		return s
	}
	BEGIN {
		srand(1)
		for (i = 0; i < rows; i++)
			print i "\t" i % 2 "\t" words(a) (b ? "\t" words(b) : "")
	}'
}

if [ -n "$GLUE_DIR" ]; then
	glue-read -t cola -s train "$GLUE_DIR/CoLA/train.tsv" |
	    wp-tokenize -v "$VOCAB" >cola.tok
	glue-read -t mnli -s train --sample 8000 --seed 1 "$GLUE_DIR/MNLI/train.tsv" |
	    wp-tokenize -v "$VOCAB" >mnli.tok
else
	{ printf '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n'; seq 30517; } >vocab.txt
	VOCAB=$PWD/vocab.txt
	head="#mtkd tokens 1 vocab=$(sha256sum <vocab.txt | cut -c 1-64) case=lower cls=2 sep=3"
	{ printf '%s\nid\tlabel\ttext_a\n' "$head"; tokens 8000 9 0; } >cola.tok
	{ printf '%s\nid\tlabel\ttext_a\ttext_b\n' "$head"; tokens 8000 24 12; } |
	    sed 's/\t0\t/\tneutral\t/; s/\t1\t/\tentailment\t/' >mnli.tok
fi
for task in cola mnli; do
	glue-pack -t $task -s train -o $task.st $task.tok
	for n in 32 128 256 640 1280 6400; do
		awk -v n=$n 'NR <= n + 2' $task.tok | glue-pack -t $task -s train -o $task.$n.st
	done
done

seconds() { # COMMAND...
	local begin=$EPOCHREALTIME
	"$@"
	awk -v b="$begin" -v e="$EPOCHREALTIME" 'BEGIN { print e - b }'
}

train() { # SIZE TASK UPDATES
	rm -rf out
	mt-finetune -q -i "$1" -o out --shuffle none --epochs 9 --threads "$THREADS" \
	    --max-updates "$3" "$2.st"
}

median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

predict() { # SIZE TASK ROWS
	mt-predict -q -m "$1-$2" --threads "$THREADS" "$2.$3.st" >pred.tsv
}

# Rows of a long run but not of a short one, over the seconds between them.
ours() { # WHAT SIZE TASK
	local few many
	read -r few many <<<"${STEPS[$2]}"
	[ "$1" = train ] || { few=$((few * 32)); many=$((many * 32)); }
	a=$(seconds "$1" "$2" "$3" "$few")
	b=$(seconds "$1" "$2" "$3" "$many")
	[ "$1" = train ] && many=$((many * 32)) few=$((few * 32))
	awk -v a="$a" -v b="$b" -v n=$((many - few)) 'BEGIN { print n / (b - a) }'
}

peer() { # WHAT SIZE TASK
	local many
	read -r _ many <<<"${STEPS[$2]}"
	[ "$many" -le 20 ] || many=20 # it is slow enough to measure
	# shellcheck disable=SC2086
	/usr/bin/python3 -W ignore "$here/peer_torch.py" "$3.st" ${SHAPE[$2]} "$1" "$many" "$THREADS"
}

measure() { # WHAT SIZE TASK
	: >ours
	: >peer
	for _ in $(seq "$RUNS"); do
		ours "$@" >>ours
		[ $torch = no ] || peer "$@" >>peer
	done
	[ $torch = yes ] || echo nan >peer
	awk -v w="$1" -v s="$2" -v t="$3" -v o="$(median <ours)" \
	    -v p="$(median <peer)" 'BEGIN {
		printf "%s\t%s\t%s\t%.1f\t%s\t%s\n", w, s, t, o,
		    p == "nan" ? "-" : p, p == "nan" ? "-" : sprintf("%.2f", o / p)
	}'
}

torch=no
/usr/bin/python3 -c 'import torch' 2>/dev/null && torch=yes
printf 'what\tsize\ttask\trows_per_s\ttorch_rows_per_s\tratio\n'
for size in $SIZES; do
	read -r layers hidden heads inner <<<"${SHAPE[$size]}"
	model-new -v "$VOCAB" --layers "$layers" --hidden "$hidden" --heads "$heads" \
	    --intermediate "$inner" -o "$size" 2>/dev/null
	for task in cola mnli; do
		mt-finetune -q -i "$size" -o "$size-$task" --max-updates 1 "$task.32.st"
		measure train "$size" "$task"
		measure predict "$size" "$task"
	done
done
