#!/usr/bin/env bash
# Without a standard stream a program does its work, or says what it lacks;
# what it would print lands in no file of its own.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../small.sh"
workplace
small_data


mt-finetune -q -i m -o t --epochs 1 cola.st >&-
ok $? 'training without a stdout'
check 'its model is whole' test -f t/model.safetensors
mt-predict -m t cola.st >want.tsv
ok $? 'there is an answer'
mt-predict -m t -o got.tsv cola.st >&-
ok $? 'predicting into a file without a stdout'
check 'the file is whole' cmp want.tsv got.tsv
for closed in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
	eval "mt-predict -m t -o got.tsv cola.st $closed"
	ok $? "mt-predict -o FILE $closed"
	check 'the same file' cmp want.tsv got.tsv
	eval "glue-pack -t cola -s dev -v m -o got.st nowhere.tsv $closed" \
		2>/dev/null
	is $? 1 "an error in glue-pack $closed"
	ok "$([[ ! -e got.st ]]; echo $?)" 'and no file'
done
mt-predict -m t cola.st >&- 2>err
is "$? $(cat err)" '1 mt-predict: <stdout>: Bad file descriptor' \
	'what goes to stdout wants one'
mt-predict -m t - <&- >out 2>err
is "$? $(cat err)" '1 mt-predict: <stdin>: Bad file descriptor' \
	'what comes from stdin wants one'
# A warning and the file of the next number.
wp-tokenize -v m -o tokens.tsv 2>&- <<<$'id\tlabel\ttext_a\n0\t-\tqqq www eee rrr'
is "$? $(grep -c warning tokens.tsv)" '0 0' 'a warning lands in no output'
# What fills a buffer, too, fails by what the system says.
if [[ -c /dev/full ]]; then
	seq 3000 | sed 's/^/the cat sat on /' | glue-read -t lines - >many.tsv
	for way in '>/dev/full' '-o /dev/full'; do
		eval "wp-tokenize -v m many.tsv $way" 2>err
		is "$? $(sed 's/.*: //' err)" '1 No space left on device' \
			"wp-tokenize $way"
	done
else
	skip 'a full disk' 'no /dev/full'
fi
finish
