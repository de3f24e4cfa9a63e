#!/usr/bin/python3
"""The same fine-tuning or prediction in plain PyTorch, padded batches.

usage: peer_torch.py PACK LAYERS HIDDEN HEADS INNER train|predict BATCHES THREADS
prints: rows a second, and the largest resident set in MB

or with "export FILE" instead of "train BATCHES": that network as ONNX.

A plain BERT of random weights with a linear head; the batches are rows of 32
in file order, padded to the longest of each.
"""
import json
import resource
import struct
import sys
import time

import numpy as np
import torch
from torch import nn


class Layer(nn.Module):
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


def batches(pack, count, size=32):
    out = []
    for b in range(min(count, (len(pack['starts']) - 1) // size)):
        rows = [pack['tokens'][pack['starts'][r]:pack['starts'][r + 1]]
                for r in range(b * size, (b + 1) * size)]
        longest = max(map(len, rows))
        ids = torch.zeros(size, longest, dtype=torch.long)
        side = torch.zeros(size, longest, dtype=torch.long)
        real = torch.zeros(size, longest)
        for i, row in enumerate(rows):
            ids[i, :len(row)] = torch.from_numpy(row.astype(np.int64))
            side[i, pack['split'][b * size + i]:len(row)] = 1
            real[i, :len(row)] = 1
        label = pack['label'][b * size:(b + 1) * size].astype(np.int64)
        out.append((ids, side, real, torch.from_numpy(label)))
    return out


def main():
    path, kind = sys.argv[1], sys.argv[6]
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
            dynamic_axes={name: {0: 'rows', 1: 'length'} for name in names})
        return
    moves = torch.optim.Adamax(net.parameters(), lr=5e-5)
    net.train(kind == 'train')
    work = batches(pack, int(sys.argv[7]) + 1)

    def step(ids, side, real, label):
        if kind == 'predict':
            with torch.no_grad():
                return net(ids, side, real)
        moves.zero_grad()
        nn.functional.cross_entropy(net(ids, side, real), label).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        return moves.step()

    step(*work[0])
    began = time.time()
    for b in work[1:]:
        step(*b)
    print('%.1f %d' % (32 * (len(work) - 1) / (time.time() - began),
          resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


main()
