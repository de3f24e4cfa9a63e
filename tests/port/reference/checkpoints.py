#!/usr/bin/env python3
"""Checkpoints in every format that bert-import reads, and what they hold.

usage: checkpoints.py DIR    (tests/tools/data/bert-import)

PyTorch writes its own two layouts; safetensors and TensorFlow's table are
written here by hand from their published layouts.  DIR/expected/NAME.f32 has
the numbers of the model to be, in the order of its parameter table.
"""
import collections
import json
import os
import struct
import sys

import torch

V, H, A, L, I, P, S, C = 19, 4, 2, 3, 6, 8, 2, 3
VOCAB = ("[PAD] [UNK] [CLS] [SEP] [MASK] a the cat dog bird sat ran sings on "
         "mat tree . , ##s").split()
CASED = [w.capitalize() if w.isalpha() else w for w in VOCAB]
LABELS = ["contradiction", "neutral", "entailment"]

CONFIG = collections.OrderedDict([
    ("attention_probs_dropout_prob", 0.1), ("hidden_act", "gelu"),
    ("hidden_dropout_prob", 0.1), ("hidden_size", H),
    ("initializer_range", 0.02), ("intermediate_size", I),
    ("max_position_embeddings", P), ("num_attention_heads", A),
    ("num_hidden_layers", L), ("type_vocab_size", S), ("vocab_size", V)])


def layer_shapes(i):
    at = "encoder.layer.%d." % i
    three = ("query", "key", "value")
    return ([(at + "attention.self.%s.weight" % n, (H, H)) for n in three] +
            [(at + "attention.self.%s.bias" % n, (H,)) for n in three] +
            [(at + "attention.output.dense.weight", (H, H)),
             (at + "attention.output.dense.bias", (H,)),
             (at + "attention.output.LayerNorm.weight", (H,)),
             (at + "attention.output.LayerNorm.bias", (H,)),
             (at + "intermediate.dense.weight", (I, H)),
             (at + "intermediate.dense.bias", (I,)),
             (at + "output.dense.weight", (H, I)),
             (at + "output.dense.bias", (H,)),
             (at + "output.LayerNorm.weight", (H,)),
             (at + "output.LayerNorm.bias", (H,))])


def table():
    """Names without "bert." and shapes, in the order of the table."""
    return ([("embeddings.word_embeddings.weight", (V, H)),
             ("embeddings.position_embeddings.weight", (P, H)),
             ("embeddings.token_type_embeddings.weight", (S, H)),
             ("embeddings.LayerNorm.weight", (H,)),
             ("embeddings.LayerNorm.bias", (H,))] +
            [row for i in range(L) for row in layer_shapes(i)] +
            [("pooler.dense.weight", (H, H)), ("pooler.dense.bias", (H,))])


def draw(shape):
    return torch.randn(shape)


def encoder():
    return collections.OrderedDict((n, draw(s)) for n, s in table())


def prefixed(model):
    return collections.OrderedDict(("bert." + n, t) for n, t in model.items())


def old_names(model):
    """LayerNorm.gamma and .beta, as in 2018."""
    return collections.OrderedDict(
        (n.replace("LayerNorm.weight", "LayerNorm.gamma")
          .replace("LayerNorm.bias", "LayerNorm.beta"), t)
        for n, t in model.items())


def masked_head(word):
    d = collections.OrderedDict()
    d["cls.predictions.transform.dense.weight"] = draw((H, H))
    d["cls.predictions.transform.dense.bias"] = draw((H,))
    d["cls.predictions.transform.LayerNorm.weight"] = draw((H,))
    d["cls.predictions.transform.LayerNorm.bias"] = draw((H,))
    d["cls.predictions.bias"] = draw((V,))
    expected = list(d.values())
    d["cls.predictions.decoder.weight"] = word
    d["cls.seq_relationship.weight"] = draw((2, H))
    d["cls.seq_relationship.bias"] = draw((2,))
    return d, expected


def answer_module():
    """A SAN head by mt-dnn's names, and in the order of our table."""
    d = collections.OrderedDict()
    d["alpha"] = torch.zeros(1, 1)
    d["query_wsum.att.linear.weight"] = draw((1, H))
    d["query_wsum.att.linear.bias"] = draw((1,))
    d["attn.score_func.linear.weight"] = draw((H, H))
    d["attn.score_func.linear.bias"] = draw((H,))
    d["rnn.weight_ih"] = draw((3 * H, H))
    d["rnn.weight_hh"] = draw((3 * H, H))
    d["rnn.bias_ih"] = draw((3 * H,))
    d["rnn.bias_hh"] = draw((3 * H,))
    d["classifier.proj.weight"] = draw((C, 4 * H))
    d["classifier.proj.bias"] = draw((C,))
    return d, list(d.values())[1:]


# --- files ---

def path(*parts):
    p = os.path.join(sys.argv[1], *parts)
    os.makedirs(os.path.dirname(p), exist_ok=True)
    return p


def put(data, *parts):
    with open(path(*parts), "wb") as f:
        f.write(data)


def put_json(value, *parts):
    put((json.dumps(value, indent=2) + "\n").encode(), *parts)


def put_vocab(words, *parts):
    put("".join(w + "\n" for w in words).encode(), *parts)


def numbers(tensors):
    return b"".join(t.float().contiguous().numpy().tobytes() for t in tensors)


def expect(name, *tensors):
    put(numbers(t for group in tensors for t in group), "expected",
        name + ".f32")


def raw(t):
    if t.dtype == torch.bfloat16:
        return t.contiguous().view(torch.int16).numpy().tobytes()
    return t.contiguous().numpy().tobytes()


def safetensors(tensors):
    names = {torch.float32: "F32", torch.float16: "F16", torch.int64: "I64",
             torch.bfloat16: "BF16", torch.float64: "F64"}
    header, at = {"__metadata__": {"format": "pt"}}, 0
    for n, t in tensors.items():
        size = len(raw(t))
        header[n] = {"dtype": names[t.dtype], "shape": list(t.shape),
                     "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return (struct.pack("<Q", len(text)) + text +
            b"".join(raw(t) for t in tensors.values()))


# --- TensorFlow: protobuf messages in LevelDB's table format ---

def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def field(number, value):
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    return varint(number << 3) + varint(value)


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def masked(data):
    crc = crc32c(data)
    return (crc >> 15 | crc << 17) + 0xa282ead8 & 0xffffffff


def block(entries, interval):
    out, restarts, last = b"", [], b""
    for i, (key, value) in enumerate(entries):
        shared = 0
        if i % interval == 0:
            restarts.append(len(out))
        else:
            while (shared < min(len(key), len(last)) and
                   key[shared] == last[shared]):
                shared += 1
        out += (varint(shared) + varint(len(key) - shared) +
                varint(len(value)) + key[shared:] + value)
        last = key
    restarts = restarts or [0]
    return out + b"".join(struct.pack("<I", r) for r in restarts +
                          [len(restarts)])


def sstable(entries, per_block=20):
    out, index = b"", []

    def put_block(b):
        nonlocal out
        handle = varint(len(out)) + varint(len(b))
        out += b + b"\0" + struct.pack("<I", masked(b + b"\0"))
        return handle

    for i in range(0, len(entries), per_block):
        part = entries[i:i + per_block]
        index.append((part[-1][0], put_block(block(part, 16))))
    footer = put_block(block([], 1)) + put_block(block(index, 1))
    return (out + footer + b"\0" * (40 - len(footer)) +
            struct.pack("<Q", 0xdb4775248b80fb57))


def tensorflow(variables, prefix, shards=1):
    types = {torch.float32: 1, torch.int64: 9}
    files = [b""] * shards
    entries = [(b"", field(1, shards) + field(3, field(1, 1)))]
    for i, name in enumerate(sorted(variables)):
        t, shard = variables[name], i % shards
        data = files[shard]
        dims = b"".join(field(2, field(1, n)) for n in t.shape)
        entry = field(1, types[t.dtype]) + field(2, dims)
        if shard:
            entry += field(3, shard)
        if data:
            entry += field(4, len(data))
        entry += field(5, len(raw(t)))
        entry += varint(6 << 3 | 5) + struct.pack("<I", masked(raw(t)))
        entries.append((name.encode(), entry))
        files[shard] += raw(t)
    put(sstable(entries), prefix + ".index")
    for i, data in enumerate(files):
        put(data, prefix + ".data-%05d-of-%05d" % (i, shards))


def tensorflow_names(model, head):
    """The variables of google-research/bert; kernels are transposed."""
    out = {}
    for n, t in {**prefixed(model), **head}.items():
        if n.endswith("embeddings.weight"):
            n = n[:-len(".weight")]
        n = n.replace("encoder.layer.", "encoder.layer_")
        n = n.replace("LayerNorm.weight", "LayerNorm.gamma")
        n = n.replace("LayerNorm.bias", "LayerNorm.beta")
        n = n.replace("predictions.bias", "predictions.output_bias")
        n = n.replace("seq_relationship.weight",
                      "seq_relationship.output_weights")
        n = n.replace("seq_relationship.bias", "seq_relationship.output_bias")
        if n.endswith(".weight"):
            n, t = n[:-len("weight")] + "kernel", t.t()
        if "decoder" not in n:
            out[n.replace(".", "/")] = t
    return out


# --- the checkpoints ---

def pretrained():
    """Like bert-base-uncased: old names, the pre-training heads."""
    model = encoder()
    head, kept = masked_head(model["embeddings.word_embeddings.weight"])
    put_json(dict(CONFIG, architectures=["BertForMaskedLM"],
                  model_type="bert", pad_token_id=0), "hf", "config.json")
    put_json({"do_lower_case": True}, "hf", "tokenizer_config.json")
    put_vocab(VOCAB, "hf", "vocab.txt")
    tensors = old_names({**prefixed(model), **head})
    tensors["bert.embeddings.position_ids"] = torch.arange(P)[None]
    put(safetensors(tensors), "hf", "model.safetensors")
    expect("hf", model.values())
    expect("hf-mlm", model.values(), kept)
    chosen = collections.OrderedDict(
        (n, t) for n, t in model.items() if not n.startswith("encoder"))
    layers = [[t for n, t in model.items()
               if n.startswith("encoder.layer.%d." % i)] for i in (2, 0)]
    rest = list(chosen.values())
    expect("hf-layers", rest[:5], layers[0], layers[1], rest[5:])


def sharded():
    """BertModel in bfloat16, in two files and an index."""
    model = {n: t.bfloat16() for n, t in encoder().items()}
    names = list(model)
    half = len(names) // 2
    files = ["model-0000%d-of-00002.safetensors" % i for i in (1, 2)]
    parts = [names[:half], names[half:]]
    put_json(dict(CONFIG, model_type="bert"), "sharded", "config.json")
    put_json({"do_lower_case": False}, "sharded", "tokenizer_config.json")
    put_vocab(CASED, "sharded", "vocab.txt")
    for f, part in zip(files, parts):
        put(safetensors({n: model[n] for n in part}), "sharded", f)
    put_json({"metadata": {"total_size": 2 * sum(
        t.numel() for t in model.values())}, "weight_map": {
            n: f for f, part in zip(files, parts) for n in part}},
        "sharded", "model.safetensors.index.json")
    expect("sharded", model.values())


def classifier():
    """BertForSequenceClassification, torch's zip layout, float16 parts."""
    model = encoder()
    for n in ("pooler.dense.weight", "encoder.layer.1.output.dense.bias"):
        model[n] = model[n].half()
    model["embeddings.LayerNorm.bias"] = model[
        "embeddings.LayerNorm.bias"].double()
    head = [draw((C, H)), draw((C,))]
    state = prefixed(model)
    state["classifier.weight"], state["classifier.bias"] = head
    put_json(dict(CONFIG, architectures=["BertForSequenceClassification"],
                  model_type="bert", classifier_dropout=0.25,
                  id2label={str(i): LABELS[i] for i in range(C)},
                  label2id={LABELS[i]: i for i in range(C)}),
             "classifier", "config.json")
    put_json({"do_lower_case": True}, "classifier", "tokenizer_config.json")
    put_vocab(VOCAB, "classifier", "vocab.txt")
    torch.save(state, path("classifier", "pytorch_model.bin"))
    expect("classifier", model.values())
    expect("classifier-head", model.values(), head)


def legacy():
    """BertModel in torch's layout of 2018, views and parameters in it."""
    model = encoder()
    state = collections.OrderedDict(model)
    name = "encoder.layer.0.intermediate.dense.weight"
    state[name] = model[name].t().contiguous().t()  # lies transposed
    both = torch.stack([model["encoder.layer.2.attention.self.key.bias"],
                        model["encoder.layer.2.attention.self.value.bias"]])
    state["encoder.layer.2.attention.self.key.bias"] = both[0]
    state["encoder.layer.2.attention.self.value.bias"] = both[1]
    name = "pooler.dense.bias"
    state[name] = torch.nn.Parameter(model[name])
    state._metadata = collections.OrderedDict({"": {"version": 1}})
    put_json(CONFIG, "legacy", "bert_config.json")
    put_vocab(VOCAB, "legacy", "vocab.txt")
    torch.save(state, path("legacy", "pytorch_model.bin"),
               _use_new_zipfile_serialization=False)
    expect("legacy", model.values())


def mtdnn(zipped):
    """mt-dnn's {state, optimizer, config}: a SAN head and a linear one."""
    name = "mtdnn-zip.pt" if zipped else "mtdnn.pt"
    model = encoder()
    answer, answer_kept = answer_module()
    score = [draw((1, H)), draw((1,))]
    state = dict(prefixed(model))
    state.update(("scoring_list.0." + n, t) for n, t in answer.items())
    state["scoring_list.1.weight"], state["scoring_list.1.bias"] = score
    weight = torch.nn.Parameter(draw((2, 2)))
    optimizer = torch.optim.Adamax([weight], lr=5e-5)
    weight.sum().backward()
    optimizer.step()
    config = dict(CONFIG, learning_rate=5e-5, train_datasets=["mnli", "stsb"],
                  answer_opt=1, cuda=False, init_checkpoint=None,
                  answer_num_turn=3, answer_mem_drop_p=0.2)
    torch.save({"state": state, "optimizer": optimizer.state_dict(),
                "config": config}, path(name),
               _use_new_zipfile_serialization=zipped)
    expect(name[:-3], model.values())
    expect(name[:-3] + "-san", model.values(), answer_kept)
    expect(name[:-3] + "-linear", model.values(), score)


def tf_release():
    """google-research/bert's release, its optimiser's slots in it."""
    model = encoder()
    head, kept = masked_head(None)
    del head["cls.predictions.decoder.weight"]
    variables = tensorflow_names(model, head)
    for n in list(variables)[:4]:
        variables[n + "/adam_m"] = torch.zeros(variables[n].shape)
        variables[n + "/adam_v"] = torch.zeros(variables[n].shape)
    variables["global_step"] = torch.tensor(1000)
    put_json(CONFIG, "cased_L-3_H-4_A-2", "bert_config.json")
    put_vocab(CASED, "cased_L-3_H-4_A-2", "vocab.txt")
    tensorflow(variables, os.path.join("cased_L-3_H-4_A-2",
                                       "bert_model.ckpt"))
    expect("tf", model.values())
    expect("tf-mlm", model.values(), kept)


def tf_classifier():
    """What google-research/bert's run_classifier.py leaves."""
    model, head = encoder(), [draw((C, H)), draw((C,))]
    variables = tensorflow_names(model, {})
    variables["output_weights"], variables["output_bias"] = head
    put_json(CONFIG, "tf-classifier", "bert_config.json")
    put_vocab(VOCAB, "tf-classifier", "vocab.txt")
    tensorflow(variables, os.path.join("tf-classifier", "bert_model.ckpt"), 2)
    expect("tf-classifier", model.values())
    expect("tf-classifier-head", model.values(), head)


def bin_shards():
    """pytorch_model.bin in two files, one of each layout."""
    model = encoder()
    names, where = list(model), {}
    for i in range(2):
        f = "pytorch_model-0000%d-of-00002.bin" % (i + 1)
        part = names[:20] if i == 0 else names[20:]
        where.update((n, f) for n in part)
        torch.save({n: model[n] for n in part}, path("binshards", f),
                   _use_new_zipfile_serialization=i == 1)
    put_json(CONFIG, "binshards", "config.json")
    put_vocab(VOCAB, "binshards", "vocab.txt")
    put_json({"weight_map": where}, "binshards",
             "pytorch_model.bin.index.json")
    expect("binshards", model.values())


def main():
    torch.manual_seed(1904)
    pretrained()
    sharded()
    classifier()
    legacy()
    mtdnn(False)
    mtdnn(True)
    tf_release()
    tf_classifier()
    bin_shards()


if __name__ == "__main__":
    main()
