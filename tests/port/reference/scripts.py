#!/usr/bin/env python3
"""What tokenizers and Transformers make of a cased vocabulary in three scripts.

usage: scripts.py ids VOCAB EXAMPLES     the ids of pieces of each pair
       scripts.py answers MODEL EXAMPLES    and with them the probabilities

MODEL is as bert-export -t writes it.  The ids are those of tokenizers'
BertWordPieceTokenizer and of Transformers' BertTokenizerFast, which must be
the same.  tests/port/scripts holds what tokenizers 0.23.3 and Transformers
5.24.0 print.
"""
import os
import sys

import torch
from tokenizers import BertWordPieceTokenizer
from transformers import AutoModelForSequenceClassification, BertTokenizerFast

from hf import read_examples


def ids_of(vocab, examples):
    one = BertWordPieceTokenizer(vocab, lowercase=False, strip_accents=False)
    other = BertTokenizerFast(vocab, do_lower_case=False)
    for row in examples:
        pair = row["text_a"], row["text_b"]
        ids = one.encode(*pair).ids
        assert ids == other(*pair)["input_ids"], row
        yield row["id"], ids


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    what, path, examples = sys.argv[1:]
    examples = read_examples(examples)
    vocab = path if what == "ids" else os.path.join(path, "vocab.txt")
    if what != "ids":
        tokenizer = BertTokenizerFast.from_pretrained(path)
        model = AutoModelForSequenceClassification.from_pretrained(
            path, dtype=torch.float64).eval()
    for row, (name, ids) in zip(examples, ids_of(vocab, examples)):
        more = []
        if what != "ids":
            at = tokenizer(row["text_a"], row["text_b"], return_tensors="pt")
            assert at["input_ids"][0].tolist() == ids, row
            with torch.no_grad():
                p = torch.softmax(model(**at).logits[0], -1)
            more = ["%.9g" % x for x in p.tolist()]
        print(name, " ".join(map(str, ids)), *more, sep="\t")


main()
