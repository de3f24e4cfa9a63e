# table: the results of an experiment as one aligned table of medians over
# seeds; the columns are the tasks of the results, in their order.
#
#	awk -v experiment=NAME -f table.awk rows.tsv RESULTS.tsv

BEGIN {
	FS = "\t"
	n = split("cola:CoLA:mcc sst2:SST-2:acc mrpc:MRPC:acc/F1 stsb:STS-B:P/S " \
	    "qqp:QQP:acc/F1 mnli:MNLI:m/mm qnli:QNLI:acc rte:RTE:acc " \
	    "wnli:WNLI:acc ax:AX:mcc glue:GLUE:score glue-partial:GLUE:score " \
	    "bam:of_8:mean train:tokens:M snli-none:SNLI:none snli:SNLI:all " \
	    "scitail-none:SciTail:none scitail-folds:SciTail:folds", known, " ")
	for (i = 1; i <= n; i++) {
		split(known[i], part, ":")
		name[part[1]] = part[2]
		sub(/_/, " ", name[part[1]])
		unit[part[1]] = part[3]
	}
}
FNR == 1 { file++ }
file == 1 {
	if ($1 == experiment)
		label[$2] = $4
	next
}
/^#/ && !command { command = $0; next }
/^#/ { note[++notes] = substr($0, 3); next }
$1 == "row" { seeds = NF - 7; next }
{
	if ($1 != last)
		row[++rows] = last = $1
	if ($2 ~ /^glue/ && $6 == "-" && $5 == "-")
		next
	if ($2 == "glue-partial")
		partial = 1
	c = column($2)
	add(measured, rows, c, $6)
	add(published, rows, c, $5)
	if ($5 != "-")
		published_too[rows] = 1
	if ($2 ~ /^glue/)
		overall[$1] = $6
}
# Both kinds of GLUE score stand in one column.
function column(task,   key, size) {
	key = task == "glue-partial" ? "glue" : task
	if (!(key in of)) {
		of[key] = ++heads
		size = key
		sub(/^[a-z]*-/, "", size)
		head[heads] = (key in name) ? name[key] : \
		    name[substr(key, 1, index(key, "-") - 1)]
		units[heads] = (key in unit) ? unit[key] : size
		if (key == "train")
			millions = heads
	}
	return of[key]
}
# A cell of two metrics is "a/b"; "-" alone where nothing was measured.
function add(cell, r, c, value) {
	if (value ~ /^[-0-9.]*[0-9]$/)
		value = sprintf("%.1f", c == millions ? value / 1e6 : value)
	if (!((r, c) in cell) || cell[r, c] == "-")
		cell[r, c] = value
	else if (value != "-")
		cell[r, c] = cell[r, c] "/" value
}
function longer(width, text) {
	return length(text) > width ? length(text) : width
}
function pad(text, width) { return sprintf("%" width "s", text) }
function put(name, cell, r,   c) {
	printf "%-*s", margin, name
	for (c = 1; c <= heads; c++)
		printf "%s", pad(((r, c) in cell) ? cell[r, c] : "-", width[c])
	print ""
}
# The paper's single-task row is BERT-large's.
function published_label(r) {
	return (experiment == "table3" && row[r] == "single" ? "BERT-large" : \
	    shown(row[r])) ", published"
}
function shown(row) { return (row in label) ? label[row] : row }
END {
	if (rows == 0) {
		print "table: no results" > "/dev/stderr"
		exit 1
	}
	if (partial)
		head[of["glue"]] = "GLUE*"
	for (c = 1; c <= heads; c++) {
		width[c] = longer(length(units[c]), head[c])
		for (r = 1; r <= rows; r++) {
			width[c] = longer(width[c], measured[r, c])
			width[c] = longer(width[c], published[r, c])
		}
		width[c] += 2
	}
	margin = 26
	for (r = 1; r <= rows; r++) {
		margin = longer(margin, shown(row[r]))
		if (published_too[r])
			margin = longer(margin, published_label(r))
	}
	margin++
	printf "%-*s", margin, experiment == "table2" ? "test, percent" : "dev, percent"
	for (c = 1; c <= heads; c++)
		printf "%s", pad(head[c], width[c])
	printf "\n%-*s", margin, ""
	for (c = 1; c <= heads; c++)
		printf "%s", pad(units[c], width[c])
	print ""
	for (r = 1; r <= rows; r++)
		put(shown(row[r]), measured, r)
	for (r = 1; r <= rows; r++)
		if (published_too[r])
			put(published_label(r), published, r)
	print ""
	for (r = 1; r <= notes; r++)
		print note[r] "."
	if (partial)
		print "GLUE*: the mean over the tasks there are; not a GLUE score."
	if (seeds > 1)
		printf "Medians over %d seeds (an ensemble: one).\n", seeds
	if (("kd" in overall) && ("mtdnn" in overall))
		printf("MT-DNN_KD against MT-DNN: %+.1f points%s.\n",
		    overall["kd"] - overall["mtdnn"],
		    (seeds > 1) ? "" : ", with one seed, which proves nothing")
}
