# What serve and speed share: time and memory of a command.  Where the system
# shows a process's memory in /proc, and to bash 5 or later.

if [[ ! -r /proc/self/status || -z ${EPOCHREALTIME-} ]]; then
	echo "${0##*/}: measures on Linux alone, with bash 5 or later" >&2
	exit 1
fi
RUNS=${RUNS:-5}

# Runs CMD and prints its seconds and its largest resident set in kB.
measure() { # CMD...
	local begin=$EPOCHREALTIME peak=0 line
	"$@" &
	while line=$(grep VmHWM "/proc/$!/status" 2> /dev/null); do
		line=${line//[^0-9]/}
		peak=${line:-$peak}
		sleep 0.005
	done
	wait $!
	awk -v b="$begin" -v e="$EPOCHREALTIME" -v m="$peak" 'BEGIN { print e - b, m }'
}
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
