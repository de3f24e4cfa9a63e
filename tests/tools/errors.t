#!/usr/bin/env bash
# What the system says is what the user is told: each failure by its own name.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
workplace
small_data
mt-finetune -q -i m -o t --epochs 1 cola.st

says() { # WORDS COMMAND...
	local words=$1
	shift
	"$@" >out 2>err
	is "$? $(grep -cF "$words" err)" '1 1' "$* says: $words"
}

touch file
says 'file: not a directory' model-new -v vocab.txt -o file
says 'file: not a directory' model-new -v vocab.txt -o file/m
says 'no/p.tsv: No such file' mt-predict -m t -o no/p.tsv cola.st
says 'm: is a directory' mt-predict -m t -o m cola.st
if [[ $EUID != 0 ]]; then
	mkdir shut
	chmod 555 shut
	says 'shut/x: Permission denied' model-new -v vocab.txt -o shut/x
	says 'shut/x: Permission denied' model-new -v vocab.txt -o shut/x/y
else
	skip 'a folder without rights' 'root has them all'
fi
small() { # SIZE COMMAND...: with a file system of that size in t
	unshare -m bash -c 'mkdir -p small && mount -t tmpfs -o size=$0 tmpfs small &&
		exec "$@"' "$@"
}
if small 64k true 2>/dev/null; then
	says 'small/x: Read-only file system' small 64k bash -c \
		'mount -o remount,ro small; model-new -v vocab.txt -o small/x'
	says 'small/x: Read-only file system' small 64k bash -c \
		'mount -o remount,ro small; mt-finetune -i m -o small/x/y cola.st'
	says 'Read-only file system' small 64k bash -c \
		'mount -o remount,ro small; mt-predict -m t -o small/p.tsv cola.st'
	says 'No space left on device' small 8k mt-predict -m t --hidden tokens \
		-o small/p.st cola.st
	says 'No space left on device' small 8k model-new -v vocab.txt -o small/x
else
	skip 'a small file system' 'no rights to mount one'
fi
finish
