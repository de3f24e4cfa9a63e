#!/usr/bin/env bash
# Models that Hugging Face Transformers saved, and one that it read
# (reference/hf.py): the same ids of pieces, the same answers.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/differ.sh"
PATH=$(realpath "${BUILD:-build}")/bin:$PATH
cd "$(dirname "$0")/../.." || exit
hf=$PWD/tests/port/hf
share=$PWD/share/encoder
scratch
cd "$tmp" || exit 1

# The ids of a pack's rows, as hf.py writes them.
ids() { # MODEL NAME
	wp-tokenize -v "$1" "$hf/examples.tsv" 2> notes |
	    glue-pack -t mnli -s test -o "$2.st" 2> notes
	tensor-cat --head 100 "$2.st" | sed -n '2,$p' | cut -f 1,5
}

numbers_of() { # NAME: of a table of hf.py without the ids of pieces
	cut -f 1,3- "$hf/$1.tsv"
}

check_ids() { # MODEL NAME
	is "$(ids "$1" "$2")" "$(cut -f 1,2 "$hf/$2.tsv")" "$2: ids of pieces"
}

check_pooled() { # MODEL NAME
	mt-predict -q -m "$1" --hidden pooled -o "$2.hidden.st" "$2.st"
	numbers_of "$2" > wanted
	tensor-cat --head 100 "$2.hidden.st" | grep '^pooled	' | cut -f 2,3 |
	    tr ' ' '\t' | paste <(cut -f 1 wanted) - | cut -f 1,3- > got
	is "$(differ wanted got)" same "$2: pooled vectors"
}

# The mean of all states and the same of length 1, from a pack and from lines.
check_mean() { # MODEL NAME
	local n way of
	n=$(head -n 1 "$hf/$2-mean.tsv" | tr '\t' '\n' | wc -l)
	for way in '' --normalize; do
		of=2-$((1 + n / 2))
		[ -z "$way" ] || of=$((2 + n / 2))-
		cut -f "1,$of" "$hf/$2-mean.tsv" > wanted
		mt-predict -m "$1" --hidden mean $way -o mean.st "$2.st"
		tensor-cat --head 100 mean.st | grep '^mean	' | cut -f 2,3 |
		    tr ' ' '\t' | paste <(cut -f 1 wanted) - |
		    cut -f 1,3- > got
		is "$(differ wanted got)" same "$2: mean, $way of a pack"
		mt-predict -m "$1" --hidden mean $way -L 256 - \
		    < "$hf/examples.tsv" > lines
		is "$(grep -vc '^#\|^id' lines)" "$(wc -l < wanted)" \
		    "$2: mean, $way: a row a line"
		is "$(differ wanted <(sed '1,2d' lines))" same \
		    "$2: mean, $way of lines"
	done
	sed 's/^\(6	[^	]*	\)[^	]*/\10.5/' lines > other
	check 'another vector would be seen' test \
	    "$(differ wanted <(sed '1,2d' other))" != same
}

for task in mnli:classifier stsb:regression topics:multilabel; do
	name=${task#*:} task=${task%:*}
	bert-import -t "$task" -o "$name" "$hf/$name" 2> notes
	ok $? "$name: imported without a vocab.txt"
	check_ids "$name" "$name"
	mt-predict -q -m "$name" - < "$hf/examples.tsv" | sed '/^#/d' |
	    sed 1d > got
	numbers_of "$name" > wanted
	is "$(differ wanted got)" same "$name: answers"
	bert-export -t "$task" -o "$name-back" "$name"
	cmp -s <(tensor-cat "$name-back" | grep F32 | cut -f 1,3 | sort) \
	    <(tensor-cat "$hf/$name" | grep F32 | cut -f 1,3 | sort)
	ok $? "$name: exported under the same names"
done
is "$(grep -o '"labels": [^]]*' classifier/config.json)" \
    '"labels": ["contradiction", "neutral", "entailment"' 'labels of id2label'
is "$(grep -o '"type": "multilabel", "labels": [^]]*' multilabel/config.json)" \
    '"type": "multilabel", "labels": ["animals", "home", "weather"' \
    'multi_label_classification is multilabel'
grep -q '"problem_type": "multi_label_classification"' \
    multilabel-back/config.json
ok $? 'and the reverse'

bert-import -o sharded "$hf/sharded" 2> notes
ok $? 'bfloat16 in two files'
check_ids sharded sharded
check_pooled sharded sharded

bert-import --mlm -o pretraining "$hf/pretraining" 2> notes
ok $? 'BertForPreTraining'
predictions() { tensor-cat --head 100 "$1" | grep '^cls\.predictions' | sort; }
is "$(predictions pretraining)" "$(predictions "$hf/pretraining")" \
    'and its masked language model'
bert-export --mlm -o masked pretraining 2> notes
is "$(tensor-cat masked | grep F32 | cut -f 1,3 | sort)" \
    "$(tensor-cat "$hf/pretraining" | grep F32 | cut -f 1,3 | sort |
	grep -v 'bert.pooler\|seq_relationship')" \
    'exported for BertForMaskedLM under the same names'
bert-import --mlm -o pretraining-back masked 2> notes &&
    bert-export --mlm -o masked-back pretraining-back 2> notes &&
    cmp masked/model.safetensors masked-back/model.safetensors &&
    cmp masked/config.json masked-back/config.json
ok $? 'there and back'

# An encoder that bert-export wrote and Transformers read.
bert-import -o tiny "$share/tiny" 2> notes
check_ids tiny tiny
check_pooled tiny tiny
check_mean tiny tiny

# The tokenizer's file alone, and its digest: that of the vocab.txt it is.
is "$(wp-tokenize -v "$hf/classifier/tokenizer.json" "$hf/examples.tsv" \
    2> notes)" "$(wp-tokenize -v classifier "$hf/examples.tsv" 2> notes)" \
    'tokenizer.json by itself'
finish
