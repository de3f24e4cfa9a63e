#!/usr/bin/env bash
# Where memory is short, programs that compute say so at once, and neither
# crash nor wait for ever.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
BUILD=$(realpath "${BUILD:-build}")
PATH=$BUILD/bin:$PATH
scratch
cd "$tmp" || exit
small_data
mt-finetune -q -i m -o t --epochs 1 cola.st
if ! (ulimit -v 4000000 && mt-predict -m t cola.st >want.tsv 2>err); then
	skip 'little address space' 'this build wants more than 4 GB of it'
	finish
fi
short() { # KB COMMAND...
	local limit=$1
	shift
	(ulimit -v "$limit" && within 20 "$@") >out 2>err </dev/null
	is "$? $(grep -c 'out of memory: 512 MB of address space' err)" '1 1' \
		"$1 within $limit KB"
}
for limit in 150000 200000 300000 500000; do
	short $limit model-new -v vocab.txt -o x
	short $limit bert-import -o x m
	short $limit bert-export -o x m
	short $limit mt-predict -m t cola.st
	short $limit mt-predict -m t -
	short $limit mt-finetune -q -i m -o x cola.st
	short $limit kd-train -q -i m -o x --soft cola.tsv cola.st
	short $limit mlm-pretrain -q -i m -o x vocab.txt
done
# Before main, others speak; nothing hangs all the same.
for limit in 30000 60000 80000 90000; do
	(ulimit -v "$limit" && within 20 mt-predict -m t cola.st) >out 2>err </dev/null
	got=$?
	ok "$([[ $got != 0 && $got != 124 && -s err && ! -s out ]]; echo $?)" \
		"mt-predict within $limit KB ends with a message"
done
ok "$([[ ! -e x ]]; echo $?)" 'nothing has been begun'
(ulimit -v 2000000 && mt-predict -m t cola.st) >got.tsv
check 'with more they work' cmp want.tsv got.tsv
finish
