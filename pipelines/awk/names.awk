# names: what tasks, splits, metrics and rows of a table are called in print.
#
#	NAMES=FILE awk -f names.awk -f CALLER
#
# FILE has lines "task NAME TITLE" and "row NAME LABEL" and one that says which
# rows are compared: "final ROW vanilla ROW".  Hyphens of labels are those that
# do not break a line.

function read_names(file,   text, word) {
	while ((getline text < file) > 0) {
		split(text, word, "\t")
		if (word[1] == "task")
			task_names[word[2]] = word[3]
		if (word[1] == "row") {
			gsub(/MT-DNN/, "MT‑DNN", word[3])
			row_names[word[2]] = word[3]
		}
		if (word[1] == "final") {
			final = word[2]
			vanilla = word[4]
		}
	}
}
BEGIN {
	read_names(ENVIRON["NAMES"])
	task_names["glue"] = "GLUE"
	task_names["glue-partial"] = "GLUE*"
	split_names["dev_matched"] = "dev‑m"
	split_names["dev_mismatched"] = "dev‑mm"
}
function task_name(t) { return t in task_names ? task_names[t] : t }
function row_name(r) { return r in row_names ? row_names[r] : r }
function split_name(s) { return s in split_names ? split_names[s] : s }
function result_name(r) { return r ~ /^table[0-9]/ ? "Table " substr(r, 6) : r }
# The one figure of a row, over its tasks: the GLUE score, or of other tasks the
# mean.
function is_overall(task, metric) { return task ~ /^glue/ || metric == "average" }
function overall_name(task) {
	return task ~ /^glue/ ? "GLUE score" : "mean over the tasks"
}
function html(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	gsub(/"/, "\\&quot;", text)
	return text
}
