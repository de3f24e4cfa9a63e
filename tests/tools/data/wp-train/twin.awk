# wp-train without its shortcuts: after the alphabet, which is read from the
# vocabulary (first file), join the best pair until there are size pieces;
# ratio is 1 for --score likelihood.  Ties as in wplearn.h.  ASCII text in lower case only.
FNR == NR {
	if (!(NR > 5 && learned))
		learned = NR > 5 && length($0) - 2 * ($0 ~ /^##/) > 1 && \
		    $0 ~ /[a-z][a-z]/
	if (!learned) {
		print
		number[$0] = ++pieces
		name[pieces] = $0
	}
	next
}
{
	line = tolower($0)
	gsub(/\[[a-z]*\]/, "& ", line)
	gsub(/[^a-z]/, " & ", line)
	n = split(line, part, " ")
	for (i = 1; i <= n; i++)
		if (part[i] ~ /^[a-z]+$/)
			count[part[i]]++
}
END {
	for (word in count) {
		text = substr(word, 1, 1)
		for (i = 2; i <= length(word); i++)
			text = text " ##" substr(word, i, 1)
		spelt[word] = text
	}
	while (pieces < size) {
		split("", seen)
		split("", alone)
		for (word in spelt) {
			n = split(spelt[word], p, " ")
			for (i = 1; i <= n; i++)
				alone[p[i]] += count[word]
			for (i = 1; i < n; i++)
				seen[p[i] " " p[i + 1]] += count[word]
		}
		best = ""
		for (pair in seen) {
			split(pair, x, " ")
			split(best, y, " ")
			if (seen[pair] < 2)
				continue
			score = ratio ? seen[pair] / \
			    (alone[x[1]] * alone[x[2]]) : seen[pair]
			d = best == "" ? 1 : score - top
			if (d == 0)
				d = seen[pair] - seen[best]
			if (d == 0)
				d = number[y[1]] - number[x[1]]
			if (d == 0)
				d = number[y[2]] - number[x[2]]
			if (d > 0) {
				best = pair
				top = score
			}
		}
		if (best == "")
			break
		split(best, x, " ")
		whole = x[1] substr(x[2], 3)
		if (!(whole in number)) {
			number[whole] = ++pieces
			print whole
		}
		for (word in spelt) {
			n = split(spelt[word], p, " ")
			text = ""
			for (i = 1; i <= n; i++) {
				both = i < n && p[i] == x[1] && p[i + 1] == x[2]
				text = text (text == "" ? "" : " ") \
				    (both ? whole : p[i])
				i += both
			}
			spelt[word] = text
		}
	}
}
