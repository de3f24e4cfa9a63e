#!/usr/bin/env bash
# ens-average and glue-score on a million rows of 3 classes from 3 members:
# seconds and the largest resident set, beside the same job in awk, which
# checks neither UTF-8 nor sums.  Gold is bare or has texts.
#
# usage: [ROWS=1000000] [RUNS=5] tests/bench/score.sh BUILD
#
# A table: medians of RUNS, the peer's taken in between.
set -euo pipefail

PATH=$(realpath "$1")/bin:$PATH
ROWS=${ROWS:-1000000}
RUNS=${RUNS:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
peer=$(basename "$(readlink -f "$(command -v mawk || command -v awk)")")

"$peer" -v rows="$ROWS" 'BEGIN {
	srand(1)
	split("contradiction neutral entailment", label, " ")
	for (k = 1; k <= 3; k++) {
		print "#mtkd pred 1 task=mnli split=train type=classification " \
		    "members=1\nid\tcontradiction\tneutral\tentailment" >k ".tsv"
	}
	print "id\tlabel\ttext_a" >"bare"
	print "id\tlabel\ttext_a\ttext_b" >"texts"
	for (i = 0; i < rows; i++) {
		for (k = 1; k <= 3; k++) {
			a = rand() ^ 4; b = rand() ^ 4; c = rand() ^ 4
			printf "%d\t%.9g\t%.9g\t%.9g\n", i, a / (a + b + c),
			    b / (a + b + c), c / (a + b + c) >k ".tsv"
		}
		print i "\t" label[1 + int(3 * rand())] "\t-" >"bare"
		print i "\t" label[1 + int(3 * rand())] "\tThe new rights are " \
		    "nice enough and everyone really likes the newest of them" \
		    "\tEveryone really likes the newest benefits" >"texts"
	}
}'

# Equation 3, joined by id in one order, no id twice.
awk_average() {
	exec "$peer" -F '\t' 'BEGIN {
		while ((getline <"1.tsv") > 0) {
			id = $1; a = $2; b = $3; c = $4
			for (k = 2; k <= 3; k++) {
				getline <(k ".tsv")
				if ($1 != id)
					exit 1
				a += $2; b += $3; c += $4
			}
			if (id ~ /^#/ || id == "id") {
				print
				continue
			}
			if (id in seen)
				exit 1
			seen[id]
			printf "%s\t%.9g\t%.9g\t%.9g\n", id, a / 3, b / 3, c / 3
		}
	}'
}

# The share of right answers of each member, joined by id.
awk_score() { # GOLD
	exec "$peer" -F '\t' '
		FNR == 1 { file++ }
		/^#/ { next }
		$1 == "id" {
			for (i = 2; i <= 4; i++)
				name[i] = $i
			next
		}
		file == 1 { gold[$1] = $2; n++; next }
		{
			i = $3 > $2 ? 3 : 2
			if ($4 > $i)
				i = 4
			right[file] += gold[$1] == name[i]
		}
		END {
			for (f = 2; f <= file; f++)
				print right[f] / n
		}' "$1" 1.tsv 2.tsv 3.tsv
}

# Seconds, and the largest resident set in MB.
measure() { # COMMAND...
	local begin=$EPOCHREALTIME pid most=0 now
	"$@" >out &
	pid=$!
	while now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$pid/status \
	    2>/dev/null) && [ -n "$now" ]; do
		most=$now
		sleep 0.02
	done
	wait $pid
	awk -v b="$begin" -v e="$EPOCHREALTIME" -v m="$most" \
	    'BEGIN { printf "%.2f %.0f\n", e - b, m / 1024 }'
}

median() { # COLUMN FILE
	sort -g -k "$1,$1" "$2" | awk -v c="$1" \
	    '{ v[NR] = $c } END { print v[int((NR + 1) / 2)] }'
}

compare() { # NAME FILE OURS -- PEER
	local name=$1 file=$2
	shift 2
	local ours=()
	while [ "$1" != -- ]; do
		ours+=("$1")
		shift
	done
	shift
	: >ours
	: >theirs
	for _ in $(seq "$RUNS"); do
		measure "${ours[@]}" >>ours
		measure "$@" >>theirs
	done
	awk -v n="$name" -v f="$file" -v r="$ROWS" -v p="$peer" \
	    -v s="$(median 1 ours)" -v m="$(median 2 ours)" \
	    -v t="$(median 1 theirs)" -v u="$(median 2 theirs)" 'BEGIN {
		printf "%s\t%s\t%d\t%.2f\t%d\t%s\t%.2f\t%d\t%.1f\n", n, f, r,
		    s, m, p, t, u, t / s
	}'
}

printf 'tool\tgold\trows\tseconds\tMB\tpeer\tpeer_seconds\tpeer_MB\tratio\n'
compare ens-average - ens-average {1,2,3}.tsv -- awk_average
for gold in bare texts; do
	compare glue-score $gold glue-score -t mnli $gold {1,2,3}.tsv -- awk_score $gold
done
