# Score over speed, from what "make serving" measured.

serving() {
	echo '<h2 id="serving">Score and speed</h2>'
	if [[ ! -s $folder/serving.svg ]]; then
		cat <<-END
		<p>Not measured: <code>make -C pipelines serving</code> does it, with the
		settings of the run.</p>
		END
		speeds
		return
	fi
	local file=$folder/serving.tsv task metric runs part
	IFS=$'\t' read -r task part metric runs < <(sed -n 2p "$file" | cut -f 6-9)
	cat <<-END
	<p>On the $(escape "$part") rows of $(name task_name "$task"),
	$([[ $runs == 1 ]] && echo 'one run' || echo "the median of $runs runs") of each.
	The members of the ensemble answer one after the other; their memory is that
	of all of them. To the right is faster, above is better.</p>
	END
	metric=$(name metric_name "$metric")
	figure "$folder/serving.svg" "$(capital "$metric") over rows a second" '' \
		"$(awk -F '\t' 'NR > 1 { printf "%s%s: %s, %s rows a second", (NR > 2 ? "; " : ""), \
		    $1, ($5 == "-" ? "no score" : sprintf("%.1f percent", $5)), $3 }' "$file")" one
	words html-serving "$file" | table 'Score, speed and memory'
	speeds
}

# Of each experiment that measures its rows.
speeds() {
	local one name file task part runs
	for one in ${SPEEDS-}; do
		name=${one%%=*} file=${one#*=}
		IFS=$'\t' read -r task part runs < <(sed -n 2p "$folder/speed/$name.tsv" | cut -f 6,7,9)
		echo "<h3>$(name result_name "$name")</h3>"
		cat <<-END
		<p>Scores are those of all tasks, rows a second those on the
		$(escape "$part") rows of $(name task_name "$task"),
		$([[ $runs == 1 ]] && echo 'one run' || echo "the median of $runs runs") of each
		shape. A line joins a model's points, one for the numbers of each kind.</p>
		END
		figure "$folder/speed/$name.svg" 'GLUE score over rows a second' '' \
			"$(awk -F '\t' 'NR > 1 { if ($1 != "") model = $1
				printf "%s%s, %s: %s, %s rows a second", (NR > 2 ? "; " : ""), model, $10, \
			    ($5 == "-" ? "no score" : sprintf("%.1f percent", $5)), $3 }' "$folder/speed/$name.tsv")" one
		words html-speed -v experiment="$name" "$file" | table 'What each model scores and needs'
		printf '<p class="quiet">Made by <code>%s</code></p>\n' "$(escape "$(sed -n '1s/^# //p' "$file")")"
	done
}
