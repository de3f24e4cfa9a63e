# samples: which files of a run have fewer rows than GLUE's release, as notes.
#
#	awk -f samples.awk published/table1.tsv OUT/data/TASK/SPLIT.tsv...

BEGIN { FS = "\t" }
FILENAME == ARGV[1] { if (!/^#/) release[$1 "/" $2] = $4; next }
/^#/ || $1 == "id" { next }
{
	file = FILENAME
	sub(/\.tsv$/, "", file)
	n = split(file, part, "/")
	file = part[n - 1] "/" part[n]
	if (!(file in rows))
		name[++files] = file
	rows[file]++
}
END {
	for (i = 1; i <= files; i++)
		if (rows[name[i]] < release[name[i]] + 0)
			text = text (text == "" ? "" : ", ") name[i] " " \
			    rows[name[i]] " of " release[name[i]]
	if (text != "")
		print "# Rows of GLUE's release that were at hand: " text
}
