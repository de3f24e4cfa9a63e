#!/usr/bin/python3
"""The same fine-tuning or prediction in plain PyTorch, padded batches.

usage: peer_torch.py PACK LAYERS HIDDEN HEADS INNER train|predict BATCHES THREADS
prints: rows a second, and the largest resident set in MB

A BERT of nn.TransformerEncoderLayer (post-LN, GELU) with a linear head; the
batches are rows of 32 in file order, padded to the longest of each.
"""
import json
import resource
import struct
import sys
import time

import numpy as np
import torch
from torch import nn


class Bert(nn.Module):
    def __init__(self, layers, hidden, heads, inner, classes):
        super().__init__()
        self.word = nn.Embedding(30522, hidden)
        self.position = nn.Embedding(512, hidden)
        self.segment = nn.Embedding(2, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.drop = nn.Dropout(0.1)
        self.layers = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(hidden, heads, inner, 0.1, 'gelu',
                                       1e-12, batch_first=True), layers)
        self.pooler = nn.Linear(hidden, hidden)
        self.head = nn.Linear(hidden, classes)

    def forward(self, ids, side, empty):
        at = torch.arange(ids.shape[1])
        x = self.word(ids) + self.position(at) + self.segment(side)
        x = self.layers(self.drop(self.norm(x)), src_key_padding_mask=empty)
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
        empty = torch.ones(size, longest, dtype=torch.bool)
        for i, row in enumerate(rows):
            ids[i, :len(row)] = torch.from_numpy(row.astype(np.int64))
            side[i, pack['split'][b * size + i]:len(row)] = 1
            empty[i, :len(row)] = False
        label = pack['label'][b * size:(b + 1) * size].astype(np.int64)
        out.append((ids, side, empty, torch.from_numpy(label)))
    return out


def main():
    path, kind = sys.argv[1], sys.argv[6]
    layers, hidden, heads, inner = map(int, sys.argv[2:6])
    torch.set_num_threads(int(sys.argv[8]))
    torch.manual_seed(0)
    pack, meta = read(path)
    net = Bert(layers, hidden, heads, inner, len(meta['labels'].split(',')))
    moves = torch.optim.Adamax(net.parameters(), lr=5e-5)
    net.train(kind == 'train')
    work = batches(pack, int(sys.argv[7]) + 1)

    def step(ids, side, empty, label):
        if kind == 'predict':
            with torch.no_grad():
                return net(ids, side, empty)
        moves.zero_grad()
        nn.functional.cross_entropy(net(ids, side, empty), label).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        return moves.step()

    step(*work[0])
    began = time.time()
    for b in work[1:]:
        step(*b)
    print('%.1f %d' % (32 * (len(work) - 1) / (time.time() - began),
          resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


main()
