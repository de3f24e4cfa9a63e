# Soft targets: how sure the teachers are, and how right, on held-out rows and,
# apart from them, on those they were trained on.

taught() { # [PART]: tasks whose soft targets are of classes, in the tables' order
	local task
	awk -F '\t' '$1 == "task" { print $2 }' "$NAMES" | while read -r task; do
		[[ -z $(find "$folder"/entropy/${1:-*}/"$task.svg" -size +0 2> /dev/null) ]] || echo "$task"
	done
}

stats_of() { # PART TASK: its tables of statistics
	local file
	for file in "$folder/stats/$2"/*.tsv; do
		case $1/${file##*/} in
		train/train.tsv) echo "$file" ;;
		train/* | */train.tsv) ;;
		*) [[ ! -e $file ]] || echo "$file" ;;
		esac
	done
}

add_stats() { # PART TASK: those, added to stats
	local line
	while IFS= read -r line; do
		stats+=("$line")
	done < <(stats_of "$1" "$2")
}

# Of tasks with two splits.
key_of_splits() { # CLASS of the first
	[[ -e $folder/stats/mnli/dev_mismatched.tsv ]] || return 0
	cat <<-END
	<ul class="key">
	<li><i class="k17 $1"></i>dev rows (MNLI: matched)</li>
	<li><i class="k18 dot"></i>MNLI: mismatched dev rows</li>
	</ul>
	END
}

reliability() { # PART
	local task text stats=() file
	cat <<-'END'
	<h4>Reliability</h4>
	<p>How often the mean is right where it is so sure; on the dotted line it is
	as right as it says. A dot&#8217;s size tells how many items stand there.
	Neighbouring bins, of ten, are merged until each has 20 items or more.</p>
	END
	[[ $1 == train ]] || key_of_splits dot
	echo '<div class="charts">'
	for task in $(taught "$1"); do
		file=$folder/reliability/$1/$task
		stats=()
		add_stats "$1" "$task"
		text="ECE: $(words say -v kind=ece "${stats[@]}")"
		if [[ -s $file.svg ]]; then
			figure "$file.svg" "$(name task_name "$task")" \
				"$text. $(words say -v kind=bins "$file.tsv")" \
				"Reliability diagram of $(name task_name "$task"). $text"
		else
			printf '<p class="left-out"><b>%s</b> No diagram: fewer than 20 items. %s.</p>\n' \
				"$(name task_name "$task")" "$text"
		fi
	done
	echo '</div>'
}

entropy() { # PART
	local task text stats=()
	cat <<-'END'
	<h4>Entropy</h4>
	<p>How soft the targets are: one-hot at the left, nothing said at the right.</p>
	END
	[[ $1 == train ]] || key_of_splits bar
	echo '<div class="charts">'
	for task in $(taught "$1"); do
		stats=()
		add_stats "$1" "$task"
		text="Mean: $(words say -v kind=relative_entropy "${stats[@]}")"
		figure "$folder/entropy/$1/$task.svg" "$(name task_name "$task")" "$text" \
			"Histogram of the relative entropy of $(name task_name "$task"). $text"
	done
	echo '</div>'
}

contradictions() {
	local file task all
	[[ -n $(find "$folder/contradictions" -name '*.tsv' -size +0) ]] || return 0
	echo '<h4>Where the teachers contradict the label</h4>'
	echo '<p>The training rows of which the mean is surest that the label is
	wrong: noise in the labels, or what the teachers have not learned. Numbers
	are the mean&#8217;s probabilities; members counts those that answer as the
	mean does.</p>'
	for task in $(taught train); do
		file=$folder/contradictions/$task.tsv
		[[ -s $file ]] || continue
		all=$(($(wc -l < "$file") - 1))
		if [[ $all == 0 ]]; then
			echo "<p>$(name task_name "$task"): none.</p>"
			continue
		fi
		echo "<details><summary>$(name task_name "$task"): $(shown $all)</summary>"
		words html-contradictions <(head -n 1 "$file"
			tail -n +2 "$file" | LC_ALL=C sort -t $'\t' -s -k 4,4g | awk 'NR <= 10') |
			table "Contradictions of $(name task_name "$task")"
		echo '</details>'
	done
}

shown() { # ROWS, of which ten are shown
	if [[ $1 -gt 10 ]]; then
		echo "the first 10 of $1 rows"
	elif [[ $1 == 1 ]]; then
		echo '1 row'
	else
		echo "$1 rows"
	fi
}

part_of_soft() { # PART TITLE TEXT
	local stats=() task
	[[ -n $(taught "$1") ]] || return 0
	for task in $(taught "$1"); do
		add_stats "$1" "$task"
	done
	printf '<h3>%s</h3>\n<p>%s</p>\n' "$2" "$3"
	words html-stats "${stats[@]}" | table "Statistics of the soft targets, $1"
	reliability "$1"
	entropy "$1"
}

soft() {
	echo '<h2 id="soft">Soft targets</h2>'
	cat <<-'END'
	<p>The mean of the teachers&#8217; probabilities, Q. Relative entropy is 0
	for one-hot targets and 1 where Q says nothing; one-hot is the share of items
	whose highest Q is 0.99 or more. An item is a row, or its question; of a task
	with several labels a row it is a label of a row.</p>
	END
	part_of_soft dev 'On held-out rows' \
		'Rows that the teachers have not learned from: how good they are.'
	part_of_soft train 'On training rows' \
		'Rows that the teachers have learned, and on which the student hears them.
	Teachers that are much surer here, or much more often right, than on held-out
	rows have learned their rows by heart and teach little but the labels.'
	[[ -z $(taught train) ]] || contradictions
}
