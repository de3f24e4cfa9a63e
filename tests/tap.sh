# What test scripts share: results as TAP, the test anything protocol.
#
#	. "$(dirname "$0")/../tap.sh"

n=0 failures=0

ok() { # STATUS NAME
	n=$((n + 1))
	[[ $1 == 0 ]] && echo "ok $n - $2" && return
	failures=$((failures + 1))
	echo "not ok $n - $2"
}

is() { # GOT WANTED NAME
	[[ $1 == "$2" ]]
	ok $? "$3"
	[[ $1 == "$2" ]] && return
	printf '#   got %s\n#   not %s\n' "${1//$'\n'/ | }" "${2//$'\n'/ | }"
}

# A folder of the test's own, tmp, that goes with it.
scratch() {
	tmp=$(mktemp -d)
	trap 'rm -rf "$tmp"' EXIT
}

finish() {
	echo "1..$n"
	exit $((failures > 0))
}
