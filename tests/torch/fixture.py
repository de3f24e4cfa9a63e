#!/usr/bin/python3
"""Write tests/net/fixture: a tiny model, packs, and what PyTorch makes of
them in float64, for t-parity.c of tests/net and tests/train.

usage: fixture.py DIR
"""
import math
import os
import sys

import numpy
import torch

import made
import reference
from reference import Bert, Rule

VOCAB = 57


def flat(hidden, real):
    """Padded states as the ragged batch has them."""
    return hidden[real]


def states(model, packs, out):
    """Forward, hard losses, and the gradients of two objectives."""
    total, along = 0, 0
    first = 0
    for p in packs:
        rows = list(range(len(p.tokens)))
        hidden, real = model.hidden(p, rows)
        pooled = model.pooled(hidden)
        z = model.logits(p, rows, hidden)
        soft, p.soft = p.soft, None
        loss, _, _ = reference.losses(p, rows, z, Rule())
        p.soft = soft
        h = flat(hidden, real)
        out[p.task + ".hidden"] = h
        out[p.task + ".pooled"] = pooled
        out[p.task + ".logits"] = z
        out[p.task + ".loss"] = loss.reshape(1)
        total = total + loss
        # a second objective reads every token: direction . hidden
        n = h.numel()
        along = along + (torch.sin(
            torch.arange(first, first + n, dtype=torch.float64)) *
            h.flatten()).sum()
        first += n
    names, values = list(model.p), list(model.p.values())
    for kind, objective in (("grad", total), ("token_grad", along)):
        g = torch.autograd.grad(objective, values, retain_graph=True,
                                allow_unused=True)
        for name, x in zip(names, g):
            if x is not None:
                out[kind + "." + name] = x


def soft_losses(packs, rng, out):
    """Loss and gradient of made-up logits under every rule."""
    for p in packs:
        rows = list(range(len(p.tokens)))
        z = torch.tensor(rng.standard_normal(
            (len(rows), made.outputs(p.task))).astype("f4").astype("f8") * 2,
            requires_grad=True)
        out["loss." + p.task + ".logits"] = z
        for kind in ("ce", "kl", "mse"):
            for T in (1, 2):
                rule = Rule(kind, T, 0.3)
                loss, hard, soft = reference.losses(p, rows, z, rule)
                g, = torch.autograd.grad(loss, z)
                name = "loss.%s.%s.%d" % (p.task, kind, T)
                out[name] = torch.stack([loss, hard, soft])
                out[name + ".dlogits"] = g


def training(folder, name, packs, rule, start="model", parameters=True,
             **settings):
    model = Bert(os.path.join(folder, start))
    with open(os.path.join(folder, name + ".tsv"), "w",
              encoding="utf-8") as f:
        reference.write_log(f, reference.train(
            model, packs, rule, rate=1e-3, epochs=2, batch_size=4,
            **settings))
    if parameters:
        reference.write_tensors(
            os.path.join(folder, name + ".safetensors"),
            {k: v.detach().numpy() for k, v in model.p.items()}, {})


def all_settings(folder, packs):
    """Two logs in which every setting takes part that the others leave."""
    with open(folder + "/weights.yml", "w", encoding="utf-8") as f:
        f.write("tasks: {mnli: {weight: 0.25}, stsb: {weight: 3}}\n")
    training(folder, "mixed", packs, Rule("kl", 2, "uncertainty"),
             parameters=False, optimizer="bert-adam", mixed=True,
             accumulate=2, layer_decay=0.9,
             weights={"mnli": 0.25, "stsb": 3})
    training(folder, "annealed", packs,
             Rule("mse", 1, lambda x: (1 - math.cos(math.pi * x)) / 2),
             parameters=False, optimizer="adamax-2019",
             schedule="bert-2019", freeze=1, loss_sum=True)


def answers(folder, rng):
    """The SAN head, in a model of its own, on both orders of texts."""
    made.model(folder, rng, layers=1, hidden=12, heads=2, inner=16,
               vocab=VOCAB, positions=40, spread=0.3, embedding=0.5,
               san=True)
    model, out, total, packs = Bert(folder), {}, 0, []
    for order, lengths in (("ab", [9, 4, 33, 6, 12]), ("ba", [5, 17, 8])):
        p = made.pack("%s/%s.st" % (folder, order), rng, "rte", lengths,
                      VOCAB, order=order)
        packs.append(p)
        rows = list(range(len(lengths)))
        hidden, _ = model.hidden(p, rows)
        z = model.logits(p, rows, hidden)
        loss, _, _ = reference.losses(p, rows, z, Rule())
        out[order + ".logits"] = z
        out[order + ".loss"] = loss.reshape(1)
        total = total + loss
    total.backward()
    for name, x in model.p.items():
        out["grad." + name] = torch.zeros_like(x) if x.grad is None \
            else x.grad
    reference.write_tensors(
        folder + "/expected.safetensors",
        {k: v.detach().numpy() for k, v in out.items()}, {})
    training(folder, "finetune", packs, Rule(), start="")


def main(folder):
    rng = numpy.random.default_rng(20190420)
    path = os.path.join(folder, "model")
    made.model(path, rng, layers=2, hidden=20, heads=2, inner=28,
               vocab=VOCAB, positions=72, spread=0.25, embedding=0.5)
    lengths = {
        "mnli": [3, 70, 5, 64, 65, 17, 9, 4, 12, 26, 8, 7, 31, 6],
        "stsb": [10, 3, 8, 21, 5, 4, 33, 6, 7],
        "qnli-rank": [6, 9, 4, 11, 3, 8, 5, 12, 7, 6, 10, 4, 9, 5, 13],
    }
    packs = [
        made.pack(folder + "/mnli.st", rng, "mnli", lengths["mnli"], VOCAB,
                  unlabelled=[5]),
        made.pack(folder + "/stsb.st", rng, "stsb", lengths["stsb"], VOCAB),
        # the third question has no right answer, the fourth has two
        made.pack(folder + "/qnli-rank.st", rng, "qnli-rank",
                  lengths["qnli-rank"], VOCAB, groups=[1, 2, 5, 3, 4],
                  labels=[1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0]),
    ]
    training(folder, "finetune", packs, Rule())
    for p in packs:
        made.soft("%s/%s-soft.tsv" % (folder, p.task), rng, p)
    out = {}
    states(Bert(path), packs, out)
    soft_losses(packs, rng, out)
    reference.write_tensors(
        folder + "/expected.safetensors",
        {k: v.detach().numpy() for k, v in out.items()}, {})
    packs[1].soft = None  # a task without a teacher
    training(folder, "distil", packs, Rule("ce", 2, 0.5), optimizer="adamw")
    all_settings(folder, packs)
    answers(folder + "/san", rng)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
