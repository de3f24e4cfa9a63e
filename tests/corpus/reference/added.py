#!/usr/bin/env python3
"""Tokens that were added to a vocabulary, and the ids that Hugging Face's
tokenizers gives to texts with them.

usage: added.py DIR    (tests/corpus/added; Transformers 5, tokenizers 0.23)

DIR/NAME is a folder as Transformers reads it, DIR/lines has texts, one a line,
and DIR/NAME.ids their ids.
"""
import json
import os
import random
import shutil
import sys

os.environ["TRANSFORMERS_VERBOSITY"] = "error"
import tokenizers
import transformers
from tokenizers import AddedToken, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import WordPiece
from transformers import AutoTokenizer

SPECIAL = "[PAD] [UNK] [CLS] [SEP] [MASK]".split()
VOCAB = SPECIAL + ("the cat sat on mat . , ! - _ ' [ ] ent e n t c a s x foo "
                   "bar b f o r 犬 猫 ##s ##at ##ats ##oo ##foo ##x ##ent ##e "
                   "##a ##犬 co ##vid covid ##id i ##i 1 ##1 é ##é Foo Cat "
                   "The").split()
WORDS = ["the", "The", "cat", "cats", "sat", "foo", "Foo", "FOO", "foos",
         "xfoo", "foo1", "foo_", "bar", "foobar", "foo bar", "FOO  bar",
         "[ENT]", "[ent]", "[Ent]", "[ENT", "ENT]", "[MASK]", "[mask]",
         "[SEP]", "[MASK]s", "<e>", "<E>", "<e>x", "covid", "COVID", "covids",
         "é", "É", "e\u0301", "İ", "i", "犬", "犬foo", "foo犬", "猫", "x", "1",
         "ſat", "K", "\u212a", "a\u0327\u0301", "\u1f80", "foo\u0301",
         "\u200bfoo", "fo\u00ado", "foo\u200d", "foo\u20dd", "ⓐfoo", "٣foo"]
GAPS = [" ", " ", " ", "", "", "  ", ".", ",", "-", "_", "'", "\u00a0",
        "\u3000", "\t", "\u0085", "\u200b"]


def lines():
    r = random.Random(1)
    for word in WORDS:
        yield word
        for gap in (" ", "", "-"):
            yield "the" + gap + word + gap + "cat"
    for _ in range(700):
        yield "".join(r.choice(WORDS) + r.choice(GAPS)
                      for _ in range(r.randint(1, 9)))


def flags(content, **more):
    return dict({"content": content, "special": False, "normalized": True,
                 "single_word": False, "lstrip": False, "rstrip": False},
                **more)


def folder(where, files):
    shutil.rmtree(where, ignore_errors=True)
    os.makedirs(where)
    for name, value in files.items():
        with open(os.path.join(where, name), "w", encoding="utf-8") as f:
            if isinstance(value, str):
                f.write(value)
            else:
                json.dump(value, f, ensure_ascii=False)
                f.write("\n")


def vocab(words=None, tail="\n"):
    return "\n".join(words or VOCAB) + tail


def whole(tokens, lower=True):
    """The text of a tokenizer.json."""
    t = Tokenizer(WordPiece({v: i for i, v in enumerate(VOCAB)},
                            unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(lowercase=lower)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.add_special_tokens(SPECIAL)
    t.add_tokens(tokens)
    return t.to_str()


def decoder(*tokens):
    new = [t for t in tokens if t["content"] not in VOCAB]
    return {str(VOCAB.index(t["content"]) if t not in new else
                len(VOCAB) + new.index(t)): t for t in tokens}


def cases():
    n = len(VOCAB)
    text = {"vocab.txt": vocab()}
    lower, keep = {"do_lower_case": True}, {"do_lower_case": False}
    yield "plain", {**text, "tokenizer_config.json": lower,
                    "added_tokens.json": {"[ENT]": n, "<e>": n + 1}}
    yield "listed", {**text, "tokenizer_config.json": dict(
        lower, additional_special_tokens=["[ENT]"]),
        "added_tokens.json": {"[ENT]": n, "<e>": n + 1}}
    yield "map", {**text, "special_tokens_map.json": {
        "additional_special_tokens": ["[ENT]", "<e>"], "bos_token": "foo"}}
    yield "map-plain", {**text, "added_tokens.json": {"[ENT]": n},
                        "special_tokens_map.json": {
                            "additional_special_tokens": ["[ENT]"]}}
    yield "extra", {**text, "tokenizer_config.json": dict(
        keep, extra_special_tokens={"e_token": "<e>", "f_token": "foo"})}
    yield "named", {**text, "tokenizer_config.json": dict(
        lower, mask_token=flags("[MASK]", special=True, lstrip=True,
                                normalized=False, __type="AddedToken"),
        eos_token="<e>")}
    yield "decoder", {**text, "tokenizer_config.json": dict(
        lower, added_tokens_decoder=decoder(
            flags("[ENT]", special=True, normalized=False), flags("foo"),
            flags("<e>", normalized=False)))}
    yield "decoder-keep", {**text, "tokenizer_config.json": dict(
        keep, added_tokens_decoder=decoder(flags("É"), flags("foo bar")))}
    yield "blank", {"vocab.txt": vocab(tail="\n\n"),
                    "tokenizer_config.json": dict(
                        lower, additional_special_tokens=["[ENT]"])}
    yield "blanks", {"vocab.txt": vocab(tail="\n\n\n"),
                     "tokenizer_config.json": dict(
                         lower, additional_special_tokens=["[ENT]"])}
    yield "no-newline", {"vocab.txt": vocab(tail=""),
                         "added_tokens.json": {"[ENT]": n}}
    yield "white", {"vocab.txt": vocab(
        [w + {"cat": " ", "foo": "\u00a0\t", "x": "\r"}.get(w, "")
         for w in VOCAB]), "added_tokens.json": {"[ENT]": n}}
    tokens = [AddedToken("foo", single_word=True), AddedToken("Foo Bar"),
              AddedToken("cat", normalized=False, single_word=True),
              AddedToken("covid"), AddedToken("[ENT]", lstrip=True,
                                              rstrip=True),
              AddedToken(" <e>", normalized=False), AddedToken("犬"),
              AddedToken("É"), AddedToken("[MASK]s", normalized=False,
                                          single_word=True)]
    for name, low in (("json", True), ("json-keep", False)):
        yield name, {"tokenizer.json": whole(tokens, low),
                     "tokenizer_config.json": {"do_lower_case": low}}
    marks = [AddedToken("İ"), AddedToken("e\u0301"), AddedToken("-foo-")]
    yield "marks", {"tokenizer.json": whole(marks),
                    "tokenizer_config.json": lower}
    strip = [AddedToken("foo", lstrip=True, rstrip=True, normalized=False),
             AddedToken(" the", normalized=False), AddedToken("the ")]
    yield "strip", {"tokenizer.json": whole(strip),
                    "tokenizer_config.json": lower}
    yield "both", {**text, "tokenizer.json": whole([AddedToken("[ENT]")]),
                   "added_tokens.json": {"[ENT]": n},
                   "tokenizer_config.json": lower}


def main():
    where = sys.argv[1]
    print("transformers", transformers.__version__, "tokenizers",
          tokenizers.__version__)
    texts = list(lines())
    with open(os.path.join(where, "lines"), "w", encoding="utf-8") as f:
        f.writelines(t + "\n" for t in texts)
    for name, files in cases():
        path = os.path.join(where, name)
        folder(path, files)
        with open(os.path.join(path, "config.json"), "w") as f:
            f.write('{"model_type": "bert"}\n')
        t = AutoTokenizer.from_pretrained(path)
        with open(path + ".ids", "w") as f:
            for text in texts:
                print(*t(text, add_special_tokens=False)["input_ids"], file=f)
        print(name, {i: a.content for i, a in t.added_tokens_decoder.items()
                     if a.content not in SPECIAL})


main()
