#!/usr/bin/env bash
# ELECTRA and DistilBERT as Transformers saved them (reference/hf.py): the same
# answers, also as a graph; trained, distilled, and written back as what they
# are: where every tensor is the one that was read, so are Transformers'
# answers.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/differ.sh"
cd "$(dirname "$0")/../.." || exit
root=$PWD
hf=$root/tests/port/hf
workplace

# The numbers of a table of hf.py, without the ids of pieces.
numbers_of() { cut -f 1,3- "$hf/$1.tsv"; } # NAME

answers() { # MODEL HEAD
	mt-predict -q -m "$1" -t "$2" - < "$hf/examples.tsv" | sed '/^#/d' |
	    sed 1d
}

# Every tensor, by name, with its numbers.
tensors() { # FOLDER
	tensor-cat "$1" | grep F32 | cut -f 1,3 | sort
	tensor-cat --head 1000 "$1" | grep '^[a-z_]*\.' | grep -v F32 | sort
}

graph() { # MODEL HEAD HOW
	rm -rf graph
	bert-export --onnx -t "$2" -o graph "$1" 2> notes
	"$root/tests/port/onnxrun" graph/model.onnx "$3" < rows
}

bert-import -o plain "$hf/electra" 2> notes
ok $? 'ELECTRA'
grep -q 'ELECTRA, a BERT without pooler' notes
ok $? 'and it is said'
wp-tokenize -v plain "$hf/examples.tsv" 2> notes |
    glue-pack -t mnli -s test -o rows.st 2> notes
tensor-cat --head 100 rows.st | sed 1d | cut -f 1,4,5 > rows
is "$(cut -f 1,3 rows)" "$(cut -f 1,2 "$hf/electra.tsv")" 'its ids of pieces'
mt-predict -q -m plain --hidden pooled -o states.st rows.st
numbers_of electra > wanted
tensor-cat --head 100 states.st | grep '^pooled	' | cut -f 3 | tr ' ' '\t' |
    paste <(cut -f 1 wanted) - > got
is "$(differ wanted got)" same 'its states of [CLS]'
is "$(grep embedding_size plain/config.json)" '  "embedding_size": 8,' \
    'its embeddings are narrower'
bert-export -o plain-back plain
is "$(tensors plain-back)" "$(tensors "$hf/electra")" 'written back'
for word in '"model_type": "electra"' '"ElectraModel"' \
    '"network": "electra"'; do
	check "as $word" grep -qF "$word" plain-back/config.json
done
check 'and not by shape: read again, the same bytes' \
    eval 'bert-import -o plain-again plain-back 2> /dev/null &&
	cmp plain/model.safetensors plain-again/model.safetensors &&
	cmp plain/config.json plain-again/config.json'

for kind in electra-classifier:mnli:softmax:Electra \
    electra-regression:stsb:plain:Electra \
    distil-classifier:mnli:softmax:DistilBert \
    distil-multilabel:topics:sigmoid:DistilBert; do
	IFS=: read -r name task how class <<< "$kind"
	bert-import -t "$task" -o "$name" "$hf/$name" 2> notes
	ok $? "$name"
	numbers_of "$name" > wanted
	answers "$name" "$task" > got
	is "$(differ wanted got)" same "$name: answers"
	graph "$name" "$task" "$how" > got
	is "$(differ wanted got)" same "$name: answers as a graph"
	bert-export -t "$task" -o "$name-back" "$name" 2> notes
	is "$(tensors "$name-back")" "$(tensors "$hf/$name")" \
	    "$name: written back"
	check "$name: for its class" \
	    grep -q "\"${class}ForSequenceClassification\"" \
	    "$name-back/config.json"
	check "$name: there and back" \
	    eval "bert-import -t $task -o $name-again $name-back &&
		cmp $name/model.safetensors $name-again/model.safetensors &&
		cmp $name/config.json $name-again/config.json"
	bert-import -o bare "$hf/$name" 2> notes
	check "$name: its encoder alone" grep -q '"pooler": "none"' \
	    bare/config.json
	check "$name: what was its head is named" \
	    grep -q 'left out: \(pre_\)\?classifier' notes
done

bert-import --mlm -o generator "$hf/electra-generator" 2> notes
ok $? 'a generator, whose embeddings are wider'
bert-export --mlm -o generator-back generator 2> notes
is "$(tensors generator-back)" \
    "$(tensors "$hf/electra-generator" | grep -v generator_lm_head.weight)" \
    'and back'
bert-export --mlm --onnx -o graph generator 2> notes
is "$(fills "$hf/electra-generator.tsv" "$(wc -l < generator/vocab.txt)" \
    graph/model.onnx)" same 'what it fills in'

# --- trained, and distilled ---

sed '/^#/d; 1d' "$hf/examples.tsv" | awk -F '\t' -v OFS='\t' '
	BEGIN { print "id", "label", "text_a", "text_b" }
	{ print $1, NR % 2 ? "entailment" : "not_entailment", $3, $4 }' > rte.tsv
bert-import -o distil "$hf/distil-classifier" 2> notes
wp-tokenize -v plain rte.tsv 2> notes | glue-pack -t rte -s train -o rte.st
set -- --batch-size 4 --epochs 4 --learning-rate 5e-3 -q
for model in plain distil; do
	class=$(sed -n 's/.*"network": "\(.*\)",/\1/p' $model/config.json)
	check "$class: trained" mt-finetune "$@" -i $model -o $model-rte rte.st
	answers $model-rte rte > wanted
	check "$class: the answers differ by the row" test \
	    "$(cut -f 2 wanted | sort -u | wc -l)" -gt 5
	check "$class: written with a head that has a layer more" \
	    bert-export -t rte -o $model-hf $model-rte
	bert-import -t rte -o $model-2 $model-hf 2> notes
	answers $model-2 rte > got
	is "$(differ wanted got)" same "$class: which answers the same"
	check "$class: of that form" grep -q '"pooler": "[gr]elu"' \
	    $model-2/config.json
	check "$class: trained on" \
	    mt-finetune "$@" --keep-heads -i $model-2 -o $model-3 rte.st
	check "$class: and written back" bert-export -t rte -o $model-4 $model-3
	mt-predict -q -m $model-rte rte.st > $model.soft
	check "$class: distilled" kd-train "$@" -i $model -o $model-kd \
	    --soft $model.soft --teacher $model-rte --feature-hidden 1 \
	    --feature-map 0:0,1:1,2:2 rte.st
	check "$class: the student is one too" \
	    grep -q "\"network\": \"$class\"" $model-kd/config.json
done
# Embeddings are compared as the layers get them: a BERT may learn them.
model-new -v plain --layers 1 --hidden 8 --positions 64 -o small 2> notes
check 'a BERT learns from an ELECTRA' kd-train "$@" -i small -o small-kd \
    --teacher plain-rte --teacher-soft --feature-hidden 1 \
    --feature-map 0:0,1:2 rte.st

# --- as another network ---

bert-export --as bert -o distil-bert distil 2> notes
check 'DistilBERT as a BERT, with segments of 0' eval \
    "tensor-cat --head 40 distil-bert | grep '^embeddings.token_type' |
	grep -v F32 | tr '\t' '\n' | grep -qx '\\(0 *\\)*'"
refused() { # WORDS ARGUMENTS...
	local words=$1
	shift
	! bert-export -o bad "$@" 2> notes && grep -qF -- "$words" notes &&
	    [ ! -e bad ]
	ok $? "refused: $words"
}
bert-import -t mnli -o bert "$hf/classifier" 2> notes
refused 'embeddings of another width than the layers' --as bert plain
refused 'segment embeddings, which DistilBert has not' --as distilbert bert
refused 'its pooler is not that of ElectraForSequenceClassification' \
    --as electra -t mnli bert
refused 'its pooler is not that of BertForSequenceClassification' \
    --as bert -t mnli distil-classifier
bert-import --no-pooler -t mnli -o cls "$hf/classifier" 2> notes
refused 'no pooler, without which BertForSequenceClassification' -t mnli cls
answers cls mnli > wanted
check 'a BERT without pooler as an ELECTRA' \
    bert-export --as electra -t mnli -o cls-hf cls
bert-import -t mnli -o cls-2 cls-hf 2> notes
answers cls-2 mnli > got
is "$(differ wanted got)" same 'which answers the same'

# --- other names ---

# Names of ELECTRA under a config of BERT's.
cp -r "$hf/electra-classifier" wrong
sed 's/"electra"/"bert"/; /embedding_size/d' "$hf/electra-classifier/config.json" \
	>wrong/config.json
bert-import -o bad wrong 2> notes
is "$?" 1 'another network than its config.json says'
check 'and it is said' grep -q "its names start with 'electra.'" notes
finish
