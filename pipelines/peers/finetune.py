#!/usr/bin/env python3
"""Single-task fine-tuning by PyTorch and Transformers, as mt-finetune does it.

usage: finetune.py MODEL TRAIN.st [--dev DEV.st] [-o PREDICTIONS]
           [--losses FILE] [--seed N] [--rate R] [--epochs N] [--updates N]
           [--batch N] [--dropout P] [--in-order]

MODEL is a folder that AutoModelForSequenceClassification reads.  AdamW with a
weight decay of 0.01 on every parameter, a linear warm-up over a tenth of the
updates and a linear decay to 0, gradients clipped at a norm of 1, rows shuffled
before each epoch; --in-order: as they stand in the pack.
"""
import argparse

import torch
from transformers import (AutoModelForSequenceClassification,
                          get_linear_schedule_with_warmup)

from packs import Pack, write_predictions


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument('model')
    p.add_argument('train')
    p.add_argument('--dev')
    p.add_argument('-o', dest='output')
    p.add_argument('--losses')
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--rate', type=float, default=1e-4)
    p.add_argument('--epochs', type=int, default=3)
    p.add_argument('--updates', type=int, default=0)
    p.add_argument('--batch', type=int, default=32)
    p.add_argument('--dropout', type=float, default=0.1)
    p.add_argument('--in-order', action='store_true')
    return p.parse_args()


def batches(pack, args):
    """The rows of each update in turn."""
    while True:
        order = (torch.arange(pack.rows) if args.in_order
                 else torch.randperm(pack.rows))
        yield from order.split(args.batch)


def main():
    args = arguments()
    torch.manual_seed(args.seed)
    pack = Pack(args.train)
    model = AutoModelForSequenceClassification.from_pretrained(
        args.model, num_labels=max(len(pack.labels), 1),
        problem_type='regression' if pack.regression
        else 'single_label_classification',
        hidden_dropout_prob=args.dropout,
        attention_probs_dropout_prob=args.dropout,
        classifier_dropout=args.dropout)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=args.rate, weight_decay=0.01)
    updates = args.epochs * -(-pack.rows // args.batch)
    updates = min(updates, args.updates or updates)
    # The first update at or after a tenth of them has the whole rate.
    schedule = get_linear_schedule_with_warmup(
        optimizer, updates / 10, updates)
    model.train()
    losses = []
    for _, rows in zip(range(updates), batches(pack, args)):
        given, label = pack.batch(rows.numpy())
        loss = model(**given, labels=label).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    if args.losses:
        with open(args.losses, 'w') as out:
            print('step', 'loss', sep='\t', file=out)
            for step, loss in enumerate(losses, 1):
                print(step, '%.9g' % loss, sep='\t', file=out)
    if args.output:
        dev, answers = Pack(args.dev), []
        model.eval()
        with torch.no_grad():
            for rows in torch.arange(dev.rows).split(64):
                logits = model(**dev.batch(rows.numpy())[0]).logits
                answers += (logits if dev.regression
                            else logits.softmax(-1)).tolist()
        write_predictions(args.output, dev, answers)


if __name__ == '__main__':
    main()
