#!/usr/bin/env bash
# The selection of stage 5, the results and the table, on scores made by hand.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
cd "$(dirname "$0")/../.." || exit
home=pipelines awk=pipelines/awk
PATH=$(realpath "${BUILD:-build}")/bin:$PATH
scratch
scores() { # FILE TASK SPLIT METRIC VALUE...
	local file=$tmp/$1
	shift
	printf '#mtkd scores 1\ntask\tsplit\tmetric\tvalue\tn\n' > "$file"
	printf '%s\t%s\t%s\t%s\t100\n' "$@" >> "$file"
}
ranked() { awk -f $awk/select.awk "$@" | grep -v '^[#r]' | cut -f2 | tr '\n' ' '; }

# MNLI-m and -mm are averaged before RTE joins: a beats b, which has the
# larger plain mean of three; c equals a and stands after it.
for m in a b c d; do
	scores $m.m mnli dev_matched accuracy 0.60
	scores $m.mm mnli dev_mismatched accuracy 0.60
	scores $m.rte rte dev accuracy 0.70
done
scores b.m mnli dev_matched accuracy 0.68
scores b.mm mnli dev_mismatched accuracy 0.66
scores b.rte rte dev accuracy 0.62
scores d.m mnli dev_matched accuracy 0.61
files() { local m; for m; do echo member=$m "$tmp"/$m.m "$tmp"/$m.mm "$tmp"/$m.rte; done; }
is "$(ranked $(files a b c d))" '4 1 3 2 ' 'by the mean of MNLI and RTE, ties to the lower index'
is "$(ranked $(files c a d b))" '3 1 2 4 ' 'the same with the members in another order'

# Other tasks do not count beside MNLI and RTE.
scores a.cola cola dev matthews 0.99
scores b.cola cola dev matthews 0.01
is "$(ranked $(files b) "$tmp/b.cola" $(files a) "$tmp/a.cola")" '2 1 ' 'beside MNLI and RTE nothing counts'
scores a.cola cola dev matthews 0.01
scores b.cola cola dev matthews 0.99
is "$(ranked $(files a) "$tmp/a.cola" $(files b) "$tmp/b.cola")" '1 2 ' 'whichever way it points'

# Without MNLI: the mean over the tasks, two metrics of a task averaged first.
scores e.rte rte dev accuracy 0.50
scores f.rte rte dev accuracy 0.60
scores e.mrpc mrpc dev accuracy 0.90 mrpc dev f1 0.70
scores f.mrpc mrpc dev accuracy 0.70 mrpc dev f1 0.68
is "$(awk -f $awk/select.awk member=e "$tmp"/e.* member=f "$tmp"/f.* | tail -n 2)" \
	$'1\t1\te\t0.65\n2\t2\tf\t0.645' 'without MNLI: the mean over the tasks there are'
is "$(awk -f $awk/select.awk member=e "$tmp"/e.* member=f "$tmp"/f.* | head -n 1)" \
	'#members by their mean over mrpc,rte' 'which it says'
scores g.rte rte dev accuracy nan
is "$(ranked member=g "$tmp/g.rte" member=e "$tmp/e.rte")" '2 1 ' 'an undefined score counts 0'
awk -f $awk/select.awk member=e "$tmp/e.rte" member=f "$tmp/f.mrpc" > /dev/null 2>&1
is $? 1 'a member without a score: exit 1'
awk -f $awk/select.awk < /dev/null > /dev/null 2>&1
is $? 1 'no scores at all: exit 1'

columns='cola/dev/matthews rte/dev/accuracy mnli/dev_matched/accuracy mnli/dev_mismatched/accuracy'
table() { # EXPERIMENT
	awk -v experiment=$1 -v final=kd -v vanilla=mtdnn -f $awk/table.awk \
		<(glue-tasks) $home/rows.tsv "$tmp/results"
}

# Results: one seed, several seeds, what was not measured.
scores one.rte rte dev accuracy 0.5
scores two.rte rte dev accuracy.run1 0.5 rte dev accuracy.run2 0.6 \
	rte dev accuracy.median 0.55 rte dev accuracy.sd 0.0707106781
awk -v columns="$columns" -f $awk/results.awk $home/published/table3.tsv row=ensemble "$tmp/one.rte" \
	row=kd "$tmp/two.rte" > "$tmp/results"
is "$(grep '^ensemble.rte' "$tmp/results")" \
	$'ensemble\trte\tdev\taccuracy\t86.7\t50.00\t-\t50.00\t-' 'a row of one run'
is "$(grep '^kd.rte' "$tmp/results")" \
	$'kd\trte\tdev\taccuracy\t88.6\t55.00\t7.07\t50.00\t60.00' 'a row of two runs'
is "$(grep '^kd.cola' "$tmp/results")" \
	$'kd\tcola\tdev\tmatthews\t64.5\t-\t-\t-\t-' 'what was not measured is -'
is "$(table table3 | awk '/^MT-DNN_KD  / { print $3 }')" \
	55.0 'the table shows the median'
is "$(table table3 | awk 'NF { print length($0) }' | head -n 6 | sort -u | wc -l)" \
	1 'and is aligned'
is "$(table table3 | sed -n '1,2p' | sed 's/  */ /g')" $'dev, percent CoLA RTE MNLI\n mcc acc m/mm' \
	'titles and metrics of the tasks'
columns='snli-none/dev/accuracy snli-549/dev/accuracy snli/dev/accuracy rte/dev/accuracy mean/dev/average train/-/tokens'
awk -v columns="$columns" -f $awk/results.awk row=kd "$tmp/one.rte" > "$tmp/results"
is "$(table adapt | sed -n '1,2p' | sed 's/  */ /g')" \
	$'dev, percent SNLI SNLI SNLI RTE of 4 tokens\n none 549 all acc mean M' 'parts of a task, and means'

finish
