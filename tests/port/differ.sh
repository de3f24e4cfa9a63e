# Tables of numbers of two implementations.
#
#	. "$(dirname "$0")/differ.sh"

# The largest difference of the numbers of two tables, or what else differs.
differ() { # WANTED GOT
	paste "$1" "$2" | awk -F '\t' -v least="$(wc -l < "$1")" '
	{
		n = NF / 2
		if ($1 != $(n + 1))
			wrong = "row " $1
		for (i = 2; i <= n; i++) {
			d = $i - $(n + i)
			if (d < 0)
				d = -d
			if (!(d <= worst))
				worst = d
			numbers++
		}
	}
	END {
		if (NR != least || numbers < 10)
			wrong = NR " rows"
		print (wrong != "" ? wrong : worst <= 1e-5 ? "same" : worst)
	}'
}

# Of the likeliest pieces of a graph, as many are those that are masked as a
# table of hf.py says; else the row that has others.
fills() { # TABLE PIECES GRAPH
	cut -f 1-3 "$1" | awk -F '\t' -v OFS='\t' '{ print $1, $3, $2 }' |
	    "$root/tests/port/onnxrun" "$3" plain > filled
	paste <(cut -f 4,6 "$1") filled | awk -F '\t' -v V="$2" '
	{
		n = split($1, want, " ")
		right = 0
		for (t = 1; t <= n; t++) {
			best = 1
			for (v = 2; v <= V; v++)
				if ($(3 + (t - 1) * V + v) > \
				    $(3 + (t - 1) * V + best))
					best = v
			right += want[t] >= 0 && want[t] == best - 1
		}
		print (right == $2 ? "same" : $1 " " right " " $2)
	}' | sort -u
}
