#!/usr/bin/env bash
# What mt-predict writes of vectors and maps is what its answers are made of.
set -euo pipefail

. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
workplace
small_data
mt-finetune -q -i m -o t --learning-rate 0.02 cola.st
mt-predict -m t cola.st >pred.tsv
mt-predict -m t --hidden pooled -o pooled.st cola.st
mt-predict -m t --hidden tokens -o tokens.st cola.st
mt-predict -m t --attention -o maps.st cola.st

# Rows of tensors as "NAME ROW VALUE...".
for f in t pooled.st tokens.st; do
	tensor-cat --head 1000000 "$f" | tr '\t' ' '
done >rows.txt

# tanh(W h + b) of each row's first token.
pooled() {
	awk '
	function tanh(u) { return 1 - 2 / (exp(2 * u) + 1) }
	function far(a, b) { return a - b > 1e-5 || b - a > 1e-5 }
	{ n[$1]++ }
	$1 == "bert.pooler.dense.weight" {
		for (i = 3; i <= NF; i++) w[$2, i] = $i
	}
	$1 == "bert.pooler.dense.bias" { b[$2] = $3 }
	$1 == "starts" { start[$2] = $3 }
	$1 == "hidden" { for (i = 3; i <= NF; i++) h[$2, i] = $i }
	$1 == "pooled" { for (i = 3; i <= NF; i++) p[$2, i] = $i }
	END {
		for (r = 0; r < n["pooled"]; r++)
			for (k = 0; k < 16; k++) {
				u = b[k]
				for (i = 3; i < 19; i++)
					u += w[k, i] * h[start[r], i]
				bad += far(tanh(u), p[r, k + 3])
			}
		exit bad > 0 || n["pooled"] != 40
	}' rows.txt
}

# softmax(W pooled + b).
answers() {
	awk -F '[ \t]' '
	function far(a, b) { return a - b > 1e-5 || b - a > 1e-5 }
	$1 == "heads.cola.weight" {
		for (i = 3; i <= NF; i++) w[$2, i] = $i
	}
	$1 == "heads.cola.bias" { b[$2] = $3 }
	$1 == "pooled" {
		u = b[1] - b[0]
		for (i = 3; i <= NF; i++) u += (w[1, i] - w[0, i]) * $i
		want[$2] = 1 / (1 + exp(-u))
	}
	FILENAME == "pred.tsv" && FNR > 2 {
		bad += far($3, want[rows++])
	}
	END { exit bad > 0 || rows != 40 }' rows.txt pred.tsv
}

# Each token attends by a distribution, in 2 layers of 2 heads.
maps() {
	tensor-cat --head 1000000 maps.st | awk -F '\t' '
	function far(a, b) { return a - b > 1e-5 || b - a > 1e-5 }
	$1 == "starts" { start[$2] = $3 }
	$1 == "attention" { p[$2] = $3; n++ }
	END {
		for (r = 0; r < 40; r++) {
			size = start[r + 1] - start[r]
			L = int(sqrt(size / 4) + 0.5)
			bad += size != 4 * L * L
			for (q = 0; q < 4 * L; q++) {
				sum = 0
				for (k = 0; k < L; k++) {
					x = p[start[r] + q * L + k]
					bad += x < 0
					sum += x
				}
				bad += far(sum, 1)
			}
		}
		exit bad > 0 || n != start[40] || n == 0
	}'
}

fails() {
	! "$@"
}

check 'pooled vectors come from the states of [CLS]' pooled
check 'answers come from pooled vectors' answers
check 'attention maps are distributions' maps
sed -i 's/^\(pooled 7 \S* \)\S*/\10.7/' rows.txt
check 'another vector would be seen' fails pooled
check 'another vector would give another answer' fails answers
finish
