#!/usr/bin/env bash
# SIGHUP, SIGINT and SIGTERM: a run keeps what it has, says so and ends by the signal;
# the same command says where it resumes, and ends with the bytes of one that
# was not stopped.
set -euo pipefail

. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
workplace
small_data
tail -n +2 cola-ex.tsv | cut -f 3 >text
sed 's/^/the /' text >held

common='--batch-size 2 --epochs 60'
trainer() { # NAME COMMAND...
	printf 'exec %s -o "$1"\n' "${*:2}" >"$1"
}
trainer tune "mt-finetune -i m $common --dev dev.st cola.st"
trainer distil "kd-train -i m $common --soft cola.tsv cola.st"
trainer pretrain "mlm-pretrain -i m $common --dev held --evaluate-every 99 text"

# Start a trainer and send it a signal after some updates; the status is the
# number of the signal that it ended by, or 200.
send() { # SIGNAL TRAINER DIR
	perl -e '
		my ($signal, $trainer, $dir) = @ARGV;
		my $pid = fork // die;
		if ($pid == 0) {
			$SIG{INT} = "DEFAULT"; # the shell ignores it here
			$SIG{HUP} = "DEFAULT";
			exec "bash", $trainer, $dir;
		}
		for (1 .. 3000) {
			last if -s "$dir/log.tsv" && `wc -l <$dir/log.tsv` > 20;
			select undef, undef, undef, 0.01;
		}
		kill $signal, $pid;
		waitpid $pid, 0;
		exit($? & 127 ? $? & 127 : 200);
	' "$@"
}

ended_by() { # NUMBER SIGNAL TRAINER DIR
	local got=0
	send "${@:2}" 2>notes || got=$?
	cat notes
	[ "$got" = "$1" ]
}

for trainer in tune distil pretrain; do
	bash $trainer whole 2>notes
	signals='INT:2 TERM:15'
	[[ $trainer != tune ]] || signals+=' HUP:1'
	for signal in $signals; do
		name="$trainer, SIG${signal%:*}"
		check "$name: the run ends by it" \
			ended_by "${signal#*:}" "${signal%:*}" $trainer parts
		check "$name: and says what it kept" \
			grep -qE ': parts: saved at update [0-9,]+ of [0-9,]+' notes
		at=$(grep -oE 'update [0-9,]+ of [0-9,]+' notes)
		check "$name: no model yet" test ! -e parts/model.safetensors
		bash $trainer parts 2>notes
		check "$name: the same command resumes there" \
			grep -qF ": parts: resumes at $at" notes
		check "$name: with the same bytes" alike whole parts
		rm -r parts
	done
	rm -r whole
done

# OpenBLAS's threads, if there are any, do not take it.
bash tune whole 2>notes
check 'threads of a library: the run ends by the signal' env OPENBLAS_NUM_THREADS=3 OMP_WAIT_POLICY=passive bash -c \
	"$(declare -f send ended_by); ended_by 2 INT tune parts"
check 'threads of a library: and says what it kept' grep -q ': parts: saved at update' notes
bash tune parts 2>notes
check 'threads of a library: with the same bytes' alike whole parts
rm -r whole parts

# In the background the shell has SIGINT ignored; one that is sent counts.
bash tune whole 2>notes
bash tune parts 2>notes &
until [ -s parts/log.tsv ] && [ "$(wc -l <parts/log.tsv)" -gt 20 ]; do
	sleep 0.01
done
kill -INT $!
status=0
wait $! || status=$?
is "$status" 130 'one that is ignored, sent by a process'
check 'it says so too' grep -q ': parts: saved at update' notes
bash tune parts 2>notes
check 'and resumes' alike whole parts

# Quick to end where there is nothing to keep: while inputs are being read.
mkfifo pipe
mlm-pretrain -q -i m -o none - <pipe &
exec 3>pipe
kill -TERM $!
status=0
wait $! 2>/dev/null || status=$?
exec 3>&-
is "$status" 143 'before the first update it just ends'
check 'and leaves nothing' test ! -e none
finish
