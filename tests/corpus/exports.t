#!/usr/bin/env bash
# Every task of GLUE as other libraries export it (oracle/exports.py): CSV,
# TSV and JSON lines, with class numbers and names, in any order of columns.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
PATH=$(realpath "${BUILD:-build}")/bin:$PATH
scratch
tar -C "$tmp" -xJf "$(dirname "$0")/golden/exports.tar.xz"
cd "$tmp" || exit 1
files=(*.csv *.tsv *.jsonl)
[[ ${#files[@]} -ge 200 ]]
ok $? 'there are at least 200 files'
for file in "${files[@]}"; do
	IFS=. read -r task split _ form <<< "$file"
	options=("--$form")
	[[ $form == tsv ]] && options=()
	glue-read -t "$task" -s "$split" "${options[@]}" "$file" 2> notes | tail -n +3 |
		cmp -s - "${file%.*}.examples"
	status=$?
	ok $status "$file: the rows that were written"
	[[ $status == 0 ]] || sed 's/^/# /;5q' notes
done
finish
