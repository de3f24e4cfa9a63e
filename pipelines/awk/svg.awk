# svg: make gnuplot's SVG part of a page: no prologue, no titles of its own, no
# ids that would stand twice, circles in place of references, colours by number from the page.

/^<\?xml/ || /^ *xmlns/ || /^<title>/ || /^<desc>/ || /^ *$/ { next }
/<defs>/, /<\/defs>/ { next }
/^<svg/ { next }
/^ viewBox/ {
	sub(/^ /, "")
	printf "<svg %s aria-hidden=\"true\" focusable=\"false\"", $0
	next
}
/^<rect .*fill="none"\/>$/ { next }
{
	gsub(/ id="[^"]*"|<title>[^<]*<\/title>/, "")
	gsub(/ font-family="[^"]*"/, "")
	gsub(/ font-size="[^"]*"/, "")
	gsub(/ stroke-linecap="butt" stroke-linejoin="miter"/, "")
	while (match($0, /<use xlink:href='#gpPt6' transform='[^']*'/)) {
		use = substr($0, RSTART, RLENGTH)
		split(use, part, /[(),]/)
		$0 = substr($0, 1, RSTART - 1) sprintf( \
		    "<circle cx='%s' cy='%s' r='%.2f' fill='currentColor' stroke='none'", \
		    part[2], part[3], part[5]) substr($0, RSTART + RLENGTH)
	}
	while (match($0, /(stroke|fill|color) *= *['"]rgb\( *0, *0, *[0-9]+\)['"]/)) {
		at = RSTART
		rest = substr($0, at + RLENGTH)
		split(substr($0, at, RLENGTH), part, /[=,)]/)
		sub(/ +$/, "", part[1])
		$0 = substr($0, 1, at - 1) "style='" part[1] ":var(--c" \
		    (part[4] + 0) ")'" rest
	}
	# A group without content is a change of pen that draws nothing.
	if (held != "") {
		if ($0 == "</g>") {
			held = ""
			next
		}
		print held
		held = ""
	}
	if ($0 ~ /^<g [^>]*>$/ && $0 ~ /color=/) {
		held = $0
		next
	}
	print
}
