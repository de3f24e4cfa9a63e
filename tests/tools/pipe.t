#!/usr/bin/env bash
# A pipe where a file should be: said at once, never waited for.  Streams of
# text may be pipes.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
data=$PWD/tests/tools/data
workplace
small_data
mt-finetune -q -i m -o t --epochs 1 cola.st
mkfifo p p.json

refused() { # NAME COMMAND...
	local name=$1
	shift
	within 10 "$@" >out 2>err </dev/null
	is "$? $(grep -c 'not a regular file' err)" '1 1' "$name"
}

refused 'a pack' mt-predict -m t p
refused 'a pack to train on' mt-finetune -i m -o x p
refused 'a pack beside soft targets' kd-train -i m -o x --soft cola.tsv p
refused 'a pack to evaluate on' mt-finetune -i m -o x --dev p cola.st
refused 'a tensor file' tensor-cat p
refused 'a recipe' mt-finetune -i m -o x -r p cola.st
refused 'a vocabulary' wp-tokenize -v p
refused 'a tokenizer.json' wp-tokenize -v p.json
refused 'a checkpoint' bert-import -o x p
for name in config.json model.safetensors vocab.txt tokenizer_config.json; do
	rm -rf f
	cp -R t f
	rm -f f/$name
	mkfifo f/$name
	refused "$name of a model" mt-predict -m f cola.st
	refused "$name of a checkpoint" bert-import -o x f
done
cp -R "$data/bert-import/sharded" s
chmod -R u+w s
shard=$(ls s/*.safetensors | head -n 1)
rm "$shard"
mkfifo "$shard"
refused 'a shard' bert-import -o x s
small_examples 4 1 0,1 >e.tsv
within 10 cat e.tsv >p &
within 10 wp-tokenize -v m p >got.tsv
ok $? 'a table may come through a pipe'
wp-tokenize -v m <(cat e.tsv) | cmp - got.tsv
ok $? "and through one of the shell's"
finish
