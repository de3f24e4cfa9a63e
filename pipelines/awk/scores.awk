# scores: the GLUE scores, or means, in a file of results, a line a row and seed.
#
#	awk -f names.awk -f scores.awk RESULTS.tsv
#
# Label, number of the row, its median, the seed's score, what it is.

BEGIN { FS = OFS = "\t" }
/^#/ { next }
$1 == "row" {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	next
}
is_overall($at["task"], $at["metric"]) && at["median"] && $at["median"] ~ /[0-9]/ {
	rows++
	for (r = 1; ("run" r) in at; r++)
		if ($at["run" r] ~ /[0-9]/)
			print row_name($1), rows, $at["median"], $at["run" r], \
			    overall_name($at["task"])
}
