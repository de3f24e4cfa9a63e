#!/usr/bin/env bash
# bert-export --onnx: what onnxrun makes of the graph is what mt-predict
# answers, for each head, in padded batches.  Where Python has the modules,
# ONNX Runtime and OpenVINO are asked too (reference/onnx.py).
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/differ.sh"
cd "$(dirname "$0")/../.." || exit
root=$PWD
hf=$root/tests/port/hf
workplace
bert-import -o plain "$hf/classifier" 2> notes
wp-tokenize -v plain "$hf/examples.tsv" 2> notes |
    glue-pack -t mnli -s test -o rows.st 2> notes
tensor-cat --head 100 rows.st | sed 1d | cut -f 1,4,5 > rows

# The answers of mt-predict, and of the graph.
same() { # NAME MODEL HEAD HOW
	mt-predict -q -m "$2" -t "$3" - < "$hf/examples.tsv" | sed '/^#/d' |
	    sed 1d > wanted
	"$root/tests/port/onnxrun" "$2-onnx/model.onnx" "$4" < rows > got
	is "$(differ wanted got)" same "$1"
}

for kind in classifier:mnli:softmax regression:stsb:plain \
    multilabel:topics:sigmoid; do
	IFS=: read -r name task how <<< "$kind"
	bert-import -t "$task" -o "$name" "$hf/$name" 2> notes
	check "$name: a graph" bert-export --onnx -t "$task" -o "$name-onnx" \
	    "$name"
	same "$name: its answers" "$name" "$task" "$how"
	bert-import -t "$task" --no-pooler -o "$name-cls" "$hf/$name" 2> notes
	bert-export --onnx -t "$task" -o "$name-cls-onnx" "$name-cls"
	same "$name: without a pooler" "$name-cls" "$task" "$how"
done
is "$(cd classifier-onnx && echo *)" "config.json model.onnx \
special_tokens_map.json tokenizer_config.json vocab.txt" 'its files'
bert-export -t mnli -o classifier-hf classifier
check 'and the settings are those of the tensors' \
    cmp classifier-onnx/config.json classifier-hf/config.json
strings() { grep -ao '[a-z_]\{6,\}' "$1/model.onnx" | sort -u; }
for name in input_ids attention_mask token_type_ids logits batch_size \
    sequence_length; do
	check "named $name" grep -qx $name <(strings classifier-onnx)
done

# In 8 bits: near, but not the same; the weights take a quarter.
for kind in classifier:mnli:softmax regression:stsb:plain; do
	IFS=: read -r name task how <<< "$kind"
	check "$name: in 8 bits" \
	    bert-export --onnx --dtype int8 -t "$task" -o "$name-8" "$name"
	"$root/tests/port/onnxrun" "$name-onnx/model.onnx" "$how" < rows > wanted
	"$root/tests/port/onnxrun" "$name-8/model.onnx" "$how" < rows > got
	apart=$(differ wanted got)
	check "$name: near those of float32, which are others" awk -v \
	    "d=$apart" 'BEGIN { exit !(d > 1e-5 && d < 0.05) }'
	check "$name: smaller" test "$(wc -c <"$name-8/model.onnx")" -lt \
	    "$(wc -c <"$name-onnx/model.onnx")"
done

# Without a head, states: their mean over what is no padding.
bert-export --onnx -o plain-onnx plain 2> notes
is "$(cat notes)" 'bert-export: left out: bert.pooler.dense.weight
bert-export: left out: bert.pooler.dense.bias' 'what states do without'
mt-predict -q -m plain --hidden mean -o mean.st rows.st
tensor-cat --head 100 mean.st | grep '^mean	' | cut -f 3 | tr ' ' '\t' |
    paste <(cut -f 1 rows) - > wanted
"$root/tests/port/onnxrun" plain-onnx/model.onnx mean < rows > got
is "$(differ wanted got)" same 'states'
check 'named last_hidden_state' grep -qx last_hidden_state \
    <(strings plain-onnx)

# What fills in masks: the likeliest pieces of other programs.
bert-import --mlm -o filler "$hf/pretraining" 2> notes
bert-export --mlm --onnx -o filler-onnx filler 2> notes
is "$(fills "$hf/pretraining.tsv" "$(wc -l < filler/vocab.txt)" \
    filler-onnx/model.onnx)" same 'what fills in masks'

# DistilBERT has no segments.
bert-import -o short "$root/tests/port/brought/distilbert" 2> notes
bert-export --onnx -o short-onnx short 2> notes
check 'no segments: no token_type_ids' test \
    "$(strings short-onnx | grep -c token_type_ids)" = 0
for refused in '--dtype float16' '--dtype bfloat16'; do
	bert-export --onnx $refused -o bad plain 2> notes
	is "$?" 2 "refused: $refused"
done
bert-export -o plain-onnx plain 2> notes
check 'tensors replace a graph' test ! -e plain-onnx/model.onnx

# --- other programs ---

python=${PYTHON:-python3}
runtimes='import onnxruntime, torch, transformers'
elsewhere=$("$python" -c "$runtimes" 2> /dev/null && echo yes)
for name in classifier regression multilabel filler; do
	if [ -z "$elsewhere" ]; then
		skip "$name elsewhere" "$python has not all of $runtimes"
		continue
	fi
	case $name in
	filler) bert-export --mlm -o filler-hf filler 2> notes ;;
	*) bert-export -t "$(grep -o '"heads": {$' -A 1 $name/config.json |
	    sed -n 's/ *"\(.*\)": {.*/\1/p')" -o $name-hf $name 2> notes ;;
	esac
	check "$name elsewhere" "$python" \
	    "$root/tests/port/reference/onnx.py" "$hf/examples.tsv" \
	    $name-hf $name-onnx
done
finish
