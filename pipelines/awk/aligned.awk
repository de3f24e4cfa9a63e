# aligned: a table with tabs, for people: columns as wide as they must be.
# Lines that begin with # are left out.

BEGIN { FS = "\t" }
/^#/ { next }
{
	line[++lines] = $0
	for (c = 1; c <= NF; c++)
		if (length($c) > width[c])
			width[c] = length($c)
}
END {
	for (l = 1; l <= lines; l++) {
		n = split(line[l], field, FS)
		for (c = 1; c < n; c++)
			printf "%-" width[c] + 2 "s", field[c]
		print field[n]
	}
}
