# What the student says of held-out rows, label by label.

# TASK/SPLIT that there is something to say of, in the tables' order.
labelled() {
	local task file
	awk -F '\t' '$1 == "task" { print $2 }' "$NAMES" | while read -r task; do
		for file in "$folder/classes/$task"/*.tsv; do
			[[ ! -s $file ]] || echo "$task/$(basename "$file" .tsv)"
		done
	done
}

labels() {
	local set task last=''
	echo '<h2 id="labels">Labels</h2>'
	cat <<-END
	<p>What $(name row_name "$FINAL") of seed $SEED says of rows held out of
	training. Precision is the share of the rows it gives a label that have it;
	recall is the share of the rows that have a label to which it gives it; F1 is
	their harmonic mean. A label that is never given has precision 0.</p>
	END
	for set in $(labelled); do
		task=${set%/*}
		[[ $task == "$last" ]] || echo "<h3>$(name task_name "$task")</h3>"
		last=$task
		words html-classes -v source="report/confusion/$set.tsv" \
			"$folder/classes/$set.tsv" "$folder/confusion/$set.tsv"
	done
}
