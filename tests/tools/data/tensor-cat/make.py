#!/usr/bin/env python3
"""Tensor files written by Python alone, from the text of mtkd-tensor(5).

Makes numbers.st (every dtype, names in order, nothing aligned) and pack.st
(a ranking pack) and pack2.st (the same in version 2) in the present folder, with zlib's CRC-32.
"""
import json
import struct
import zlib

import numpy as np


def write(path, meta, tensors, spaces=0):
    data, table, lines = b"", {}, ""
    for name, dtype, array in tensors:
        begin, raw = len(data), array.tobytes()
        data += raw
        table[name] = {"data_offsets": [begin, len(data)],
                       "shape": list(array.shape), "dtype": dtype}
    for name, t in sorted(table.items(),
                          key=lambda x: (x[1]["data_offsets"], x[0])):
        lines += "%s %s [%s] %d %d\n" % (
            name, t["dtype"], ",".join(map(str, t["shape"])),
            *t["data_offsets"])
    meta = dict(meta, crc32="%08x" % zlib.crc32(data),
                header_crc32="%08x" % zlib.crc32(lines.encode()))
    if meta.get("mtkd", "").endswith(" 2"):
        text = "".join(k + "\0" + v + "\0" for k, v in sorted(meta.items()))
        meta["metadata_crc32"] = "%08x" % zlib.crc32(text.encode())
    header = json.dumps({**table, "__metadata__": meta}, indent=1)
    header = (header + " " * spaces).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(header)) + header + data)


bf16 = np.array([1.0, -2.5, 3e38], "<f4").view("<u4") >> 16
write("numbers.st", {"format": "np", "remark": "tab\there"}, [
    ("u8", "U8", np.arange(250, 255, dtype="u1")),
    ("f64", "F64", np.array([[0.1, np.nan], [-1e300, 2]], "<f8")),
    ("f32", "F32", np.array([[[1.5], [np.inf]]], "<f4")),
    ("f16", "F16", np.array([65504, -6e-8, 1 / 3], "<f2")),
    ("bf16", "BF16", bf16.astype("<u2")),
    ("i64", "I64", np.array(-2**63, "<i8")),
    ("i32", "I32", np.array([2**31 - 1, -2**31], "<i4")),
    ("none", "F32", np.zeros((0, 3), "<f4")),
    ("\u00e9", "U8", np.zeros((1, 1, 1, 1, 1, 1, 1, 1), "u1")),
])
PACK = {
    "mtkd": "pack 1", "task": "qnli-rank", "split": "dev", "head": "qnli-rank",
    "type": "ranking", "labels": "not_entailment,entailment",
    "vocab": "ab" * 32, "case": "keep", "max_length": "8", "truncated": "1",
    "order": "ba"}
ROWS = [
    ("id_bytes", "U8", np.frombuffer("a0é12".encode(), "u1")),
    ("group", "I32", np.array([0, 0, 1], "<i4")),
    ("id_starts", "I64", np.array([0, 2, 4, 6], "<i8")),
    ("label", "F32", np.array([0, 1, np.nan], "<f4")),
    ("split", "I32", np.array([3, 2, 2], "<i4")),
    ("starts", "I64", np.array([0, 5, 9, 12], "<i8")),
    ("tokens", "I32", np.array([2, 7, 3, 8, 3, 2, 3, 8, 3, 2, 3, 3], "<i4")),
]
write("pack.st", PACK, ROWS, 3)
write("pack2.st", dict(PACK, mtkd="pack 2"), ROWS)
