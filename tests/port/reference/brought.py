#!/usr/bin/env python3
"""Checkpoints as trainers and wrappers leave them, all of the same numbers;
what is none; and DistilBERT's answers.

usage: brought.py EXAMPLES.tsv DIR    (tests/port/hf/examples.tsv, brought)

PyTorch 2.13 and Transformers 5 write them; TensorFlow's tables are written by
checkpoints.py.
"""
import collections
import csv
import enum
import os
import shutil
import sys
import types

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import checkpoints as base
import torch
import transformers
from safetensors.torch import save_file

base.V, base.H, base.A, base.L, base.I, base.P = 19, 4, 2, 1, 6, 32
CONFIG = dict(vocab_size=19, hidden_size=4, num_hidden_layers=1,
              num_attention_heads=2, intermediate_size=6,
              max_position_embeddings=32, type_vocab_size=2,
              hidden_act="gelu", hidden_dropout_prob=0.1,
              attention_probs_dropout_prob=0.1, initializer_range=0.02)


def renamed(state, prefix):
    return collections.OrderedDict((prefix + n, t) for n, t in state.items())


def inside(state, part, name):
    """A wrapper's name behind each part."""
    return collections.OrderedDict(
        (n.replace(part, part + name), t) for n, t in state.items())


# Of the newer mt-dnn: classes that its checkpoints name.
class EncoderModelType(enum.IntEnum):
    BERT = 1
    ROBERTA = 2


class TaskDef(dict):
    pass


def pretend(name, *classes):
    """These classes stand in a module of this name, as pickles tell it."""
    parts = name.split(".")
    for i in range(1, len(parts) + 1):
        sys.modules.setdefault(".".join(parts[:i]),
                               types.ModuleType(".".join(parts[:i])))
    for c in classes:
        c.__module__ = name
        setattr(sys.modules[name], c.__name__, c)


def mtdnn(state, encoder):
    task = TaskDef(label_vocab=[1], n_class=3)
    task.loss = EncoderModelType.BERT
    return {"state": state, "optimizer": {"state": {}, "param_groups": []},
            "config": dict(CONFIG, encoder_type=encoder,
                           task_def_list=[task], init_checkpoint="bert")}


class Evil:
    def __reduce__(self):
        return os.system, ("true",)


def torch_files(state):
    """By file: what torch.save gets."""
    pretend("data_utils.task_def", EncoderModelType)
    pretend("experiments.exp_def", TaskDef)
    head = dict(state)
    head["scoring_list.0.weight"] = torch.ones(3, 4)
    head["scoring_list.0.bias"] = torch.ones(3)
    yield "ddp.bin", renamed(state, "module.")
    yield "compiled.bin", renamed(state, "_orig_mod.")
    yield "both.bin", renamed(state, "module._orig_mod.")
    yield "inside.bin", inside(state, "bert.encoder.", "_orig_mod.")
    yield "fsdp.bin", inside(renamed(state, "model."), "layer.0.",
                             "_checkpoint_wrapped_module.")
    yield "lightning.ckpt", {
        "epoch": 1, "state_dict": renamed(state, "model."),
        "optimizer_states": [{"state": {0: {"exp_avg": torch.ones(2)}}}],
        "hyper_parameters": {"lr": 1e-5}}
    yield "trainer.bin", {"model": renamed(state, "net.module."), "step": 7}
    yield "nested.bin", {"checkpoint": {"model_state_dict": dict(
        state, version=3)}}
    yield "bare.bin", collections.OrderedDict(
        ("student." + n[len("bert."):], t) for n, t in state.items())
    yield "mtdnn.pt", mtdnn(head, EncoderModelType.BERT)
    yield "mtdnn-ddp.pt", mtdnn(renamed(head, "module."), 1)
    yield "roberta.pt", mtdnn(head, EncoderModelType.ROBERTA)
    yield "two.bin", {"model": state, "ema": {
        n: t.clone() for n, t in state.items()}}
    yield "alias.bin", {"model": state, "best": state}
    yield "towers.bin", {**renamed(state, "query."),
                         **renamed(state, "document.")}
    yield "other.bin", collections.OrderedDict(
        ("roberta." + n[len("bert."):], t) for n, t in state.items())
    yield "evil.bin", {"state_dict": state, "x": Evil()}
    yield "object.bin", TaskDef()
    yield "empty.bin", {"state_dict": {}}


def tensorflow(state, where):
    """Loss scale, slots of three optimisers, counted norms."""
    bare = {n[len("bert."):]: t for n, t in state.items()}
    variables, out = base.tensorflow_names(bare, {}), {}
    for i, (n, t) in enumerate(sorted(variables.items())):
        for slot in (("adam_m", "adam_v"), ("LAMB", "LAMB_1"),
                     ("Momentum", "ExponentialMovingAverage"))[i % 3]:
            out[n + "/" + slot] = torch.zeros(t.shape)
        out[n] = t
    for n in ("loss_scale", "good_steps", "current_loss_scale"):
        out[n] = torch.tensor(1.0)
    out["global_step"] = torch.tensor(1000)
    base.tensorflow(out, os.path.join(where, "slots", "bert_model.ckpt"))
    norms = {}
    counted = {}
    for n, t in variables.items():
        if "LayerNorm" in n:
            at = n[:n.index("LayerNorm")]
            k = counted.setdefault(at, len(counted))
            n = n.replace("LayerNorm", "layer_normalization" +
                          ("_%d" % k if k else ""))
        norms["encoder/" + n] = t
    base.tensorflow(norms, os.path.join(where, "norms", "bert_model.ckpt"))
    base.tensorflow({
        "_CHECKPOINTABLE_OBJECT_GRAPH": torch.ones(1),
        "model/a/.ATTRIBUTES/VARIABLE_VALUE": torch.ones(1)},
        os.path.join(where, "tf2", "bert_model.ckpt"))


def buffers(state):
    more = dict(state)
    more["bert.embeddings.position_ids"] = torch.arange(32)[None]
    more["bert.embeddings.token_type_ids"] = torch.zeros(
        1, 32, dtype=torch.int64)
    more["bert.mask"] = torch.ones(3, dtype=torch.bool)
    more["bert.count"] = torch.ones(2, dtype=torch.int16)
    more["qa_outputs.weight"] = torch.ones(2, 4)
    more["qa_outputs.bias"] = torch.ones(2)
    return more


def distilbert(examples, where):
    from transformers import (AutoTokenizer, DistilBertConfig,
                              DistilBertForMaskedLM, DistilBertModel)
    torch.manual_seed(2)
    path = os.path.join(where, "distilbert")
    shape = DistilBertConfig(vocab_size=19, dim=16, n_layers=2, n_heads=2,
                             hidden_dim=24, max_position_embeddings=32,
                             initializer_range=0.3)
    DistilBertForMaskedLM(shape).save_pretrained(path)
    base.put_vocab(base.VOCAB, path, "vocab.txt")
    base.put_json({"tokenizer_class": "DistilBertTokenizer",
                   "do_lower_case": True}, path, "tokenizer_config.json")
    model = DistilBertModel.from_pretrained(path).eval()
    tokenizer = AutoTokenizer.from_pretrained(path)
    with open(examples, encoding="utf-8") as f:
        rows = list(csv.DictReader((line for line in f if line[0] != "#"),
                                   delimiter="\t", quoting=csv.QUOTE_NONE))
    with open(path + ".tsv", "w") as f:
        for row in rows:
            at = tokenizer(row["text_a"], row["text_b"], return_tensors="pt",
                           truncation=True, max_length=32)
            with torch.no_grad():
                out = model(**at).last_hidden_state[0, 0]
            print(row["id"], " ".join(map(str, at["input_ids"][0].tolist())),
                  *("%.9g" % n for n in out.tolist()), sep="\t", file=f)


def main():
    examples, where = sys.argv[1:]
    sys.argv[1] = "."
    print("transformers", transformers.__version__, "torch",
          torch.__version__)
    shutil.rmtree(where, ignore_errors=True)
    os.makedirs(where)
    torch.manual_seed(1)
    state = base.prefixed(base.encoder())
    base.put_json(CONFIG, where, "config.json")
    base.put_vocab(base.VOCAB, where, "vocab.txt")
    base.put_json({"do_lower_case": True}, where, "tokenizer_config.json")
    save_file(state, os.path.join(where, "plain.safetensors"))
    save_file(buffers(state), os.path.join(where, "buffers.safetensors"))
    for name, what in torch_files(state):
        torch.save(what, os.path.join(where, name))
    torch.save(mtdnn(renamed(state, "module."), EncoderModelType.BERT),
               os.path.join(where, "mtdnn-legacy.pt"),
               _use_new_zipfile_serialization=False)
    tensorflow(state, where)
    distilbert(examples, where)


main()
