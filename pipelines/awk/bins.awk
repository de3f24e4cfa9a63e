# bins: points of reliability diagrams, from tables of ens-average --bins.
#
#	awk [-v least=N] -f bins.awk BINS.tsv...
#
# Neighbouring bins of confidence are merged until each has so many labelled
# rows (20): what is left at the top joins the last.  Of a split with fewer rows
# in all there is no point.  A line a point: split, mean confidence, share of
# right answers, rows, how many of the bins that had rows it is of.

BEGIN {
	FS = OFS = "\t"
	if (!least)
		least = 20
}
FNR == 1 { close_split(); next }
$3 == "confidence" && $7 > 0 {
	split_of = $2
	rows += $7
	right += $8
	sum += $7 * $9
	bins++
	if (rows >= least)
		point()
}
END { close_split() }
function point() {
	points++
	r[points] = rows; k[points] = right; s[points] = sum; b[points] = bins
	rows = right = sum = bins = 0
}
function close_split(  p) {
	if (points) {
		r[points] += rows; k[points] += right
		s[points] += sum; b[points] += bins
	}
	for (p = 1; p <= points; p++)
		print split_of, sprintf("%.6g", s[p] / r[p]), \
		    sprintf("%.6g", k[p] / r[p]), r[p], b[p]
	points = rows = right = sum = bins = 0
}
