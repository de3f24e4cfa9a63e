# Sourced by the tests of training: a vocabulary, a model of 2 layers and 16
# features, and packs of made-up text, all written into the present folder.

words='a the cat dog bird fish sat ran slept sings flies swims in on under mat
tree house river red blue old small not very quick'

small_vocab() { # FILE
	printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' '[MASK]' $words . >"$1"
}

# Rows of 1 to 12 words a text, by a linear congruence; a third label is '-'.
small_examples() { # ROWS SEED LABELS [pair|rank]
	awk -v rows="$1" -v x="$2" -v labels="$3" -v form="${4:-}" \
		-v words="${words//$'\n'/ }" '
	function draw(n) {
		x = (x * 1103 + 12345) % 65536
		return int(x / 16) % n
	}
	function text(   n, s) {
		n = 1 + draw(12)
		s = word[1 + draw(count)]
		while (--n > 0)
			s = s " " word[1 + draw(count)]
		return s
	}
	BEGIN {
		count = split(words, word, /[ \n]+/)
		classes = split(labels, label, ",")
		printf "id\tlabel\ttext_a%s%s\n",
			(form != "" ? "\ttext_b" : ""),
			(form == "rank" ? "\tgroup" : "")
		for (i = 0; i < rows; i++) {
			printf "r%d\t%s\t%s", i, label[1 + draw(classes)],
				text()
			if (form != "")
				printf "\t%s", text()
			if (form == "rank")
				printf "\t%d", int(i / 3)
			printf "\n"
		}
	}'
}

small_pack() { # TASK SPLIT MODEL OUT < EXAMPLES
	wp-tokenize -v "$3" - 2>tokens.err | glue-pack -t "$1" -s "$2" -o "$4" -
}

# Rows of any number of labels of the task in tags.yml; '-' has none known.
small_sets() { # ROWS SEED
	small_examples "$1" "$2" \
		'~,pet,home,rest,pet+home,rest+pet,pet+home+rest,-' |
		sed 's/+/,/g; s/	~	/		/'
}

# The same: tags.yml, sets.tsv, dev.tsv and their packs.
small_tags() { # MODEL
	printf '%s\n' 'kind: single' 'type: multilabel' \
		'labels: [pet, home, rest]' \
		'names: {id: id, label: label, text_a: text_a}' >tags.yml
	small_sets 60 1 >sets.tsv
	small_sets 30 2 >dev.tsv
	for part in sets:train dev:dev; do
		wp-tokenize -v "$1" "${part%:*}.tsv" 2>tokens.err |
			glue-pack -t tags --tasks tags.yml -s "${part#*:}" \
				-o "${part%:*}.st" -
	done
}

# Soft targets for a task of two classes.
small_soft() { # TASK SPLIT ROWS LABELS
	printf '#mtkd soft 1 task=%s split=%s type=classification members=3\n' \
		"$1" "$2"
	printf 'id\t%s\n' "${4/,/$'\t'}"
	awk -v rows="$3" 'BEGIN {
		for (i = 0; i < rows; i++) {
			q = (i * 37 % 100) / 128
			printf "r%d\t%.9g\t%.9g\n", i, q, 1 - q
		}
	}'
}

# Everything: m, cola.st, rte.st, stsb.st, rank.st, dev.st, cola.tsv, rte.tsv.
small_data() { # [HIDDEN]
	small_vocab vocab.txt
	model-new -v vocab.txt --hidden "${1:-16}" --positions 64 -o m 2>new.err
	small_examples 40 1 0,1 >cola-ex.tsv
	small_pack cola train m cola.st <cola-ex.tsv
	small_examples 30 2 not_entailment,entailment pair |
		small_pack rte train m rte.st
	small_examples 20 3 0.5,2.25,4,5.0 pair | small_pack stsb train m stsb.st
	small_examples 24 4 not_entailment,entailment rank |
		small_pack qnli-rank train m rank.st
	small_examples 20 5 0,1 | small_pack cola dev m dev.st
	small_soft cola train 40 0,1 >cola.tsv
	small_soft rte train 30 not_entailment,entailment >rte.tsv
}

# A copy of a model whose last number is not one, without checksums.
small_nan() { # FROM TO
	cp -R "$1" "$2"
	perl -0777 -pi -e 's/crc32":/xxx32":/g; substr($_, -4) = pack("V", 0x7fc00000)' \
		"$2/model.safetensors"
}

# A copy in which a whole tensor is finite, but too large to multiply.
small_huge() { # FROM TO
	cp -R "$1" "$2"
	perl -MJSON::PP -0777 -pi -e '
		my $n = unpack "Q<", $_;
		my $h = decode_json(substr $_, 8, $n);
		my ($a, $z) = @{$h->{"bert.encoder.layer.0.output.dense.weight"}
			{data_offsets}};
		substr($_, 8 + $n + $a, $z - $a) =
			pack("f<", 3e38) x (($z - $a) / 4);
		s/crc32":/xxx32":/g;
	' "$2/model.safetensors"
}

# A copy with one segment: the vector of the second is gone.
small_one_segment() { # FROM TO
	cp -R "$1" "$2"
	perl -pi -e 's/"type_vocab_size": 2/"type_vocab_size": 1/' "$2/config.json"
	perl -MJSON::PP -0777 -pi -e '
		my $n = unpack "Q<", $_;
		my $h = decode_json(substr $_, 8, $n);
		my $data = substr $_, 8 + $n;
		my $t = $h->{"bert.embeddings.token_type_embeddings.weight"};
		my ($a, $z) = @{$t->{data_offsets}};
		my $cut = ($z - $a) / 2;
		$t->{shape}[0] = 1;
		substr($data, $z - $cut, $cut) = "";
		delete $h->{__metadata__};
		for (values %$h) {
			$_ -= $_ >= $z ? $cut : 0 for @{$_->{data_offsets}};
		}
		my $j = encode_json($h);
		$j .= " " x (-length($j) % 8);
		$_ = pack("Q<", length $j) . $j . $data;
	' "$2/model.safetensors"
}

# A copy in BF16, its tensors in reverse order, without checksums.
small_half() { # FROM TO
	cp -R "$1" "$2"
	perl -MJSON::PP -0777 -pi -e '
		my $n = unpack "Q<", $_;
		my $h = decode_json(substr $_, 8, $n);
		my $data = substr $_, 8 + $n;
		my ($out, %t) = ("", __metadata__ => { format => "pt" });
		delete $h->{__metadata__};
		for (reverse sort keys %$h) {
			my ($a, $z) = @{$h->{$_}{data_offsets}};
			my $x = join "", map { substr $_, 2 }
				unpack "(a4)*", substr $data, $a, $z - $a;
			$t{$_} = { dtype => "BF16", shape => $h->{$_}{shape},
				data_offsets => [length $out,
				length($out) + length $x] };
			$out .= $x;
		}
		my $j = encode_json(\%t);
		$_ = pack("Q<", length $j) . $j . $out;
	' "$2/model.safetensors"
}

# Must fail with this status and a message that has these words.
refuses() { # STATUS WORDS COMMAND...
	local got=0 status=$1 words=$2
	shift 2
	"$@" >refuses.out 2>refuses.err || got=$?
	cat refuses.err
	[ "$got" = "$status" ] && grep -qF -- "$words" refuses.err
}

# Two folders with the same files of the same bytes.
alike() {
	diff -r "$1" "$2"
}

unlike() {
	! diff -rq "$1" "$2" >differences
}

# The same answers: the same bytes, but without oneDNN numbers within 1e-5, for
# OpenBLAS multiplies few rows in another way than many.
same_answers() { # FILE FILE
	if ldd "$(command -v mt-predict)" | grep -q libdnnl; then
		cmp "$1" "$2"
		return
	fi
	paste "$1" "$2" | awk -F '\t' '
	function near(a, b) {
		return a ~ number && b ~ number && (a - b) * (a - b) <= 1e-10
	}
	BEGIN { number = "^[-+]?[0-9.]+(e[-+]?[0-9]+)?$" }
	{
		n = NF / 2
		for (i = 1; i <= n; i++)
			if ($i "" != $(i + n) "" && !near($i, $(i + n)))
				failed = 1
	}
	END { exit failed || NR == 0 }'
}
