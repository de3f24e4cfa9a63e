#!/usr/bin/env python3
"""Do two sides differ over seeds?  The 95 % interval of the difference of means.

usage: interval.py [--paired] [OURS.tsv THEIRS.tsv BOUND]...

Tables of scores (mtkd-scores(5)) of several runs a side, the first metric of
each.  The difference is ours less theirs, in points, by Welch's t; --paired:
run by run.  within: the whole interval lies between -BOUND and BOUND.
"""
import csv
import sys

import numpy as np
from scipy import stats


def runs(path):
    """task, metric, the runs of the first metric of a table, in points."""
    with open(path) as table:
        rows = [r for r in csv.DictReader(
            (line for line in table if not line.startswith('#')),
            delimiter='\t') if '.run' in r['metric']]
    metric = rows[0]['metric'].split('.')[0]
    return rows[0]['task'], metric, 100 * np.array(
        [float(r['value']) for r in rows
         if r['metric'].startswith(metric + '.')])


def interval(ours, theirs, paired):
    if paired:
        found = stats.ttest_rel(ours, theirs)
    else:
        found = stats.ttest_ind(ours, theirs, equal_var=False)
    return found.confidence_interval(0.95)


def main():
    paired = sys.argv[1] == '--paired'
    given = sys.argv[1 + paired:]
    print('task', 'metric', 'seeds', 'ours', 'sd', 'theirs', 'sd',
          'difference', 'low', 'high', 'bound', 'within', sep='\t')
    for one, other, bound in zip(given[::3], given[1::3], given[2::3]):
        task, metric, ours = runs(one)
        _, _, theirs = runs(other)
        between = interval(ours, theirs, paired)
        inside = max(-between.low, between.high) <= float(bound)
        print(task, metric, len(ours), *('%.2f' % x for x in (
            ours.mean(), ours.std(ddof=1), theirs.mean(), theirs.std(ddof=1),
            ours.mean() - theirs.mean(), between.low, between.high)),
              bound, 'yes' if inside else 'no', sep='\t')


if __name__ == '__main__':
    main()
