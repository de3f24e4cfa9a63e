"""Models and packs drawn from a seed, for fixture.py and wide.py."""
import hashlib
import json
import os

import numpy

import reference

# The tasks of a model; SAN: those of one whose head is the answer module.
SAN = {"rte": ("classification", ["not_entailment", "entailment"])}
TASKS = {
    "mnli": ("classification", ["contradiction", "neutral", "entailment"]),
    "stsb": ("regression", []),
    "qnli-rank": ("ranking", ["not_entailment", "entailment"]),
}


def outputs(task):
    kind, labels = {**TASKS, **SAN}[task]
    return len(labels) if kind == "classification" else 1


def shapes(c):
    """Every parameter in the order of the C side's table."""
    H, I = c["hidden_size"], c["intermediate_size"]
    e = "bert.embeddings."
    yield e + "word_embeddings.weight", (c["vocab_size"], H)
    yield e + "position_embeddings.weight", (c["max_position_embeddings"], H)
    yield e + "token_type_embeddings.weight", (2, H)
    yield e + "LayerNorm.weight", (H,)
    yield e + "LayerNorm.bias", (H,)
    for i in range(c["num_hidden_layers"]):
        base = "bert.encoder.layer.%d." % i
        for x in ("query", "key", "value"):
            yield base + "attention.self." + x + ".weight", (H, H)
        for x in ("query", "key", "value"):
            yield base + "attention.self." + x + ".bias", (H,)
        for name, rows, columns in (("attention.output", H, H),
                                    ("intermediate", I, H),
                                    ("output", H, I)):
            yield base + name + ".dense.weight", (rows, columns)
            yield base + name + ".dense.bias", (rows,)
            if name != "intermediate":
                yield base + name + ".LayerNorm.weight", (H,)
                yield base + name + ".LayerNorm.bias", (H,)
    yield "bert.pooler.dense.weight", (H, H)
    yield "bert.pooler.dense.bias", (H,)
    for task, head in c["mtkd"]["heads"].items():
        base, width = "heads." + task, H
        if head["kind"] == "san":
            yield base + ".san.query.weight", (1, H)
            yield base + ".san.query.bias", (1,)
            yield base + ".san.attention.weight", (H, H)
            yield base + ".san.attention.bias", (H,)
            yield base + ".san.gru.weight_ih", (3 * H, H)
            yield base + ".san.gru.weight_hh", (3 * H, H)
            yield base + ".san.gru.bias_ih", (3 * H,)
            yield base + ".san.gru.bias_hh", (3 * H,)
            width = 4 * H
        yield base + ".weight", (outputs(task), width)
        yield base + ".bias", (outputs(task),)


def vocabulary(size):
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words += ["w%d" % i for i in range(len(words), size)]
    return "".join(w + "\n" for w in words)


def model(path, rng, layers, hidden, heads, inner, vocab, positions, spread,
          embedding, fresh=False, san=False):
    """A model directory; spread: of the weights, embedding: of their tables.

    Biases and gains are not 0 and 1, so that each of them matters, unless
    the model is to be fresh.
    """
    c = {
        "architectures": ["BertModel"], "model_type": "bert",
        "hidden_act": "gelu", "hidden_size": hidden,
        "intermediate_size": inner, "layer_norm_eps": 1e-12,
        "max_position_embeddings": positions,
        "num_attention_heads": heads, "num_hidden_layers": layers,
        "type_vocab_size": 2, "vocab_size": vocab,
        "mtkd": {"pooler": "tanh", "heads": {
            task: {"kind": "san" if san else "linear", "type": kind,
                   "labels": labels, "dropout": 0.1}
            for task, (kind, labels) in (SAN if san else TASKS).items()}},
    }
    arrays = {}
    for name, shape in shapes(c):
        x = rng.standard_normal(shape)
        if "embeddings.weight" in name:
            x *= embedding
        elif "LayerNorm.weight" in name:
            x = 1 + (0 if fresh else 0.1) * x
        elif len(shape) == 1:
            x *= 0 if fresh else 0.05
        else:
            x *= spread
        arrays[name] = x.astype("f4")
    os.makedirs(path, exist_ok=True)
    for name, text in (
            ("config.json", json.dumps(c, indent=2) + "\n"),
            ("tokenizer_config.json", '{"do_lower_case": true}\n'),
            ("vocab.txt", vocabulary(vocab))):
        with open(os.path.join(path, name), "w", encoding="utf-8") as f:
            f.write(text)
    reference.write_tensors(os.path.join(path, "model.safetensors"), arrays,
                            {"format": "pt"})


def pack(path, rng, task, lengths, vocab, groups=None, unlabelled=(),
         labels=None, order="ab"):
    """A pack of rows of the given numbers of tokens.

    groups: how many candidates each question has, in a ranking task.
    """
    kind, names = {**TASKS, **SAN}[task]
    n = len(lengths)
    tokens, split = [], []
    for length in lengths:
        row = rng.integers(5, vocab, length)
        cut = int(rng.integers(2, length)) if length > 3 else length
        row[0], row[cut - 1], row[-1] = 2, 3, 3
        tokens.append(row)
        split.append(cut)
    if labels is None:
        labels = rng.random(n) * 5 if kind == "regression" else \
            rng.integers(0, len(names), n)
    labels = numpy.array(labels, "f4")
    labels[list(unlabelled)] = numpy.nan
    group = numpy.arange(n) if groups is None else \
        numpy.repeat(numpy.arange(len(groups)) * 3, groups)
    ids = [("%s-%d" % (task, i)).encode() for i in range(n)]
    reference.write_tensors(path, {
        "tokens": numpy.concatenate(tokens).astype("i4"),
        "starts": numpy.cumsum([0] + list(lengths)).astype("i8"),
        "split": numpy.array(split, "i4"),
        "label": labels,
        "group": group.astype("i4"),
        "id_bytes": numpy.frombuffer(b"".join(ids), "u1"),
        "id_starts": numpy.cumsum([0] + [len(i) for i in ids]).astype("i8"),
    }, {
        "mtkd": "pack 1", "task": task, "split": "train", "head": task,
        "type": kind, "labels": ",".join(names),
        "vocab": hashlib.sha256(vocabulary(vocab).encode()).hexdigest(),
        "case": "lower", "max_length": str(max(lengths)), "truncated": "0",
        "order": order,
    })
    return reference.Pack(path)


def soft(path, rng, p):
    """Soft targets for every row of a pack."""
    kind, names = TASKS[p.task]
    width = outputs(p.task)
    with open(path, "w", encoding="utf-8") as f:
        print("#mtkd soft 1 task=%s split=train type=%s members=3" %
              (p.task, kind), file=f)
        columns = names if kind == "classification" else ["score"]
        tail = ["group"] if kind == "ranking" else []
        print("id", *columns, *tail, sep="\t", file=f)
        for unit in p.units():
            n = len(unit) if kind == "ranking" else 1
            if kind == "regression":
                q = rng.random((1, 1)) * 5
            else:
                q = rng.standard_normal((n, width)) * 2
                q = numpy.exp(q) / numpy.exp(q).sum()
            for r, row in zip(unit, q):
                print(p.ids[r], *("%.9g" % numpy.float32(x) for x in row),
                      *([p.group[r]] if tail else []), sep="\t", file=f)
    p.read_soft(path)
