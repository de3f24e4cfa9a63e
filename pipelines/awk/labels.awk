# labels: the ranges of a chart of scores over speed, and where the names of its
# points stand, as commands of gnuplot.
#
#	awk -F '\t' -v width=PIXELS -v height=PIXELS [-v factors=1] -f names.awk \
#	    -f labels.awk TABLE
#
# TABLE is of serving.awk, width and height are the plot's.  A name stands where
# it covers no point and no other name; where there is no such place it is left
# out: the table below the chart has it.  With factors a step along the axis of
# speed is a factor.

NR > 1 && $5 ~ /^-?[0-9]/ && $3 ~ /^[0-9]/ {
	n++
	text[n] = $1 ($2 > 1 ? " (" $2 " models)" : "")
	x[n] = $3 + 0
	y[n] = $5 + 0
	if (n == 1 || x[n] > right)
		right = x[n]
	if (n == 1 || x[n] < left)
		left = x[n]
	if (n == 1 || y[n] < low)
		low = y[n]
	if (n == 1 || y[n] > high)
		high = y[n]
	what = $8
}
END {
	factors = factors && left > 0
	right = right > 0 ? right * (factors ? 1.4 : 1.1) : 1
	left = factors ? left / 1.2 : 0
	half = high - low > 2 ? (high - low) * 0.7 : 1.4
	bottom = (high + low) / 2 - half
	step = nice(2 * half / 4)
	printf "set xrange [%g:%g]\n", left, right
	if (factors)
		ticks()
	else
		printf "set xtics %g\n", nice(right / 4)
	printf "set yrange [%g:%g]\nset ytics %g\n", bottom, bottom + 2 * half, step
	printf "set ylabel \"%s, percent\"\n", metric_name(what)
	places = split("left 10 0,right -10 0,center 0 15,center 0 -15,left 0 15," \
	    "right 0 15,left 0 -15,right 0 -15,center 0 30,center 0 -30,right 0 30," \
	    "right 0 -30", place, ",")
	for (i = 1; i <= n; i++) {
		at_x[i] = across(x[i]) * width
		at_y[i] = (y[i] - bottom) / (2 * half) * height
	}
	for (i = 1; i <= n; i++)
		if (text[i] != "")
			put(i)
}
# How far along the axis of speed; the logarithm by its series: an awk may come
# without.
function across(x) { return factors ? ln(x / left) / ln(right / left) : x / right }
function ln(x,   n, y, k, term, sum) {
	for (; x > 1.4; n++)
		x /= 2
	for (; x < 0.7; n--)
		x *= 2
	y = (x - 1) / (x + 1)
	term = 2 * y
	for (k = 1; k < 20; k += 2) {
		sum += term / k
		term *= y * y
	}
	return sum + n * 0.69314718056
}
function ticks(   ten, k, part, count) {
	split("1 2 5", part, " ")
	printf "set logscale x\nset xtics ("
	for (ten = 1; ten <= right; ten *= 10)
		for (k = 1; k <= 3; k++)
			if (ten * part[k] >= left && ten * part[k] <= right)
				printf "%s%d", (count++ ? "," : ""), ten * part[k]
	print ")"
}
function nice(least,   s) {
	s = 1
	while (s > least)
		s /= 10
	while (s * 10 <= least)
		s *= 10
	return s * (s >= least ? 1 : 2 * s >= least ? 2 : 5 * s >= least ? 5 : 10)
}
function put(i,   p, part, wide, from, above) {
	wide = 6.8 * length(text[i])
	for (p = 1; p <= places; p++) {
		split(place[p], part, " ")
		from = at_x[i] + part[2] - (part[1] == "left" ? 0 : \
		    part[1] == "right" ? wide : wide / 2)
		above = at_y[i] + part[3] - 7
		if (from < 4 || from + wide > width || above < 4 || above + 14 > height || \
		    !is_free(i, from, above, from + wide, above + 14))
			continue
		taken++
		left_of[taken] = from; right_of[taken] = from + wide
		below[taken] = above; top_of[taken] = above + 14
		gsub(/[\\"]/, "\\\\&", text[i])
		printf "set label \"%s\" at graph %g,%g %s tc rgb \"#000001\"\n", text[i], \
		    (at_x[i] + part[2]) / width, (at_y[i] + part[3]) / height, part[1]
		return
	}
}
function is_free(i, x0, y0, x1, y1,   j) {
	for (j = 1; j <= n; j++)
		if (j != i && at_x[j] + 7 > x0 && at_x[j] - 7 < x1 && \
		    at_y[j] + 7 > y0 && at_y[j] - 7 < y1)
			return 0
	for (j = 1; j <= taken; j++)
		if (right_of[j] > x0 && left_of[j] < x1 && top_of[j] > y0 && below[j] < y1)
			return 0
	return 1
}
