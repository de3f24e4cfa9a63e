# names: what tasks, splits, metrics and rows of a table are called in print.
#
#	NAMES=FILE awk -f names.awk -f CALLER
#
# FILE has lines "task NAME TITLE TYPE KIND" and "row EXPERIMENT NAME LABEL" and one that
# says which rows are compared, "final ROW vanilla ROW EXPERIMENT": of the rows
# that are not those of -v experiment=EXPERIMENT the names in this one are used.
# Hyphens of labels are those that do not break a line.

function read_names(file,   text, word) {
	while ((getline text < file) > 0) {
		split(text, word, "\t")
		if (word[1] == "task") {
			task_list[++task_count] = word[2]
			task_names[word[2]] = word[3]
			task_types[word[2]] = word[4]
			task_kinds[word[2]] = word[5]
		}
		if (word[1] == "row") {
			gsub(/MT-DNN/, "MT‑DNN", word[4])
			row_names[word[2], word[3]] = word[4]
		}
		if (word[1] == "final") {
			final = word[2]
			vanilla = word[4]
			usual = word[5]
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
function row_name(r) {
	return (experiment, r) in row_names ? row_names[experiment, r] : \
	    (usual, r) in row_names ? row_names[usual, r] : r
}
function split_name(s) { return s in split_names ? split_names[s] : s }
function metric_name(m) {
	if (m ~ /^f1_(macro|micro|weighted)$/)
		return substr(m, 4) " F1"
	sub(/^f1/, "F1", m)
	sub(/^roc_auc/, "ROC AUC", m)
	sub(/^ece/, "ECE", m)
	if (m ~ /^(matthews|pearson|spearman)$/)
		return toupper(substr(m, 1, 1)) substr(m, 2)
	gsub(/_/, " ", m)
	return m
}
function result_name(r) {
	return r ~ /^table[0-9]/ ? "Table " substr(r, 6) : r == "own" ? \
	    "Own tasks" : r == "bam" ? "BAM" : toupper(substr(r, 1, 1)) substr(r, 2)
}
# The one figure of a row, over its tasks: the GLUE score, or of other tasks the
# mean.
function is_overall(task, metric) { return task ~ /^glue/ || metric == "average" }
function overall_name(task) {
	return task ~ /^glue/ ? "GLUE score" : "mean over the tasks"
}
# Figures in print: 12,345 of a whole number, and with what it counts; whether a
# field is one, which nan and - are not.
function is_figure(x) { return x ~ /^[-+]?[.]?[0-9]/ }
function grouped(n,   text) {
	text = sprintf("%.0f", n)
	while (match(text, /[0-9][0-9][0-9][0-9](,|$)/))
		text = substr(text, 1, RSTART) "," substr(text, RSTART + 1)
	return text
}
function counted(n, one, many) { return grouped(n) " " (n == 1 ? one : many) }
function html(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	gsub(/"/, "\\&quot;", text)
	return text
}
