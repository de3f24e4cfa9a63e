#!/usr/bin/env python3
"""The same fine-tuning or prediction in PyTorch, padded batches.

usage: peer_torch.py PACK LAYERS HIDDEN HEADS INNER train|predict BATCHES THREADS
	[MODE]...
MODE: bf16 (autocast), sdpa (its fused attention), compile (torch.compile),
by-length (all rows sorted by length first, the least padding there can be)
prints: rows a second, and the largest resident set in MB

CLOCK=cpu: a second is one of the process's CPU time, for machines that others
use, too; with one thread.

or with "export FILE" instead of "train BATCHES": that network as ONNX.

A plain BERT of random weights with a linear head; the batches are rows of 32
in file order, padded to the longest of each.
"""
import json
import os
import resource
import struct
import sys
import time

import numpy as np
import torch
from torch import nn


clock = time.process_time if os.environ.get('CLOCK') == 'cpu' else time.time


class Layer(nn.Module):
    fused = False

    def __init__(self, hidden, heads, inner):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(hidden, hidden)
        self.key = nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, hidden)
        self.inner = nn.Linear(hidden, inner)
        self.outer = nn.Linear(inner, hidden)
        self.norm1 = nn.LayerNorm(hidden, eps=1e-12)
        self.norm2 = nn.LayerNorm(hidden, eps=1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, x, mask):
        rows, length, hidden = x.shape

        def split(y):
            return y.view(rows, length, self.heads, -1).transpose(1, 2)

        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        if Layer.fused:
            read = nn.functional.scaled_dot_product_attention(
                q, k, v, attn_mask=mask.to(q.dtype),
                dropout_p=0.1 if self.training else 0.0)
        else:
            score = q @ k.transpose(-1, -2) / (hidden // self.heads)**0.5
            read = self.drop((score + mask).softmax(-1)) @ v
        read = read.transpose(1, 2).reshape(rows, length, hidden)
        x = self.norm1(x + self.drop(self.out(read)))
        y = self.outer(nn.functional.gelu(self.inner(x)))
        return self.norm2(x + self.drop(y))


class Bert(nn.Module):
    def __init__(self, layers, hidden, heads, inner, classes):
        super().__init__()
        self.word = nn.Embedding(30522, hidden)
        self.position = nn.Embedding(512, hidden)
        self.segment = nn.Embedding(2, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.drop = nn.Dropout(0.1)
        self.layers = nn.ModuleList(
            Layer(hidden, heads, inner) for _ in range(layers))
        self.pooler = nn.Linear(hidden, hidden)
        self.head = nn.Linear(hidden, classes)

    def forward(self, ids, seg, mask):
        x = self.word(ids) + self.segment(seg)
        x = self.drop(self.norm(x + self.position.weight[:ids.shape[1]]))
        mask = (1 - mask[:, None, None, :]) * -10000.0
        for layer in self.layers:
            x = layer(x, mask)
        return self.head(self.drop(torch.tanh(self.pooler(x[:, 0]))))


def read(path):
    data = open(path, 'rb').read()
    n = struct.unpack('<Q', data[:8])[0]
    head = json.loads(data[8:8 + n])
    kinds = {'I32': '<i4', 'I64': '<i8', 'F32': '<f4', 'U8': 'u1'}
    meta = head.pop('__metadata__')
    return {k: np.frombuffer(data[8 + n + v['data_offsets'][0]:
                                  8 + n + v['data_offsets'][1]],
                             kinds[v['dtype']])
            for k, v in head.items()}, meta


def batches(pack, count, size=32, by_length=False):
    out, starts = [], pack['starts']
    count = min(count, (len(starts) - 1) // size)
    order = np.arange(count * size)
    if by_length:
        order = np.argsort(np.diff(starts)[order], kind='stable')
    for b in range(count):
        which = order[b * size:(b + 1) * size]
        rows = [pack['tokens'][starts[r]:starts[r + 1]] for r in which]
        longest = max(map(len, rows))
        ids = torch.zeros(size, longest, dtype=torch.long)
        side = torch.zeros(size, longest, dtype=torch.long)
        real = torch.zeros(size, longest)
        for i, row in enumerate(rows):
            ids[i, :len(row)] = torch.from_numpy(row.astype(np.int64))
            side[i, pack['split'][which[i]]:len(row)] = 1
            real[i, :len(row)] = 1
        label = pack['label'][which].astype(np.int64)
        out.append((ids, side, real, torch.from_numpy(label)))
    return out


def main():
    path, kind, modes = sys.argv[1], sys.argv[6], sys.argv[9:]
    Layer.fused = 'sdpa' in modes
    layers, hidden, heads, inner = map(int, sys.argv[2:6])
    torch.set_num_threads(int(sys.argv[8]))
    torch.manual_seed(0)
    pack, meta = read(path)
    net = Bert(layers, hidden, heads, inner, len(meta['labels'].split(',')))
    if kind == 'export':
        net.eval()
        ids = torch.randint(1000, 30000, (2, 16))
        names = ['ids', 'seg', 'mask']
        torch.onnx.export(
            net, (ids, torch.zeros_like(ids), torch.ones(2, 16)), sys.argv[7],
            input_names=names, output_names=['logits'], opset_version=14,
            dynamic_axes={name: {0: 'rows', 1: 'length'} for name in names},
            **({'dynamo': False} if torch.__version__ >= '2' else {}))
        return
    moves = torch.optim.Adamax(net.parameters(), lr=5e-5)
    net.train(kind == 'train')
    work = batches(pack, int(sys.argv[7]) + 1, by_length='by-length' in modes)
    # Sorted rows are met in a random order of batches.
    work = [work[i] for i in np.random.default_rng(0).permutation(len(work))]
    run = torch.compile(net, dynamic=True) if 'compile' in modes else net

    def answer(*given):
        with torch.autocast('cpu', torch.bfloat16, enabled='bf16' in modes):
            return run(*given)

    def step(ids, side, real, label):
        if kind == 'predict':
            with torch.no_grad():
                return answer(ids, side, real)
        moves.zero_grad()
        loss = nn.functional.cross_entropy(
            answer(ids, side, real).float(), label)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        return moves.step()

    step(*work[0])
    began = clock()
    for b in work[1:]:
        step(*b)
    print('%.1f %d' % (32 * (len(work) - 1) / (clock() - began),
          resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


if __name__ == '__main__':
    main()
