#!/usr/bin/env bash
# What people bring as a checkpoint: imported with what it means, or refused
# in words that say what it is.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
PATH=$(realpath "${BUILD:-build}")/bin:$PATH
cd "$(dirname "$0")/../.." || exit
in=$PWD/tests/tools/data/bert-import
scratch
cd "$tmp" || exit 1

# Refused with exit 1, in these words; and no model is made.
refuses() { # NAME WORDS ARGUMENTS...
	local name=$1 words=$2 status
	shift 2
	bert-import -o refused "$@" > said 2>&1
	status=$?
	[[ $status == 1 && ! -e refused ]] && grep -qF -- "$words" said
	ok $? "$name"
	grep -qF -- "$words" said || sed "s/^/# $status: /; 5q" said
	rm -rf refused
}

# --- numbers that are none ---

# A copy of hf whose tensor starts with these four bytes.
spoil() { # COPY TENSOR BYTES
	local size at
	cp -r "$in/hf" "$1"
	size=$(head -c 8 "$in/hf/model.safetensors" | od -An -t u8)
	at=$(head -c $((size + 8)) "$in/hf/model.safetensors" |
	    grep -ao "\"$2\": {[^}]*" | grep -o '[0-9]*, [0-9]*]$')
	printf '%b' "$3" | dd of="$1/model.safetensors" bs=1 \
	    seek=$((size + 8 + ${at%%,*})) conv=notrunc status=none
}

spoil nan bert.pooler.dense.bias '\0\0\0300\0177'
refuses 'a NaN' "nan/model.safetensors: tensor 'bert.pooler.dense.bias': \
number 1 of 4 is nan, expected finite numbers" nan
check 'of a tensor that is left out' bert-import --no-pooler -o nan-out nan
spoil inf bert.embeddings.word_embeddings.weight '\0\0\0200\0377'
refuses 'an infinity' "tensor 'bert.embeddings.word_embeddings.weight': \
number 1 of 76 is -inf" inf

finish
