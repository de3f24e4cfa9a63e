#!/usr/bin/env python3
"""Whether ONNX Runtime and OpenVINO answer as Transformers does.

usage: onnx.py EXAMPLES SAFETENSORS ONNX    one model, as bert-export writes it
                                            without --onnx and with it

Says the largest difference of the two runtimes from Transformers in float64,
over the examples in batches that are padded, and ends with 1 where it is more
than 1e-5.  A runtime that is not installed is left out by its name.
"""
import os
import sys

import numpy as np
import torch
from transformers import AutoModel, AutoModelForMaskedLM, \
    AutoModelForSequenceClassification, AutoConfig, AutoTokenizer

from hf import read_examples

ROWS = 8


def batches(tokenizer, examples, most):
    for i in range(0, len(examples), ROWS):
        rows = examples[i:i + ROWS]
        texts = [r["text_a"] for r in rows]
        pairs = [r["text_b"] for r in rows] if "text_b" in rows[0] else None
        yield tokenizer(texts, pairs, padding=True, truncation=True,
                        max_length=most, return_tensors="np")


def reference(path):
    """A function of a batch that gives logits or states, by Transformers."""
    config = AutoConfig.from_pretrained(path)
    name = config.architectures[0]
    kind = AutoModelForSequenceClassification if "ForSequence" in name else \
        AutoModelForMaskedLM if "ForMasked" in name else AutoModel
    model = kind.from_pretrained(path, dtype=torch.float64).eval()

    def run(at):
        with torch.no_grad():
            out = model(**{k: torch.tensor(v) for k, v in at.items()})
        return (out.logits if "logits" in out else
                out.last_hidden_state).numpy()
    return run


def of_onnxruntime(path):
    import onnxruntime
    session = onnxruntime.InferenceSession(
        path, providers=["CPUExecutionProvider"])
    names = [i.name for i in session.get_inputs()]
    return lambda at: session.run(None, {n: at[n] for n in names})[0]


def of_openvino(path):
    import openvino
    model = openvino.Core().compile_model(
        path, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    names = [i.get_any_name() for i in model.inputs]
    return lambda at: model({n: at[n] for n in names})[0]


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    examples, tensors, graph = sys.argv[1:]
    tokenizer = AutoTokenizer.from_pretrained(tensors)
    most = AutoConfig.from_pretrained(tensors).max_position_embeddings
    truth = reference(tensors)
    wrong = False
    for name, make in (("onnxruntime", of_onnxruntime),
                       ("openvino", of_openvino)):
        try:
            run = make(os.path.join(graph, "model.onnx"))
        except ImportError:
            print(name, "is not there")
            continue
        worst = 0
        for at in batches(tokenizer, read_examples(examples), most):
            mask = at["attention_mask"].astype(bool)
            want, got = truth(at), run(at)
            assert want.shape == got.shape, (want.shape, got.shape)
            off = np.abs(want - got)
            if want.shape[:2] == mask.shape:
                off = off[mask]
            worst = max(worst, off.max())
        print(name, "%.2g" % worst)
        wrong |= not worst <= 1e-5
    sys.exit(wrong)


if __name__ == "__main__":
    main()
