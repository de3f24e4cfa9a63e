#!/usr/bin/python3
"""Figures of scipy, and of counting all cases, for the tests of
tests/metric: ranksum, paired, holm.

usage: tests.py > tests/metric/golden-tests.h
"""
import itertools
import math
import random

import numpy as np
from scipy import stats

random.seed(20190420)


def parted(a, b):
    """Two-sided share of all partitions, ties kept."""
    ranks = stats.rankdata(a + b)
    mean = len(a) * ranks.mean()
    seen = abs(sum(ranks[:len(a)]) - mean)
    far = [abs(sum(s) - mean) >= seen - 1e-9
           for s in itertools.combinations(ranks, len(a))]
    return sum(far) / len(far)


def ranksum():
    cases = [
        ([1, 2, 3], [4, 5, 6]),
        ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]),
        ([0.61, 0.65, 0.63, 0.70, 0.58], [0.66, 0.71, 0.64, 0.72, 0.69]),
        ([3, 1], [2]),
        ([1, 1, 1], [2, 2, 2]),
        ([1, 2, 2, 3, 3], [2, 3, 3, 4, 4, 4]),
        ([5, 5, 5, 5], [5, 5, 5]),
        ([random.gauss(0, 1) for _ in range(8)],
         [random.gauss(1, 1) for _ in range(7)]),
        ([round(random.gauss(10, 3)) for _ in range(25)],
         [round(random.gauss(12, 3)) for _ in range(20)]),
        ([random.gauss(0, 1) for _ in range(20)],
         [random.gauss(0, 1) for _ in range(20)]),
    ]
    for a, b in cases:
        tied = len(set(a + b)) < len(a + b)
        if not tied:
            exact = stats.mannwhitneyu(a, b, method="exact").pvalue
        elif len(a + b) < 15:
            exact = parted(a, b)
        else:
            exact = -1
        normal = stats.mannwhitneyu(a, b, method="asymptotic").pvalue
        yield (a, b, stats.mannwhitneyu(b, a).statistic,
               float(np.median([y - x for x in a for y in b])), exact,
               1.0 if normal != normal else normal)


def array(values):
    return "{ " + ", ".join(map(repr, values)) + " }"


print("/* Made by reference/tests.py: scipy. */")
print("/* clang-format off */")
print("static const struct {\n\tsize_t na, nb;\n\tdouble a[25], b[20];")
print("\tdouble u, shift, exact, normal; /* exact -1: not counted */")
print("} ranksum_cases[] = {")
for a, b, u, shift, exact, normal in ranksum():
    print("\t{ %d, %d, %s,\n\t  %s,\n\t  %r, %r, %r, %r }," % (
        len(a), len(b), array(a), array(b), float(u), shift, float(exact),
        float(normal)))
print("};\n\nstatic const struct {\n\tsize_t a, b;\n\tdouble p;")
print("} mcnemar_cases[] = {")
for a, b in ((0, 0), (1, 0), (3, 3), (0, 8), (10, 2), (25, 40), (60, 59),
             (500, 420), (51000, 50000), (0, 2000)):
    p = stats.binomtest(min(a, b), a + b).pvalue if a + b else 1.0
    print("\t{ %d, %d, %r }," % (a, b, float(p)))
print("};")

# Every way to swap, every way to draw: few rows, so that all can be counted.
# An answer to a row is a class, a score or the probability of class 1.
gold = [1, 1, 0, 1, 0, 0, 1]
a = [1, 0, 0, 0, 1, 0, 0]
b = [1, 1, 0, 1, 0, 1, 0]
truth = [0.5, 1.0, 2.0, 3.0, 4.5, 5.0]
x = [1.0, 0.5, 3.0, 2.0, 2.5, 4.0]
y = [0.5, 1.5, 2.0, 2.0, 4.0, 4.5]
pa = [0.8, 0.4, 0.3, 0.2, 0.6, 0.1, 0.4]
pb = [0.9, 0.7, 0.2, 0.6, 0.3, 0.6, 0.1]


def accuracy(g, p):
    return sum(i == j for i, j in zip(g, p)) / len(g)


def f1(g, p):
    tp = sum(i == j == 1 for i, j in zip(g, p))
    return 2 * tp / (sum(g) + sum(p)) if tp else 0.0


def matthews(g, p):
    g, p = np.array(g), np.array(p)
    if g.std() == 0 or p.std() == 0:
        return 0.0
    return np.corrcoef(g, p)[0, 1]


def pearson(g, p):
    if len(set(g)) == 1 or len(set(p)) == 1:
        return float("nan")
    return stats.pearsonr(g, p)[0]


def spearman(g, p):
    if len(set(g)) == 1 or len(set(p)) == 1:
        return float("nan")
    return stats.spearmanr(g, p)[0]


def each(g, p):
    """F1, recall and rows of both classes."""
    for c in (0, 1):
        tp = sum(i == j == c for i, j in zip(g, p))
        rows, guesses = g.count(c), p.count(c)
        yield (2 * tp / (rows + guesses) if tp else 0.0,
               tp / rows if rows else None, rows, guesses)


def f1_macro(g, p):
    return float(np.mean([f for f, _, n, m in each(g, p) if n + m]))


def f1_weighted(g, p):
    return sum(f * n for f, _, n, _ in each(g, p)) / len(g)


def balanced_accuracy(g, p):
    return float(np.mean([r for _, r, n, _ in each(g, p) if n]))


f1_micro = accuracy


def roc_auc(g, p):
    wins = [(u > v) + (u == v) / 2 for u, i in zip(p, g) if i
            for v, j in zip(p, g) if not j]
    return sum(wins) / len(wins) if wins else float("nan")


def above(g, p):
    """True and false positives at each threshold, from the highest."""
    for t in sorted(set(p), reverse=True):
        tp = sum(i for i, u in zip(g, p) if u >= t)
        yield t, tp, sum(u >= t for u in p) - tp


def average_precision(g, p):
    total, last = 0, 0
    for _, tp, fp in above(g, p):
        total += (tp - last) * tp / (tp + fp)
        last = tp
    return total / last if last else 0.0


def best(g, p):
    return max((2 * tp / (tp + fp + sum(g)), -t) for t, tp, fp in above(g, p))


def f1_best(g, p):
    return best(g, p)[0]


def f1_threshold(g, p):
    return -best(g, p)[1] if any(g) else float("nan")


def ece(g, p):
    gap = [0.0] * 15
    for i, u in zip(g, p):
        sure = max(u, 1 - u)
        gap[min(int(sure * 15), 14)] += ((u > .5) == i) - sure
    return sum(map(abs, gap)) / len(g)


def swaps(metric, g, p, q):
    """The share of all swaps with as large a difference."""
    seen = abs(metric(g, q) - metric(g, p))
    far = []
    for coins in itertools.product((0, 1), repeat=len(g)):
        u = [j if c else i for i, j, c in zip(p, q, coins)]
        v = [i if c else j for i, j, c in zip(p, q, coins)]
        far.append(not abs(metric(g, v) - metric(g, u)) < seen - 1e-12)
    return sum(far) / len(far)


def draws(metric, g, p, q):
    """Over all draws: share undefined, share that far off, quantiles."""
    seen = metric(g, q) - metric(g, p)
    n, d, ways = len(g), [], []
    for rows in itertools.combinations_with_replacement(range(n), n):
        take = [[s[i] for i in rows] for s in (g, p, q)]
        d.append(metric(take[0], take[2]) - metric(take[0], take[1]))
        ways.append(math.factorial(n) // math.prod(
            math.factorial(rows.count(i)) for i in set(rows)))
    d, ways = np.array(d), np.array(ways)
    known = ~np.isnan(d)
    far = known & (abs(d - seen) >= abs(seen) - 1e-12)
    return (float(ways[~known].sum() / n**n),
            float(ways[far].sum() / ways[known].sum()))


print("\nstatic const int few_gold[] = %s;" % array(gold))
print("static const int few_a[] = %s;" % array(a))
print("static const int few_b[] = %s;" % array(b))
print("static const double few_truth[] = %s;" % array(truth))
print("static const double few_x[] = %s;" % array(x))
print("static const double few_y[] = %s;" % array(y))
for name, p in (("pa", pa), ("pb", pb)):
    print("static const double few_%s[] = %s; /* [7,2] */" % (
        name, array([v for u in p for v in (1 - u, u)])))
print("\n/* By enum metric: over all swaps, over all draws. */")
print("static const struct {\n\tdouble difference, swap_p, undefined, draw_p;")
print("} few[] = {")
for m, g, p, q in ((accuracy, gold, a, b), (f1, gold, a, b),
                   (matthews, gold, a, b), (pearson, truth, x, y),
                   (spearman, truth, x, y), (f1_macro, gold, a, b),
                   (f1_micro, gold, a, b), (f1_weighted, gold, a, b),
                   (balanced_accuracy, gold, a, b), (roc_auc, gold, pa, pb),
                   (average_precision, gold, pa, pb), (f1_best, gold, pa, pb),
                   (f1_threshold, gold, pa, pb), (ece, gold, pa, pb)):
    gone, far = draws(m, g, p, q)
    print("\t{ %r, %r, %r, %r }, /* %s */" % (
        float(m(g, q) - m(g, p)), swaps(m, g, p, q), gone, far, m.__name__))
print("};\n/* clang-format on */")
