#!/usr/bin/env bash
# Training and prediction: speed beside PyTorch's and ONNX Runtime's, two
# threads beside one, memory, start and latency.
#
# usage: [GLUE_DIR=DIR VOCAB=FILE] [ORT_DIR=DIR] [SIZES="tiny mini"] [TASKS=mnli]
#	[WHAT="train predict bf16 threads memory start latency"] [RUNS=5]
#	tests/bench/network.sh BUILD
#
# ORT_DIR is a folder with npm's onnxruntime-node@1.30.0; its model is exported
# by PyTorch.  A peer that is not there leaves "-".  A rate is the rows between
# a short run and a long one over the seconds between them, so start and end of
# the programs do not count.  Every figure is the median of RUNS, the peer's
# taken in between; that of bf16 and threads is mtkd itself, with float32 and with
# one thread.  ONNX Runtime's is the better of one row at a time and
# padded batches of 32.
set -euo pipefail
# shellcheck source=tests/bench/common
. "$(dirname "$0")/common"
WHAT=${WHAT:-train predict bf16 threads memory start latency}
matmul=float32

declare -A STEPS=([tiny]="40 200" [mini]="8 40" [small]="4 20" [base]="1 4")

torch=no ort=no
/usr/bin/python3 -c 'import torch' 2>/dev/null && torch=yes
[ -d "${ORT_DIR:-.}/node_modules/onnxruntime-node" ] && [ $torch = yes ] && ort=yes

train() { # SIZE TASK UPDATES [THREADS]
	rm -rf out
	mt-finetune -q -i "$1" -o out --shuffle none --epochs 9 --matmul $matmul \
	    --threads "${4:-$THREADS}" --max-updates "$3" "$2.st"
}

predict() { # SIZE TASK UPDATES [THREADS]
	pack "$2" $(($3 * 32))
	mt-predict -q -m "$1-$2" --threads "${4:-$THREADS}" --matmul $matmul \
	    "$2.$(($3 * 32)).st" >pred.tsv
}

# Rows of a long run but not of a short one, over the seconds between them.
rate() { # train|predict SIZE TASK [THREADS]
	local few many a b
	read -r few many <<<"${STEPS[$2]}"
	[ "$1" = train ] || [ "$2" = base ] || { few=$((few * 4)); many=$((many * 4)); }
	[ "$many" -le 240 ] || { few=40; many=240; }
	a=$(seconds "$1" "$2" "$3" "$few" "${4:-}")
	b=$(seconds "$1" "$2" "$3" "$many" "${4:-}")
	awk -v a="$a" -v b="$b" -v n=$(((many - few) * 32)) 'BEGIN { print n / (b - a) }'
}

# Rows a second and the largest resident set in MB.
with_torch() { # SIZE TASK
	local many
	read -r _ many <<<"${STEPS[$1]}"
	[ "$many" -le 20 ] || many=20 # it is slow enough to measure
	# shellcheck disable=SC2086
	/usr/bin/python3 -W ignore "$here/peer_torch.py" "$2.st" ${SHAPE[$1]} \
	    train "$many" "$THREADS"
}

with_ort() { # SIZE TASK BATCH
	local rows
	read -r _ rows <<<"${STEPS[$1]}"
	rows=$((rows * 32))
	# shellcheck disable=SC2086
	[ -e "$1.onnx" ] || /usr/bin/python3 -W ignore "$here/peer_torch.py" \
	    "$2.st" ${SHAPE[$1]} export "$1.onnx" "$THREADS"
	(cd "$ORT_DIR" && node "$here/peer_ort.mjs" "$work/$1.onnx" \
	    "$work/$2.st" "$3" "$rows" "$THREADS")
}

# Largest resident set of a command, in MB.
memory() { # COMMAND...
	local pid most=0 now p
	"$@" &
	pid=$!
	# What runs may be a function, whose programs are its children.
	while kill -0 $pid 2>/dev/null; do
		for p in $pid $(pgrep -P $pid); do
			now=$(awk '/VmHWM/ { print $2 }' "/proc/$p/status" 2>/dev/null) || true
			[ "${now:-0}" -le "$most" ] || most=$now
		done
		sleep 0.02
	done
	wait $pid
	awk -v m="$most" 'BEGIN { printf "%.0f\n", m / 1024 }'
}

row() { # WHAT SIZE TASK UNIT PEER, from the files ours and peer
	awk -v w="$1" -v s="$2" -v t="$3" -v u="$4" -v p="$5" \
	    -v o="$(median <ours)" -v v="$(median <peer)" 'BEGIN {
		printf "%s\t%s\t%s\t%s\t%.4g\t%s\t%s\t%s\n", w, s, t, u, o, p,
		    v == "" ? "-" : v, v == "" ? "-" : sprintf("%.2f", o / v)
	}'
	: >ours
	: >peer
}

times() { for _ in $(seq "$RUNS"); do "$@"; done; }

train_once() {
	rate train "$size" "$task" >>ours
	[ $torch = no ] || with_torch "$size" "$task" | cut -d ' ' -f 1 >>peer
}

predict_once() {
	rate predict "$size" "$task" >>ours
	[ $ort = no ] || { with_ort "$size" "$task" 1; with_ort "$size" "$task" 32; } |
	    sort -g | tail -1 >>peer
}

bf16_once() { # train|predict
	matmul=bf16
	rate "$1" "$size" "$task" >>ours
	matmul=float32
	rate "$1" "$size" "$task" >>peer
}

threads_once() {
	rate train "$size" "$task" >>ours
	rate train "$size" "$task" 1 >>peer
}

one_row() { mt-predict -q -m "base-$task" "$task.1.st" >pred.tsv; }

# One sentence at a time to a running mt-predict, each answered before the next.
latency() { # MODEL
	coproc mt-predict -q -m "$1" -
	local i begin
	printf 'id\tlabel\ttext_a\n' >&"${COPROC[1]}"
	read -r _ <&"${COPROC[0]}" # provenance
	read -r _ <&"${COPROC[0]}" # the header
	for i in $(seq 300); do
		begin=$EPOCHREALTIME
		printf '%d\t-\tthe book was on the table\n' "$i" >&"${COPROC[1]}"
		read -r _ <&"${COPROC[0]}"
		awk -v b="$begin" -v e="$EPOCHREALTIME" 'BEGIN { print (e - b) * 1e3 }'
	done
	eval "exec ${COPROC[1]}>&-"
	wait "$COPROC_PID"
}

measure() { # WHAT, for size and task
	case $1 in
	train)
		times train_once
		row train "$size" "$task" rows/s pytorch ;;
	predict)
		times predict_once
		row predict "$size" "$task" rows/s onnxruntime ;;
	bf16)
		grep -qE 'amx_bf16|avx512_bf16' /proc/cpuinfo || return 0
		times bf16_once train
		row "bf16 train" "$size" "$task" rows/s float32
		times bf16_once predict
		row "bf16 predict" "$size" "$task" rows/s float32 ;;
	threads)
		case $size in tiny|base) ;; *) return ;; esac
		times threads_once
		row threads "$size" "$task" rows/s "one thread" ;;
	memory)
		[ "$size" = base ] || return 0
		memory train base "$task" 4 >ours
		[ $torch = no ] || with_torch base "$task" | cut -d ' ' -f 2 >peer
		row memory base "$task" MB pytorch ;;
	start)
		[ "$size" = base ] || return 0
		pack "$task" 1
		times seconds one_row >ours
		row start base "$task" s - ;;
	latency)
		[ "$size-$task" = tiny-cola ] || return 0
		latency tiny-cola >ours
		row latency tiny cola ms - ;;
	esac
}

: >ours
: >peer
printf 'what\tsize\ttask\tunit\tmtkd\tpeer\ttheirs\tratio\n'
for size in $SIZES; do
	for task in $TASKS; do
		pack "$task"
		model "$size" "$task"
		for what in $WHAT; do measure "$what"; done
	done
done
