#!/usr/bin/python3
"""BERT, its heads, losses and training once more, in PyTorch and float64.

Written from the method alone, so that the C code has something independent
to agree with: padded where that is ragged, autograd where that has written
its gradients out, torch.optim where that has its own loops.  fixture.py and
wide.py use it; by itself it trains as mt-finetune does without dropout and
in file order, and prints log.tsv's figures:

usage: reference.py MODEL PACK...
"""
import json
import math
import os
import struct
import sys
import zlib

import numpy
import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)

DTYPES = {"F64": "<f8", "I64": "<i8", "F32": "<f4", "I32": "<i4", "U8": "|u1"}


def read_tensors(path):
    """Arrays by name and metadata of a safetensors file."""
    with open(path, "rb") as f:
        data = f.read()
    n, = struct.unpack("<Q", data[:8])
    table = json.loads(data[8:8 + n])
    meta = table.pop("__metadata__", {})
    arrays = {}
    for name, t in table.items():
        begin, end = t["data_offsets"]
        arrays[name] = numpy.frombuffer(
            data[8 + n + begin:8 + n + end],
            DTYPES[t["dtype"]]).reshape(t["shape"])
    return arrays, meta


def write_tensors(path, arrays, meta):
    names = {numpy.dtype(v).str: k for k, v in DTYPES.items()}
    arrays = {k: numpy.ascontiguousarray(v) for k, v in arrays.items()}
    # the largest elements first, so that all are aligned
    order = sorted(arrays, key=lambda k: -arrays[k].itemsize)
    table, at = {}, 0
    for k in order:
        a = arrays[k]
        table[k] = {"dtype": names[a.dtype.str], "shape": list(a.shape),
                    "data_offsets": [at, at + a.nbytes]}
        at += a.nbytes
    data = b"".join(arrays[k].tobytes() for k in order)
    meta = dict(meta, crc32="%08x" % zlib.crc32(data))
    text = json.dumps({"__metadata__": meta, **table}).encode()
    text += b" " * (-(8 + len(text)) % 64)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


class Pack:
    """The rows of a pack: token lists, splits, labels, groups, ids."""

    def __init__(self, path):
        a, meta = read_tensors(path)
        starts, ids = a["starts"], a["id_starts"]
        self.path, self.meta = path, meta
        self.task, self.head = meta["task"], meta["head"]
        self.type = meta["type"]
        self.tokens = [torch.tensor(a["tokens"][s:e].astype("i8"))
                       for s, e in zip(starts, starts[1:])]
        self.split = a["split"]
        self.label = a["label"].astype("f8")
        self.group = a["group"]
        self.ids = [a["id_bytes"][s:e].tobytes().decode()
                    for s, e in zip(ids, ids[1:])]
        self.soft = None

    def read_soft(self, path):
        """Soft targets, in the order of the rows, as float32 has them."""
        rows = {}
        with open(path, encoding="utf-8") as f:
            lines = [x.rstrip("\n").split("\t") for x in f
                     if not x.startswith("#")]
        width = len(lines[0]) - 1 - (lines[0][-1] == "group")
        for fields in lines[1:]:
            rows[fields[0]] = [float(numpy.float32(x))
                               for x in fields[1:1 + width]]
        self.soft = torch.tensor([rows[i] for i in self.ids])

    def units(self, rows=None):
        """Lists of rows that are one example: a question's, or each."""
        out = []
        for r in range(len(self.tokens)) if rows is None else rows:
            if out and self.type == "ranking" and \
                    self.group[out[-1][0]] == self.group[r]:
                out[-1].append(r)
            else:
                out.append([r])
        return out

    def has_target(self, unit):
        return self.soft is not None or \
            any(not math.isnan(self.label[r]) for r in unit)


class Bert:
    def __init__(self, path):
        arrays, _ = read_tensors(os.path.join(path, "model.safetensors"))
        with open(os.path.join(path, "config.json"), encoding="utf-8") as f:
            self.config = json.load(f)
        self.p = {k: torch.tensor(v.astype("f8"), requires_grad=True)
                  for k, v in arrays.items()}

    def linear(self, x, name):
        return F.linear(x, self.p[name + ".weight"], self.p[name + ".bias"])

    def norm(self, x, name):
        return F.layer_norm(x, x.shape[-1:], self.p[name + ".weight"],
                            self.p[name + ".bias"], 1e-12)

    def attention(self, x, real, base):
        B, L, H = x.shape
        A = self.config["num_attention_heads"]
        q, k, v = (
            self.linear(x, base + ".self." + name)
            .view(B, L, A, H // A).transpose(1, 2)
            for name in ("query", "key", "value"))
        s = q @ k.transpose(2, 3) / math.sqrt(H // A)
        s = s.masked_fill(~real[:, None, None, :], -math.inf)
        read = (torch.softmax(s, -1) @ v).transpose(1, 2).reshape(B, L, H)
        return self.norm(x + self.linear(read, base + ".output.dense"),
                         base + ".output.LayerNorm")

    def hidden(self, pack, rows):
        """States of the last layer [B,L,H] and which of them are real."""
        n = [len(pack.tokens[r]) for r in rows]
        ids = torch.zeros(len(rows), max(n), dtype=torch.long)
        sides, real = torch.zeros_like(ids), ids.bool()
        for i, r in enumerate(rows):
            ids[i, :n[i]] = pack.tokens[r]
            sides[i, pack.split[r]:n[i]] = 1
            real[i, :n[i]] = True
        e = "bert.embeddings."
        x = F.embedding(ids, self.p[e + "word_embeddings.weight"]) + \
            self.p[e + "position_embeddings.weight"][:max(n)] + \
            F.embedding(sides, self.p[e + "token_type_embeddings.weight"])
        x = self.norm(x, e + "LayerNorm")
        for i in range(self.config["num_hidden_layers"]):
            base = "bert.encoder.layer.%d" % i
            x = self.attention(x, real, base + ".attention")
            y = F.gelu(self.linear(x, base + ".intermediate.dense"))
            x = self.norm(x + self.linear(y, base + ".output.dense"),
                          base + ".output.LayerNorm")
        return x, real

    def pooled(self, hidden):
        return torch.tanh(self.linear(hidden[:, 0], "bert.pooler.dense"))

    def logits(self, pack, rows, hidden):
        """Each row's logits, by the head of the pack's task."""
        head = self.config["mtkd"]["heads"][pack.head]
        if head["kind"] == "linear":
            return self.linear(self.pooled(hidden), "heads." + pack.head)
        out = []
        for i, r in enumerate(rows):
            n, split = len(pack.tokens[r]), pack.split[r]
            a, b = hidden[i, :split], hidden[i, split:n]
            if pack.meta["order"] == "ba":
                a, b = b, a
            out.append(self.san(b, a, pack.head, head.get("turns", 5)))
        return torch.stack(out)

    def san(self, query, memory, head, turns):
        """The answer module of 2019 on one row: query [Lq,H], memory [Lm,H].

        Its log of the mean over the turns.
        """
        base = "heads.%s.san." % head
        share = torch.softmax(self.linear(query, base + "query")[:, 0], 0)
        s = share @ query
        p = 0
        for _ in range(turns):
            e = memory @ self.linear(s, base + "attention")
            x = torch.softmax(e, 0) @ memory
            merged = torch.cat([x, s, abs(x - s), x * s])
            p = p + torch.softmax(self.linear(merged, "heads." + head), 0)
            s = torch.gru_cell(x[None], s[None], *(
                self.p[base + "gru." + name]
                for name in ("weight_ih", "weight_hh", "bias_ih",
                             "bias_hh")))[0]
        return torch.log(p / turns)


class Rule:
    """How soft targets are compared and mixed with hard ones.

    mix: the weight of the hard loss, or a function from the share of the
    run that is done to it; or "sum" or "uncertainty".
    """

    def __init__(self, soft="ce", temperature=1, mix=0.5):
        self.soft, self.temperature, self.mix = soft, temperature, mix

    def weights(self, x=0):
        """Of the hard and the soft loss of what has both."""
        if isinstance(self.mix, str):
            return 1, 1
        a = self.mix(x) if callable(self.mix) else self.mix
        return a, 1 - a


def soft_loss(z, q, rule):
    """z, q [C]: the logits and the soft target of one example."""
    if rule.soft == "mse":
        t = torch.log(torch.clamp(q, min=1e-7))
        return torch.mean(((z - z.mean()) - (t - t.mean())) ** 2)
    T = rule.temperature
    q = q ** (1 / T)
    q = q / q.sum()
    logp = torch.log_softmax(z / T, 0)
    if rule.soft == "kl":
        return T * T * F.kl_div(logp, q, reduction="sum")
    return -T * T * (q * logp).sum()


def unit_losses(pack, unit, z, rule):
    """Hard and soft loss of one example; None where there is no target.

    z [rows of the unit, outputs]
    """
    label = torch.tensor(pack.label[unit])
    q = None if pack.soft is None else pack.soft[unit]
    hard = soft = None
    if pack.type == "ranking":
        y = torch.nan_to_num(label)
        if y.sum() > 0:
            hard = F.cross_entropy(z[:, 0], y / y.sum())
        if q is not None:
            soft = soft_loss(z[:, 0], q[:, 0], rule)
    elif pack.type == "regression":
        if not math.isnan(label[0]):
            hard = (z[0, 0] - label[0]) ** 2
        if q is not None:
            soft = (z[0, 0] - q[0, 0]) ** 2
    else:
        if not math.isnan(label[0]):
            hard = F.cross_entropy(z[0], label[0].long())
        if q is not None:
            soft = soft_loss(z[0], q[0], rule)
    return hard, soft


def losses(pack, rows, z, rule, weights=None, norm=None):
    """Mean loss over the units of a batch, and its hard and soft parts.

    weights: in place of the rule's; norm: in place of the units' number.
    """
    units = pack.units(rows)
    a, b = weights or rule.weights()
    zero = torch.zeros(())
    total, hards, softs, at = zero, zero, zero, 0
    for unit in units:
        hard, soft = unit_losses(pack, unit, z[at:at + len(unit)], rule)
        at += len(unit)
        both = hard is not None and soft is not None
        if hard is not None:
            total = total + hard * (a if both else 1)
            hards = hards + hard
        if soft is not None:
            total = total + soft * (b if both else 1)
            softs = softs + soft
    n = norm or len(units)
    return total / n, hards / n, softs / n


def triangle(x, warmup=0.1):
    return x / warmup if x < warmup else (1 - x) / (1 - warmup)


def bert_2019(x, warmup=0.1):
    return x / warmup if x < warmup else 1 - x


SCHEDULES = {"triangle": triangle, "bert-2019": bert_2019,
             "constant": lambda x, warmup=0.1: min(1, x / warmup)}


def batches_of(packs, size, mixed=False):
    """The batches of an epoch in file order: lists of (pack, rows)."""
    units = [[(p, u) for u in p.units() if p.has_target(u)] for p in packs]
    out = []
    for part in [sum(units, [])] if mixed else units:
        for i in range(0, len(part), size):
            some = part[i:i + size]
            out.append([(p, [r for q, u in some if q is p for r in u])
                        for p in packs if any(q is p for q, _ in some)])
    return out


def depth_of(name, layers):
    if ".embeddings." in name:
        return 0
    if ".layer." in name:
        return int(name.split(".layer.")[1].split(".")[0]) + 1
    return layers + (1 if "pooler" in name else 2)


class ByHand:
    """adamax-2019 and bert-adam, which torch.optim does not have.

    Each parameter counts its own updates.  With adamax-2019 one that has
    begun goes on to move, and its rate follows its own count.
    """

    def __init__(self, groups, kind):
        self.param_groups, self.kind, self.state = groups, kind, {}

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None or (p in self.state and
                                          self.kind == "adamax-2019"):
                    self.move(p, group)

    def move(self, p, group):
        g = torch.zeros_like(p) if p.grad is None else p.grad
        zero = torch.zeros_like(p)
        t, m, v = self.state.get(p, (0, zero, zero))
        m = 0.9 * m + 0.1 * g
        if self.kind == "adamax-2019":
            v = torch.maximum(0.999 * v, abs(g) + 1e-6)
            rate, way, decay = group["rate"](t), m / (v + 1e-6), 0.01
        else:
            v = 0.999 * v + 0.001 * g * g
            rate, way = group["lr"], m / (torch.sqrt(v) + 1e-6)
            decay = 0.01 if p.dim() > 1 else 0
        with torch.no_grad():
            p -= rate * (way + decay * p)
        self.state[p] = t + 1, m, v


def optimizer_of(model, kind, rate_of, layer_decay, freeze):
    """rate_of: from an update's number to the rate before layer_decay."""
    groups, layers = [], model.config["num_hidden_layers"]
    for name, p in model.p.items():
        depth = depth_of(name, layers)
        if depth < freeze:
            p.requires_grad = False
            continue
        factor = layer_decay ** (layers + 2 - depth)
        groups.append({"params": [p], "factor": factor, "lr": 0,
                       "rate": lambda t, a=factor: a * rate_of(t)})
    if kind == "adamax":
        return torch.optim.Adamax(groups)
    if kind == "adamw":
        return torch.optim.AdamW(groups, weight_decay=0.01)
    return ByHand(groups, kind)


def batch_loss(model, batch, rule, x, weights, loss_sum):
    """Of (pack, rows) parts, x of the run done: the loss, hard and soft."""
    norm = 1 if loss_sum else sum(len(p.units(rows)) for p, rows in batch)
    total = torch.zeros(3)
    for pack, rows in batch:
        hidden, _ = model.hidden(pack, rows)
        z = model.logits(pack, rows, hidden)
        w, mixture, more = weights.get(pack.task, 1), rule.weights(x), 0
        if rule.mix == "uncertainty" and pack.soft is not None:
            s = model.p["heads.%s.uncertainty" % pack.head]
            half = 0.5 if pack.type == "regression" else 1
            mixture, more = half * torch.exp(-s), s.sum() / 2
        loss, hard, soft = losses(pack, rows, z, rule, tuple(mixture), norm)
        total = total + torch.stack([w * (loss + more), hard, soft])
    return total


def train(model, packs, rule, optimizer="adamax", rate=5e-5, epochs=1,
          batch_size=32, updates=0, accumulate=1, mixed=False, weights=None,
          layer_decay=1, freeze=0, schedule="triangle", loss_sum=False):
    """Train in place; yields the figures of each update."""
    batches = batches_of(packs, batch_size, mixed)
    steps = [batches[i:i + accumulate]
             for i in range(0, len(batches), accumulate)]
    total = len(steps) * epochs
    total = min(total, updates) if updates else total
    if rule.mix == "uncertainty":
        for p in packs:
            if p.soft is not None:
                model.p["heads.%s.uncertainty" % p.head] = \
                    torch.zeros(2, requires_grad=True)
    parameters = list(model.p.values())

    def rate_of(t):
        return rate * SCHEDULES[schedule](t / total)

    o = optimizer_of(model, optimizer, rate_of, layer_decay, freeze)
    for step in range(total):
        part = steps[step % len(steps)]
        # a head that took no part has no gradient, so it does not move
        for p in parameters:
            p.grad = None
        sums = torch.zeros(3)
        for batch in part:
            figures = batch_loss(model, batch, rule, step / total,
                                 weights or {}, loss_sum) / len(part)
            figures[0].backward()
            sums += figures.detach()
        norm = torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        for group in o.param_groups:
            group["lr"] = group["factor"] * rate_of(step)
        o.step()
        rows = [(p, r) for batch in part for p, some in batch for r in some]
        yield {"step": step + 1, "epoch": step // len(steps) + 1,
               "task": ",".join(p.task for p in packs
                                if any(q is p for q, _ in rows)),
               "loss": sums[0].item(), "hard": sums[1].item(),
               "soft": sums[2].item(), "lr": rate_of(step),
               "grad_norm": norm.item(),
               "tokens": sum(len(p.tokens[r]) for p, r in rows)}


def write_log(out, rows):
    for i, row in enumerate(rows):
        if i == 0:
            print(*row, sep="\t", file=out)
        print(*(repr(v) if isinstance(v, float) else v
                for v in row.values()), sep="\t", file=out)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    write_log(sys.stdout, train(Bert(sys.argv[1]),
                                [Pack(p) for p in sys.argv[2:]], Rule()))
