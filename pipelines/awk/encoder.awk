# encoder: dev.tsv of mlm-pretrain as one row an evaluation; the log.tsv of a
# run that it went on from is summed up.
#
#	awk -f encoder.awk [LOG.tsv] DEV.tsv

BEGIN { FS = OFS = "\t" }
/^#/ { in_log = /^#mtkd log / }
/^#/ || $1 == "step" { next }
in_log { before = $1; read += $9; next }
!($1 in tokens) { step[++steps] = $1; tokens[$1] = $2 }
{ value[$1, $3] = $4; n = $3 == "loss" ? $5 : n; pairs += $3 == "next_sentence" }
END {
	if (before)
		printf "# before: %d updates, %.0f tokens in short sequences\n", before, read
	printf "# %d held-out pieces asked for\n", n
	print "updates", "tokens", "loss", "perplexity", "accuracy", "next_sentence"
	for (i = 1; i <= steps; i++) {
		s = step[i]
		print s, tokens[s], sprintf("%.4f", value[s, "loss"]), \
			sprintf("%.2f", value[s, "perplexity"]), \
			sprintf("%.2f", 100 * value[s, "accuracy"]), \
			pairs ? sprintf("%.2f", 100 * value[s, "next_sentence"]) : "-"
	}
}
