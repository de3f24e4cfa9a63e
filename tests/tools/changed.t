#!/usr/bin/env bash
# Inputs that change while a program has them open: the answer is that of what
# was there when it began, or an error that names the file; never a signal.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
BUILD=$(realpath "${BUILD:-build}")
PATH=$BUILD/bin:$PATH
scratch
cd "$tmp" || exit
small_data
mt-finetune -q -i m -o t --epochs 1 cola.st
mt-finetune -q -i t -o other --epochs 1 --seed 2 cola.st
mkfifo in out

# Asks for a row, does something to the model, asks for another.
serve() { # COMMAND
	rm -rf s
	cp -R t s
	mt-predict -m s - <in >out 2>err &
	exec 3>in 4<out
	printf 'id\tlabel\ttext_a\nx\t-\tthe cat sat\n' >&3
	read -r -u 4 -t 20 && read -r -u 4 -t 20 && read -r -u 4 -t 20 first
	eval "$1"
	printf 'y\t-\tthe cat sat\n' >&3
	exec 3>&-
	second=
	read -r -u 4 -t 20 second
	exec 4<&-
	wait $!
	status=$?
}

serve :
is "$status ${first#x}" "0 ${second#y}" 'left alone, both rows are answered'
serve ': >s/model.safetensors'
named=model.safetensors # where the system says what is mapped
[[ $(uname) == Linux && $BUILD != *-posix* ]] || named='a file'
is "$status $second$(grep -c "$named: was c" err)" '1 1' \
	'a model that is cut: an error that names it'
serve 'cat other/model.safetensors >s/model.safetensors'
is "$status $second$(grep -c 'model.safetensors: was changed' err)" '1 1' \
	'one that is overwritten in place: no answer of neither model'
serve 'cp other/model.safetensors new; mv new s/model.safetensors'
is "$status ${first#x}" "0 ${second#y}" 'one that is replaced: as before'
serve 'model-new -q -v vocab.txt -o s 2>/dev/null; rm -rf s'
is "$status ${first#x}" "0 ${second#y}" 'one that is gone: as before'

# A pack is read whole before training begins.
cp cola.st c.st
mt-finetune -q -i m -o want --epochs 400 --batch-size 4 --threads 1 c.st
mt-finetune -q -i m -o got --epochs 400 --batch-size 4 --threads 1 c.st &
while [[ $({ wc -l <got/log.tsv; } 2>/dev/null || echo 0) -lt 3 ]] &&
	kill -0 $! 2>/dev/null; do sleep 0.02; done
: >c.st
wait $!
ok $? 'a pack that is cut during training'
check 'the same model' diff -r want got
finish
