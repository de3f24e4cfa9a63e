#include "net/feature.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "layer/distance.h"
#include "layer/linear.h"

const char feature_attention_kinds[] = "scores|probabilities";

struct feature {
	const struct model *student, *teacher;
	struct feature_options o;
	const struct feature_pair *pair;
	size_t pairs;
	real *mapped, *dmapped; /* [T,H_t] h_s P and its gradient */
	double *part;		/* losses of tokens, or of rows and heads */
	real *scratch;		/* of relations */
	size_t token_room, part_room, scratch_room;
	bool learns; /* the last pass made gradients */
};

struct feature *
feature_new(const struct model *student, const struct model *teacher,
    const struct feature_options *options, const struct feature_pair *pair,
    size_t pairs)
{
	struct feature *f = mem_zero(1, sizeof(*f));

	f->student = student;
	f->teacher = teacher;
	f->o = *options;
	f->pair = pair;
	f->pairs = pairs;
	return f;
}

void
feature_free(struct feature *f)
{
	if (f == NULL)
		return;
	free(f->mapped);
	free(f->dmapped);
	free(f->part);
	free(f->scratch);
	free(f);
}

void
feature_want(
    const struct feature *f, struct taps *student, struct taps *teacher)
{
	bool states = f->o.hidden > 0 || f->o.cosine > 0;
	bool scores = f->o.attention > 0 || f->o.relation > 0;

	for (size_t i = 0; i < f->pairs; i++) {
		const struct feature_pair *p = &f->pair[i];
		unsigned what = (states ? TAP_STATE : 0) |
				(scores && p->student > 0 ? TAP_QKV : 0);

		taps_want(student, p->student, what);
		taps_want(teacher, p->teacher, what);
	}
}

/* --- room --- */

static bool
is_mapped(const struct feature *f)
{
	for (size_t i = 0; i < f->pairs; i++)
		if (f->pair[i].projection != PARAMS_NONE)
			return true;
	return false;
}

/* Heads of a relation at most, and a token's own loss beside those of rows. */
static size_t
parts(const struct feature *f, size_t tokens, size_t rows)
{
	size_t heads = f->student->config.heads;

	if (f->o.relation_heads > heads)
		heads = f->o.relation_heads;
	return tokens > rows * heads ? tokens : rows * heads;
}

/* One of the comparisons of scores; its arrays are those of a pair. */
static struct relation
relation_of(const struct feature *f, size_t heads, enum relation_kind kind)
{
	size_t H = f->student->config.hidden, G = f->teacher->config.hidden;

	return (struct relation){ .kind = kind,
		.student = { .width = 3 * H, .d = H / heads },
		.teacher = { .width = 3 * G, .d = G / heads },
		.heads = heads };
}

/* Numbers of scratch that the wider of the comparisons needs. */
static size_t
scratch_size(const struct feature *f, size_t longest)
{
	struct relation r;
	size_t most = 0, n;

	if (f->o.attention > 0) {
		r = relation_of(f, f->student->config.heads, f->o.kind);
		most = relation_scratch(longest, &r);
	}
	if (f->o.relation > 0) {
		r = relation_of(f, f->o.relation_heads, RELATION_DIVERGENCE);
		n = relation_scratch(longest, &r);
		most = n > most ? n : most;
	}
	return most;
}

size_t
feature_bytes(
    const struct feature *f, size_t tokens, size_t rows, size_t longest)
{
	size_t mapped =
	    is_mapped(f) ? 2 * tokens * f->teacher->config.hidden : 0;

	return (mapped + scratch_size(f, longest)) * sizeof(real) +
	       parts(f, tokens, rows) * sizeof(double);
}

static void
reserve(struct feature *f, size_t tokens, size_t rows, size_t longest)
{
	size_t H = f->teacher->config.hidden, n = scratch_size(f, longest);

	f->part = mem_grow(
	    f->part, &f->part_room, parts(f, tokens, rows), sizeof(*f->part));
	if (tokens > f->token_room && is_mapped(f)) {
		free(f->mapped);
		free(f->dmapped);
		f->token_room = tokens;
		f->mapped = mem_align(tokens * H, sizeof(real));
		f->dmapped = mem_align(tokens * H, sizeof(real));
	}
	if (n > f->scratch_room) {
		free(f->scratch);
		f->scratch_room = n;
		f->scratch = mem_align(n, sizeof(real));
	}
}

/* --- losses --- */

/* hidden and cosine, of states that may be mapped; du [T,H_t] added to. */
static double
compare_states(struct feature *f, real *du, const real *u, const real *v,
    size_t T, double tokens)
{
	size_t H = f->teacher->config.hidden;
	double loss = 0;

	if (f->o.hidden > 0)
		loss += distance_squares(
		    du, f->part, u, v, T, H, f->o.hidden / tokens);
	if (f->o.cosine > 0)
		loss += distance_cosine(
		    du, f->part, u, v, T, H, f->o.cosine / tokens);
	return loss;
}

static double
states(struct feature *f, real *grad, const struct feature_pair *p,
    const struct tap *mine, const struct tap *its, size_t T, double tokens)
{
	size_t H = f->student->config.hidden, G = f->teacher->config.hidden;
	const real *w;
	struct product *product = f->student->product;
	real *du = grad != NULL ? f->dmapped : NULL;
	double loss;

	if (p->projection == PARAMS_NONE)
		return compare_states(f, grad != NULL ? mine->dstate : NULL,
		    mine->state, its->state, T, tokens);
	if (du != NULL)
		memset(du, 0, T * G * sizeof(*du));
	w = f->student->value + p->projection;
	linear_forward(f->mapped, mine->state, w, NULL, T, H, G, product);
	loss = compare_states(f, du, f->mapped, its->state, T, tokens);
	if (du != NULL)
		linear_backward(mine->dstate, true, grad + p->projection, NULL,
		    du, mine->state, w, T, H, G, product);
	return loss;
}

/*
 * Two of queries, keys and values, numbers x and y among them, from which
 * heads make scores.
 */
static double
scores(struct feature *f, struct relation *r, const struct tap *mine,
    const struct tap *its, size_t x, size_t y, const struct feature_rows *rows)
{
	size_t H = f->student->config.hidden, G = f->teacher->config.hidden;
	real *d = f->learns ? mine->dqkv : NULL;

	r->student.x = mine->qkv + x * H;
	r->student.y = mine->qkv + y * H;
	r->teacher.x = its->qkv + x * G;
	r->teacher.y = its->qkv + y * G;
	r->start = rows->start;
	r->sequences = rows->rows;
	return relation_backward(d != NULL ? d + x * H : NULL,
	    d != NULL ? d + y * H : NULL, f->part, r, f->scratch,
	    rows->longest);
}

static double
attention(struct feature *f, const struct tap *mine, const struct tap *its,
    const struct feature_rows *rows)
{
	size_t A = f->student->config.heads;
	struct relation r = relation_of(f, A, f->o.kind);

	r.scale = f->o.attention / (rows->tokens * (double)A);
	return scores(f, &r, mine, its, 0, 1, rows);
}

static double
relations(struct feature *f, const struct tap *mine, const struct tap *its,
    const struct feature_rows *rows)
{
	size_t R = f->o.relation_heads;
	struct relation r = relation_of(f, R, RELATION_DIVERGENCE);
	double loss = 0;

	r.scale = f->o.relation / (rows->tokens * (double)R);
	for (size_t i = 0; i < 3; i++)
		loss += scores(f, &r, mine, its, i, i, rows);
	return loss;
}

double
feature_pass(struct feature *f, real *grad, const struct taps *student,
    const struct taps *teacher, const struct feature_rows *rows)
{
	size_t T = rows->start[rows->rows] - rows->start[0];
	double loss = 0;

	reserve(f, T, rows->rows, rows->longest);
	f->learns = grad != NULL;
	for (size_t i = 0; i < f->pairs; i++) {
		const struct feature_pair *p = &f->pair[i];
		const struct tap *mine = &student->at[p->student];
		const struct tap *its = &teacher->at[p->teacher];

		if (f->o.hidden > 0 || f->o.cosine > 0)
			loss += states(f, grad, p, mine, its, T, rows->tokens);
		if (f->o.attention > 0 && p->student > 0)
			loss += attention(f, mine, its, rows);
		if (f->o.relation > 0 && p->student > 0)
			loss += relations(f, mine, its, rows);
	}
	return loss;
}
