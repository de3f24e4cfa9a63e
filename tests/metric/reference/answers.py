#!/usr/bin/python3
"""Figures of scikit-learn, and of ten lines of numpy for what it lacks (ece,
f1_best, f1_threshold), for tests/metric/t-answers.c.

usage: answers.py > tests/metric/golden-answers.h
"""
import random
import warnings

import numpy as np
from sklearn import metrics

warnings.simplefilter("ignore")
random.seed(20190420)


def ece(gold, guess, p):
    sure = p[np.arange(len(gold)), guess]
    bins = np.minimum((sure * 15).astype(int), 14)
    gaps = [abs(np.mean(guess[bins == b] == gold[bins == b])
                - np.mean(sure[bins == b])) * np.mean(bins == b)
            for b in set(bins)]
    return sum(gaps)


def best(gold, p):
    """The largest F1 and the lowest threshold that gives it."""
    found = [(metrics.f1_score(gold, p[:, 1] >= t), -t)
             for t in set(p[:, 1])]
    f1, t = max(found)
    return f1, -t if max(gold) else np.nan


def auc(gold, p, k):
    if k == 2:
        return metrics.roc_auc_score(gold, p[:, 1]) \
            if len(set(gold)) == 2 else np.nan
    return metrics.roc_auc_score(gold, p, multi_class="ovr",
                                 labels=range(k))


def precision(gold, p, k):
    if k == 2:
        return metrics.average_precision_score(gold, p[:, 1])
    return metrics.average_precision_score(np.eye(k)[gold], p)


def softmax(rows):
    e = np.exp(np.array(rows))
    return e / e.sum(1, keepdims=True)


def rounded(p):
    """With one digit, the rest to the first class: rows still sum to 1."""
    p = np.round(p, 1)
    p[:, 0] = np.round(1 - p[:, 1:].sum(1), 1)
    return p + 0.


def noisy(k, n, scale, ties):
    gold = [random.randrange(k) for _ in range(n)]
    p = softmax([[random.gauss(scale * (c == g), 1) for c in range(k)]
                 for g in gold])
    return k, gold, rounded(p) if ties else p


def binary(gold, scores):
    return 2, gold, np.array([[1 - s, s] for s in scores])


def cases():
    for k in (2, 3, 5):
        yield noisy(k, 40, 1, False)
        yield noisy(k, 37, .3, True)      # ties in scores
        k, gold, p = noisy(k, 12, 1, False)
        yield k, gold, np.full((12, k), 1 / k)      # all equal
        yield k, [k - 1] * 12, p                    # one class only
        yield k, [0] * 12, p
        # a class that gold lacks, and one that neither has
        yield k, [min(g, 1) for g in gold], p
        yield k, [g and k - 1 for g in gold], p * (np.arange(k) != 1) + (
            np.arange(k) == k - 1) * p[:, [1]]
    yield binary([0, 0, 1, 1], [.1, .4, .35, .8])
    yield binary([0, 0, 1, 1], [.1, .2, .8, .9])    # all right
    yield binary([1, 1, 0, 0], [.1, .2, .8, .9])    # all wrong
    yield binary([0, 1, 0, 1], [0, 0, 1, 1])        # one-hot
    yield binary([1, 0, 1], [.5, .5, .5])
    yield binary([1, 0, 0, 1], [.9, .6, .5, .3])    # F1 of two thresholds
    yield binary([1], [.7])
    yield binary([0], [.7])


def number(x):
    return "NAN" if x != x else repr(float(x))


def array(values):
    return "{ " + ", ".join(map(repr, values)) + " }"


NAMES = ("f1_macro", "f1_micro", "f1_weighted", "balanced_accuracy",
         "roc_auc", "average_precision", "f1_best", "f1_threshold", "ece")

print("/* Made by reference/answers.py: scikit-learn and numpy. */")
print("/* clang-format off */")
print("static const struct {\n\tsize_t classes, n;\n\tint gold[40];")
print("\tdouble p[200]; /* [n,classes] */")
print("\tdouble value[%d]; /* %s */" % (len(NAMES), " ".join(NAMES)))
print("\tdouble each[40]; /* [classes] precision, recall, f1, support, then")
print("\t\t\t    roc_auc, average_precision, f1_best, f1_threshold */")
print("} answer_cases[] = {")
for k, gold, p in cases():
    gold = np.array(gold)
    guess = p.argmax(1)
    f1s = [metrics.f1_score(gold, guess, average=a, labels=labels)
           for a, labels in (("macro", None), ("micro", range(k)),
                             ("weighted", None))]
    values = f1s + [metrics.balanced_accuracy_score(gold, guess),
                    auc(gold, p, k), precision(gold, p, k)]
    values += best(gold, p) if k == 2 else (np.nan, np.nan)
    values.append(ece(gold, guess, p))
    each = np.array(metrics.precision_recall_fscore_support(
        gold, guess, labels=range(k))).T.tolist()
    for c in range(k):  # against all others
        yes, two = (gold == c).astype(int), np.array([1 - p[:, c], p[:, c]]).T
        each[c] += [auc(yes, two, 2), precision(yes, two, 2), *best(yes, two)]
    print("\t{ %d, %d, %s,\n\t  %s,\n\t  { %s },\n\t  { %s } }," % (
        k, len(gold), array(gold.tolist()), array(p.ravel().tolist()),
        ", ".join(map(number, values)), ", ".join(map(number, sum(each, [])))))
print("};\n/* clang-format on */")
