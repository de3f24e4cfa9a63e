# Completion for zsh: the options that a tool's --help names, with what it says
# of each, then files; of mtkd the programs first, then what each completes.

_mtkd() {
	local -a tool options names
	local program=${words[1]}

	tool=($program)
	if [[ ${program:t} == mtkd ]]; then
		if ((CURRENT == 2)) || [[ $CURRENT == 3 && ${words[2]} == help ]]; then
			names=('help:open a manual page' ${(f)"$($program 2>/dev/null |
				awk 'NF == 0 { exit } { name = $1; $1 = ""; sub(/^ /, "")
					gsub(/:/, "\\:"); print name ":" $0
					sub(/^[^-]*-/, "", name); print name ":" $0 }')"})
			_describe 'program' names
			return
		fi
		tool+=(${words[2]})
	fi
	if [[ $PREFIX != -* ]]; then
		_files
		return
	fi
	options=(${(f)"$($tool --help 2>/dev/null |
		awk '/^  (-[A-Za-z],)? *--[a-z]/ { match($0, /--[a-z][a-z0-9-]*/)
			name = substr($0, RSTART, RLENGTH); doc = substr($0, 31)
			gsub(/:/, "\\:", doc); print name ":" doc }')"})
	_describe -o 'option' options
}
_mtkd "$@"
