# scores: the GLUE scores, or means, in a file of results, a line a row and seed.
#
#	awk -v experiment=NAME -f names.awk -f scores.awk RESULTS.tsv
#
# Label, number of the row, its median, the seed's score, what it is.

BEGIN { FS = OFS = "\t" }
/^#/ { next }
$1 == "row" {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	next
}
is_overall($at["task"], $at["metric"]) && at["median"] && is_figure($at["median"]) {
	rows++
	for (r = 1; ("run" r) in at; r++)
		if (is_figure($at["run" r]))
			print row_name($1), rows, $at["median"], $at["run" r], \
			    overall_name($at["task"])
}
