# table: the results of table3 as one aligned table of medians over seeds.
#
#	awk -f table.awk RESULTS.tsv

BEGIN {
	FS = "\t"
	heads = split("CoLA SST-2 MRPC STS-B QQP MNLI QNLI RTE WNLI GLUE", head, " ")
	unit = split("mcc acc acc/F1 P/S acc/F1 m/mm acc acc acc score", units, " ")
	of["cola"] = 1; of["sst2"] = 2; of["mrpc"] = 3; of["stsb"] = 4
	of["qqp"] = 5; of["mnli"] = 6; of["qnli"] = 7; of["rte"] = 8
	of["wnli"] = 9; of["glue"] = 10; of["glue-partial"] = 10
	label["single"] = "single-task"
	label["mtdnn"] = "MT-DNN"
	label["mtdnn-shared"] = "MT-DNN, not fine-tuned"
	label["ensemble"] = "ensemble"
	label["kd"] = "MT-DNN_KD"
	label["kd-shared"] = "MT-DNN_KD, not fine-tuned"
}
/^#/ && !command { command = $0; next }
/^#/ { note[++notes] = toupper(substr($0, 3, 1)) substr($0, 4); next }
$1 == "row" { seeds = NF - 7; next }
{
	if ($1 != last) {
		row[++rows] = last = $1
		published_too[rows] = 0
	}
	if ($2 ~ /^glue/ && $6 == "-")
		next
	if ($2 == "glue-partial")
		partial = 1
	c = of[$2]
	add(measured, rows, c, $6)
	add(published, rows, c, $5)
	if ($5 != "-")
		published_too[rows] = 1
	if ($2 ~ /^glue/)
		overall[$1] = $6
}
# A cell of two metrics is "a/b"; "-" alone where nothing was measured.
function add(cell, r, c, value) {
	if (value != "-" && value != "nan")
		value = sprintf("%.1f", value)
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
	printf "%-27s", name
	for (c = 1; c <= heads; c++)
		printf "%s", pad(((r, c) in cell) ? cell[r, c] : "-", width[c])
	print ""
}
END {
	if (rows == 0) {
		print "table: no results" > "/dev/stderr"
		exit 1
	}
	if (partial)
		head[heads] = "GLUE*"
	for (c = 1; c <= heads; c++) {
		width[c] = longer(length(units[c]), head[c])
		for (r = 1; r <= rows; r++) {
			width[c] = longer(width[c], measured[r, c])
			width[c] = longer(width[c], published[r, c])
		}
		width[c] += 2
	}
	printf "%-27s", "dev, percent"
	for (c = 1; c <= heads; c++)
		printf "%s", pad(head[c], width[c])
	printf "\n%-27s", ""
	for (c = 1; c <= heads; c++)
		printf "%s", pad(units[c], width[c])
	print ""
	for (r = 1; r <= rows; r++)
		put(label[row[r]], measured, r)
	for (r = 1; r <= rows; r++)
		if (published_too[r])
			put((row[r] == "single" ? "BERT-large" : label[row[r]]) \
			    ", published", published, r)
	print ""
	for (r = 1; r <= notes; r++)
		print note[r] "."
	if (partial)
		print "GLUE*: the mean over the tasks there are; not a GLUE score."
	if (seeds > 1)
		printf "Medians over %d seeds (the ensemble: one).\n", seeds
	if (("kd" in overall) && ("mtdnn" in overall))
		printf("MT-DNN_KD against MT-DNN: %+.1f points%s.\n",
		    overall["kd"] - overall["mtdnn"],
		    (seeds > 1) ? "" : ", with one seed, which proves nothing")
}
