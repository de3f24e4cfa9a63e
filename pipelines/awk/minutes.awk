# minutes: what the trainings of each row took, by the clock and of CPU time;
# of a training that was killed and went on, the part that ended it.
#
#	awk -f minutes.awk MINUTES.tsv row=ROW models=NAME,NAME... ...

BEGIN { FS = OFS = "\t"; print "row", "trainings", "minutes", "cpu_minutes" }
{ clock[$1] = $2; cpu[$1] = $3 }
END {
	for (i = 1; i < ARGC; i++) {
		if (ARGV[i] ~ /^row=/)
			row = substr(ARGV[i], 5)
		if (ARGV[i] !~ /^models=/)
			continue
		n = split(substr(ARGV[i], 8), name, ",")
		seconds = spent = known = 0
		for (k = 1; k <= n; k++)
			if (name[k] in clock) {
				known++
				seconds += clock[name[k]]
				spent += cpu[name[k]]
			}
		print row, known, sprintf("%.2f", seconds / 60), sprintf("%.2f", spent / 60)
	}
}
