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
