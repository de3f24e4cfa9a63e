#!/usr/bin/env bash
# Training and prediction beside today's peers in their best modes, two threads
# beside one, memory, start and latency.
#
# usage: [GLUE_DIR=DIR VOCAB=FILE] [PYTHON=FILE] [SIZES="tiny mini"] [TASKS=mnli]
#	[WHAT="train predict numbers threads memory start latency"] [RUNS=5]
#	[CLOCK=cpu THREADS=1] tests/bench/network.sh BUILD
#
# PYTHON has torch (2.13), onnx, onnxruntime and openvino; a peer that is not
# there leaves "-".  PyTorch trains in float32 and in bfloat16, with its fused
# attention, rows as they come and sorted by length; ONNX Runtime predicts in
# float32 and int8, OpenVINO in float32 and bfloat16, rows sorted by length: the
# best counts.  mtkd's numbers are the fastest there are here: bf16 to train,
# int8 to predict.
#
# A rate is the rows between a short run and a long one over the seconds
# between them, so start and end of the programs do not count.  Every figure is
# the median of RUNS, the peer's taken in between; that of numbers and threads
# is mtkd itself, with float32 and with one thread.
set -euo pipefail
# shellcheck source=tests/bench/common
. "$(dirname "$0")/common"
WHAT=${WHAT:-train predict numbers threads memory start latency}
PYTHON=${PYTHON:-/usr/bin/python3}
matmul=float32

declare -A STEPS=([tiny]="40 200" [mini]="8 40" [minilm]="4 20" \
	[small]="4 20" [base]="1 4")

has() { "$PYTHON" -c "import $1" 2>/dev/null; }
torch=no engines=
! has torch || torch=yes
[ $torch = no ] || ! has onnxruntime || engines='ort ort-int8'
[ $torch = no ] || ! has openvino || engines+=' ov ov-bf16'

# The fastest numbers that this machine has, of those named.
fastest() { # NUMBERS...
	local n
	for n in "$@"; do
		! mt-predict -q --matmul "$n" -m "$size-$task" "$task.32.st" \
			>pred.tsv 2>&1 || { echo "$n"; return; }
	done
}

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

# Rows a second and the largest resident set in MB, of one mode.
with_torch() { # SIZE TASK [MODE]...
	local many size=$1 task=$2
	shift 2
	read -r _ many <<<"${STEPS[$size]}"
	[ "$many" -le 20 ] || many=20 # it is slow enough to measure
	# shellcheck disable=SC2086
	"$PYTHON" -W ignore "$here/peer_torch.py" "$task.st" ${SHAPE[$size]} \
	    train "$many" "$THREADS" "$@"
}

# The best of the modes.
torch_trains() { # SIZE TASK
	{
		with_torch "$1" "$2"
		with_torch "$1" "$2" sdpa by-length
		with_torch "$1" "$2" bf16 sdpa by-length
	} | sort -g | tail -1 | cut -d ' ' -f 1
}

peers_predict() { # SIZE TASK BATCH FIELD: 1 rows a second, 2 ms a batch
	local engine rows
	read -r _ rows <<<"${STEPS[$1]}"
	rows=$((rows * 32))
	# shellcheck disable=SC2086
	[ -e "$1.onnx" ] || "$PYTHON" -W ignore "$here/peer_torch.py" "$2.st" \
	    ${SHAPE[$1]} export "$1.onnx" "$THREADS" >export.log 2>&1
	for engine in $engines; do
		"$PYTHON" -W ignore "$here/peer_predict.py" "$1.onnx" "$2.st" \
		    "$engine" "$3" "$rows" "$THREADS" 2>>peer.log
	done | cut -d ' ' -f "$4"
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
	matmul=$(fastest bf16 float32)
	rate train "$size" "$task" >>ours
	matmul=float32
	[ $torch = no ] || torch_trains "$size" "$task" >>peer
}

predict_once() {
	matmul=$(fastest int8 bf16 float32)
	rate predict "$size" "$task" >>ours
	matmul=float32
	[ -z "$engines" ] || peers_predict "$size" "$task" 32 1 | sort -g | tail -1 >>peer
}

numbers_once() { # train|predict NUMBERS
	matmul=$2
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
		row predict "$size" "$task" rows/s best ;;
	numbers)
		[ "$(fastest bf16 float32)" = bf16 ] || return 0
		times numbers_once train bf16
		row "train bf16" "$size" "$task" rows/s float32
		times numbers_once predict bf16
		row "predict bf16" "$size" "$task" rows/s float32
		[ "$(fastest int8 bf16)" = int8 ] || return 0
		times numbers_once predict int8
		row "predict int8" "$size" "$task" rows/s float32 ;;
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
		# A peer's CPU time is no answer's.
		[ -z "$engines" ] || [ -n "${CLOCK:-}" ] ||
		    peers_predict tiny cola 1 2 | sort -g |
		    head -1 >peer
		row latency tiny cola ms best ;;
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
