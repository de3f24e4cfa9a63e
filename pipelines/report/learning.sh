# Learning curves: training loss and scores on dev.

curves() { # SUBFOLDER UNIT BY
	local task note
	echo '<div class="charts">'
	for task in $(tasks "$1"); do
		note=$(words say -v kind=dashes "$folder/$1/$task.tsv")
		figure "$folder/$1/$task.svg" "$(name task_name "$task")" "$note" \
			"$2 of $(name task_name "$task") by $3, mean over models, first to last: $(
			words say -v kind=curves "$folder/$1/$task.tsv")"
	done
	echo '</div>'
}

key_of_curves() {
	cat <<-'END'
	<ul class="key">
	<li><i class="k17"></i>MT-DNN, one line a model</li>
	<li><i class="k18"></i>student: against labels</li>
	<li><i class="k19 dashed"></i>student: against soft targets</li>
	</ul>
	END
}

learning() {
	echo '<h2 id="learning">Learning</h2>'
	echo '<h3>Training loss</h3>'
	echo '<p>At each update of a model the mean of the last twentieth of the
	updates of the task. The soft loss cannot fall below the entropy of the
	soft targets.</p>'
	key_of_curves
	curves curves 'Training loss' update
	echo '<h3>Scores on dev, percent</h3>'
	if [[ -z $(tasks dev) ]]; then
		echo '<p>Not measured: a run with <code>CURVES=1</code> scores its models
		on dev after each epoch.</p>'
		return
	fi
	key_of_curves | grep -v dashed | sed 's/: against labels//'
	curves dev 'Score on dev' epoch
}
