#!/usr/bin/env bash
# Every tool, given every kind of file and folder that is not the one that it
# wants: the message names what it is; what it advises makes the right one.
set -euo pipefail
T=$(dirname "$(realpath "$0")")
BUILD=$(realpath "${BUILD:-build}")
export PATH="$BUILD/bin:$PATH"
. "$T/../tap.sh"
. "$T/../small.sh"
scratch
cd "$tmp"

# --- one of each kind ---

small_model() { # OUT
	small_vocab vocab.txt
	model-new -v vocab.txt -o "$1" --layers 1 --hidden 16 2>/dev/null
}
small_model model
mkdir -p files half empty.d
small_examples 12 7 not_entailment,entailment pair |
	{ echo '#mtkd examples 1 task=rte split=train'; cat; } >files/examples.tsv
wp-tokenize -v model files/examples.tsv >files/tokens.tsv 2>/dev/null
glue-pack -o files/pack.st files/tokens.tsv
mt-finetune -q --epochs 1 -i model -o files/model files/pack.st
mt-predict -m files/model files/pack.st >files/pred.tsv 2>/dev/null
cp files/pred.tsv twin.tsv
ens-average files/pred.tsv twin.tsv >files/soft.tsv 2>/dev/null
glue-score files/pack.st files/pred.tsv >files/scores.tsv
glue-score --compare files/pack.st files/pred.tsv files/soft.tsv >files/compare.tsv 2>/dev/null
bert-export -o files/checkpoint files/model 2>/dev/null
cp files/model/model.safetensors files/weights.safetensors
mkdir files/unfinished && cp files/model/config.json files/model/vocab.txt files/unfinished
cp vocab.txt files/vocab.txt
printf 'index\tsentence1\tsentence2\tlabel\n0\ta cat\ta dog\tentailment\n' >files/raw.tsv
printf 'sentence1,sentence2,label\n"a, cat","a\ndog",entailment\n' >files/raw.csv
printf '{"sentence1": "a", "sentence2": "b", "label": "entailment"}\n' >files/raw.jsonl
printf 'a cat sat .\na dog ran .\n' >files/plain.txt
gzip -c files/raw.tsv >files/raw.tsv.gz
printf 'PK\3\4\24\0\0\0[Content_Types].xml' >files/sheet.xlsx
printf '\377\376i\0d\0\n\0' >files/utf16.tsv
: >files/nothing

names='examples.tsv:a table of examples
tokens.tsv:a table of tokens
pack.st:a pack
pred.tsv:a table of predictions
soft.tsv:a table of soft targets
scores.tsv:a table of scores
compare.tsv:a table of comparisons
model:the folder of a model
unfinished:the folder of an unfinished model
checkpoint:the folder of another program'"'"'s model
weights.safetensors:the tensor file of a model
vocab.txt:a vocabulary
raw.tsv:a table of tabs
raw.csv:CSV
raw.jsonl:JSON lines
plain.txt:plain text
raw.tsv.gz:compressed by gzip
sheet.xlsx:a spreadsheet
utf16.tsv:UTF-16 text
nothing:empty'

# --- each place where a file is named ---

cd files
# TOOL: TAKEN FILES: COMMAND; raw.tsv, where it is not named as a kind, gets
# the command that reads it.
places='examples.tsv:wp-tokenize -v ../model @
tokens.tsv:glue-pack -t rte -s train -o ../o.st @
pack.st:mt-finetune -q --dry-run -i ../model -o ../o @
pack.st pred.tsv soft.tsv:kd-train -q --dry-run -i ../model -o ../o --soft soft.tsv @
pack.st:mt-predict -m model @
pack.st:mt-finetune -q --dry-run -i ../model -o ../o --dev @ pack.st
pred.tsv soft.tsv:ens-average @
pred.tsv soft.tsv:kd-train -q --dry-run -i ../model -o ../o --soft @ pack.st
pred.tsv soft.tsv pack.st:glue-score -t rte pack.st @
examples.tsv tokens.tsv pack.st pred.tsv:glue-score -t rte @ pred.tsv
examples.tsv tokens.tsv pack.st:ens-average --stats --gold @ pred.tsv
scores.tsv:glue-score --glue @
compare.tsv:glue-score --holm @
pred.tsv soft.tsv:glue-score --partial --submit ../s @
examples.tsv:glue-check -t rte @
model:mt-finetune -q --dry-run -i @ -o ../o pack.st
model:mlm-pretrain -q --dry-run -i @ -o ../o plain.txt
model:mt-predict -m @ pack.st
model:bert-export -o ../o @
pack.st weights.safetensors model checkpoint:tensor-cat @
vocab.txt model checkpoint plain.txt nothing unfinished:wp-tokenize -v @ examples.tsv
vocab.txt model checkpoint plain.txt unfinished nothing:glue-check -t rte -v @ examples.tsv
raw.tsv raw.csv raw.jsonl plain.txt vocab.txt nothing:wp-tokenize --lines -v vocab.txt @
raw.tsv raw.csv raw.jsonl plain.txt vocab.txt nothing:glue-read -t lines @
raw.tsv raw.csv raw.jsonl plain.txt vocab.txt nothing:wp-train -o ../v.txt @
raw.tsv raw.csv raw.jsonl plain.txt vocab.txt nothing:mlm-pretrain -q --dry-run -i model -o ../o @
plain.txt raw.jsonl:mt-finetune -q --dry-run -r @ -i ../model -o ../o pack.st
plain.txt raw.jsonl:glue-read -t own --tasks @ raw.tsv
weights.safetensors model checkpoint:bert-import -o ../b @'

while IFS=: read -r taken command; do
	bad=
	while IFS=: read -r file name; do
		case " $taken " in *" $file "*) continue ;; esac
		status=0
		${command//@/$file} >../out 2>../err </dev/null || status=$?
		if [ "$status" != 1 ]; then
			bad+="# $file: exit status $status"$'\n'
		elif ! grep -qF "$file: this is $name" ../err &&
			! { [ "$file" = raw.tsv ] && grep -q "'glue-read -t TASK.* raw.tsv.* makes\|see [a-z-]*([157])" ../err; }; then
			bad+="# $file: $(head -n 1 ../err)"$'\n'
		fi
	done <<<"$names"
	ok "$bad" "$command"
	[ -z "$bad" ] || printf '%s' "$bad"
done <<<"$places"

# --- the advice is carried out ---

# What the message of a command advises, with its placeholders filled in.
advised() { # COMMAND...
	"$@" 2>&1 >/dev/null </dev/null |
		sed -n "s/.*; '\(.*\)' makes .*/\1/p" | head -n 1 |
		sed "/-t lines/s/ TASK/ cola/; s/ TASK/ rte/g; s/ SPLIT/ train/g; s/ PACK.st/ ..\/p.st/g
			s/ ENCODER/ ..\/model/; s/-v MODEL/-v ..\/model/; s/-m MODEL/-m model/
			s/-o MODEL/-o ..\/made/; s/ GOLD/ pack.st/; s/ OTHER/ soft.tsv/; s/-o vocab.txt/-o ..\/v.txt/"
}
carried() { # NAME CHECK COMMAND...: the advice leaves out.tsv, p.st, made or v.txt
	local name=$1 check=$2 advice failed=
	shift 2
	rm -rf ../p.st ../made ../v.txt
	advice=$(advised "$@") || : # it refuses
	{ [ -n "$advice" ] && bash -c "$advice" >../out.tsv 2>../err && bash -c "$check" >../out 2>../err; } ||
		{ failed=1; sed "s/^/# /" ../err; }
	ok "$failed" "$name: $advice"
}
train='mt-finetune -q --dry-run -i ../model -o ../o'
for f in examples.tsv tokens.tsv raw.tsv raw.csv raw.jsonl; do
	carried "$f as a pack" 'tensor-cat --check ../p.st' $train "$f"
done
carried 'plain text as a pack' 'tensor-cat --check ../p.st' $train plain.txt
for f in raw.tsv raw.csv raw.jsonl plain.txt; do
	carried "$f as examples" 'wp-tokenize -v ../model ../out.tsv' wp-tokenize -v ../model "$f"
	carried "$f as tokens" "glue-pack -t $([ $f = plain.txt ] && echo cola || echo rte) -s train -o ../p.st ../out.tsv" \
		glue-pack -t rte -s train -o ../p.st "$f"
done
carried 'examples as tokens' 'glue-pack -o ../p.st ../out.tsv' glue-pack -o ../p.st examples.tsv
carried 'a pack as predictions' 'ens-average ../out.tsv' ens-average pack.st
carried 'examples as predictions' 'ens-average ../out.tsv' ens-average examples.tsv
carried 'predictions as scores' 'glue-score --partial --glue ../out.tsv' glue-score --glue pred.tsv
carried 'predictions as comparisons' 'glue-score --holm ../out.tsv' glue-score --holm pred.tsv
carried 'a checkpoint as a model' 'bert-export -o ../e ../made' bert-export -o ../e checkpoint
carried 'a pack as a model' 'bert-export -o ../e ../made' bert-export -o ../e pack.st
carried 'a vocabulary as a model' 'bert-export -o ../e ../made' bert-export -o ../e vocab.txt

finish
