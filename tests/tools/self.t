#!/usr/bin/env bash
# A program starts itself anew, and no other of its name; without /proc it
# does without, and its output still appears whole.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
workplace
bin=$BUILD/bin
unset OMP_WAIT_POLICY GOMP_SPINCOUNT OPENBLAS_NUM_THREADS
small_data
mt-finetune -q -i m -o t --epochs 1 cola.st
mt-predict -m t cola.st >want.tsv
ok $? 'there is an answer'
(exec -a ls "$bin/mt-predict" -m t cola.st) >got.tsv 2>err
check 'under the name of another program' cmp want.tsv got.tsv
mkdir old
printf '#!/bin/sh\necho another program\n' >old/mt-predict
chmod +x old/mt-predict
(PATH=$tmp/old:$PATH; exec -a mt-predict "$bin/mt-predict" -m t cola.st) >got.tsv
check 'where PATH has one of its name' cmp want.tsv got.tsv
# shellcheck disable=SC2123
(PATH=/nowhere; exec -a mt-predict "$bin/mt-predict" -m t cola.st) >got.tsv
check 'where PATH has none' cmp want.tsv got.tsv

# A system without /proc, where one may be made.
bare() {
	unshare -m bash -c 'umount -l /proc && exec "$@"' bare "$@"
}
if [[ $BUILD == *-san ]]; then
	skip 'without /proc' 'the sanitizers need it'
elif bare true 2>/dev/null; then
	bare mt-finetune -q -i m -o u --epochs 1 cola.st >err 2>&1
	ok $? 'training without /proc'
	check 'the same model' diff -r t u
	bare mt-predict -m t -o got.tsv cola.st
	check 'predicting into a file' cmp want.tsv got.tsv
	bare glue-read -t cola -s test /dev/null >out 2>err
	lost=1 # but where the program is found by PATH
	[[ $BUILD != *-posix* ]] || lost=0
	is "$(grep -c 'set \$MTKD_SHARE' err)" $lost 'share is looked for where it is installed'
	MTKD_SHARE=$OLDPWD/share bare glue-read -t cola -s train \
		<<<$'x\t1\t\tthe cat' >out
	ok $? 'and where the environment says'
else
	skip 'without /proc' 'no rights to be without'
fi
ok "$([[ -z $(find . -name '.*.mtkd-*') ]]; echo $?)" 'no temporaries are left'
finish
