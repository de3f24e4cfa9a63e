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
    """How soft targets are compared and mixed with hard ones."""

    def __init__(self, soft="ce", temperature=1, mix=0.5):
        self.soft, self.temperature, self.mix = soft, temperature, mix


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


def losses(pack, rows, z, rule):
    """Mean loss over the units of a batch, and its hard and soft parts."""
    units = pack.units(rows)
    zero = torch.zeros(())
    total, hards, softs, at = zero, zero, zero, 0
    for unit in units:
        hard, soft = unit_losses(pack, unit, z[at:at + len(unit)], rule)
        at += len(unit)
        both = hard is not None and soft is not None
        if hard is not None:
            total = total + hard * (rule.mix if both else 1)
            hards = hards + hard
        if soft is not None:
            total = total + soft * ((1 - rule.mix) if both else 1)
            softs = softs + soft
    n = len(units)
    return total / n, hards / n, softs / n


def triangle(x, warmup=0.1):
    return x / warmup if x < warmup else (1 - x) / (1 - warmup)


def batches_of(packs, size):
    """The batches of an epoch in file order: (pack, rows)."""
    for pack in packs:
        units = [u for u in pack.units() if pack.has_target(u)]
        for i in range(0, len(units), size):
            yield pack, [r for u in units[i:i + size] for r in u]


def train(model, packs, rule, optimizer="adamax", rate=5e-5, epochs=1,
          batch_size=32, updates=0):
    """Train in place; yields the figures of each update."""
    batches = list(batches_of(packs, batch_size))
    total = len(batches) * epochs
    total = min(total, updates) if updates else total
    parameters = list(model.p.values())
    if optimizer == "adamax":
        o = torch.optim.Adamax(parameters, lr=rate)
    else:
        o = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.01)
    for step in range(total):
        pack, rows = batches[step % len(batches)]
        hidden, _ = model.hidden(pack, rows)
        z = model.logits(pack, rows, hidden)
        loss, hard, soft = losses(pack, rows, z, rule)
        # a head that took no part has no gradient, so it does not move
        o.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        for group in o.param_groups:
            group["lr"] = rate * triangle(step / total)
        o.step()
        yield {"step": step + 1, "epoch": step // len(batches) + 1,
               "task": pack.task, "loss": loss.item(), "hard": hard.item(),
               "soft": soft.item(), "lr": group["lr"],
               "grad_norm": norm.item(),
               "tokens": sum(len(pack.tokens[r]) for r in rows)}


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
