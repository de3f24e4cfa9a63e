#!/usr/bin/python3
"""The built programs against PyTorch in float64, from tiny to base size.

Prints TAP with the differences reached.  PART is states, training or
settings, or the size of one of the first two, as in states:base; all but
training:base without any.

usage: BUILD=DIR wide.py [PART...]
"""
import math
import os
import shutil
import subprocess
import sys
import tempfile

try:
    import numpy
    import torch
except ImportError:
    print("1..0 # SKIP python3-torch is not installed")
    sys.exit()

import made
import reference
from reference import Bert, Rule

BUILD = os.environ.get("BUILD", "build")
VOCAB = 2000
#        layers, hidden, heads
SIZES = {"tiny": (2, 128, 2), "mini": (4, 256, 4), "small": (4, 512, 8),
         "base": (12, 768, 12)}
# rows of each batch, and the longest of them
STATES = {"tiny": [(64, 512, "mnli"), (1, 3, "mnli"), (33, 128, "qnli-rank"),
                   (17, 64, "stsb")],
          "mini": [(24, 256, "mnli"), (1, 512, "mnli"),
                   (20, 100, "qnli-rank")],
          "small": [(12, 200, "mnli"), (1, 512, "mnli"),
                    (9, 150, "qnli-rank")],
          "base": [(4, 512, "mnli"), (6, 40, "qnli-rank")]}
# rows of a batch, and the longest
TRAINING = {"tiny": (16, 48), "mini": (8, 40), "small": (4, 32),
            "base": (2, 16)}
# optimizer, and whether there are soft targets
RUNS = {"tiny": [("adamax", False), ("adamax", True), ("adamw", False),
                 ("adamw", True)],
        "mini": [("adamax", True), ("adamw", False)],
        "small": [("adamax", False), ("adamw", True)],
        "base": [("adamax", True)]}
# Each setting on a tiny network: options of the programs, arguments of
# reference.train, and the rule of distillation, if it is one.
SETTINGS = [
    ("--accumulate 3", {"accumulate": 3}, None),
    ("--batches mixed", {"mixed": True}, None),
    ("--batches mixed --accumulate 2 --loss-sum",
     {"mixed": True, "accumulate": 2, "loss_sum": True}, None),
    ("--optimizer adamax-2019 --schedule bert-2019",
     {"optimizer": "adamax-2019", "schedule": "bert-2019"}, None),
    ("--optimizer bert-adam --schedule constant",
     {"optimizer": "bert-adam", "schedule": "constant"}, None),
    ("--layer-decay 0.8", {"layer_decay": 0.8}, None),
    ("--freeze 2 --optimizer adamw", {"freeze": 2, "optimizer": "adamw"},
     None),
    ("--recipe weights.yml", {"weights": {"mnli": 0.25, "stsb": 3}}, None),
    ("--soft-loss kl --temperature 3", {}, Rule("kl", 3)),
    ("--soft-loss mse --mix sum", {}, Rule("mse", 1, "sum")),
    ("--mix anneal --temperature 0.5", {}, Rule("ce", 0.5, lambda x: x)),
    ("--mix anneal:cosine --batches mixed", {"mixed": True},
     Rule(mix=lambda x: (1 - math.cos(math.pi * x)) / 2)),
    ("--mix step:4 --accumulate 2", {"accumulate": 2},
     Rule(mix=lambda x: math.floor(4 * x) / 3)),
    ("--mix uncertainty", {}, Rule(mix="uncertainty")),
    ("--mix uncertainty --batches mixed --accumulate 2 --optimizer "
     "bert-adam --recipe weights.yml --temperature 2",
     {"mixed": True, "accumulate": 2, "optimizer": "bert-adam",
      "weights": {"mnli": 0.25, "stsb": 3}},
     Rule("ce", 2, "uncertainty")),
]
WEIGHTS = "tasks: {mnli: {weight: 0.25}, stsb: {weight: 3}}\n"

checks = 0
failed = 0


def check(name, value, bound):
    global checks, failed
    good = value <= bound  # false for a NaN
    checks += 1
    failed += not good
    print("%sok %d - %s: %.1e, at most %.0e" %
          ("" if good else "not ", checks, name, value, bound), flush=True)


def lengths_of(rng, rows, longest):
    """From 3 to the longest, many short and few long."""
    if rows == 1:
        return [longest]
    n = numpy.exp(rng.uniform(numpy.log(3), numpy.log(longest), rows))
    n = n.astype(int).clip(3, longest)
    n[rng.integers(1, rows)] = longest
    n[0] = 3
    return [int(x) for x in n]


def groups_of(rng, rows):
    groups = []
    while sum(groups) < rows:
        groups.append(int(min(rng.integers(1, 9), rows - sum(groups))))
    return groups


def make_pack(path, rng, task, rows, longest, unlabelled=()):
    groups = labels = None
    if task == "qnli-rank":
        groups = groups_of(rng, rows)
        labels = [float(i == 0) for g in groups for i in range(g)]
    return made.pack(path, rng, task, lengths_of(rng, rows, longest), VOCAB,
                     groups=groups, labels=labels, unlabelled=unlabelled)


def make_model(path, rng, size, fresh):
    layers, hidden, heads = SIZES[size]
    spread = 0.02 if fresh else 0.8 / hidden ** 0.5
    made.model(path, rng, layers, hidden, heads, 4 * hidden, VOCAB, 512,
               spread, 0.02 if fresh else 0.5, fresh)


def expected_states(model, p, rows_at_once=8):
    """Hidden, pooled, logits and loss; gradients are left in the model."""
    units = p.units()
    states, pooleds, logits, total = [], [], [], 0
    at = 0
    while at < len(units):
        n = 1
        while at + n < len(units) and \
                sum(map(len, units[at:at + n + 1])) <= rows_at_once:
            n += 1
        rows = [r for u in units[at:at + n] for r in u]
        hidden, real = model.hidden(p, rows)
        pooled = model.pooled(hidden)
        z = model.logits(p, rows, hidden)
        loss, _, _ = reference.losses(p, rows, z, Rule())
        loss = loss * n / len(units)
        loss.backward()
        total += loss.item()
        states.append(hidden.detach()[real])
        pooleds.append(pooled.detach())
        logits.append(z.detach())
        at += n
    return (*(torch.cat(x).numpy() for x in (states, pooleds, logits)),
            numpy.array([total]))


def difference(got, want, floor=0):
    want = want.reshape(got.shape)
    return float(numpy.max(numpy.abs(got - want)) /
                 max(floor, numpy.max(numpy.abs(want))))


def dump(folder, mode):
    out = os.path.join(folder, "out" + mode)
    subprocess.run([BUILD + "/tests/torch/dump", folder + "/model",
                    folder + "/pack.st", out] + ([mode] if mode else []),
                   check=True)
    states, _ = reference.read_tensors(out)
    gradients, _ = reference.read_tensors(out + ".grad")
    return states, gradients


def gradients_of(model):
    return {k: v.grad.double().numpy() for k, v in model.p.items()
            if v.grad is not None}


def worst_gradient(got, want):
    floor = 1e-3 * max(numpy.max(numpy.abs(g)) for g in want.values())
    worst = max(difference(got[k].astype("f8"), g, floor)
                for k, g in want.items())
    idle = [numpy.max(numpy.abs(got[k])) for k in got if k not in want]
    return worst if not any(idle) else numpy.inf


def states(folder, size):
    rng = numpy.random.default_rng(1)
    for fresh in (False, True):
        make_model(folder + "/model", rng, size, fresh)
        for rows, longest, task in STATES[size]:
            p = make_pack(folder + "/pack.st", rng, task, rows, longest)
            what = "%s, %s, %s, %d rows, %d tokens: " % (
                size, "fresh" if fresh else "spread", task, rows,
                sum(len(t) for t in p.tokens))
            model = Bert(folder + "/model")
            want = dict(zip(("hidden", "pooled", "logits", "loss"),
                            expected_states(model, p)))
            got, gradients = dump(folder, "")
            for name, x in want.items():
                check(what + name, difference(got[name], x), 1e-5)
            slopes = gradients_of(model)
            check(what + "gradients", worst_gradient(gradients, slopes),
                  1e-4)
            got, gradients = dump(folder, "cls")
            for name in ("pooled", "logits", "loss"):
                check(what + name + ", [CLS] alone",
                      difference(got[name], want[name]), 1e-5)
            check(what + "gradients, [CLS] alone",
                  worst_gradient(gradients, slopes), 1e-4)


def trained(folder, p, batch_size, options, distil):
    command = [BUILD + "/bin/" + ("kd-train" if distil else "mt-finetune"),
               "-q", "-i", folder + "/model", "-o", folder + "/trained",
               "--shuffle", "none", "--dropout", "0", "--head-dropout", "0",
               "--keep-heads", "--batch-size", str(batch_size), "--epochs",
               "100", "--max-updates", "100"]
    for q in p:
        if q.soft is not None:
            command += ["--soft", "%s/%s.tsv" % (folder, q.task)]
    subprocess.run(command + options + [q.path for q in p], check=True)
    with open(folder + "/trained/log.tsv", encoding="utf-8") as f:
        lines = [x.rstrip("\n").split("\t") for x in f if x[0] != "#"]
    shutil.rmtree(folder + "/trained")
    return [dict(zip(lines[0], x)) for x in lines[1:]]


def compare(what, folder, p, batch_size, options, rule, settings):
    """100 updates of ours and of PyTorch's, from folder/model."""
    got = trained(folder, p, batch_size, options, rule is not None)
    loss, norm, first, last = 0, 0, None, 0
    for x, want in zip(got, reference.train(
            Bert(folder + "/model"), p, rule or Rule(), batch_size=batch_size,
            epochs=100, updates=100, **settings)):
        for column in ("task", "tokens", "epoch"):
            assert x[column] == str(want[column])
        d = abs(float(x["loss"]) - want["loss"]) / max(1, want["loss"])
        loss = max(loss, d if d == d else numpy.inf)
        norm = max(norm, abs(float(x["grad_norm"]) / want["grad_norm"] - 1))
        first = want["loss"] if first is None else first
        last = want["loss"]
    print("# loss from %.4f to %.4f; norms differ by %.1e of themselves" %
          (first, last, norm))
    check("%s, %d updates, loss" % (what, len(got)),
          loss if len(got) == 100 else numpy.inf, 1e-3)


def training(folder, size):
    rows, longest = TRAINING[size]
    for optimizer, distil in RUNS[size]:
        rng = numpy.random.default_rng(2)
        make_model(folder + "/model", rng, size, True)
        p = [make_pack("%s/%s.st" % (folder, task), rng, task, n, longest)
             for task, n in (("mnli", 3 * rows), ("stsb", 2 * rows - 1),
                             ("qnli-rank", 4 * rows))]
        options = ["--optimizer", optimizer]
        if distil:
            options += ["--mix", "const:0.5", "--temperature", "2"]
            for q in (p[0], p[2]):
                made.soft("%s/%s.tsv" % (folder, q.task), rng, q)
        compare("%s, %s, %s" % (size, optimizer, "hard and soft" if distil
                                else "hard"),
                folder, p, rows, options, Rule("ce", 2) if distil else None,
                {"optimizer": optimizer})


def settings(folder):
    """Every setting, on packs of which each has unlabelled rows; two have
    soft targets, also for these."""
    rng = numpy.random.default_rng(3)
    make_model(folder + "/model", rng, "tiny", True)
    p = [make_pack("%s/%s.st" % (folder, task), rng, task, n, 20, unlabelled)
         for task, n, unlabelled in (
             ("mnli", 21, (4, 9)), ("stsb", 11, (3,)),
             ("qnli-rank", 26, range(5)))]
    with open(folder + "/weights.yml", "w", encoding="utf-8") as f:
        f.write(WEIGHTS)
    for q in (p[0], p[1]):
        made.soft("%s/%s.tsv" % (folder, q.task), rng, q)
    soft = [q.soft for q in p]
    for words, arguments, rule in SETTINGS:
        for q, x in zip(p, soft):
            q.soft = x if rule is not None else None
        options = [folder + "/" + x if x.endswith(".yml") else x
                   for x in words.split()]
        compare(words, folder, p, 6, options, rule, arguments)


def main(parts):
    run = {"states": states, "training": training, "settings": settings}
    if not parts:
        parts = ["states", "training", "settings"]
    for part in parts:
        name, _, size = part.partition(":")
        sizes = [] if name == "settings" else [size] if size else \
            [s for s in SIZES if name == "states" or s != "base"]
        for words in [(s,) for s in sizes] or [()]:
            with tempfile.TemporaryDirectory() as folder:
                run[name](folder, *words)
    print("1..%d" % checks)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
