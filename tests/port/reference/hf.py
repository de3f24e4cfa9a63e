#!/usr/bin/env python3
"""What Hugging Face Transformers makes of models, and models it saves.

usage: hf.py EXAMPLES DIR MODEL...    answers of models that bert-export wrote
       hf.py --save EXAMPLES DIR [NAME...]   random models, and their answers
       hf.py --mean EXAMPLES DIR MODEL...   sentence vectors

tests/port/hf holds those of Transformers 5.17.0: of share/encoder/tiny, and
with --save the rest, multilabel and what is no BERT of 5.24.0.  DIR/NAME.tsv has one row an
example: its id, the ids of its pieces by the model's own tokenizer, and in
float64 the probabilities, the score or the pooled vector, whichever the model
has.  Of a masked language model: the ids with every third one masked, how many are of the first text,
what the masks were (-1 elsewhere), the sum of -log p and how many are right.
DIR/NAME-mean.tsv has sentence vectors as sentence-transformers makes them:
texts of at most 256 pieces, padded to one length; the mean over all that the
attention mask keeps, and that mean divided by its length.
"""
import csv
import os
import sys

import torch
import transformers
from transformers import AutoConfig, AutoModel, AutoModelForMaskedLM, \
    AutoModelForPreTraining, AutoModelForSequenceClassification, \
    AutoTokenizer, BertConfig, BertForPreTraining, \
    BertForSequenceClassification, BertModel, BertTokenizer, \
    DistilBertConfig, DistilBertForSequenceClassification, \
    DistilBertTokenizer, ElectraConfig, ElectraForMaskedLM, \
    ElectraForSequenceClassification, ElectraModel

CLASSES = {"Model": AutoModel, "ForMaskedLM": AutoModelForMaskedLM,
           "ForPreTraining": AutoModelForPreTraining,
           "ForSequenceClassification": AutoModelForSequenceClassification}
VOCAB = ("[PAD] [UNK] [CLS] [SEP] [MASK] a the cat dog bird sat ran sings on "
         "mat tree . , ##s ! cafe it rains un ##known ##able 国").split()


def read_examples(path):
    with open(path, encoding="utf-8", newline="\n") as f:
        lines = (line for line in f if not line.startswith("#"))
        return list(csv.DictReader(lines, delimiter="\t",
                                   quoting=csv.QUOTE_NONE))


def load(path):
    """A model in float64, and nothing of it missing or left over."""
    config = AutoConfig.from_pretrained(path)
    kind = next(v for k, v in CLASSES.items()
                if config.architectures[0].endswith(k))
    model, info = kind.from_pretrained(
        path, dtype=torch.float64, output_loading_info=True)
    print(path, type(model).__name__, *sorted(
        "%s: %s" % (k, sorted(v)) for k, v in info.items() if v))
    return model.eval()


def guess(model, at, mask):
    """What a masked language model makes of every third piece."""
    ids = at["input_ids"]
    masked = torch.arange(ids.shape[1]) % 3 == 1
    want = torch.where(masked, ids[0], -1)
    at["input_ids"] = torch.where(masked[None], mask, ids)
    with torch.no_grad():
        out = model(**at)
    z = out.logits if "logits" in out else out.prediction_logits
    log_p = torch.log_softmax(z[0][masked], -1)
    loss = -log_p.gather(1, want[masked][:, None]).sum()
    right = (log_p.argmax(-1) == want[masked]).sum()
    split = (at["token_type_ids"] == 0).sum()
    return at["input_ids"][0].tolist(), [
        split, " ".join(map(str, want.tolist())), loss, right]


def answer(model, tokenizer, row):
    """Ids of pieces, and the numbers."""
    pair = row.get("text_b")
    at = tokenizer(row["text_a"], *([pair] if pair is not None else []),
                   return_tensors="pt")
    if "ForMasked" in type(model).__name__ or "ForPre" in type(model).__name__:
        return guess(model, at, tokenizer.mask_token_id)
    with torch.no_grad():
        out = model(**at)
    if not hasattr(out, "logits"):
        numbers = out.pooler_output[0] if "pooler_output" in out else \
            out.last_hidden_state[0, 0]
    elif out.logits.shape[1] == 1:
        numbers = out.logits[0]
    elif model.config.problem_type == "multi_label_classification":
        numbers = torch.sigmoid(out.logits[0])
    else:
        numbers = torch.softmax(out.logits[0], -1)
    return at["input_ids"][0].tolist(), numbers.tolist()


def write_answers(path, model, tokenizer, examples):
    with open(path, "w", encoding="utf-8") as f:
        for row in examples:
            ids, numbers = answer(model, tokenizer, row)
            print(row["id"], " ".join(map(str, ids)),
                  *(n if isinstance(n, str) else "%.9g" % n
                    for n in numbers), sep="\t", file=f)


def pool(model, tokenizer, examples):
    """What its Pooling and Normalize make of a padded batch."""
    texts = [(r["text_a"], r["text_b"]) if "text_b" in r else r["text_a"]
             for r in examples]
    at = tokenizer(texts, padding=True, truncation=True, max_length=256,
                   return_tensors="pt")
    mask = at["attention_mask"][..., None].double()
    with torch.no_grad():
        states = model(**at).last_hidden_state
    mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
    return mean, torch.nn.functional.normalize(mean, p=2, dim=1)


def write_vectors(path, model, tokenizer, examples):
    with open(path, "w", encoding="utf-8") as f:
        for row, *both in zip(examples, *pool(model, tokenizer, examples)):
            print(row["id"], *("%.9g" % n for v in both for n in v.tolist()),
                  sep="\t", file=f)


def save(model, name, folder, examples, **how):
    """One directory as save_pretrained writes it, with its tokenizer."""
    path = os.path.join(folder, name)
    vocab = os.path.join(folder, "vocab.txt")
    with open(vocab, "w", encoding="utf-8") as f:
        f.writelines(piece + "\n" for piece in VOCAB)
    tokenizer = (DistilBertTokenizer if name.startswith("distil") else
                 BertTokenizer)(vocab)
    os.remove(vocab)
    model.save_pretrained(path, **how)
    tokenizer.save_pretrained(path)
    print(name, sorted(os.listdir(path)))
    write_answers(os.path.join(folder, name + ".tsv"), load(path),
                  AutoTokenizer.from_pretrained(path), examples)


def random_models():
    """Each by its name: how it is made, and how it is saved."""
    shape = dict(vocab_size=len(VOCAB), hidden_size=16, num_hidden_layers=2,
                 num_attention_heads=2, intermediate_size=24,
                 max_position_embeddings=32, initializer_range=0.3)
    distil = dict(vocab_size=len(VOCAB), dim=16, n_layers=2, n_heads=2,
                  hidden_dim=24, max_position_embeddings=32,
                  initializer_range=0.3)
    names = {0: "contradiction", 1: "neutral", 2: "entailment"}
    labels = dict(id2label=names, label2id={v: k for k, v in names.items()})
    score = dict(num_labels=1, problem_type="regression")
    topics = dict(enumerate(("animals", "home", "weather")))
    topics = dict(problem_type="multi_label_classification", id2label=topics,
                  label2id={v: k for k, v in topics.items()})
    electra = dict(shape, embedding_size=8)
    return {
        "classifier": lambda: BertForSequenceClassification(
            BertConfig(**shape, **labels)),
        "regression": lambda: BertForSequenceClassification(
            BertConfig(**shape, **score)),
        "sharded": lambda: BertModel(BertConfig(**shape)).to(torch.bfloat16),
        "pretraining": lambda: BertForPreTraining(BertConfig(**shape)),
        "multilabel": lambda: BertForSequenceClassification(
            BertConfig(**shape, **topics)),
        "electra": lambda: ElectraModel(ElectraConfig(**electra)),
        "electra-classifier": lambda: ElectraForSequenceClassification(
            ElectraConfig(**electra, **labels)),
        "electra-regression": lambda: ElectraForSequenceClassification(
            ElectraConfig(**dict(shape, embedding_size=16), **score)),
        "electra-generator": lambda: ElectraForMaskedLM(
            ElectraConfig(**dict(shape, embedding_size=24))),
        "distil-classifier": lambda: DistilBertForSequenceClassification(
            DistilBertConfig(**distil, **labels)),
        "distil-multilabel": lambda: DistilBertForSequenceClassification(
            DistilBertConfig(**distil, **topics)),
    }


def save_all(folder, examples, names):
    for name, make in random_models().items():
        if names and name not in names:
            continue
        torch.manual_seed(1)
        how = {"max_shard_size": "8KB"} if name == "sharded" else {}
        save(make(), name, folder, examples, **how)


def main():
    args = sys.argv[1:]
    print("transformers", transformers.__version__, "torch", torch.__version__)
    if args[:1] == ["--save"] and len(args) > 2:
        os.makedirs(args[2], exist_ok=True)
        save_all(args[2], read_examples(args[1]), args[3:])
    elif args[:1] == ["--mean"] and len(args) > 3:
        for path in args[3:]:
            name = os.path.basename(path.rstrip("/"))
            write_vectors(os.path.join(args[2], name + "-mean.tsv"),
                          load(path), AutoTokenizer.from_pretrained(path),
                          read_examples(args[1]))
    elif len(args) > 2:
        os.makedirs(args[1], exist_ok=True)
        for path in args[2:]:
            name = os.path.basename(path.rstrip("/"))
            write_answers(os.path.join(args[1], name + ".tsv"), load(path),
                          AutoTokenizer.from_pretrained(path),
                          read_examples(args[0]))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
