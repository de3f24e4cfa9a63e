"""Packs (mtkd-pack(5)) as PyTorch's batches, predictions as mtkd-pred(5)."""
import json
import struct

import numpy as np
import torch


class Pack:
    """The rows of a pack: ids, pieces, where the second text begins, labels."""

    def __init__(self, path):
        data = open(path, 'rb').read()
        size, = struct.unpack('<Q', data[:8])
        head = json.loads(data[8:8 + size])
        self.meta = head.pop('__metadata__')
        kinds = {'I32': '<i4', 'I64': '<i8', 'F32': '<f4', 'U8': 'u1'}
        for name, at in head.items():
            begin, end = (8 + size + o for o in at['data_offsets'])
            setattr(self, name,
                    np.frombuffer(data[begin:end], kinds[at['dtype']]))
        self.rows = len(self.starts) - 1
        raw = self.id_bytes.tobytes()
        self.ids = [raw[a:b].decode() for a, b in
                    zip(self.id_starts[:-1], self.id_starts[1:])]
        self.regression = self.meta['type'] == 'regression'
        self.labels = ([] if self.regression
                       else self.meta['labels'].split(','))

    def batch(self, which):
        """What BertForSequenceClassification.forward takes, padded."""
        texts = [self.tokens[self.starts[r]:self.starts[r + 1]]
                 for r in which]
        shape = len(texts), max(map(len, texts))
        out = {name: torch.zeros(shape, dtype=torch.long) for name in
               ('input_ids', 'token_type_ids', 'attention_mask')}
        for i, text in enumerate(texts):
            n = len(text)
            out['input_ids'][i, :n] = torch.from_numpy(text.astype(np.int64))
            out['token_type_ids'][i, self.split[which[i]]:n] = 1
            out['attention_mask'][i, :n] = 1
        label = torch.from_numpy(self.label[which].astype(np.float32))
        return out, label if self.regression else label.long()


def write_predictions(path, pack, answers):
    """answers: [rows, classes] probabilities, or [rows, 1] of a regression."""
    with open(path, 'w') as out:
        print('#mtkd pred 1 task=%s split=%s type=%s' % (
            pack.meta['task'], pack.meta['split'], pack.meta['type']),
            file=out)
        print('id', *(pack.labels or ['score']), sep='\t', file=out)
        for name, row in zip(pack.ids, answers):
            print(name, *('%.9g' % x for x in row), sep='\t', file=out)
