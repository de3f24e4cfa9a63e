# table: the results of an experiment as one aligned table of medians over
# seeds; the columns are the tasks of the results, in their order.
#
#	awk -v experiment=NAME [-v final=ROW -v vanilla=ROW] \
#	    -f table.awk TASKS.tsv rows.tsv RESULTS.tsv
#
# TASKS.tsv is what glue-tasks prints.  A column NAME-PART is a part of the task
# NAME.  Beneath, how far the row final stands from vanilla.

BEGIN {
	FS = "\t"
	split("accuracy acc f1 F1 matthews mcc pearson P spearman S " \
	    "matched m mismatched mm", word, " ")
	for (i = 1; i in word; i += 2)
		short[word[i]] = word[i + 1]
	name["glue"] = "GLUE"; unit["glue"] = "score"
	name["unseen"] = "unseen"; unit["unseen"] = "mean"
	name["train"] = "tokens"; unit["train"] = "M"
}
FNR == 1 { file++ }
# What the figures of a task are: its splits of dev if there are several, else
# its metrics.
file == 1 && $1 == "task" {
	for (i = 1; i <= NF; i++)
		at[$i] = i
}
file == 1 && !/^#/ && $1 != "task" {
	name[$1] = $at["title"]
	if (!($1 in metrics))
		metrics[$1] = abbreviated($at["metrics"])
	where = $at["split"]
	if (where ~ /^dev/) {
		sub(/^dev_/, "", where)
		splits[$1] = splits[$1] (splits[$1] == "" ? "" : "/") \
		    abbreviated(where)
		if (splits[$1] ~ /\//)
			metrics[$1] = splits[$1]
	}
}
file == 1 { next }
file == 2 {
	if ($1 == experiment) {
		label[$2] = $4
		printed[$2] = $5 == "" ? $4 : $5
	}
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
	if ($3 ~ /^test/)
		test = 1
	c = column($2, $4)
	add(measured, rows, c, $6)
	add(published, rows, c, $5)
	if ($5 != "-")
		published_too[rows] = 1
	if ($2 ~ /^glue/ || $4 == "average")
		overall[$1] = $6
}
# Both kinds of GLUE score stand in one column.
function column(task, metric,   key) {
	key = task == "glue-partial" ? "glue" : task
	if (!(key in of)) {
		of[key] = ++heads
		entitle(heads, key, metric)
		if (key == "train")
			millions = heads
	}
	return of[key]
}
# Of a part of a task its name is the unit; beside parts the whole is all of it.
function entitle(c, task, metric,   whole) {
	whole = task
	sub(/-.*/, "", whole)
	head[c] = (task in name) ? name[task] : task
	if (task in unit) {
		units[c] = unit[task]
	} else if (metric == "average") {
		head[c] = "of " averaged
		units[c] = "mean"
	} else if (!(task in name) && whole in name) {
		head[c] = name[whole]
		units[c] = substr(task, length(whole) + 2)
		parts[whole]
		averaged++
	} else {
		units[c] = task in parts ? "all" : task in metrics ? \
		    metrics[task] : abbreviated(metric)
		averaged++
	}
}
function abbreviated(list,   n, i, part, text) {
	n = split(list, part, ",")
	for (i = 1; i <= n; i++)
		text = text (i > 1 ? "/" : "") \
		    ((part[i] in short) ? short[part[i]] : part[i])
	return text
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
function left(text, width) { return sprintf("%-" width "s", text) }
function put(name, cell, r,   c) {
	printf "%s", left(name, margin)
	for (c = 1; c <= heads; c++)
		printf "%s", pad(((r, c) in cell) ? cell[r, c] : "-", width[c])
	print ""
}
# What a row is called among the published figures.
function published_label(r) {
	return ((row[r] in printed) ? printed[row[r]] : row[r]) ", published"
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
	printf "%s", left(test ? "test, percent" : "dev, percent", margin)
	for (c = 1; c <= heads; c++)
		printf "%s", pad(head[c], width[c])
	printf "\n%s", left("", margin)
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
	if ((final in overall) && (vanilla in overall))
		printf("%s against %s: %+.1f points%s.\n", shown(final),
		    shown(vanilla), overall[final] - overall[vanilla],
		    (seeds > 1) ? "" : ", with one seed, which proves nothing")
}
