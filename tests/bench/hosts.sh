#!/usr/bin/env bash
# Training by two hosts beside one, a thread on each: network namespaces of this
# machine with Open MPI over TCP (tests/hosts.sh), so what a network would take
# in addition is not in it.  For root, with a core for each.
#
# usage: [GLUE_DIR=DIR VOCAB=FILE] [SIZES="tiny mini"] [TASKS=mnli] [RUNS=5]
#	tests/bench/hosts.sh BUILD
#
# BUILD-mpi has the programs (make MPI=1).  A rate is the rows between a short
# run and a long one over the seconds between them; its median of RUNS, the one
# host's taken in between.
set -euo pipefail
BUILD=$(realpath "$1")
mpi=$BUILD-mpi
# shellcheck source=tests/bench/common
. "$(dirname "$0")/common"
. "$here/../hosts.sh"

left_out() { # WHY
	echo "hosts: not measured: $1" >&2
	exit 0
}
command -v mpirun >/dev/null || left_out 'no mpirun'
mpirun --version | grep -q 'Open MPI' || left_out 'no Open MPI'
make -s -C "$here/../.." MPI=1 BUILD="$mpi" all >&2
trap 'hosts_gone; rm -rf "$work"' EXIT
hosts_up 2 || left_out "network namespaces: $why"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
# Each would bind its process to the first core of what is one machine.
export OMPI_MCA_hwloc_base_binding_policy=none PRTE_MCA_hwloc_default_binding_policy=none

declare -A STEPS=([tiny]="20 120" [mini]="5 25" [minilm]="2 8" [small]="2 8" [base]="1 3")

train() { # HOSTS UPDATES
	rm -rf out
	on 1 mpirun --hostfile hosts -n "$1" "$mpi/bin/mt-finetune" -q -i "$size" -o out \
		--shuffle none --epochs 9 --threads 1 --max-updates "$2" "$task.st"
}

rate() { # HOSTS
	local few many a b
	read -r few many <<<"${STEPS[$size]}"
	a=$(seconds train "$1" "$few")
	b=$(seconds train "$1" "$many")
	awk -v a="$a" -v b="$b" -v n=$(((many - few) * 32)) 'BEGIN { print n / (b - a) }'
}

printf 'what\tsize\ttask\tunit\ttwo hosts\tone host\tratio\n'
for size in $SIZES; do
	for task in $TASKS; do
		model "$size" "$task"
		pack "$task"
		: >one
		: >two
		for ((i = 0; i < RUNS; i++)); do
			rate 2 >>two
			rate 1 >>one
		done
		printf 'hosts\t%s\t%s\trows/s\t' "$size" "$task"
		awk -v a="$(median <two)" -v b="$(median <one)" \
			'BEGIN { printf "%.4g\t%.4g\t%.2f\n", a, b, a / b }'
	done
done
