#!/usr/bin/env bash
# glue-read and glue-pack: speed on a million rows, and the memory they take.
#
# usage: tests/bench/pack.sh BUILD
set -euo pipefail

PATH=$(realpath "$1")/bin:$PATH
ROWS=1000000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Run a command; seconds and the largest resident set seen, in MB.
measure() { # COMMAND...
	local begin=$EPOCHREALTIME end pid most=0 now
	"$@" &
	pid=$!
	while now=$(awk '/VmHWM/ { print $2 }' /proc/$pid/status 2>/dev/null) &&
	    [ -n "$now" ]; do
		most=$now
		sleep 0.05
	done
	wait $pid
	end=$EPOCHREALTIME
	awk -v b="$begin" -v e="$end" -v m="$most" \
		'BEGIN { printf "%.2f %.0f\n", e - b, m / 1024 }'
}

awk -v rows=$ROWS 'BEGIN {
	printf "#mtkd tokens 1 vocab=%064d case=lower cls=101 sep=102\n", 0
	print "id\tlabel\ttext_a\ttext_b"
	srand(1)
	for (i = 0; i < rows; i++) {
		a = b = ""
		for (k = 5 + int(rand() * 36); k > 0; k--)
			a = a (a == "" ? "" : " ") (1000 + int(rand() * 29000))
		for (k = 5 + int(rand() * 36); k > 0; k--)
			b = b (b == "" ? "" : " ") (1000 + int(rand() * 29000))
		print i "\t" (i % 2 ? "" : "not_") "entailment\t" a "\t" b
	}
}' >tokens.tsv
tokens=$(awk -F '\t' 'NR > 2 { n += split($3, x, " ") + split($4, x, " ") + 3 }
	END { print n }' tokens.tsv)
read -r seconds memory < <(measure glue-pack -t rte -s train -o p.st tokens.tsv)
awk -v n="$tokens" -v s="$seconds" -v m="$memory" -v r=$ROWS 'BEGIN {
	printf "glue-pack\t%d rows, %.2f million tokens/s", r, n / s / 1e6
	printf "\t%.1f times the bound of 1.5\t%d MB\n", n / s / 1.5e6, m
}'

# The same rows as the file of a task: the ids stand for words.
sed 1,2d tokens.tsv | awk -F '\t' '
	BEGIN { print "index\tsentence1\tsentence2\tlabel" }
	{ print $1 "\t" $3 "\t" $4 "\t" $2 }' >raw.tsv
rm tokens.tsv p.st
bytes=$(wc -c <raw.tsv)
read -r seconds memory < <(measure glue-read -t rte -o e.tsv raw.tsv)
awk -v n="$bytes" -v s="$seconds" -v m="$memory" -v r=$ROWS 'BEGIN {
	printf "glue-read\t%d rows, %.0f MB/s\t\t%d MB\n", r, n / s / 1e6, m
}'
