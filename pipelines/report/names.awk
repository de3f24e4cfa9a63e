# names: what tasks, splits, metrics and rows of a table are called in print.

# Hyphens in them are those that do not break a line.

BEGIN {
	split("cola CoLA sst2 SST-2 mrpc MRPC stsb STS-B qqp QQP mnli MNLI " \
	    "qnli QNLI qnli-rank QNLI-rank rte RTE wnli WNLI snli SNLI " \
	    "scitail SciTail ax AX glue GLUE glue-partial GLUE*", word, " ")
	for (i = 1; i in word; i += 2)
		task_names[word[i]] = word[i + 1]
	row_names["single"] = "single-task"
	row_names["mtdnn"] = "MT‑DNN"
	row_names["mtdnn-shared"] = "MT‑DNN, not fine-tuned"
	row_names["kd"] = "MT‑DNN_KD"
	row_names["kd-shared"] = "MT‑DNN_KD, not fine-tuned"
	split_names["dev_matched"] = "dev‑m"
	split_names["dev_mismatched"] = "dev‑mm"
}
function task_name(t) { return t in task_names ? task_names[t] : t }
function row_name(r) { return r in row_names ? row_names[r] : r }
function split_name(s) { return s in split_names ? split_names[s] : s }
function result_name(r) { return r ~ /^table[0-9]/ ? "Table " substr(r, 6) : r }
function html(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	gsub(/"/, "\\&quot;", text)
	return text
}
