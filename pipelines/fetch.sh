# What fetch-bert and fetch-glue share: downloads that go on where they were
# broken off, and are checked before they have their name.  Sourced.
#
# A list is a table of lines "name file sha256 url", parted by tabs:
#   sha256  "-" where none is published: then the first download's is kept in
#           SHA256SUMS beside the file, printed, and checked from then on
#   url     "zip:FILE" for what stands in the archive FILE of the same name
# base replaces "https://HOST" of every address, for a mirror or a test.

program=${0##*/}
base=
list=
tries=5

die() { # STATUS TEXT
	printf '%s: %s\n' "$program" "$2" >&2
	exit "$1"
}

note() {
	printf '%s: %s\n' "$program" "$1" >&2
}

need() { # COMMAND...; macOS has shasum for sha256sum
	for tool; do
		[ "$tool" != sha256sum ] || ! command -v shasum >/dev/null || continue
		command -v "$tool" >/dev/null 2>&1 ||
			die 1 "$tool is not there, but needed"
	done
}

# The lines of a name in the list, or all of them.
rows() { # [NAME]
	awk -F '\t' -v name="${1-}" \
		'/^#/ || NF == 0 || (name != "" && $1 != name) { next }
		NF != 4 { print FILENAME ":" FNR ": not four columns" >"/dev/stderr"
			exit 1 }
		{ print }' "$list"
}

names() {
	rows | cut -f 1 | uniq
}

sum_of() { # FILE
	if command -v sha256sum >/dev/null; then
		sha256sum <"$1"
	else
		shasum -a 256 <"$1"
	fi | cut -d ' ' -f 1
}

# The checksum of the first download, or "-".
kept_sum() { # DIR FILE
	awk -v file="$2" '$2 == file { sum = $1 }
		END { print (sum == "" ? "-" : sum) }' "$1/SHA256SUMS" 2>/dev/null ||
		echo -
}

keep_sum() { # DIR FILE SUM
	printf '%s  %s\n' "$3" "$2" >>"$1/SHA256SUMS"
	note "$1/$2: no checksum is published; this one is kept: $3"
}

# True if the file is there and is what it should be.
is_good() { # DIR FILE SUM
	[ -f "$1/$2" ] || return 1
	want=$3
	[ "$want" != - ] || want=$(kept_sum "$1" "$2")
	[ "$want" != - ] || return 0
	[ "$(sum_of "$1/$2")" = "$want" ] ||
		die 1 "$1/$2 has another checksum than $want: it is damaged or \
another one; remove it to fetch it again"
}

address() { # URL
	case $base in
	'') printf '%s\n' "$1" ;;
	*) printf '%s/%s\n' "${base%/}" \
		"$(printf '%s\n' "$1" | sed 's,^[a-z]*://[^/]*/,,')" ;;
	esac
}

# One try, which goes on behind what is in PART.  A whole file that only lacked
# its name, a server that cannot go on, a part too long: curl fails at each, and
# the last two start anew.
try() { # PART SUM URL
	code=$(curl -q --fail --silent --show-error --location \
		--connect-timeout 30 --speed-time 60 --speed-limit 1 \
		--continue-at - --output "$1" --write-out '%{http_code}' "$3") &&
		return 0
	status=$?
	[ "$2" = - ] || [ ! -f "$1" ] || [ "$(sum_of "$1")" != "$2" ] || return 0
	[ "$status" != 33 ] && [ "$code" != 416 ] || rm -f "$1"
	return 1
}

# One file, under FILE.part until it is checked.  What a broken connection
# left there is kept for the next try.
download() { # DIR FILE SUM URL
	is_good "$1" "$2" "$3" && return 0
	mkdir -p "$(dirname "$1/$2")"
	part=$1/$2.part
	url=$(address "$4")
	want=$3
	[ "$want" != - ] || want=$(kept_sum "$1" "$2")
	count=1
	until try "$part" "$want" "$url"; do
		[ "$count" -lt "$tries" ] ||
			die 1 "$url: not fetched in $tries tries"
		note "$url: broken off; going on"
		count=$((count + 1))
		sleep "${FETCH_PAUSE-2}"
	done
	got=$(sum_of "$part")
	if [ "$want" != - ] && [ "$got" != "$want" ]; then
		rm -f "$part"
		die 1 "$url has the checksum $got, expected $want: refused"
	fi
	[ "$want" != - ] || keep_sum "$1" "$2" "$got"
	mv "$part" "$1/$2"
	note "$1/$2"
}

# A file of an archive, without its folder.
extract() { # DIR FILE SUM ARCHIVE
	is_good "$1" "$2" "$3" && return 0
	part=$1/$2.part
	member=$(unzip -Z1 "$1/$4" | grep -E "(^|/)$(printf '%s\n' "$2" |
		sed 's/[.]/[.]/g')\$" | head -n 1)
	[ -n "$member" ] || die 1 "$1/$4: no $2 in it"
	unzip -p "$1/$4" "$member" >"$part" || {
		rm -f "$part"
		die 1 "$1/$4: $member cannot be unpacked"
	}
	got=$(sum_of "$part")
	if [ "$3" != - ] && [ "$got" != "$3" ]; then
		rm -f "$part"
		die 1 "$1/$4: $member has the checksum $got, expected $3: refused"
	fi
	[ "$3" != - ] || keep_sum "$1" "$2" "$got"
	mv "$part" "$1/$2"
	note "$1/$2"
}

# True if everything that a name's archives hold is there and good.
all_extracted() { # DIR NAME
	rows "$2" | {
		any=1
		while IFS='	' read -r _ file sum url; do
			case $url in
			zip:*)
				is_good "$1" "$file" "$sum" || exit 1
				any=0 ;;
			esac
		done
		exit "$any"
	}
}
