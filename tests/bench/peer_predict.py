#!/usr/bin/env python3
"""The same prediction by ONNX Runtime or OpenVINO, padded batches.

usage: peer_predict.py MODEL.onnx PACK ENGINE BATCH ROWS THREADS
ENGINE: ort ort-int8 ov ov-bf16; MODEL.onnx is peer_torch.py's
prints: rows a second, the rows sorted by length first, and ms a batch (median)

CLOCK=cpu: a second is one of the process's CPU time, for machines that others
use, too; with one thread.
"""
import os
import statistics
import sys
import time

import numpy as np

from peer_torch import batches, read

clock = time.process_time if os.environ.get('CLOCK') == 'cpu' else time.time
path, file, engine = sys.argv[1:4]
size, rows, threads = map(int, sys.argv[4:7])
pack, _ = read(file)
work = [dict(zip(('ids', 'seg', 'mask'), (t.numpy() for t in b[:3])))
        for b in batches(pack, rows // size, size, by_length=True)]

if engine.startswith('ort'):
    import onnxruntime as ort
    if engine == 'ort-int8':
        from onnxruntime.quantization import QuantType, quantize_dynamic
        small = path + '.int8'
        if not os.path.exists(small):
            quantize_dynamic(path, small, weight_type=QuantType.QInt8,
                             per_channel=True)
        path = small
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    session = ort.InferenceSession(path, options,
                                   providers=['CPUExecutionProvider'])

    def run(batch):
        session.run(None, batch)
else:
    import openvino
    compiled = openvino.Core().compile_model(path, 'CPU', {
        'INFERENCE_NUM_THREADS': threads, 'PERFORMANCE_HINT': 'LATENCY',
        'INFERENCE_PRECISION_HINT': 'bf16' if engine == 'ov-bf16' else 'f32'})
    request = compiled.create_infer_request()

    def run(batch):
        request.infer(batch)

for batch in work[:2]:
    run(batch)
each = []
for batch in work:
    began = clock()
    run(batch)
    each.append(clock() - began)
print('%.1f %.3f' % (size * len(work) / sum(each),
                     statistics.median(each) * 1e3))
