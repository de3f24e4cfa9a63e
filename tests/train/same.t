#!/usr/bin/env bash
# Equal inputs and seeds give equal models, byte for byte, whatever the number
# of threads and the place; another seed gives another model.
set -euo pipefail

. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
workplace
small_data 96
packs='cola.st rte.st stsb.st rank.st'
train='mt-finetune -q -i m --dev dev.st --epochs 2 --learning-rate 0.01'

$train -o one --threads 1 $packs
$train -o again --threads 1 $packs
check 'the same command, the same bytes' alike one again
for n in 2 3 5; do
	$train -o "t$n" --threads "$n" $packs
	check "$n threads" alike one "t$n"
done
$train -o other --threads 1 --seed 2 $packs
for f in model.safetensors log.tsv recipe.yml; do
	check "another seed, another $f" unlike one/$f other/$f
done
$train -o twice --recompute --save-every 0 $packs
check 'recomputed, and saved after each update' alike one twice
mkdir elsewhere
(cd elsewhere && mt-finetune -i ../m --dev "$tmp/dev.st" --epochs 2 \
	--learning-rate 0.01 -o there ../cola.st "$tmp/rte.st" ../stsb.st \
	../rank.st 2>notes)
check 'from another folder' alike one elsewhere/there
$train -o again $packs
check 'over a finished run' alike one again
plain='mt-finetune -q -i m --epochs 1'
$plain -o fresh $packs
$plain -o again $packs
check 'over a finished run that had a best model' alike fresh again
if locale -a 2>/dev/null | grep -qix de_DE.utf8; then
	LC_ALL=de_DE.UTF-8 $train -o komma $packs
	check 'where numbers have commas' alike one komma
else
	skip 'where numbers have commas' 'no locale de_DE.UTF-8'
fi

for how in '--batches mixed --accumulate 2 --sampling 0.5' \
    '--optimizer bert-adam --loss-sum --layer-decay 0.9 --shuffle epoch' \
    '--optimizer adamw --freeze 2 --schedule constant --head-dropout 0.3' \
    '--optimizer lamb' \
    '--optimizer adamax-2019 --schedule bert-2019 --max-updates 5'; do
	$train -o a1 --threads 1 $how $packs
	$train -o a2 --threads 2 $how $packs
	$train -o a4 --threads 4 $how $packs
	check "$how: 1 and 2 threads" alike a1 a2
	check "$how: 1 and 4 threads" alike a1 a4
	check "$how: not the default" unlike one/model.safetensors \
		a1/model.safetensors
	rm -r a1 a2 a4
done

student="kd-train -q -i m --epochs 2 --learning-rate 0.01 --dev dev.st
	--soft cola.tsv --soft rte.tsv"
$student -o k1 --threads 1 $packs
$student -o k3 --threads 3 $packs
check 'a student: 1 and 3 threads' alike k1 k3
for how in '--soft-loss kl --temperature 2' '--soft-loss mse --mix sum' \
    '--mix anneal:cosine --batches mixed' '--mix step:3 --accumulate 2'; do
	for n in 1 2 4; do
		$student -o "h$n" --threads "$n" $how $packs
	done
	check "a student, $how: 1 and 2 threads" alike h1 h2
	check "a student, $how: 1 and 4 threads" alike h1 h4
	check "a student, $how: not the default" unlike k1/model.safetensors \
		h1/model.safetensors
	rm -r h1 h2 h4
done
if $student -o b --matmul bf16 --dry-run $packs >numbers.err 2>&1; then
	for n in 1 2 4; do
		$student -o "b$n" --threads "$n" --matmul bf16 $packs
	done
	check 'a student of bfloat16 products: 1 and 2 threads' alike b1 b2
	check 'a student of bfloat16 products: 1 and 4 threads' alike b1 b4
	check 'a student of bfloat16 products: another' unlike k1/model.safetensors \
		b1/model.safetensors
else
	says() { grep -qE 'bf16: (this CPU does not|built without oneDNN)' numbers.err; }
	check 'bfloat16 products: an error here' says
fi
mt-finetune -q -i m -o T --epochs 2 --learning-rate 0.01 $packs
model-new -v vocab.txt --layers 1 --hidden 48 --positions 64 -o n 2>new.err
inside='kd-train -q -i n --teacher T --feature-hidden 1 --feature-relation 1'
for how in '--teacher-soft' '--feature-cosine 1 --batches mixed' \
    '--feature-attention 1 --answer-weight 0 --accumulate 2' \
    '--feature-attention 1 --feature-attention-kind probabilities'; do
	for n in 1 2 4; do
		$inside -o "i$n" --epochs 2 --threads "$n" $how $packs
	done
	$inside -o i3 --epochs 2 --recompute $how $packs
	check "from inside, $how: 1 and 2 threads" alike i1 i2
	check "from inside, $how: 1 and 4 threads" alike i1 i4
	check "from inside, $how: recomputed" alike i1 i3
	$inside -o i2 --epochs 2 --seed 2 $how $packs
	check "from inside, $how: another seed" unlike i1/model.safetensors \
		i2/model.safetensors
	rm -r i1 i2 i3 i4
done
check 'soft targets count' unlike one/model.safetensors k1/model.safetensors
pair='kd-train -q -i m --epochs 2 --head san --mix uncertainty --soft rte.tsv'
$pair -o s1 --threads 1 rte.st
$pair -o s2 --threads 2 rte.st
$pair -o s4 --threads 4 rte.st
check 'san heads and learned weights: 1 and 2 threads' alike s1 s2
check 'san heads and learned weights: 1 and 4 threads' alike s1 s4
$student -o hard --mix const:1 $packs
check 'a student of hard targets alone is the model without' \
	alike one/model.safetensors hard/model.safetensors
finish
