#!/usr/bin/env python3
"""Write tests/net/fixture/feature: a student, two teachers and what PyTorch
makes of the feature losses between them in float64, for t-feature.c.

usage: BUILD=build feature.py DIR

The models are Transformers' own, unchanged: hidden states and attention
probabilities are its outputs; queries, keys and values come from hooks on the
modules `query`, `key` and `value`.  Each sequence passes by itself.
expected.safetensors has of each case NAME.loss and NAME.grad, the gradient of
each parameter in the order of mtkd's table, projections last.
"""
import math
import os
import subprocess
import sys

import numpy
import torch
from transformers import BertModel

import reference

VOCAB = 23
LENGTHS = [5, 1, 30, 3, 8, 2]
MODELS = {  # hidden, layers, heads, seed
    "student": (12, 2, 2, 1), "wide": (16, 4, 2, 2), "other": (12, 3, 4, 3)}
PAIRS = {"wide": [(0, 0), (1, 2), (2, 4)], "other": [(1, 1), (2, 3)]}
CASES = {  # teacher, and weights
    "hidden": ("wide", {"hidden": 2}),
    "equal-hidden": ("other", {"hidden": 1}),
    "cosine": ("wide", {"cosine": 0.5}),
    "equal-cosine": ("other", {"cosine": 1}),
    "scores": ("wide", {"scores": 1}),
    "probabilities": ("wide", {"probabilities": 1}),
    "relation": ("wide", {"relation": 1, "R": 4}),
    "equal-relation": ("other", {"relation": 1, "R": 3}),
    "all": ("wide", {"hidden": 1, "cosine": 0.5, "probabilities": 2,
                     "relation": 0.25, "R": 2}),
}


def make(folder, name):
    hidden, layers, heads, seed = MODELS[name]
    path = os.path.join(folder, name)
    vocab = os.path.join(folder, "vocab.txt")
    with open(vocab, "w", encoding="utf-8") as f:
        f.writelines(p + "\n" for p in "[PAD] [UNK] [CLS] [SEP] [MASK]".split()
                     + ["w%d" % i for i in range(VOCAB - 5)])
    subprocess.run(
        [os.path.join(os.environ["BUILD"], "bin/model-new"), "-v", vocab,
         "--hidden", str(hidden), "--layers", str(layers), "--heads",
         str(heads), "--intermediate", "20", "--positions", "32",
         "--init-range", "0.4", "--seed", str(seed), "-o", path], check=True)
    os.remove(vocab)
    return BertModel.from_pretrained(
        path, dtype=torch.float64, attn_implementation="eager").eval()


def inside(model, ids, sides):
    """States, probabilities, and queries, keys and values of a sequence."""
    kept, hooks = [], []
    for layer in model.encoder.layer:
        own = {}
        kept.append(own)
        for name in ("query", "key", "value"):
            hooks.append(getattr(layer.attention.self, name)
                         .register_forward_hook(
                lambda m, i, out, own=own, name=name:
                own.__setitem__(name, out[0])))
    out = model(input_ids=ids, token_type_ids=sides, output_hidden_states=True,
                output_attentions=True)
    for h in hooks:
        h.remove()
    return ([h[0] for h in out.hidden_states], [a[0] for a in out.attentions],
            kept)


def cut(x, heads):
    """[L,H] as [heads,L,w]."""
    return x.view(x.shape[0], heads, -1).transpose(0, 1)


def scores(x, y, heads):
    x, y = cut(x, heads), cut(y, heads)
    return x @ y.transpose(1, 2) / math.sqrt(x.shape[2])


def divergence(p, q):
    """KL of q from p over the last axis, summed over the others."""
    return (p * (p.log() - q.log())).sum()


def loss_of(mine, its, student, pairs, maps, w, tokens):
    """One sequence's part."""
    loss = 0
    heads = student.config.num_attention_heads
    for k, (s, t) in enumerate(pairs):
        u, v = mine[0][s], its[0][t].detach()
        u = u if maps is None else u @ maps[k].T
        loss = loss + w.get("hidden", 0) * ((u - v) ** 2).mean(1).sum() / tokens
        loss = loss + w.get("cosine", 0) * (
            1 - torch.nn.functional.cosine_similarity(u, v)).sum() / tokens
        if s == 0:
            continue
        a, b = mine[2][s - 1], its[2][t - 1]
        d = (scores(a["query"], a["key"], heads)
             - scores(b["query"], b["key"], heads)) if "scores" in w else 0
        loss = loss + w.get("scores", 0) * (
            d * d).mean(2).sum() / (tokens * heads) if "scores" in w else loss
        if "probabilities" in w:
            loss = loss + w["probabilities"] * divergence(
                its[1][t - 1], mine[1][s - 1]) / (tokens * heads)
        for name in ("query", "key", "value") if "relation" in w else ():
            loss = loss + w["relation"] * divergence(
                scores(b[name], b[name], w["R"]).softmax(2),
                scores(a[name], a[name], w["R"]).softmax(2)
            ) / (tokens * w["R"])
    return loss


def in_order(model):
    """The parameters as mtkd's table has them."""
    e = model.embeddings
    p = [e.word_embeddings.weight, e.position_embeddings.weight,
         e.token_type_embeddings.weight, *e.LayerNorm.parameters()]
    for layer in model.encoder.layer:
        a = layer.attention
        three = (a.self.query, a.self.key, a.self.value)
        p += [m.weight for m in three] + [m.bias for m in three]
        for m in (a.output.dense, a.output.LayerNorm, layer.intermediate.dense,
                  layer.output.dense, layer.output.LayerNorm):
            p += [m.weight, m.bias]
    return p + [model.pooler.dense.weight, model.pooler.dense.bias]


def map_of(k, outputs, inputs):
    i = torch.arange(outputs * inputs, dtype=torch.float64)
    return (0.3 * torch.sin(i + k)).view(outputs, inputs).requires_grad_()


def sequences():
    for r, n in enumerate(LENGTHS):
        t = torch.arange(n)
        # never 0, whose embedding torch does not move
        ids = 1 + (7 * r * r + 5 * t * t + 3 * t + r) % (VOCAB - 1)
        yield ids[None], (t >= (n + 1) // 2).long()[None]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = sys.argv[1]
    models = {name: make(folder, name) for name in MODELS}
    student, out = models["student"], {}
    H = student.config.hidden_size
    for name, (whose, w) in CASES.items():
        teacher, maps = models[whose], None
        G = teacher.config.hidden_size
        if G != H:
            maps = [map_of(k, G, H) for k in range(len(PAIRS[whose]))]
        parameters = in_order(student) + (maps or [])
        student.zero_grad()
        loss = 0
        for ids, sides in sequences():
            with torch.no_grad():
                its = inside(teacher, ids, sides)
            loss = loss + loss_of(inside(student, ids, sides), its, student,
                                  PAIRS[whose], maps, w, sum(LENGTHS))
        grads = torch.autograd.grad(loss, parameters, allow_unused=True)
        flat = [torch.zeros_like(p) if g is None else g
                for p, g in zip(parameters, grads)]
        out[name + ".loss"] = numpy.array([loss.item()])
        out[name + ".grad"] = torch.cat(
            [g.reshape(-1) for g in flat]).numpy().astype(numpy.float32)
        print("%-16s %.9g" % (name, loss.item()))
    reference.write_tensors(
        os.path.join(folder, "expected.safetensors"), out, {})


main()
