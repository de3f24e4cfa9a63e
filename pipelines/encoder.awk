# encoder: dev.tsv of mlm-pretrain as one row an evaluation.
#
#	awk -f encoder.awk DEV.tsv

BEGIN { FS = OFS = "\t" }
/^#/ || $1 == "step" { next }
!($1 in tokens) { step[++steps] = $1; tokens[$1] = $2 }
{ value[$1, $3] = $4; n = $3 == "loss" ? $5 : n; pairs += $3 == "next_sentence" }
END {
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
