#!/usr/bin/env python3
"""What people try first: TF-IDF and logistic regression (scikit-learn).

usage: tfidf.py TRAIN.tsv DEV.tsv -o PREDICTIONS [--type TYPE] [--labels A,B]
           [--task NAME] [--split NAME]

Examples as glue-read writes them.  Words and pairs of words of each text, each
with its own weights, and of two texts their cosine too; a regression is ridge.
Of the inverse penalties 0.1, 1, 10, 100 the one that is best on a fifth of the
training rows.
"""
import argparse
import csv

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import train_test_split


def read(path):
    lines = [line.rstrip('\n') for line in open(path, newline='\n')
             if not line.startswith('#mtkd')]
    return list(csv.DictReader(lines, delimiter='\t',
                               quoting=csv.QUOTE_NONE))


class Features:
    def __init__(self, rows):
        self.sides = [k for k in ('text_a', 'text_b') if k in rows[0]]
        self.words = TfidfVectorizer(ngram_range=(1, 2), min_df=2,
                                     sublinear_tf=True)
        self.words.fit(row[side] for row in rows for side in self.sides)

    def of(self, rows):
        parts = [self.words.transform(row[side] for row in rows)
                 for side in self.sides]
        if len(parts) == 2:
            both = parts[0].multiply(parts[1])
            parts += [both, csr_matrix(both.sum(axis=1))]
        return hstack(parts).tocsr()


def fit(x, y, kind, c):
    if kind == 'regression':
        return Ridge(alpha=1 / c).fit(x, y)
    return LogisticRegression(C=c, max_iter=1000).fit(x, y)


def main():
    p = argparse.ArgumentParser()
    p.add_argument('train')
    p.add_argument('dev')
    p.add_argument('-o', dest='output', required=True)
    p.add_argument('--type', default='classification')
    p.add_argument('--labels', default='')
    p.add_argument('--task', required=True)
    p.add_argument('--split', required=True)
    args = p.parse_args()
    train = [row for row in read(args.train) if row['label'] != '-']
    dev = read(args.dev)
    labels = args.labels.split(',') if args.type != 'regression' else None
    y = np.array([labels.index(row['label']) if labels
                  else float(row['label']) for row in train])
    features = Features(train)
    x = features.of(train)
    fit_on, judged = train_test_split(
        np.arange(len(train)), test_size=0.2, random_state=0)
    best = max((0.1, 1, 10, 100), key=lambda c: fit(
        x[fit_on], y[fit_on], args.type, c).score(x[judged], y[judged]))
    model = fit(x, y, args.type, best)
    if labels:
        answers = model.predict_proba(features.of(dev))
    else:
        answers = model.predict(features.of(dev))[:, None]
    with open(args.output, 'w') as out:
        print('#mtkd pred 1 task=%s split=%s type=%s' % (
            args.task, args.split, args.type), file=out)
        print('id', *(labels or ['score']), sep='\t', file=out)
        for row, answer in zip(dev, answers):
            print(row['id'], *('%.9g' % a for a in answer), sep='\t',
                  file=out)


if __name__ == '__main__':
    main()
