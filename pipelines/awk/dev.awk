# dev: scores on dev of one task by epoch, a column a model and split.
#
#	awk -v task=TASK -f names.awk -f dev.awk [name=NAME DEV.tsv]...
#
# Of several metrics the first.  Undefined figures are nan, which is not drawn.

BEGIN { FS = OFS = "\t" }
/^#/ || $1 == "epoch" || $2 != task { next }
!($3 in metric) { metric[$3] = $4 }
$4 == metric[$3] {
	key = name ", " (split_name($3) == "dev" ? "" : split_name($3) " ") metric_name($4)
	if (!(key in seen)) {
		seen[key] = 1
		column[++columns] = key
	}
	value[key, $1] = $5
	if ($1 > epochs)
		epochs = $1
}
END {
	if (epochs == 0)
		exit
	printf "epoch"
	for (c = 1; c <= columns; c++)
		printf "\t%s", column[c]
	print ""
	for (e = 1; e <= epochs; e++) {
		printf "%d", e
		for (c = 1; c <= columns; c++)
			printf "\t%s", is_figure(value[column[c], e]) ? \
			    100 * value[column[c], e] : "nan"
		print ""
	}
}
