#include "metric/paired.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "metric/probability.h"
#include "metric/resample.h"
#include "metric/sets.h"
#include "metric/weighted.h"

/* Differences of counts divided otherwise may differ in their last bits. */
static const double slack = 1e-12;

double
paired_difference(const struct paired *p, enum metric m)
{
	return rows_metric(&p->b, m) - rows_metric(&p->a, m);
}

void
paired_discordant(const struct paired *p, size_t *a, size_t *b)
{
	*a = *b = 0;
	for (size_t i = 0; i < p->a.n; i++) {
		*a += p->a.guess[i] == p->a.gold[i] &&
		      p->b.guess[i] != p->a.gold[i];
		*b += p->b.guess[i] == p->a.gold[i] &&
		      p->a.guess[i] != p->a.gold[i];
	}
}

double
paired_mcnemar(size_t a, size_t b)
{
	double n = (double)(a + b), k = (double)(a < b ? a : b);
	double term =
	    exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2));
	double sum = 0;

	/* From the middle outwards the terms only fall. */
	for (; k >= 0 && term > 0; k--) {
		sum += term;
		term *= k / (n - k + 1);
	}
	return fmin(1, 2 * sum);
}

/* What one resample needs; one for each thread. */
struct scratch {
	double *weight;	 /* [n] how often a row was drawn */
	double *side;	 /* [2,2n] of a and of b: rows of the pool */
	double *cell;	 /* [cells] rows drawn of each */
	double *counts;	 /* [2,3,classes] of a and of b */
	double *rank[3]; /* [n] of truth, x, y */
};

struct cell {
	int gold, a, b;
};

/* Common to all resamples. */
struct setup {
	const struct paired *p;
	enum metric metric;
	size_t *order[3];  /* Spearman: rows by truth, x, y */
	size_t *pool;	   /* Spearman: the rows of x, and n + those of y */
	double *both;	   /* [2n] x, y */
	double *ranks;	   /* [n] of truth */
	struct cell *cell; /* classes: [cells] what gold, a and b say of rows */
	size_t cells;
	size_t *cell_of; /* [n] */
	size_t *row;	 /* classes: [rows] where a and b differ */
	size_t rows;
	double *agreed; /* [2,3,classes] the counts of the other rows */
	struct resample_rows draw;
	struct probability *sorted; /* of the pool; NULL: no such metric */
	struct rows rows_of_both;   /* the pool: */
	int *class;		    /* its gold and guesses */
	double *all;		    /* its probabilities */
	uint8_t *applies;	    /* its labels; NULL: not multilabel */
};

/* The tests weigh the pool of both sides' rows, or count classes. */
static bool
is_pooled(const struct paired *p, enum metric m)
{
	return metric_of_probabilities(m) || p->a.applies != NULL;
}

static struct scratch
scratch_make(const struct setup *t)
{
	const struct paired *p = t->p;
	size_t c = p->a.applies != NULL ? 0 : p->a.classes;
	struct scratch s = { .weight = mem_zero(p->a.n, sizeof(double)),
		.side = mem_zero(
		    p->a.probability != NULL ? 4 * p->a.n : 0, sizeof(double)),
		.cell = mem_zero(t->cells, sizeof(double)),
		.counts = mem_zero(6 * c, sizeof(double)) };

	for (size_t k = 0; k < 3; k++)
		s.rank[k] =
		    mem_zero(p->a.classes > 0 ? 0 : p->a.n, sizeof(double));
	return s;
}

static void
scratch_free(struct scratch *s)
{
	free(s->weight);
	free(s->side);
	free(s->cell);
	free(s->counts);
	for (size_t k = 0; k < 3; k++)
		free(s->rank[k]);
}

static double
counts_difference(const struct scratch *s, enum metric m, size_t c)
{
	return metric_counted(m, s->counts + 3 * c, c) -
	       metric_counted(m, s->counts, c);
}

static double
classes_drawn(const struct setup *t, struct scratch *s, struct rng r)
{
	const struct paired *p = t->p;
	size_t c = p->a.classes;

	memset(s->cell, 0, t->cells * sizeof(*s->cell));
	memset(s->counts, 0, 6 * c * sizeof(*s->counts));
	for (size_t i = 0; i < p->a.n; i++)
		s->cell[t->cell_of[resample_draw(r, i, t->draw)]]++;
	for (size_t k = 0; k < t->cells; k++) {
		const struct cell *x = &t->cell[k];

		metric_add(s->counts, c, x->gold, x->a, s->cell[k]);
		metric_add(s->counts + 3 * c, c, x->gold, x->b, s->cell[k]);
	}
	return counts_difference(s, t->metric, c);
}

static double
scores_drawn(const struct setup *t, struct scratch *s, struct rng r)
{
	const struct paired *p = t->p;
	const double *from[3] = { p->a.truth, p->a.score, p->b.score };

	resample_weights(s->weight, r, t->draw);
	if (t->metric == METRIC_SPEARMAN)
		for (size_t k = 0; k < 3; k++) {
			weighted_ranks(s->rank[k], from[k], t->order[k],
			    s->weight, p->a.n);
			from[k] = s->rank[k];
		}
	return weighted_pearson(from[0], from[2], s->weight, p->a.n) -
	       weighted_pearson(from[0], from[1], s->weight, p->a.n);
}

/* A fair coin for each row, 64 rows a draw. */
static size_t
swapped(struct rng r, size_t row)
{
	return rng_bits(r, row / 64) >> (row % 64) & 1;
}

static double
classes_swapped(const struct setup *t, struct scratch *s, struct rng r)
{
	const struct paired *p = t->p;
	size_t c = p->a.classes;

	assert(t->agreed != NULL);
	memcpy(s->counts, t->agreed, 6 * c * sizeof(*s->counts));
	for (size_t i = 0; i < t->rows; i++) {
		size_t side = swapped(r, i) * 3 * c, k = t->row[i];

		metric_add(s->counts + side, c, p->a.gold[k], p->a.guess[k], 1);
		metric_add(s->counts + 3 * c - side, c, p->a.gold[k],
		    p->b.guess[k], 1);
	}
	return counts_difference(s, t->metric, c);
}

/*
 * Ranks of both sides after the swap, by one walk through the pool of all
 * scores, which is sorted once.
 */
static void
swapped_ranks(const struct setup *t, struct scratch *s, struct rng r)
{
	size_t n = t->p->a.n, below[2] = { 0, 0 };

	for (size_t first = 0, end; first < 2 * n; first = end) {
		size_t tied[2] = { 0, 0 };

		for (end = first; end < 2 * n; end++) {
			size_t k = t->pool[end];

			if (t->both[k] != t->both[t->pool[first]])
				break;
			tied[(k >= n) ^ swapped(r, k % n)]++;
		}
		for (size_t i = first; i < end; i++) {
			size_t k = t->pool[i];
			size_t side = (k >= n) ^ swapped(r, k % n);

			s->rank[1 + side][k % n] =
			    (double)below[side] + (double)(tied[side] + 1) / 2;
		}
		below[0] += tied[0];
		below[1] += tied[1];
	}
}

static double
scores_swapped(const struct setup *t, struct scratch *s, struct rng r)
{
	const struct paired *p = t->p;
	const double *truth = p->a.truth;

	if (t->metric == METRIC_SPEARMAN) {
		swapped_ranks(t, s, r);
		truth = t->ranks;
	} else {
		for (size_t i = 0; i < p->a.n; i++) {
			size_t side = swapped(r, i);

			s->rank[1 + side][i] = p->a.score[i];
			s->rank[2 - side][i] = p->b.score[i];
		}
	}
	return metric_scores(METRIC_PEARSON, truth, s->rank[2], p->a.n) -
	       metric_scores(METRIC_PEARSON, truth, s->rank[1], p->a.n);
}

static double
pool_metric(const struct setup *t, const double *weight)
{
	if (t->sorted != NULL)
		return probability_metric(t->sorted, t->metric, weight);
	return sets_metric(&t->rows_of_both, t->metric, weight);
}

static double
pool_difference(const struct setup *t, const struct scratch *s)
{
	return pool_metric(t, s->side + 2 * t->p->a.n) -
	       pool_metric(t, s->side);
}

static double
pool_drawn(const struct setup *t, struct scratch *s, struct rng r)
{
	size_t n = t->p->a.n;

	resample_weights(s->weight, r, t->draw);
	memcpy(s->side, s->weight, n * sizeof(*s->side));
	memcpy(s->side + 3 * n, s->weight, n * sizeof(*s->side));
	return pool_difference(t, s);
}

static double
pool_swapped(const struct setup *t, struct scratch *s, struct rng r)
{
	size_t n = t->p->a.n;

	for (size_t i = 0; i < n; i++) {
		double other = (double)swapped(r, i);

		s->side[i] = s->side[3 * n + i] = 1 - other;
		s->side[n + i] = s->side[2 * n + i] = other;
	}
	return pool_difference(t, s);
}

typedef double resample_once(
    const struct setup *, struct scratch *, struct rng);

struct placed {
	struct cell cell;
	size_t row;
};

static int
by_cell(const void *left, const void *right)
{
	const struct cell *x = &((const struct placed *)left)->cell;
	const struct cell *y = &((const struct placed *)right)->cell;

	if (x->gold != y->gold)
		return x->gold < y->gold ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return (x->b > y->b) - (x->b < y->b);
}

/* Rows of which gold, a and b say the same are counted together. */
static void
setup_cells(struct setup *t)
{
	const struct paired *p = t->p;
	struct placed *all = mem_alloc(p->a.n, sizeof(*all));

	for (size_t i = 0; i < p->a.n; i++)
		all[i] = (struct placed){
			{ p->a.gold[i], p->a.guess[i], p->b.guess[i] }, i
		};
	qsort(all, p->a.n, sizeof(*all), by_cell);
	t->cell = mem_alloc(p->a.n, sizeof(*t->cell));
	t->cell_of = mem_alloc(p->a.n, sizeof(*t->cell_of));
	for (size_t i = 0; i < p->a.n; i++) {
		if (i == 0 || by_cell(&all[i - 1], &all[i]) != 0)
			t->cell[t->cells++] = all[i].cell;
		t->cell_of[all[i].row] = t->cells - 1;
	}
	free(all);
}

static void
setup_classes(struct setup *t)
{
	const struct paired *p = t->p;
	size_t c = p->a.classes;

	setup_cells(t);
	t->row = mem_alloc(p->a.n, sizeof(*t->row));
	t->agreed = mem_zero(6 * c, sizeof(*t->agreed));
	for (size_t i = 0; i < p->a.n; i++) {
		if (p->a.guess[i] != p->b.guess[i]) {
			t->row[t->rows++] = i;
			continue;
		}
		metric_add(t->agreed, c, p->a.gold[i], p->a.guess[i], 1);
		metric_add(
		    t->agreed + 3 * c, c, p->a.gold[i], p->b.guess[i], 1);
	}
}

/*
 * The answers of a and of b below each other, which are sorted once if the
 * metric wants it.
 */
static void
setup_pool(struct setup *t)
{
	const struct paired *p = t->p;
	size_t n = p->a.n, cells = p->a.n * p->a.classes;
	int *class = mem_alloc(n, 4 * sizeof(*class));
	double *all = mem_alloc(cells, 2 * sizeof(*all));
	struct rows pool = { .n = 2 * n,
		.classes = p->a.classes,
		.gold = class,
		.guess = class + 2 * n,
		.probability = all,
		.threshold = p->a.threshold };

	memcpy(class, p->a.gold, n * sizeof(*class));
	memcpy(class + n, p->a.gold, n * sizeof(*class));
	memcpy(class + 2 * n, p->a.guess, n * sizeof(*class));
	memcpy(class + 3 * n, p->b.guess, n * sizeof(*class));
	memcpy(all, p->a.probability, cells * sizeof(*all));
	memcpy(all + cells, p->b.probability, cells * sizeof(*all));
	if (p->a.applies != NULL) {
		pool.applies = t->applies = mem_alloc(cells, 2);
		memcpy(t->applies, p->a.applies, cells);
		memcpy(t->applies + cells, p->a.applies, cells);
	}
	t->class = class;
	t->all = all;
	t->rows_of_both = pool;
	if (metric_of_probabilities(t->metric))
		t->sorted = probability_open(&pool);
}

static struct setup
setup_make(const struct paired *p, enum metric m)
{
	struct setup t = { .p = p, .metric = m, .draw = resample_rows(p->a.n) };
	const double *from[3] = { p->a.truth, p->a.score, p->b.score };

	if (is_pooled(p, m))
		setup_pool(&t);
	else if (!metric_of_scores(m))
		setup_classes(&t);
	if (m != METRIC_SPEARMAN)
		return t;
	for (size_t k = 0; k < 3; k++) {
		t.order[k] = mem_alloc(p->a.n, sizeof(*t.order[k]));
		metric_order(t.order[k], from[k], p->a.n);
	}
	t.both = mem_alloc(p->a.n, 2 * sizeof(*t.both));
	memcpy(t.both, p->a.score, p->a.n * sizeof(*t.both));
	memcpy(t.both + p->a.n, p->b.score, p->a.n * sizeof(*t.both));
	t.pool = mem_alloc(p->a.n, 2 * sizeof(*t.pool));
	metric_order(t.pool, t.both, 2 * p->a.n);
	t.ranks = mem_alloc(p->a.n, sizeof(*t.ranks));
	metric_ranks(t.ranks, p->a.truth, p->a.n);
	return t;
}

static void
setup_free(struct setup *t)
{
	for (size_t k = 0; k < 3; k++)
		free(t->order[k]);
	if (t->sorted != NULL)
		probability_close(t->sorted);
	free(t->class);
	free(t->all);
	free(t->applies);
	free(t->both);
	free(t->pool);
	free(t->ranks);
	free(t->cell);
	free(t->cell_of);
	free(t->row);
	free(t->agreed);
}

/* The differences of all resamples, owned by the caller. */
static double *
resample(const struct paired *p, enum metric m, resample_once *once,
    const char *stream, size_t resamples, uint64_t seed)
{
	double *d = mem_alloc(resamples, sizeof(*d));
	struct setup t = setup_make(p, m);
	uint64_t name = rng_stream(stream);

#pragma omp parallel
	{
		struct scratch s = scratch_make(&t);

#pragma omp for schedule(static)
		for (size_t i = 0; i < resamples; i++)
			d[i] = once(&t, &s, rng_key(seed, name, i));
		scratch_free(&s);
	}
	setup_free(&t);
	return d;
}

struct paired_interval
paired_bootstrap(const struct paired *p, enum metric m, size_t resamples,
    double level, uint64_t seed)
{
	double d = paired_difference(p, m);
	resample_once *drawn = is_pooled(p, m)	     ? pool_drawn
			       : metric_of_scores(m) ? scores_drawn
						     : classes_drawn;
	double *x = resample(p, m, drawn, "bootstrap", resamples, seed);
	struct paired_interval v = { (double)NAN, (double)NAN, (double)NAN, 0 };
	struct interval range;
	size_t far = 0;

	for (size_t i = 0; i < resamples; i++)
		far += fabs(x[i] - d) >= fabs(d) - slack;
	range = resample_interval(x, resamples, level);
	v.undefined = range.undefined;
	if (!isnan(d) && range.undefined < resamples) {
		v.low = range.low;
		v.high = range.high;
		v.p = (double)(1 + far) /
		      (double)(1 + resamples - range.undefined);
	}
	free(x);
	return v;
}

double
paired_randomise(
    const struct paired *p, enum metric m, size_t resamples, uint64_t seed)
{
	double d = paired_difference(p, m);
	resample_once *swap = is_pooled(p, m)	    ? pool_swapped
			      : metric_of_scores(m) ? scores_swapped
						    : classes_swapped;
	double *x = resample(p, m, swap, "randomise", resamples, seed);
	size_t far = 0;

	/* An undefined difference is no evidence: it counts as large. */
	for (size_t i = 0; i < resamples; i++)
		if (!(fabs(x[i]) < fabs(d) - slack))
			far++;
	free(x);
	if (isnan(d))
		return (double)NAN;
	return (double)(1 + far) / (double)(1 + resamples);
}
