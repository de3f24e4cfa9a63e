# heads: a recipe with heads of one kind on some tasks.
#
#	awk -v kind=KIND -v tasks='TASK ...' -f heads.awk RECIPE.yml
#
# A task's settings are one line of the recipe: "  rte: {dropout: 0.1}".

/^tasks:/ { of_tasks = 1; next }
of_tasks && /^  / {
	line = $0
	sub(/^ */, "", line)
	name = line
	sub(/:.*/, "", name)
	if (line !~ /^[^:]*: *[{].*[}]$/ || line ~ /head:/) {
		print "heads: " FILENAME ":" FNR ": expected TASK: {...} without " \
		    "a head" > "/dev/stderr"
		exit failed = 1
	}
	sub(/^[^{]*[{]/, "", line)
	sub(/[}]$/, "", line)
	settings[name] = ", " line
	named[++count] = name
	next
}
{ of_tasks = 0; print }
END {
	if (failed)
		exit 1
	print "tasks:"
	n = split(tasks, task, " ")
	for (i = 1; i <= n; i++) {
		printf "  %s: {head: %s%s}\n", task[i], kind, settings[task[i]]
		done[task[i]]
	}
	for (i = 1; i <= count; i++)
		if (!(named[i] in done))
			printf "  %s: {%s}\n", named[i], substr(settings[named[i]], 3)
}
