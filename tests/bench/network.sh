#!/usr/bin/env bash
# Training and prediction: rows a second, beside PyTorch's where it is there.
#
# usage: [GLUE_DIR=DIR VOCAB=FILE] [SIZES="tiny mini"] tests/bench/network.sh BUILD
#
# With GLUE_DIR the rows are CoLA's and MNLI's own, else random words of the
# same lengths.  A rate is the rows between a short run and a long one over
# the seconds between them, so start and end of the programs do not count;
# each figure is the median of 5 runs, the peer's taken in between.
set -euo pipefail

PATH=$(realpath "$1")/bin:$PATH
here=$(dirname "$(realpath "$0")")
VOCAB=${VOCAB:+$(realpath "$VOCAB")}
GLUE_DIR=${GLUE_DIR:+$(realpath "$GLUE_DIR")}
SIZES=${SIZES:-tiny mini small base}
THREADS=${THREADS:-$(nproc)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

declare -A SHAPE=([tiny]="2 128 2 512" [mini]="4 256 4 1024" \
	[small]="4 512 8 2048" [base]="12 768 12 3072")
declare -A STEPS=([tiny]="40 200" [mini]="10 60" [small]="4 24" [base]="1 5")

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
	    wp-tokenize -v "$VOCAB" | glue-pack -t cola -s train -o cola.st
	glue-read -t mnli -s train --sample 8000 --seed 1 "$GLUE_DIR/MNLI/train.tsv" |
	    wp-tokenize -v "$VOCAB" |
	    glue-pack -t mnli -s train -o mnli.st
else
	{ printf '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n'; seq 30517; } >vocab.txt
	VOCAB=$PWD/vocab.txt
	head="#mtkd tokens 1 vocab=$(sha256sum <vocab.txt | cut -c 1-64) case=lower cls=2 sep=3"
	{ printf '%s\nid\tlabel\ttext_a\n' "$head"; tokens 8000 9 0; } |
	    glue-pack -t cola -s train -o cola.st
	{ printf '%s\nid\tlabel\ttext_a\ttext_b\n' "$head"; tokens 8000 24 12; } |
	    sed 's/\t0\t/\tneutral\t/; s/\t1\t/\tentailment\t/' |
	    glue-pack -t mnli -s train -o mnli.st
fi

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

ours() { # SIZE TASK
	local few many
	read -r few many <<<"${STEPS[$1]}"
	a=$(seconds train "$1" "$2" "$few")
	b=$(seconds train "$1" "$2" "$many")
	awk -v a="$a" -v b="$b" -v n=$((32 * (many - few))) 'BEGIN { print n / (b - a) }'
}

peer() { # SIZE TASK
	local many
	read -r _ many <<<"${STEPS[$1]}"
	# shellcheck disable=SC2086
	"$here/peer_torch.py" "$2.st" ${SHAPE[$1]} train "$many" "$THREADS"
}

torch=no
/usr/bin/python3 -c 'import torch' 2>/dev/null && torch=yes
printf 'what\tsize\ttask\trows_per_s\ttorch_rows_per_s\tratio\n'
for size in $SIZES; do
	read -r layers hidden heads inner <<<"${SHAPE[$size]}"
	model-new -v "$VOCAB" --layers "$layers" --hidden "$hidden" --heads "$heads" \
	    --intermediate "$inner" -o "$size" 2>/dev/null
	for task in cola mnli; do
		: >ours
		: >peer
		for _ in 1 2 3 4 5; do
			ours "$size" "$task" >>ours
			[ $torch = no ] || peer "$size" "$task" >>peer
		done
		[ $torch = yes ] || echo nan >peer
		awk -v s="$size" -v t="$task" -v o="$(median <ours)" \
		    -v p="$(median <peer)" 'BEGIN {
			printf "train\t%s\t%s\t%.1f\t%s\t%s\n", s, t, o,
			    p == "nan" ? "-" : p, p == "nan" ? "-" : sprintf("%.2f", o / p)
		}'
	done
done
