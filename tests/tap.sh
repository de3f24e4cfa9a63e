# What test scripts share: results as TAP, the test anything protocol.
#
#	. "$(dirname "$0")/../tap.sh"

tap_count=0 tap_failed=0

ok() { # STATUS NAME; no status is 0; a NAME with "# TODO WHY" may fail
	tap_count=$((tap_count + 1))
	[[ ${1:-0} == 0 ]] && echo "ok $tap_count - $2" && return
	[[ $2 == *'# TODO '* ]] || tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $2"
}

skip() { # NAME WHY
	ok 0 "$1 # SKIP $2"
}

is() { # GOT WANTED NAME
	[[ $1 == "$2" ]]
	ok $? "$3"
	[[ $1 == "$2" ]] && return
	printf '#   got %s\n#   not %s\n' "${1//$'\n'/ | }" "${2//$'\n'/ | }"
}

# The command must succeed; what it printed is in $tmp/said (see scratch).
check() { # NAME COMMAND...
	local name=$1 status=0
	shift
	"$@" >"$tmp/said" 2>&1 || status=$?
	ok "$status" "$name"
	[[ $status == 0 ]] || sed 's/^/# /;10q' "$tmp/said"
}

# The command alone, ended by a signal if it takes longer.
within() { # SECONDS COMMAND...
	perl -e 'alarm shift; exec @ARGV or exit 127' "$@"
}

# A folder of the test's own, tmp, that goes with it.
scratch() {
	tmp=$(mktemp -d)
	trap 'rm -rf "$tmp"' EXIT
}

# Into that folder, with the tools of BUILD on PATH.
workplace() {
	BUILD=$(realpath "${BUILD:-build}")
	export PATH="$BUILD/bin:$PATH"
	scratch
	cd "$tmp" || exit
}

finish() {
	echo "1..$tap_count"
	exit $((tap_failed > 0))
}
