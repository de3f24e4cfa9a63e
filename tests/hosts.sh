# Sourced by what tries several hosts, which network namespaces stand for: each
# has a name and an address of its own and reaches the others through a switch
# alone.  In bash, in a folder that may be written to, for root, with Open MPI.

mine=mtkd$$-
why=

hosts_up() { # N: hosts 1 to N, 10.201.7.1 to .N; where they cannot be, why
	local h
	[ "$(id -u)" = 0 ] || { why='not root' && return 1; }
	command -v ip >/dev/null || { why='no ip' && return 1; }
	ip netns add "${mine}net" 2>netns.err || { why=$(head -n 1 netns.err) && return 1; }
	ip -n "${mine}net" link add switch type bridge 2>netns.err ||
		{ why="no bridge: $(head -n 1 netns.err)" && return 1; }
	ip -n "${mine}net" link set switch up
	for ((h = 1; h <= $1; h++)); do
		ip netns add "$mine$h"
		ip link add eth netns "$mine$h" type veth peer name "port$h" netns "${mine}net"
		ip -n "${mine}net" link set "port$h" master switch up
		ip -n "$mine$h" addr add "10.201.7.$h/24" dev eth
		ip -n "$mine$h" link set eth up
		ip -n "$mine$h" link set lo up
		echo "10.201.7.$h slots=1"
	done >hosts
	# What mpirun starts the others' daemons with, in place of ssh.
	cat >agent <<-END
	#!/bin/sh
	h=\${1##*.}
	shift
	exec ip netns exec "$mine\$h" unshare --uts sh -c "hostname $mine\$h; \$*"
	END
	chmod +x agent
	export OMPI_MCA_plm_rsh_agent=$PWD/agent PRTE_MCA_plm_ssh_agent=$PWD/agent
	export OMPI_MCA_btl=self,tcp OMPI_MCA_btl_tcp_if_include=10.201.7.0/24
	export OMPI_MCA_oob_tcp_if_include=10.201.7.0/24 PRTE_MCA_prte_if_include=10.201.7.0/24
}

hosts_gone() {
	local n
	for n in $(ip netns list 2>/dev/null | sed -n "s/^\(${mine}[a-z0-9]*\).*/\1/p"); do
		ip netns pids "$n" | xargs -n 1 kill -9 2>/dev/null || true
		ip netns del "$n"
	done
}

on() { # HOST COMMAND...
	ip netns exec "$mine$1" unshare --uts sh -c 'hostname "$0" && exec "$@"' "$mine$1" "${@:2}"
}
