#!/usr/bin/env bash
# make peers: PyTorch's and Transformers' losses are ours, update by update, and
# the interval of two sides is right.  PEER_PYTHON has those libraries.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
BUILD=$(realpath "${BUILD:-build}")
PEER_PYTHON=${PEER_PYTHON:-python3}
cd "$(dirname "$0")/../../pipelines" || exit
scratch
unset MAKEFLAGS MFLAGS MAKELEVEL
export PYTHONDONTWRITEBYTECODE=1 HF_HUB_OFFLINE=1

lacks() { # MODULE...
	for m; do
		"$PEER_PYTHON" -c "import $m" 2> /dev/null || { echo "$m"; return; }
	done
}

missing=$(lacks numpy scipy)
if [[ $missing ]]; then
	skip "the interval" "no $missing for $PEER_PYTHON"
else
	scores() { # VALUE...
		printf 'task\tsplit\tmetric\tvalue\tn\n'
		i=0
		for v; do
			printf 'rte\tdev\taccuracy.run%d\t%s\t1\n' $((++i)) "$v"
		done
	}
	scores 0.60 0.62 0.64 > "$tmp/a"
	scores 0.61 0.64 0.64 > "$tmp/b"
	# Means 62 and 63, variances 4 and 3: 1 -+ t(3.92 degrees) sqrt(7/3).
	is "$("$PEER_PYTHON" peers/interval.py "$tmp/a" "$tmp/b" 5.5 "$tmp/a" "$tmp/b" 5 | cut -f 4- | tail -n 2)" \
		"$(printf '62.00\t2.00\t63.00\t1.73\t-1.00\t-5.28\t3.28\t5.5\tyes\n62.00\t2.00\t63.00\t1.73\t-1.00\t-5.28\t3.28\t5\tno')" \
		'two sides apart: Welch'
	# Run by run -1, -2, 0: t(2) / sqrt(3) = 2.484.
	is "$("$PEER_PYTHON" peers/interval.py --paired "$tmp/a" "$tmp/b" 5 | cut -f 9,10 | tail -n 1)" "$(printf -- '-3.48\t1.48')" \
		'run by run'
fi

missing=$(lacks numpy torch transformers)
if [[ $missing ]]; then
	skip "the first updates" "no $missing for $PEER_PYTHON"
else
	apart() { # SETTING...
		rm -rf "$tmp/out/peers/losses" "$tmp/out/peers/losses.tsv"
		make -s CONF=demo BUILD="$BUILD" OUT="$tmp/out" PYTHON="$PEER_PYTHON" THREADS=1 PEER_TASKS='rte stsb' PEER_UPDATES=20 \
			"$tmp/out/peers/losses.tsv" "$@" > "$tmp/log" 2>&1 || tail -n 5 "$tmp/log" >&2
		awk -F '\t' '!/^#/ && $1 != "task" { print $1, $2, ($5 < 1e-4 ? "equal" : "apart") }' "$tmp/out/peers/losses.tsv" | tr '\n' ','
	}
	is "$(apart)" 'rte 20 equal,stsb 20 equal,' "the first updates: PyTorch's losses"
	sed 's,updates / 10,updates / 5,' peers/finetune.py > "$tmp/finetune.py"
	cp peers/packs.py "$tmp"
	is "$(apart theirs-alike="$PEER_PYTHON $tmp/finetune.py --rate 1e-4")" 'rte 20 apart,stsb 20 apart,' 'after another warm-up they are others'
fi
finish
