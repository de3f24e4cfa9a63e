# counts: rows of the files at hand beside those that were printed and those of
# the release.
#
#	awk -f counts.awk PUBLISHED.tsv COUNTS.tsv

BEGIN { FS = OFS = "\t"; print "task", "split", "printed", "release", "here" }
/^#/ || $1 == "task" { next }
NR == FNR {
	order[++n] = $1 OFS $2
	printed[$1, $2] = $3 OFS $4
	next
}
{ here[$1, $2] = $3 }
END {
	for (i = 1; i <= n; i++) {
		split(order[i], part, OFS)
		print order[i], printed[part[1], part[2]], \
		    ((part[1], part[2]) in here) ? here[part[1], part[2]] : "-"
	}
}
