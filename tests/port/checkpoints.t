#!/usr/bin/env bash
# What people bring as a checkpoint: imported with what it means, or refused
# in words that say what it is.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
PATH=$(realpath "${BUILD:-build}")/bin:$PATH
cd "$(dirname "$0")/../.." || exit
root=$PWD
in=$root/tests/tools/data/bert-import
scratch
cd "$tmp" || exit 1

# Refused with exit 1, in these words; and no model is made.
refuses() { # NAME WORDS ARGUMENTS...
	local name=$1 words=$2 status
	shift 2
	bert-import -o refused "$@" > said 2>&1
	status=$?
	[[ $status == 1 && ! -e refused ]] && grep -qF -- "$words" said
	ok $? "$name"
	grep -qF -- "$words" said || sed "s/^/# $status: /; 5q" said
	rm -rf refused
}

# --- numbers that are none ---

# A copy of hf whose tensor starts with these four bytes.
spoil() { # COPY TENSOR BYTES
	local size at
	cp -r "$in/hf" "$1"
	size=$(head -c 8 "$in/hf/model.safetensors" | od -An -t u8)
	at=$(head -c $((size + 8)) "$in/hf/model.safetensors" |
	    grep -ao "\"$2\": {[^}]*" | grep -o '[0-9]*, [0-9]*]$')
	printf '%b' "$3" | dd of="$1/model.safetensors" bs=1 \
	    seek=$((size + 8 + ${at%%,*})) conv=notrunc status=none
}

spoil nan bert.pooler.dense.bias '\0\0\0300\0177'
refuses 'a NaN' "nan/model.safetensors: tensor 'bert.pooler.dense.bias': \
number 1 of 4 is nan, expected finite numbers" nan
refuses 'a NaN in what is left out' "tensor 'bert.pooler.dense.bias': number" \
    --no-pooler nan
check 'but not in what is ignored' \
    bert-import --no-pooler --ignore 'bert.pooler.*' -o nan-out nan
spoil inf bert.embeddings.word_embeddings.weight '\0\0\0200\0377'
refuses 'an infinity' "tensor 'bert.embeddings.word_embeddings.weight': \
number 1 of 76 is -inf" inf

# --- names as wrappers and trainers leave them ---

brought=$PWD/brought
cp -r "$root/tests/port/brought" "$brought"
bert-import -o plain "$brought/plain.safetensors" 2> notes
ok $? 'plain'

# The same model, and one note of this.
same() { # FILE NOTE [ARGUMENTS...]
	local file=$1 note=$2
	shift 2
	bert-import -o got "$@" "$brought/$file" > said 2>&1 &&
	    cmp -s plain/model.safetensors got/model.safetensors &&
	    [[ $(grep -cF "names are read without" said) -le 1 ]] &&
	    grep -qF -- "$note" said
	ok $? "$file: $note"
	grep -qF -- "$note" said || sed 's/^/# /; 5q' said
	rm -rf got
}
same ddp.bin "ddp.bin: names are read without 'module.'"
same compiled.bin "names are read without '_orig_mod.'"
same both.bin "names are read without 'module.' and '_orig_mod.'"
same inside.bin "names are read without '_orig_mod.'"
same fsdp.bin "without '_checkpoint_wrapped_module.' and 'model.'"
same bare.bin "names are read without 'student.'"
same lightning.ckpt "of its parts, 'state_dict' is read"
same lightning.ckpt "names are read without 'model.'"
same trainer.bin "names are read without 'module.' and 'net.'"
same alias.bin "of its parts, 'model' is read"
same nested.bin "of its parts, 'model_state_dict' is read"
same nested.bin 'left out: version (a whole number, no tensor)'
same towers.bin 'left out: document.bert.pooler.dense.bias (--ignore)' \
    --ignore 'document.*'
same mtdnn.pt 'left out: scoring_list.0.bias (a head, kept with -t)'
same mtdnn-legacy.pt "names are read without 'module.'"
same mtdnn-ddp.pt "names are read without 'module.'"
refuses 'another encoder' 'its encoder_type is 2, expected 1, which is' \
    "$brought/roberta.pt"
refuses 'two states' "'model' and 'ema' are states of networks" \
    "$brought/two.bin"
refuses 'two networks' \
    "two networks: query.bert.embeddings.word_embeddings.weight and document." \
    "$brought/towers.bin"
refuses 'another network' "its names start with 'roberta.'" \
    "$brought/other.bin"
refuses 'a pickle that calls' "global 'posix.system' refused" \
    "$brought/evil.bin"
refuses 'a whole object' 'an object of experiments.exp_def.TaskDef, expected' \
    "$brought/object.bin"
refuses 'no tensors' 'no tensors, expected those of a model' \
    "$brought/empty.bin"
refuses 'a pattern that nothing matches' "no tensor of the name 'nothing*'" \
    --ignore 'nothing*' "$brought/plain.safetensors"
refuses 'a pattern of what is needed' 'missing: bert.pooler.dense.bias [4]' \
    --ignore '*pooler*' "$brought/plain.safetensors"

# --- what has no place here ---

for name in bert.embeddings.position_ids bert.embeddings.token_type_ids \
    bert.mask bert.count qa_outputs.weight qa_outputs.bias; do
	same buffers.safetensors "left out: $name ("
done
bert-import -o got "$brought/buffers.safetensors" > said 2>&1
is "$(grep -c 'left out' said)" 6 'each is named once'

# --- TensorFlow ---

for folder in slots norms tf2; do
	cp "$brought/config.json" "$brought/$folder"
done
same slots/bert_model.ckpt 'left out: 50 tensors of the optimiser' \
    -v "$brought"
same norms/bert_model.ckpt "names are read without 'encoder.'" -v "$brought"
refuses 'an object checkpoint' \
    'bert_model.ckpt.index: an object checkpoint of TensorFlow 2' \
    -v "$brought" "$brought/tf2/bert_model.ckpt"

# --- what is no checkpoint ---

# One of plain's files with other bytes in it.
replaced() { # FILE WORDS BYTES
	rm -rf folder
	mkdir folder
	cp "$brought/config.json" "$brought/vocab.txt" folder
	cp "$brought/plain.safetensors" folder/model.safetensors
	printf '%b' "$3" > "folder/$1"
	refuses "$1: $2" "folder/$1: $2" folder
}
lfs='version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 7\n'
html='\n <!DOCTYPE html>\n<html><body>404</body></html>\n'
for file in config.json vocab.txt model.safetensors tokenizer_config.json \
    tokenizer.json; do
	replaced $file 'this is a pointer of Git LFS in place of the file' "$lfs"
	replaced $file 'this is an HTML page in place of the file' "$html"
done
replaced model.safetensors 'this is compressed by gzip' '\037\0213\010\0000aaaaaaa'
replaced model.safetensors 'this is an HDF5 file' '\0211HDF\r\n\032\naaaaaaaaa'
rm -rf folder
cp -r "$in/hf" folder
perl -pi -e 's/"format": "pt"/"format": "tf"/' folder/model.safetensors
refuses "Keras's tensors" "tensors of the format 'tf', expected 'pt'" folder
for file in pytorch_model.bin bert_model.ckpt.index; do
	for what in "$lfs" "$html"; do
		rm -rf folder
		mkdir folder
		cp "$brought/config.json" "$brought/vocab.txt" folder
		printf '%b' "$what" > folder/$file
		refuses "$file" 'in place of the file' folder
	done
done
cp -r "$brought/slots" folder2
cp "$brought/config.json" "$brought/vocab.txt" folder2
printf '%b' "$lfs" > folder2/bert_model.ckpt.data-00000-of-00001
refuses 'a pointer in place of the data' \
    'data-00000-of-00001: this is a pointer of Git LFS' folder2
for file in tf_model.h5 flax_model.msgpack adapter_model.safetensors; do
	rm -rf folder
	mkdir folder
	: > folder/$file
	refuses "$file" "folder/$file: not read; expected model.safetensors" folder
done

# --- vocabularies of other sizes ---

# plain with more files of its tokenizer.
with() { # FILE CONTENT
	rm -rf folder got
	mkdir folder
	cp "$brought/config.json" "$brought/vocab.txt" folder
	cp "$brought/plain.safetensors" folder/model.safetensors
	printf '%b' "$2" > "folder/$1"
}
with added_tokens.json '{"[ENT]": 19}\n'
refuses 'an added token without a row' \
    "the added token '[ENT]' has the id 19, but the model has 19 rows" folder
with added_tokens.json '{"the": 6}\n'
check 'an added token that is a piece' bert-import -o got folder
lines=$(sed 's/$/\\n/' "$brought/vocab.txt" | tr -d '\n')
with vocab.txt "$lines\\n"
check 'a blank line at the end asks for no row' bert-import -o got folder
is "$(tail -c 3 got/vocab.txt | od -An -c | tr -d ' ')" 's\n\n' 'and is kept'
with vocab.txt "${lines}more\\n"
refuses 'a piece too many' '20 pieces, but the model has 19' folder

# --- other words, other networks ---

config() { # FROM TO
	rm -rf folder
	mkdir folder
	cp "$brought/vocab.txt" "$brought/tokenizer_config.json" folder
	cp "$brought/plain.safetensors" folder/model.safetensors
	sed "s/$1/$2/" "$brought/config.json" > folder/config.json
}
config '"gelu"' '"gelu_python"'
bert-import -o got folder 2> notes &&
    cmp -s plain/model.safetensors got/model.safetensors &&
    cmp -s plain/config.json got/config.json
ok $? 'gelu_python is gelu'
for act in gelu_new gelu_fast gelu_pytorch_tanh quick_gelu gelu_10 relu; do
	config '"gelu"' "\"$act\""
	refuses "$act" "\"hidden_act\" is '$act', expected 'gelu'" folder
done

# A classifier of each token is no head of a text.
sed 's/BertForSequenceClassification/BertForTokenClassification/' \
    "$in/classifier/config.json" > tokens.json
rm -rf folder
cp -r "$in/classifier" folder
cp tokens.json folder/config.json
refuses 'a classifier of tokens' \
    "\"architectures\" is 'BertForTokenClassification'" -t mnli folder
check 'and its encoder' bert-import -o got folder

# DistilBERT: Transformers' last [CLS], pairs too; there and back as a BERT.
distil=$brought/distilbert
bert-import --mlm -o distil "$distil" > said 2>&1
ok $? 'DistilBERT'
grep -q 'DistilBERT, a BERT without segment embeddings and pooler' said
ok $? 'and it is said'
rows() { # MODEL
	wp-tokenize -v "$1" "$root/tests/port/hf/examples.tsv" 2> notes |
	    glue-pack -t mnli -s test -L 32 -o rows.st -v "$1" 2> notes
	mt-predict -q -m "$1" --hidden pooled -o hidden.st rows.st
	tensor-cat --head 100 hidden.st | grep '^pooled	' | cut -f 3
}
near() { # WANTED
	paste -d ' ' <(cut -f 3- "$1" | tr '\t' ' ') <(cat) | awk '{
		for (i = 1; i <= NF / 2; i++) {
			d = $i - $(i + NF / 2)
			if (!(d * d <= 1e-10))
				bad++
			n++
		}
	} END { print bad + 0, n }'
}
is "$(rows distil | near "$distil.tsv")" "0 $((16 * $(wc -l < "$distil.tsv")))" \
    'its answers are those of Transformers'
is "$(tensor-cat --head 100 rows.st | sed -n '2,$p' | cut -f 5)" \
    "$(cut -f 2 "$distil.tsv")" 'and its ids'
bert-export --as bert -o hf distil 2> notes
bert-import --no-pooler -o back hf 2> notes
is "$(rows back | near "$distil.tsv")" "0 $((16 * $(wc -l < "$distil.tsv")))" \
    'exported as a BERT whose segments are 0'
tensor-cat distil | grep -q 'cls.predictions.transform.dense.weight'
ok $? 'with its masked language model'
bert-import -o again distil 2> notes
is "$(rows again | near "$distil.tsv")" "0 $((16 * $(wc -l < "$distil.tsv")))" \
    'an import of the import'
printf 'id\tlabel\ttext_a\ttext_b\n0\tentailment\tthe cat\ta dog\n1\tnot_entailment\tsat\tran\n' |
    wp-tokenize -v distil 2> notes |
    glue-pack -t rte -s train -v distil -o train.st
check 'training without segment embeddings' \
    mt-finetune -q -i distil -o tuned --epochs 1 train.st

# One segment: texts by themselves, never a pair.
model-new -v "$brought/vocab.txt" --layers 1 --hidden 4 --positions 32 -o one 2> notes
perl -pi -e 's/"type_vocab_size": 2/"type_vocab_size": 1/' one/config.json
printf 'id\tlabel\ttext_a\ttext_b\n0\tentailment\tthe cat\ta dog\n' |
    wp-tokenize -v one > pair.tsv 2> notes
! glue-pack -t rte -s train -v one -o pair.st pair.tsv > said 2>&1 &&
    grep -q 'one: task rte is of pairs, but the model has one segment' said
ok $? 'a pair is not packed for a model of one segment'
cut -f 1-3 pair.tsv > single.tsv
check 'a single text is' \
    glue-pack -t cola -s train -v one -o single.st \
    <(sed '3s/entailment/1/' single.tsv)

finish
