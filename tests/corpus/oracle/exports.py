#!/usr/bin/env python3
"""Write tests/corpus/golden/exports.tar.xz: small files of every task of GLUE
as other libraries export it (the columns and class numbers of the Hugging
Face data sets; the bytes of Python's csv and json and of pandas), and the
examples that glue-read must make of them.

usage: exports.py		with pandas 2 or 3 installed

TASK.SPLIT.N.FORM is a file, TASK.SPLIT.N.examples its rows, without the two
lines above them.
"""
import csv
import io
import json
import os
import random
import subprocess
import tempfile

import pandas

NLI = ["entailment", "neutral", "contradiction"]
QA = ["entailment", "not_entailment"]
BINARY = ["0", "1"]
S12 = ["sentence1", "sentence2"]
PH = ["premise", "hypothesis"]
# Columns of texts, labels by class number (None: scores), has idx, splits.
TASKS = {
    "cola": (["sentence"], BINARY, True, ["train", "test"]),
    "sst2": (["sentence"], BINARY, True, ["dev", "test"]),
    "mrpc": (S12, BINARY, True, ["train", "test"]),
    "qqp": (["question1", "question2"], BINARY, True, ["train", "test"]),
    "stsb": (S12, None, True, ["dev", "test"]),
    "mnli": (PH, NLI, True, ["train", "dev_matched", "test_mismatched"]),
    "qnli": (["question", "sentence"], QA, True, ["train", "test"]),
    "rte": (S12, QA, True, ["train", "test"]),
    "wnli": (S12, BINARY, True, ["train", "test"]),
    "ax": (PH, NLI, True, ["test"]),
    "snli": (PH, NLI, False, ["train", "test"]),
}
# Names of classes 0 and 1 where the task's own labels are numbers.
NAMES = {
    "cola": ["unacceptable", "acceptable"], "sst2": ["negative", "positive"],
    "mrpc": ["not_equivalent", "equivalent"],
    "qqp": ["not_duplicate", "duplicate"],
    "wnli": ["not_entailment", "entailment"],
}
TEXTS = ["It rained, all day.", 'She said "no".', "a\tb", "x\ny", "x\r\ny",
         "  ends ", "é ü 漢字", "😀 ok", "5", '"quoted"', "", "'s; | yes", "-"]


def safe(text):
    for c in ("\r\n", "\t", "\n", "\r"):
        text = text.replace(c, " ")
    return text


def make(task, split, rng, named):
    """Rows as they are exported, and the examples that they are."""
    texts, labels, idx, _ = TASKS[task]
    own = labels if labels != BINARY else BINARY
    rows, examples = [], []
    for i in range(12):
        row = {c: rng.choice(TEXTS) for c in texts}
        k = rng.randrange(len(labels) if labels else 51)
        row["label"] = k if labels else k / 10
        label = own[k] if labels else str(k / 10)
        if split.startswith("test") and task != "snli":
            row["label"], label = -1 if labels else -1.0, "-"
        elif task in ("mnli", "snli") and i == 5:
            row["label"], label = -1, None
        if named and row["label"] != -1:
            row["label"] = (NAMES[task] if task in NAMES else labels)[k]
        if idx:
            row["idx"] = 3 * i
        if label is not None:
            name = str(3 * i) if idx else str(len(examples))
            examples.append([name, label] + [safe(row[c]) for c in texts])
        rows.append(row)
    return rows, examples


def table(rows, keys, delimiter, quoting, end):
    out = io.StringIO()
    w = csv.DictWriter(out, keys, delimiter=delimiter, quoting=quoting,
                       lineterminator=end)
    w.writeheader()
    w.writerows(rows)
    return out.getvalue()


def forms(rows, rng):
    """(form, text) of each way to write the rows."""
    keys = list(rows[0])
    mixed = rng.sample(keys, len(keys))
    frame = pandas.DataFrame(rows)
    yield "csv", table(rows, keys, ",", csv.QUOTE_MINIMAL, "\r\n")
    yield "csv", "\ufeff" + table(rows, mixed, ",", csv.QUOTE_ALL, "\n")
    yield "csv", frame.to_csv()  # with an unnamed column of numbers
    yield "tsv", table(rows, mixed, "\t", csv.QUOTE_ALL, "\r\n")
    yield "tsv", frame.to_csv(sep="\t", index=False,
                              quoting=csv.QUOTE_NONNUMERIC)
    plain = [{k: safe(str(v)) for k, v in r.items()} for r in rows]
    yield "tsv", "".join("\t".join(r[k] for k in mixed) + "\n"
                         for r in [{k: k for k in mixed}] + plain)
    yield "jsonl", "".join(json.dumps(
        {k: r[k] for k in (keys if i % 2 else mixed)}) + "\n"
        for i, r in enumerate(rows))
    yield "jsonl", "\ufeff" + "\r\n".join(json.dumps(
        {"more": {"a": [1, None]}} | r, ensure_ascii=False) for r in rows)
    yield "jsonl", frame.to_json(orient="records", lines=True,
                                 force_ascii=False)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    out = os.path.join(here, "..", "golden", "exports.tar.xz")
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        for task, (_, labels, _, splits) in TASKS.items():
            for split in splits:
                n = 0
                for named in [False, True] if labels else [False]:
                    rows, examples = make(task, split, rng, named)
                    for form, text in forms(rows, rng):
                        n += 1
                        name = f"{folder}/{task}.{split}.{n}."
                        with open(name + form, "wb") as f:
                            f.write(text.encode())
                        with open(name + "examples", "wb") as f:
                            for e in examples:
                                f.write(("\t".join(e) + "\n").encode())
        subprocess.run(["tar", "-C", folder, "--sort=name", "--mtime=@0",
                        "--owner=0", "--group=0", "--numeric-owner", "-cJf",
                        out, "."], check=True)


main()
