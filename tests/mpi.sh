# Sourced by the tests of several processes, in bash: a build with MPI (its
# programs are in $mpi/bin), data in a folder of the test's own, and what runs
# are compared by.

skip_all() { # WHY
	echo "1..0 # SKIP $1"
	exit 0
}

for need in mpicc mpirun; do
	command -v $need >/dev/null || skip_all "no $need"
done
root=$(realpath "$(dirname "$0")/../..")
BUILD=$(realpath "${BUILD:-$root/build}")
export BUILD
mpi=${BUILD/-san/}-mpi # by the same compiler, beside the others
env -u MAKEFLAGS -u MAKELEVEL -u SAN -u REAL make -s -j2 -C "$root" MPI=1 BUILD="$mpi" all >&2

. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
workplace
small_data 64
small_examples 600 5 0,1 | small_pack cola dev m dev.st # enough to share

# More processes than cores, perhaps as root; Open MPI 4 and, from PRTE on, 5.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_mpi_yield_when_idle=1
export OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_pml=ob1
export PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe
export PRTE_MCA_hwloc_default_binding_policy=none

# The same rows of log.tsv, their losses within 1e-5 and norms within 1e-4.
near() { # DIR DIR
	paste "$1/log.tsv" "$2/log.tsv" | awk -F '\t' '
	function differ(a, b, most) {
		return a - b > most * a || b - a > most * a
	}
	NR > 2 {
		rows++
		n = NF / 2
		bad = $1 != $(n + 1) || $2 != $(n + 2) || $3 != $(n + 3) ||
			$(n - 2) != $(NF - 2) || $n != $NF ||
			differ($(n - 1), $(NF - 1), 1e-4)
		for (i = 4; i < n - 2; i++)
			bad = bad || ($i != "-" && differ($i, $(n + i), 1e-5))
		if (bad) {
			print
			failed = 1
		}
	}
	END { exit failed || rows < 10 }'
}

# The same rows of dev.tsv, their values within 1e-5.
near_scores() { # DIR DIR
	paste "$1/dev.tsv" "$2/dev.tsv" | awk -F '\t' '
	NR <= 2 { next }
	{
		n = NF / 2
		for (i = 1; i <= n; i++) {
			d = $i - $(n + i)
			if (i != n - 1 ? $i "" != $(n + i) "" : d * d > 1e-10)
				exit failed = 1
		}
	}
	END { exit failed }' && [ "$(wc -l <"$1/dev.tsv")" = "$(wc -l <"$2/dev.tsv")" ]
}

packs='cola.st rte.st stsb.st rank.st'
# Long enough to be killed half-way.
train() { # PROCESSES DIR [OPTION...]
	several "$1" kd-train -i m --batch-size 2 --epochs 10 --mix anneal \
		--soft cola.tsv --soft rte.tsv --dev dev.st -o "$2" "${@:3}" \
		$packs
}

of_rank() { # RANK DIR: the process that works on DIR as that rank
	{ grep -lzxF -- "$2" /proc/[0-9]*/cmdline || true; } 2>/dev/null |
		sed 's/cmdline$/environ/' |
		xargs -r grep -lzxE "(OMPI_COMM_WORLD|PMI)_RANK=$1" 2>/dev/null |
		tr -cd '0-9\n'
}
