#!/usr/bin/env bash
# An output is none of the inputs, by whatever names, and replaces nothing of
# another kind; what is refused is left as it was.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
BUILD=$(realpath "${BUILD:-build}")
PATH=$BUILD/bin:$PATH
scratch
cd "$tmp" || exit
small_data
mt-finetune -q -i m -o t --epochs 1 --dev dev.st cola.st
mt-predict -m t cola.st >p.tsv
cp cola-ex.tsv e.tsv
ln e.tsv hard.tsv
ln -s e.tsv link.tsv
ln -s t l
sum() {
	find . -type f ! -name out ! -name err ! -name sum -exec cksum {} + | sort
}
sum >sum

refused() { # WORDS COMMAND...
	local words=$1 got
	shift
	within 20 "$@" >out 2>err </dev/null
	got=$?
	is "$got $(grep -cF -- "$words" err)" '1 1' "$*"
	sum | cmp -s sum -
	ok $? 'and all is as it was'
}

both='is both read and written'
refused "$both" wp-tokenize -v m -o e.tsv e.tsv
refused "$both" wp-tokenize -v m -o hard.tsv e.tsv
refused "$both" wp-tokenize -v m -o link.tsv e.tsv
refused "$both" wp-tokenize -v m -o ./e.tsv link.tsv
refused "$both" bash -c 'wp-tokenize -v m -o e.tsv <e.tsv'
refused "$both" bash -c 'mt-predict -m t -o e.tsv - <e.tsv'
refused "$both" glue-pack -t cola -s train -o e.tsv e.tsv
refused "$both" mt-predict -m t -o cola.st cola.st
refused "$both" ens-average -o p.tsv p.tsv
refused "$both" glue-score -t cola -o p.tsv cola-ex.tsv p.tsv
refused "$both" glue-score -t cola -o cola-ex.tsv cola-ex.tsv p.tsv
refused "$both" glue-read -t cola -o e.tsv e.tsv
refused "$both" wp-train -o e.tsv e.tsv
refused "$both" bert-export -o t t
refused "$both" bert-export -o t/ l
refused "$both" bert-import -o t t
refused "$both" model-new -v t -o t
refused "$both" mt-finetune -i t -o l cola.st
refused "$both" mlm-pretrain -i m -o m e.tsv
refused 'is a part of t, which is read' mt-predict -m t -o t/vocab.txt cola.st
refused 'is a part of t, which is read' mt-predict -m t -o t/config.json cola.st
refused 'is a part of t, which is read' \
	wp-tokenize -v t -o l/model.safetensors e.tsv
refused 'lies in t, which is about' model-new -v t/vocab.txt -o t
refused 'lies in t, which is about' bert-export -o t t/best
refused 'lies in t, which is about' mt-finetune -i t/best -o t cola.st
refused 'lies in t, which is about' bert-import -o t t/best/model.safetensors

# One input is none of the others.
cp p.tsv copy.tsv # before and after it, whatever numbers files have
cp p.tsv other.tsv
sum >sum
twice='given twice'
refused "$twice: it would count as two members; -w weighs one" \
	ens-average other.tsv p.tsv copy.tsv p.tsv
refused "$twice, first as p.tsv" ens-average --stats p.tsv ./p.tsv
refused "$twice" bash -c 'ens-average - - <p.tsv'
refused "$twice" wp-train e.tsv copy.tsv hard.tsv
refused 'link.tsv: given twice, first as e.tsv: its text would count twice' \
	mlm-pretrain -i m -o x e.tsv link.tsv
refused 'e.tsv: given twice: --dev takes text that is not trained on' \
	mlm-pretrain -i m -o x --dev e.tsv e.tsv
cut -f 3 e.tsv >p.txt
cp p.txt copy.txt
for c in 'ens-average p.tsv copy.tsv' 'wp-train -q p.txt copy.txt' \
	'mlm-pretrain -q -i m -o x --dev copy.txt p.txt'; do
	$c 2>err >out
	ok $? "$c"
	grep -q 'warning: copy.t[sx][vt]: a copy of p.t[sx][vt]: ' err
	ok $? 'told to be a copy'
done
(
	cut -f 3 e.tsv | tail -n 20
	echo
	echo a cat sat
) >half.txt
tail -n 22 half.txt | head -n 20 >text.txt
mlm-pretrain -q -i m -o x2 --dev half.txt text.txt 2>err
grep -q 'half.txt: 1 of its 2 documents' err
ok $? 'a document in both roles is told'
rm -r x x2 copy.tsv other.tsv half.txt text.txt p.txt copy.txt
sum >sum
cp p.tsv t/p.tsv
sum >sum
refused 'lies in t, which is about' kd-train --force -i m -o t \
	--soft t/p.tsv cola.st
refused "t: holds 'p.tsv', which no model of mtkd does" mt-finetune -i m -o t \
	cola.st
refused "t: holds 'p.tsv'" model-new -v vocab.txt -o t
refused "t: holds 'p.tsv'" bert-import -o t m
refused "t: holds 'p.tsv'" mlm-pretrain -i m -o t e.tsv
refused "t: holds 'p.tsv'" bert-export -o t m
mkdir other
echo '{"vocab_size": 3}' >other/config.json
sum >sum
refused "no key 'mtkd'" bert-export -o other m
refused 'is no tensor file' glue-pack -t cola -s train -v m -o p.tsv e.tsv
refused 'is no tensor file' mt-predict -m t --hidden pooled -o e.tsv cola.st
refused 'is a directory' glue-pack -t cola -s train -v m -o t e.tsv
refused 'is a directory' mt-predict -m t -o other cola.st

# What may be replaced is.
wp-tokenize -v m -o tokens.tsv e.tsv
for out in new.st tokens.st; do
	[[ $out == new.st ]] || : >$out
	glue-pack -t cola -s train -o $out tokens.tsv
	ok $? "a pack: $out"
	cmp -s $out cola.st
	ok $? 'of the same bytes'
	glue-pack -t cola -s train -o $out tokens.tsv
	ok $? 'and over itself'
done
mt-predict -m t -o t/p.tsv cola.st
ok $? 'a table in the folder of a model'
cmp -s t/p.tsv p.tsv
ok $? 'of the same bytes'
bert-export --force -o t m 2>err
ok $? 'over files of others, by --force'
cmp -s t/p.tsv p.tsv
ok $? 'which stay'
ok "$([[ ! -e t/best && ! -e t/log.tsv ]]; echo $?)" 'the history does not'
rm t/p.tsv
model-new -v vocab.txt -o t
ok $? 'over a model'
ok "$([[ $(ls t | wc -l) == 4 ]]; echo $?)" 'which is replaced whole'
model-new -v vocab.txt -o l/
check 'a link to a folder stays' test -L l
(cd t && model-new -v ../vocab.txt -o .)
ok $? 'in the folder one is in'
is "$(ls -A t | wc -l) $(ls -A | grep -c mtkd)" '4 0' 'without litter'
finish
