#!/usr/bin/python3
"""Figures of scikit-learn and scipy for tests/metric/t-metric.c.

usage: metrics.py > tests/metric/golden-metric.h
"""
import random
import warnings

from scipy import stats
from sklearn import metrics

warnings.simplefilter("ignore")
random.seed(20190420)


def number(x):
    return "NAN" if x != x else repr(float(x))


def classes():
    cases = []
    for k, n, noise in ((2, 40, .3), (2, 97, .6), (3, 60, .4), (5, 80, .5)):
        gold = [random.randrange(k) for _ in range(n)]
        guess = [random.randrange(k) if random.random() < noise else g
                 for g in gold]
        cases.append((k, gold, guess))
    cases += [
        (2, [0, 0, 0, 0], [0, 0, 0, 0]),  # constant, all right
        (2, [1, 1, 1, 1], [1, 1, 1, 1]),
        (2, [0, 1, 0, 1], [0, 0, 0, 0]),  # constant guess
        (2, [1, 1, 1, 1], [0, 1, 0, 1]),  # constant gold
        (2, [0, 1, 1, 0], [1, 0, 0, 1]),  # all wrong
        (2, [0, 0, 0, 0], [1, 1, 0, 1]),  # F1 without a true positive
        (2, [1], [1]),
        (3, [0, 1, 2, 0, 1, 2], [1, 1, 1, 1, 1, 1]),
        (3, [0, 0, 1, 1, 0, 1], [0, 2, 1, 2, 0, 1]),  # a class gold lacks
    ]
    for k, gold, guess in cases:
        f1 = metrics.f1_score(gold, guess, labels=[1], average=None)
        yield (k, gold, guess, metrics.accuracy_score(gold, guess), f1[0],
               metrics.matthews_corrcoef(gold, guess))


def scores():
    n = 60
    gold = [random.randrange(26) / 5 for _ in range(n)]
    near = [g + random.gauss(0, 1) for g in gold]
    cases = [
        (gold, near),
        (gold, [round(x) for x in near]),  # many ties
        (gold, [-x for x in gold]),
        (gold, [2.5] * n),
        ([3] * n, near),
        ([1, 2], [5, 4]),
        ([1, 2], [4, 4]),
        ([1, 2, 3], [1e200, 2e200, 4e200]),
        ([1, 2, 3, 4], [1e9, 1e9 + 1, 1e9 + 1, 1e9 + 3]),
        ([0, 0, 1, 1], [0, -0.0, 1, 2]),
    ]
    for x, y in cases:
        yield (x, y, stats.pearsonr(x, y)[0], stats.spearmanr(x, y)[0])


def array(values):
    return "{ " + ", ".join(map(repr, values)) + " }"


print("/* Made by reference/metrics.py: scikit-learn and scipy. */")
print("/* clang-format off */")
print("static const struct {")
print("\tsize_t classes, n;\n\tint gold[100], guess[100];")
print("\tdouble accuracy, f1, matthews;\n} class_cases[] = {")
for k, gold, guess, acc, f1, mcc in classes():
    print("\t{ %d, %d, %s,\n\t  %s,\n\t  %s, %s, %s }," % (
        k, len(gold), array(gold), array(guess), number(acc), number(f1),
        number(mcc)))
print("};\n\nstatic const struct {\n\tsize_t n;\n\tdouble gold[60], score[60];")
print("\tdouble pearson, spearman;\n} score_cases[] = {")
for x, y, r, rho in scores():
    print("\t{ %d, %s,\n\t  %s,\n\t  %s, %s }," % (
        len(x), array(x), array(y), number(r), number(rho)))
print("};\n/* clang-format on */")
