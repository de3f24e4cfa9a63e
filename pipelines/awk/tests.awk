# tests: which rows of an experiment differ, task by task.
#
#	awk -v experiment=NAME -f tests.awk rows.tsv TESTS.tsv
#
# p of each test after Holm's correction over the tasks of a pair of rows; *
# where that is significant.  mann-whitney is over the seeds and gives the
# difference; the others are paired over the rows of one seed.

BEGIN {
	FS = "\t"
	kinds = split("mann-whitney mcnemar bootstrap randomisation", kind, " ")
}
FNR == 1 { file++ }
file == 1 {
	if ($1 == experiment)
		label[$2] = $4
	next
}
/^#/ && !command { command = $0; next }
/^#/ { note = substr($0, 3); next }
$1 == "row" {
	for (c = 1; c <= NF; c++)
		at[$c] = c
	next
}
{
	pair = $1 SUBSEP $2
	if (!(pair in seen)) {
		seen[pair]
		first[++pairs] = $1
		second[pairs] = $2
	}
	line = pairs SUBSEP $3 " " $4 " " $5
	if (!(line in known)) {
		known[line]
		lines[pairs, ++count[pairs]] = $3 "\t" $4 "\t" $5
		difference[line] = $at["difference"]
	}
	if ($at["test"] == "mann-whitney")
		difference[line] = $at["difference"]
	p[line, $at["test"]] = $at["holm"] == "nan" ? "-" : \
	    sprintf("%.4f", $at["holm"]) ($at["significant"] == "yes" ? "*" : " ")
}
function points(text) { return text == "nan" ? "-" : sprintf("%+.2f", 100 * text) }
function shown(row) { return (row in label) ? label[row] : row }
END {
	for (i = 1; i <= pairs; i++) {
		a = shown(first[i]); b = shown(second[i])
		gsub(/^ +/, "", a); gsub(/^ +/, "", b)
		printf "\n%s against %s: points, Holm's p\n", a, b
		printf "%-40s%8s", "", "points"
		for (k = 1; k <= kinds; k++)
			printf "%15s", kind[k]
		print ""
		for (n = 1; n <= count[i]; n++) {
			split(lines[i, n], part, "\t")
			line = i SUBSEP part[1] " " part[2] " " part[3]
			printf "%-14s%-16s%-10s%8s", part[1], part[2], part[3], \
			    points(difference[line])
			for (k = 1; k <= kinds; k++)
				printf "%15s", ((line, kind[k]) in p) ? \
				    p[line, kind[k]] : "- "
			print ""
		}
	}
	if (note)
		print "\n" note "."
}
