#!/usr/bin/env bash
# Tokens added to a vocabulary, wherever Transformers keeps them: the ids that
# Hugging Face's tokenizers gives (reference/added.py), or refused by key and
# value where the files contradict each other or mean another tokenizer.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
PATH=$(realpath "${BUILD:-build}")/bin:$PATH
cd "$(dirname "$0")/../.." || exit 1
added=$PWD/tests/corpus/added
scratch
cd "$tmp" || exit 1

for ids in "$added"/*.ids; do
	name=$(basename "$ids" .ids)
	for threads in 1 3; do
		wp-tokenize -v "$added/$name" -j $threads --lines \
		    "$added/lines" > got 2> notes
		cmp -s got "$ids"
		ok $? "$name, $threads threads: the ids of tokenizers"
		diff got "$ids" | sed -n '1,6s/^/# /p'
	done
done

# --- refused by key and value ---

# A folder of the plain vocabulary and one file, which is refused.
refuses() { # WORDS FILE CONTENT
	rm -rf folder
	mkdir folder
	cp "$added/plain/vocab.txt" folder
	printf '%s\n' "$3" > "folder/$2"
	! wp-tokenize -v folder --lines < /dev/null > said 2>&1 &&
	    grep -qF -- "folder/$2:1: $1" said
	ok $? "$1"
	grep -qF -- "folder/$2:1: $1" said || sed 's/^/# /; 3q' said
}

takes() { # NAME FILE CONTENT
	rm -rf folder
	mkdir folder
	cp "$added/plain/vocab.txt" folder
	printf '%s\n' "$3" > "folder/$2"
	check "$1" wp-tokenize -v folder --lines "$added/lines"
}

config=tokenizer_config.json
refuses "\"tokenizer_class\" is 'BertJapaneseTokenizer', expected" \
    $config '{"tokenizer_class": "BertJapaneseTokenizer"}'
refuses "\"tokenizer_class\" is 'AlbertTokenizerFast', expected" \
    $config '{"tokenizer_class": "AlbertTokenizerFast"}'
refuses "\"tokenizer_class\" is 'PreTrainedTokenizerFast', expected" \
    $config '{"tokenizer_class": "PreTrainedTokenizerFast"}'
refuses "\"tokenizer_class\" is 'BertTokenizerX', expected" \
    $config '{"tokenizer_class": "BertTokenizerX"}'
refuses "\"tokenizer_class\" is 'BertJapaneseTokenizer', expected" \
    config.json '{"tokenizer_class": "BertJapaneseTokenizer"}'
takes 'tokenizer_class of its kin' $config \
    '{"tokenizer_class": "ElectraTokenizerFast", "never_split": null}'
refuses "\"word_tokenizer_type\" is 'mecab', expected basic" \
    $config '{"word_tokenizer_type": "mecab"}'
refuses "\"subword_tokenizer_type\" is 'character', expected wordpiece" \
    $config '{"subword_tokenizer_type": "character"}'
refuses "\"mecab_kwargs\" is 'a list or map', expected none" \
    $config '{"mecab_kwargs": {"mecab_dic": "unidic"}}'
takes 'and what they are by default' $config \
    '{"word_tokenizer_type": "basic", "subword_tokenizer_type": "wordpiece",
	"do_basic_tokenize": true, "never_split": ["[SEP]"], "sp_kwargs": {}}'
refuses "\"do_basic_tokenize\" is 'false', expected true" \
    $config '{"do_basic_tokenize": false}'
refuses "\"never_split\" is '[ENT]', expected none but" \
    $config '{"never_split": ["[SEP]", "[ENT]"]}'
refuses "\"split_special_tokens\" is 'true', expected false" \
    $config '{"split_special_tokens": true}'
refuses "\"truncation_side\" is 'left', expected right" \
    $config '{"truncation_side": "left"}'
refuses "\"clean_text\" is 'false', expected true" \
    $config '{"clean_text": false}'
refuses "\"auto_map\" names a tokenizer's own code" \
    $config '{"auto_map": {"AutoTokenizer": ["a.B", null]}}'
refuses "\"unk_token\" is '<unk>', expected [UNK]" \
    $config '{"unk_token": "<unk>"}'
refuses "\"cls_token\" is '<s>', expected [CLS]" \
    special_tokens_map.json '{"cls_token": {"content": "<s>"}}'
refuses "an added token of the id 'x'" $config \
    '{"added_tokens_decoder": {"x": {"content": "a"}}}'
refuses 'an added token without "content"' $config \
    '{"added_tokens_decoder": {"57": {"special": true}}}'
refuses 'an added token that is empty or has a line end' $config \
    '{"added_tokens_decoder": {"57": {"content": ""}}}'
refuses 'expected a map' added_tokens.json '["[ENT]"]'

# Ids are what tokenizers makes them, whatever the files say.
contradicts() { # WORDS FILE CONTENT [FILE CONTENT]
	rm -rf folder
	mkdir folder
	cp "$added/plain/vocab.txt" folder
	printf '%s\n' "$3" > "folder/$2"
	[[ $# -lt 4 ]] || printf '%s\n' "$5" > "folder/$4"
	! wp-tokenize -v folder --lines < /dev/null > said 2>&1 &&
	    grep -qF -- "$1" said
	ok $? "$1"
	grep -qF -- "$1" said || sed 's/^/# /; 3q' said
}
contradicts "the added token '[ENT]' has the id 60, but tokenizers gives it 57" \
    added_tokens.json '{"[ENT]": 60}'
contradicts "the added token 'foo' has the id 57, but tokenizers gives it 26" \
    $config '{"added_tokens_decoder": {"57": {"content": "foo"}}}'
contradicts "the added token '[ENT]' has the id 57, but 58 in" \
    $config '{"added_tokens_decoder": {"58": {"content": "[ENT]"}}}' \
    added_tokens.json '{"[ENT]": 57}'
contradicts "the added token '[REL]' is not in the added_tokens_decoder" \
    $config '{"added_tokens_decoder": {"57": {"content": "[ENT]"}}}' \
    added_tokens.json '{"[REL]": 58}'
contradicts "the added token '[REL]' is not in the added_tokens_decoder" \
    $config '{"added_tokens_decoder": {"57": {"content": "[ENT]"}}}' \
    special_tokens_map.json \
    '{"additional_special_tokens": ["[ENT]", "[REL]"]}'
contradicts "nothing is left of the added token" \
    added_tokens.json "{\"$(printf '\u200b')\": 57}"
contradicts 'has another "normalized" than in' \
    $config '{"mask_token": {"content": "[MASK]", "normalized": true}}' \
    special_tokens_map.json \
    '{"mask_token": {"content": "[MASK]", "normalized": false}}'
contradicts "the added tokens 'ENT' and 'ent' are one text once" \
    $config '{"bos_token": {"content": "ENT", "normalized": true},
	"eos_token": {"content": "ent", "normalized": true}}'

# --- tokenizer.json ---

# json, with one text in place of another.
changes() { # WORDS FROM TO
	rm -rf folder
	cp -r "$added/json" folder
	sed "s/$2/$3/" "$added/json/tokenizer.json" > folder/tokenizer.json
	! wp-tokenize -v folder --lines < /dev/null > said 2>&1 &&
	    grep -qF -- "$1" said
	ok $? "$1"
	grep -qF -- "$1" said || sed 's/^/# /; 3q' said
}
changes "\"do_lower_case\" is 'true', but tokenizer.json has \"lowercase\" \
'false'" '"lowercase":true' '"lowercase":false'
changes "\"normalizer\" is of the type 'nothing', expected" \
    '"normalizer":{[^}]*}' '"normalizer":null'
changes "\"normalizer\" is of the type 'Sequence', expected" \
    '"normalizer":{[^}]*}' '"normalizer":{"type":"Sequence","normalizers":[]}'
changes "\"pre_tokenizer\" is of the type 'Whitespace', expected" \
    BertPreTokenizer Whitespace
changes "\"clean_text\" is 'false', expected 'true'" \
    '"clean_text":true' '"clean_text":false'
changes "\"direction\" is 'Left', expected 'Right'" '"truncation":null' \
    '"truncation":{"direction":"Left","max_length":8}'
changes "\"type\" is 'Unigram', expected 'WordPiece'" \
    '"WordPiece","unk_token"' '"Unigram","unk_token"'
changes "\"continuing_subword_prefix\" is '', expected '##'" \
    '"continuing_subword_prefix":"##"' '"continuing_subword_prefix":""'
changes "\"max_input_chars_per_word\" is '10', expected '100'" \
    '"max_input_chars_per_word":100' '"max_input_chars_per_word":10'
changes "\"post_processor\" is of the type 'RobertaProcessing', expected" \
    '"post_processor":null' '"post_processor":{"type":"RobertaProcessing"}'
template() { # FRAME OF A PAIR, WITHOUT [CLS] A
	printf '"post_processor":{"type":"TemplateProcessing","single":[%s%s],'\
'"pair":[%s%s%s]}' '{"SpecialToken":{"id":"[CLS]","type_id":0}},' \
    '{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}' \
    '{"SpecialToken":{"id":"[CLS]","type_id":0}},' \
    '{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}},' \
    "$1"
}
changes "\"pair\" is '[CLS]:0 A:0 [SEP]:0 B:0 [SEP]:0', expected" \
    '"post_processor":null' "$(template '{"Sequence":{"id":"B","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}')"
changes "piece 'sat ' ends in white space" '"sat"' '"sat "'
sed "s/\"post_processor\":null/$(template '{"Sequence":{"id":"B","type_id":1}},{"SpecialToken":{"id":"[SEP]","type_id":1}}')/
s/\"normalizer\":\({[^}]*}\)/\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":[\1]}/" \
    "$added/json/tokenizer.json" > tokenizer.json
wp-tokenize -v tokenizer.json --lines "$added/lines" 2> notes |
    cmp -s - "$added/json.ids"
ok $? "BERT's own template and a sequence of one: the same ids"
cp -r "$added/both" folder2
perl -pi -e 's/^mat$/met/' folder2/vocab.txt
! wp-tokenize -v folder2 --lines < /dev/null > said 2>&1 &&
    grep -q "json: piece 9 is 'mat', but 'met' in folder2/vocab.txt" said
ok $? 'a vocab.txt that is not the tokenizer.json beside it'

# --- models ---

# A model keeps them, and so does what is exported of it.
bert() { model-new -v "$1" --layers 1 --hidden 4 --positions 64 -o "$2" 2> notes; }
for name in plain decoder json blank white strip marks; do
	bert "$added/$name" model
	wp-tokenize -v model --lines "$added/lines" 2> notes |
	    cmp -s - "$added/$name.ids"
	ok $? "$name: a model's ids"
	bert-export -o hf model 2> notes
	wp-tokenize -v hf --lines "$added/lines" 2> notes |
	    cmp -s - "$added/$name.ids"
	ok $? "$name: an export's ids"
	bert-import -o back hf 2> notes
	cmp -s back/vocab.txt model/vocab.txt &&
	    cmp -s back/tokenizer_config.json model/tokenizer_config.json
	ok $? "$name: there and back"
done

# Served texts are cut as those of a pack are.
bert "$added/json" model
{
	printf 'id\tlabel\ttext_a\n'
	tr -d '\t' < "$added/lines" | sed 60q | awk '{ print NR "\t-\t" $0 }'
} > examples.tsv
wp-tokenize -v model examples.tsv 2> notes | tee tokens.tsv |
    glue-pack -t cola -s train -L 64 -v model -o p.st 2> notes
sed '3,$s/-/1/' tokens.tsv | glue-pack -t cola -s train -L 64 -o t.st 2> notes
mt-finetune -q -i model -o tuned --epochs 1 --learning-rate 0.1 t.st 2> notes
mt-predict -q -m tuned p.st 2> notes | grep -v '^#' > packed
mt-predict -q -m tuned - < examples.tsv 2> notes | grep -v '^#' > served
[[ $(wc -l < packed) == 61 ]] && cmp -s packed served
ok $? 'a pack and served texts have the same answers'
perl -pi -e '$_ = "" if /added_tokens_decoder/ .. /^  },/' tuned/tokenizer_config.json
! mt-predict -q -m tuned p.st > said 2>&1 &&
    grep -q 'p.st: packed with vocabulary' said
ok $? 'a model without the tokens refuses the pack'
finish
