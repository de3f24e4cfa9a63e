# Tables of results, of each its scores as dots.

results() { # RESULTS.tsv...
	local file base what label
	echo '<h2 id="results">Results</h2>'
	for file; do
		base=$(basename "$file" .tsv)
		base=${base%-"$conf"}
		words html-results -v experiment="$base" -v part=head "$file"
		if [[ -s $folder/scores/$base.svg ]]; then
			what=$(capital "$(head -n 1 "$folder/scores/$base.tsv" | cut -f 5)")
			label=$(awk -F '\t' '$2 != last {
				printf "%s%s %.1f", last ? ", " : "", $1, $3; last = $2 }' \
				"$folder/scores/$base.tsv")
			figure "$folder/scores/$base.svg" "$what" \
				'A dot is a seed, the bar their median.' \
				"$what by model: $label" one
		fi
		words html-results -v experiment="$base" -v part=table "$file"
	done
}
