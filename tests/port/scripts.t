#!/usr/bin/env bash
# A cased vocabulary in three scripts, Latin, Cyrillic and Devanagari, from
# the text it is learned of to the model that Transformers reads: the same ids
# of pieces, and the same answers (reference/scripts.py).
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/differ.sh"
cd "$(dirname "$0")/../.." || exit
root=$PWD
in=$root/tests/port/scripts
workplace

check 'a vocabulary is learned' \
    wp-train -q --cased --size 400 -o vocab.txt "$in/text.txt"
check 'that which the others read' cmp vocab.txt "$in/vocab.txt"
for letter in Ä ä Ç İ Ї ё Ё й क ज ि; do
	check "of it, $letter" grep -q "^\(##\)\?$letter" vocab.txt
done

ids() { # VOCAB [--cased]
	wp-tokenize -v "$@" "$in/examples.tsv" 2> notes > tokens.tsv
	glue-pack -t rte -s train -o rows.st < tokens.tsv
	tensor-cat --head 100 rows.st | sed 1d | cut -f 1,5
}
is "$(ids vocab.txt --cased)" "$(cut -f 1,2 "$in/answers.tsv")" \
    'ids of pieces of a vocabulary'
check 'lower-cased they would be others' \
    test "$(ids vocab.txt)" != "$(cut -f 1,2 "$in/answers.tsv")"
model-new --cased -v vocab.txt --layers 2 --hidden 16 --heads 2 \
    --positions 64 -o start 2> notes
is "$(ids start)" "$(cut -f 1,2 "$in/answers.tsv")" 'and of a model'

answers() { # MODEL
	mt-predict -q -m "$1" -t rte - < "$in/examples.tsv" 2> notes |
	    sed '/^#/d' | sed 1d
}
bert-import -t rte -o model "$in/model" 2> notes
ok $? 'what Transformers has read'
cut -f 1,3- "$in/answers.tsv" > wanted
answers model > got
is "$(differ wanted got)" same 'its answers'
is "$(ids model)" "$(cut -f 1,2 "$in/answers.tsv")" 'its ids'
bert-export -t rte -o back model
for file in config.json model.safetensors vocab.txt tokenizer_config.json; do
	check "written back: $file" cmp "back/$file" "$in/model/$file"
done

check 'trained' mt-finetune -q -i start -o tuned --batch-size 4 --epochs 4 \
    --learning-rate 5e-3 rows.st
answers tuned > wanted
bert-export -t rte -o tuned-hf tuned
check 'cased it stays' grep -q '"do_lower_case": false' \
    tuned-hf/tokenizer_config.json
bert-import -t rte -o again tuned-hf 2> notes
check 'and is the same model' cmp again/model.safetensors \
    tuned/model.safetensors
bert-export --onnx -t rte -o graph tuned
tensor-cat --head 100 rows.st | sed 1d | cut -f 1,4,5 > rows
"$root/tests/port/onnxrun" graph/model.onnx softmax < rows > got
is "$(differ wanted got)" same 'answers as a graph'

python=${PYTHON:-python3}
modules='import tokenizers, torch, transformers'
if "$python" -c "$modules" 2> /dev/null; then
	"$python" "$root/tests/port/reference/scripts.py" answers tuned-hf \
	    "$in/examples.tsv" 2> notes > there
	is "$(cut -f 1,2 there)" "$(cut -f 1,2 "$in/answers.tsv")" \
	    'ids of Transformers'
	cut -f 1,3- there > got
	is "$(differ wanted got)" same 'answers of Transformers'
else
	skip 'answers of Transformers' "$python has not all of $modules"
fi
finish
