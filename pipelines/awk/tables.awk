# tables: what tables say, as definitions for make.
#
#	awk -f tables.awk encoders.tsv models.tsv rows.tsv schools.tsv experiments.tsv TASKS
#
# TASKS are glue-tasks' lines.  Each definition is one word, in which a broken
# bar stands for a blank, as make's $(shell) parts its words at blanks.

BEGIN { FS = "\t" }
/^#/ || NF == 0 { next }
!(FILENAME in seen) {
	seen[FILENAME]
	what = $1 == "experiment" ? $2 : $1
	width = NF
	for (i = 1; i <= NF; i++)
		at[$i] = i
	next
}
NF > width { fault("more columns than the header has") }
what == "encoder" { encoder() }
what == "model" { model() }
what == "row" { row() }
what == "school" { school() }
what == "what" { experiment() }
what == "task" { task() }

function put(name, how, value) {
	if (value == "-")
		value = ""
	value = name " " how " " value
	gsub(/ /, "\302\246", value)
	print value
}
function fault(text) {
	text = "$(error " FILENAME ":" FNR ": " text ")"
	gsub(/ /, "\302\246", text)
	print text
}
function encoder() {
	if ($2 !~ /^(new|take|general|import)$/)
		fault("'" $2 "': expected new, take, general or import")
	if ($2 != "import" && $3 != "encoder" && !($3 in made))
		fault("'" $3 "' does not stand above")
	made[$1]
	put("made-" $2, "+=", $1)
	put("source-of-" $1, ":=", $3)
	put("what-of-" $1, "=", $4)
}
function model(   of) {
	of = $2
	sub(/ but .*/, "", of)
	if (of ~ /^average [0-9]+$/)
		put("first-" $1, ":=", substr(of, 9))
	sub(/^average .*/, "average", of)
	if (of !~ /^(one|all|average|figures)$/)
		fault("'" $2 "': expected one, all, average or figures")
	if (of ~ /^(one|all)$/ && $3 !~ /^(encoder|selected)$/ &&
	    !($3 in made) && !($3 in known))
		fault("'" $3 "' does not stand above")
	if ($1 in known || $1 in made)
		fault("'" $1 "' stands twice")
	known[$1]
	put("models", "+=", $1)
	put("of-" $1, ":=", of)
	put("but-" $1, ":=", $2 ~ / but / ? substr($2, length(of) + 6) : "-")
	put("from-" $1, ":=", $3)
	put("soft-" $1, "=", $4)
	put("mix-" $1, ":=", $5)
	put("recipe-" $1, ":=", $6)
	put("options-" $1, "=", $7)
	put("packs-" $1, "=", $8)
	put("seeds-" $1, ":=", $9)
	if ($10 != "" && !($10 in known))
		fault("'" $10 "' does not stand above")
	put("beside-" $1, ":=", $10)
}
function only_with(setting, what) {
	return setting == "" ? what : "$(if $(" setting ")," what ")"
}
function row() {
	if (!(($1) in listed))
		put("listed", "+=", $1)
	listed[$1]
	put("rows-" $1, "+=", only_with($6, $2))
	if ($3 != "-") {
		put("pairs-" $1, "+=", only_with($6, $2 "/" $3))
		put("against-" $1 "-" $2, ":=", $3)
	}
}
function school() {
	put("schools-of-" $1, "=", $2 == 1 ? $1 : "$(call parts," $2 ")")
	put("folder-of-" $1, "=", $3)
	put("settings-of-" $1, "=", $4)
	put("taught-by", "+=", $1)
}
function experiment() {
	if ($2 == "note")
		put("note-" $1 "-" (++notes[$1]), "=", $3)
	else
		put($2 "-" $1, "=", $3)
}
function task(   where, list) {
	where = $at["split"]
	list = $at["metrics"]
	if (!($1 in defined)) {
		put("tasks", "+=", $1)
		if ($at["place"] != "-")
			put("placed", "+=", $1)
		gsub(/,/, " ", list)
		put("metrics-" $1, ":=", list)
		put("head-" $1, ":=", $at["head"])
	}
	defined[$1]
	if (where == "-")
		return
	if (where ~ /^(dev|test)/)
		put((where ~ /^dev/ ? "dev-" : "test-") $1, "+=", where)
	list = $at["file"]
	gsub(/,/, " ", list)
	put("files-" $1 "/" where, ":=", list)
}
