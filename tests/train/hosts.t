#!/usr/bin/env bash
# Training on several hosts, which network namespaces stand for: each has a
# name and an address of its own and reaches the others through a switch alone.
# Their losses are those of one process, they give the same bytes each time, and
# when one host is lost the others stop and the same command goes on.
set -euo pipefail

. "$(dirname "$0")/../mpi.sh"
mpirun --version | grep -q 'Open MPI' || skip_all 'no Open MPI'
. "$root/tests/hosts.sh"
cleared() {
	hosts_gone
	rm -rf "$tmp"
}
trap cleared EXIT
hosts_up 4 || skip_all "network namespaces: $why"
several() { # HOSTS PROGRAM ARGUMENTS...
	local n=$1 program=$2
	shift 2
	on 1 mpirun --hostfile hosts -n "$n" "$mpi/bin/$program" -q --threads 1 "$@"
}

is "$(on 1 mpirun --hostfile hosts -n 4 hostname | sort | tr '\n' ' ')" \
	"${mine}1 ${mine}2 ${mine}3 ${mine}4 " 'four hosts'
train 1 one
for n in 2 4; do
	train $n "some$n"
	check "$n hosts, the losses of one process" near one "some$n"
	check "$n hosts, the same scores" near_scores one "some$n"
done
train 2 again
check 'two hosts again, the same bytes' alike some2 again

# Two hosts in the background, until they have made 10 updates.
start_two() { # DIR
	train 2 "$1" --save-every 0 2>"$1.err" &
	until [ -s "$1/resume.safetensors" ] && [ "$(wc -l <"$1/log.tsv")" -gt 12 ]; do
		kill -0 $! || {
			cat "$1.err"
			return 9
		}
		sleep 0.02
	done
}

# The second host goes, as when its power does.
lose_host() { # DIR
	local status=0
	start_two "$1" || return
	ip netns pids "${mine}2" | xargs kill -9
	wait $! || status=$?
	[ "$status" != 0 ] && [ -e "$1/resume.safetensors" ] &&
		[ ! -e "$1/model.safetensors" ] && [ -z "$(ip netns pids "${mine}1")" ]
}
check 'a host is lost: the other stops' lose_host lost
check 'with a message' grep -qi 'lost\|terminated\|failed\|disconnected' lost.err
cp -R lost other
train 2 lost
check 'and the same command ends in the bytes of a run that lost none' alike some2 lost
train 4 other
check 'with four hosts, in the same losses' near some2 other

# A link that is cut for two seconds.
cut_link() { # DIR
	start_two "$1" || return
	ip -n "${mine}net" link set port2 down
	sleep 2
	kill -0 $! || return 8
	ip -n "${mine}net" link set port2 up
	wait $!
}
check 'a link is cut: all wait until it is back' cut_link cut
check 'and end in the same bytes' alike some2 cut
finish
