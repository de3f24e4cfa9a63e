#!/usr/bin/env bash
# Training by several processes (make MPI=1): every loss is that of one
# process, the same number of processes gives the same bytes, a lost process
# ends the run, and what it leaves goes on with any number of them.
set -euo pipefail

. "$(dirname "$0")/../mpi.sh"

# This machine alone, and one that is shared.
export OMPI_MCA_btl=self,vader OMPI_MCA_oob_tcp_if_include=lo
export OMPI_MCA_btl_vader_single_copy_mechanism=none
several() { # PROCESSES PROGRAM ARGUMENTS...
	local n=$1 program=$2
	shift 2
	mpirun -n "$n" "$mpi/bin/$program" -q --threads 1 "$@"
}

split_alike() { # NAME COMMAND...
	local name=$1 n
	shift
	"$1" -q -o one --threads 1 "${@:2}"
	for n in 2 3; do
		several $n "$@" -o "some$n"
		check "$name: $n processes, the losses of one" near one "some$n"
		check "$name: $n processes, one model's files" \
			test "$(ls one)" = "$(ls "some$n")"
		check "$name: $n processes, the same scores" \
			near_scores one "some$n"
	done
}

split_alike 'many tasks' mt-finetune -i m --batch-size 4 --epochs 2 \
	--dev dev.st $packs
several 3 mt-finetune -i m --batch-size 4 --epochs 2 --dev dev.st -o again $packs
check 'the same number, the same bytes' alike some3 again
check 'another number, other sums' unlike some2 some3
rm -r one some2 some3
split_alike 'a student, mixed, accumulated, fewer rows than processes' kd-train \
	-i m --batch-size 2 --batches mixed --accumulate 2 --epochs 2 \
	--mix uncertainty --head-dropout 0.3 --soft cola.tsv --soft rte.tsv \
	--dev dev.st $packs
rm -r one some2 some3
split_alike 'san heads' kd-train -i m --batch-size 5 --epochs 4 --head san \
	--mix uncertainty --loss-sum --optimizer bert-adam --soft rte.tsv rte.st

rm -r one some2 some3
mt-finetune -q -i m -o teacher --epochs 1 --learning-rate 0.01 $packs
model-new -v vocab.txt --layers 1 --hidden 24 --positions 64 -o n 2>new.err
split_alike 'from inside a wider teacher, fewer rows than processes' kd-train \
	-i n --teacher teacher --teacher-soft --feature-hidden 1 \
	--feature-relation 1 --batch-size 2 --batches mixed --accumulate 2 \
	--epochs 2 --dev dev.st $packs
rm -r one some2 some3
model-new -v vocab.txt --hidden 256 --positions 64 -o big 2>new.err
split_alike 'a million numbers, fewer rows than processes' mt-finetune -i big \
	--batch-size 1 --epochs 1 --max-updates 12 --dev dev.st cola.st
rm -r one some2 some3

tail -n +2 cola-ex.tsv | cut -f 3 | awk '{ print } NR % 5 == 0 { print "" }' >text
head -n 20 text >held-out
split_alike 'pre-training' mlm-pretrain -i m --batch-size 4 --epochs 6 \
	--next-sentence --dev held-out --evaluate-every 5 text
several 3 mlm-pretrain -i m --batch-size 4 --epochs 6 --next-sentence \
	--dev held-out --evaluate-every 5 -o again - <text
check 'pre-training: standard input serves all, the same bytes' alike some3 again
rm -r one some2 some3
split_alike 'pre-training with a teacher, fewer rows than processes' \
	mlm-pretrain -i again --teacher again --max-length 64 --temperature 2 \
	--mix anneal --batch-size 1 --accumulate 3 --epochs 4 --dev held-out text
rm -r one some2 some3
split_alike 'pre-training from inside a teacher' mlm-pretrain -i n \
	--teacher again --max-length 64 --mask 0 --feature-hidden 1 \
	--feature-cosine 1 --batch-size 3 --epochs 6 --dev held-out text
rm -r one some2 some3
split_alike 'pre-training a million numbers' mlm-pretrain -i big \
	--batch-size 4 --epochs 6 text

# Open MPI tells of it on standard error, MPICH on standard output.
lose() { # RANK DIR: kill it after 10 updates; the status of mpirun
	local status=0
	train 2 "$tmp/$2" --save-every 0 >"$2.err" 2>&1 &
	while ! [ -s "$2/resume.safetensors" ] ||
	    [ "$(wc -l <"$2/log.tsv")" -lt 12 ]; do
		kill -0 $! || return 9
		sleep 0.02
	done
	kill -9 "$(of_rank "$1" "$tmp/$2")"
	wait $! || status=$?
	[ "$status" != 0 ] && [ -s "$2.err" ] &&
		[ -e "$2/resume.safetensors" ] && [ ! -e "$2/model.safetensors" ] &&
		[ -z "$(of_rank 0 "$tmp/$2")$(of_rank 1 "$tmp/$2")" ]
}

# What one process is sent ends all, when the first has kept the state.
ask() { # RANK DIR: to end after 10 updates
	local status=0
	train 2 "$tmp/$2" 2>"$2.err" &
	until [ -s "$2/log.tsv" ] && [ "$(wc -l <"$2/log.tsv")" -gt 12 ]; do
		kill -0 $! || return 9
		sleep 0.02
	done
	kill -TERM "$(of_rank "$1" "$tmp/$2")"
	wait $! || status=$?
	[ "$status" != 0 ] && grep -q "$2: saved at update [0-9]* of" "$2.err" &&
		[ -e "$2/resume.safetensors" ] && [ ! -e "$2/model.safetensors" ]
}

train 2 whole
check 'the second one is asked to end' ask 1 asked
train 2 asked
check 'and run again, all is as if it had not been' alike whole asked
rm -r asked
check 'the first one is' ask 0 asked
train 2 asked
check 'and so again' alike whole asked
check 'a lost process ends the run' lose 1 lost
cp -R lost other
cp -R lost alone
check 'the first one lost does too' lose 0 first
train 2 lost
check 'and run again, it ends in the same bytes' alike whole lost
train 2 first
check 'so does the other' alike whole first
train 3 other
check 'with another number, in the same losses' near whole other
kd-train -q -i m --batch-size 2 --epochs 10 --mix anneal --soft cola.tsv \
	--soft rte.tsv --dev dev.st -o alone $packs
check 'and alone' near whole alone

# The one that fails, or the first of those that do, tells why and ends all.
check 'a bad option' refuses 2 "--epochs: 'x'" several 2 mt-finetune -i m \
	--epochs x -o bad cola.st
check 'a file that is not there' refuses 1 'none.st: No such file' \
	several 2 mt-finetune -i m -o bad none.st
small_huge m huge
check 'a loss that is none' refuses 1 'update 1: loss nan' several 2 \
	mt-finetune -i huge -o bad cola.st
rm -rf bad
mkdir -p bad/log.tsv
check 'a file that the first alone writes' refuses 1 \
	'mt-finetune: bad/log.tsv: Is a directory' several 2 mt-finetune \
	-i m -o bad cola.st
finetune="$mpi/bin/mt-finetune -q --threads 1 -i m -o others"
check 'other inputs' refuses 1 "rank 1 of 2: pack 1 'rte train crc32" \
	mpirun -n 2 bash -c 'packs=(cola.st rte.st)
	exec "$@" "${packs[${OMPI_COMM_WORLD_RANK-$PMI_RANK}]}"' bash $finetune
check 'a build for one process' refuses 1 'one of 2 processes, but built for one' \
	mpirun -n 2 mt-finetune -q -i m -o bad cola.st
finish
