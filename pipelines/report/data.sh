# The tasks: their rows and labels, and what glue-check found.

data() {
	local file task
	echo '<h2 id="data">Data</h2>'
	words html-tasks "$folder/tasks.tsv" | table 'Tasks and their rows'
	for file in "$out"/check/*.txt; do
		[[ -e $file ]] || continue
		task=$(basename "$file" .txt)
		grep -qE '^(problem|note): ' "$file" || continue
		echo "<h3>What glue-check found in $(name task_name "$task")</h3>"
		echo '<ul>'
		grep -E '^(problem|note): ' "$file" | while IFS= read -r line; do
			echo "<li>$(escape "$line")</li>"
		done
		echo '</ul>'
	done
}
