# What the parts of the page share; for page, which sets awk, folder and NAMES.

words() { # SCRIPT [-v NAME=VALUE]... FILE...
	local script=$1
	shift
	awk -f "$awk/names.awk" -f "$awk/$script.awk" "$@"
}

name() { # FUNCTION WORD
	ASKED=$2 awk "$(cat "$awk/names.awk")
		BEGIN { print html($1(ENVIRON[\"ASKED\"])) }"
}

escape() { # TEXT
	name '' "$1"
}

capital() { # TEXT
	awk -v text="$1" 'BEGIN { print toupper(substr(text, 1, 1)) substr(text, 2) }'
}

link() { # ID TEXT
	printf '<a href="#%s">%s</a>\n' "$1" "$2"
}

figure() { # SVG TITLE NOTE LABEL [CLASS]
	printf '<figure%s><figcaption>%s%s</figcaption>\n' \
		"${5:+ class=\"$5\"}" "$2" "${3:+<small>$3</small>}"
	printf '<div role="img" aria-label="%s">\n' "$4"
	cat "$1"
	printf '</div></figure>\n'
}

# A table that scrolls in a box of its own where it is too wide.
table() { # LABEL; rows from stdin
	printf '<div class="wide" role="region" tabindex="0" aria-label="%s">\n<table>\n' "$1"
	cat
	printf '</table>\n</div>\n'
}

tasks() { # SUBFOLDER: the tasks it has charts of, in the tables' order
	local task
	awk -F '\t' '$1 == "task" { print $2 }' "$NAMES" | while read -r task; do
		[[ ! -s $folder/$1/$task.svg ]] || echo "$task"
	done
}
