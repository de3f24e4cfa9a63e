#!/usr/bin/python3
"""Figures of scikit-learn for sets of labels, and of ten lines of numpy for
what it lacks (ece, f1_best, f1_threshold), for tests/metric/t-sets.c.

usage: sets.py > tests/metric/golden-sets.h
"""
import random
import warnings

import numpy as np
from sklearn import metrics

warnings.simplefilter("ignore")
random.seed(20190420)


def ece(gold, p, threshold):
    guess = p >= threshold
    sure = np.where(guess, p, 1 - p).ravel()
    right = (guess == gold).ravel()
    bins = np.minimum((sure * 15).astype(int), 14)
    return sum(abs(np.mean(right[bins == b]) - np.mean(sure[bins == b]))
               * np.mean(bins == b) for b in set(bins))


def best(gold, p):
    """The largest F1 and the lowest threshold that gives it."""
    found = [(metrics.f1_score(gold.ravel(), p.ravel() >= t), -t)
             for t in set(p.ravel())]
    f1, t = max(found)
    return f1, -t if gold.max() else np.nan


def auc(gold, p):
    each = [metrics.roc_auc_score(g, q) if len(set(g)) == 2 else np.nan
            for g, q in zip(gold.T, p.T)]
    if not np.isnan(each).any():
        assert np.isclose(np.mean(each), metrics.roc_auc_score(gold, p))
    return np.mean(each)


def noisy(k, n, scale, ties, rate=.4):
    gold = np.array([[random.random() < rate for _ in range(k)]
                     for _ in range(n)], int)
    z = [[random.gauss(scale * (2 * g - 1), 1) for g in row] for row in gold]
    p = 1 / (1 + np.exp(-np.array(z)))
    return gold, np.round(p, 1) if ties else p, .5


def cases():
    for k in (2, 3, 5):
        yield noisy(k, 20, 1, False)
        yield noisy(k, 17, .3, True)      # ties
        gold, p, _ = noisy(k, 12, 1, False)
        yield gold, p, .3
        yield gold, p, 1.                 # nothing is guessed
        yield gold, p, 0.                 # all is
        yield gold, np.full((12, k), .5), .5
        yield gold * 0, p, .5             # no label in gold
        yield gold * 0, p * 0, .5         # nor guessed
        yield gold * 0 + 1, p, .5
        yield gold, gold + 0., .5         # all right
        yield gold, 1. - gold, .5         # all wrong
        rare = gold.copy()
        rare[:, 0] = 0                    # a label that gold lacks
        yield rare, p, .5
        low = p.copy()
        low[:, 0] = .1                    # and one that neither has
        yield rare, low, .5
        yield gold[:1], p[:1], .5


def number(x):
    return "NAN" if x != x else repr(float(x))


def array(values):
    return "{ " + ", ".join(map(repr, values)) + " }"


NAMES = ("accuracy", "hamming_loss", "f1_micro", "f1_macro", "f1_weighted",
         "f1_samples", "roc_auc", "average_precision", "f1_best",
         "f1_threshold", "ece")

print("/* Made by reference/sets.py: scikit-learn and numpy. */")
print("/* clang-format off */")
print("static const struct {\n\tsize_t classes, n;\n\tdouble threshold;")
print("\tuint8_t gold[100]; /* [n,classes] */")
print("\tdouble p[100];")
print("\tdouble value[%d]; /* %s */" % (len(NAMES), " ".join(NAMES)))
print("\tdouble each[30]; /* [classes] precision, recall, f1, support, "
      "roc_auc,\n\t\t\t    average_precision */")
print("\tdouble table[20]; /* [classes] tn, fp, fn, tp */")
print("} set_cases[] = {")
for gold, p, threshold in cases():
    guess = (p >= threshold).astype(int)
    k = gold.shape[1]
    values = [metrics.accuracy_score(gold, guess),
              metrics.hamming_loss(gold, guess)]
    values += [metrics.f1_score(gold, guess, average=a, zero_division=0)
               for a in ("micro", "macro", "weighted", "samples")]
    values += [auc(gold, p), metrics.average_precision_score(gold, p),
               *best(gold, p), ece(gold, p, threshold)]
    each = np.array(metrics.precision_recall_fscore_support(
        gold, guess, zero_division=0)).T.tolist()
    for c in range(k):
        each[c] += [auc(gold[:, [c]], p[:, [c]]),
                    metrics.average_precision_score(gold[:, c], p[:, c])]
    table = metrics.multilabel_confusion_matrix(gold, guess)
    print("\t{ %d, %d, %r, %s,\n\t  %s,\n\t  { %s },\n\t  { %s },\n\t  %s },"
          % (k, len(gold), threshold, array(gold.ravel().tolist()),
             array(p.ravel().tolist()), ", ".join(map(number, values)),
             ", ".join(map(number, sum(each, []))),
             array(table.ravel().tolist())))
print("};\n/* clang-format on */")
