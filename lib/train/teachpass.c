#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "predict/predict.h"
#include "train/teacher.h"

bool
teach_begin(struct teach *t, struct encoder *student, const struct batch *b)
{
	if (!teach_compares(t->recipe))
		return false;
	taps_reserve(t->taps, b->tokens);
	encoder_tap(student, t->taps, false);
	return taps_highest(t->taps) == t->taps->layers;
}

static void
reserve(struct teach *t, size_t rows)
{
	if (rows <= t->room)
		return;
	free(t->sum);
	free(t->soft);
	free(t->value);
	t->room = rows;
	t->sum = mem_alloc(rows, t->width * sizeof(*t->sum));
	t->soft = mem_alloc(rows, t->width * sizeof(*t->soft));
	t->value = mem_alloc(rows, t->width * sizeof(*t->value));
	t->group = mem_resize(t->group, rows, sizeof(*t->group));
	t->row = mem_resize(t->row, rows, sizeof(*t->row));
	t->place = mem_resize(t->place, rows, sizeof(*t->place));
	t->voices = mem_resize(t->voices, rows, sizeof(*t->voices));
}

/* --- the rows of one teacher --- */

/* Those of b, if not all: k->part, and their tokens' places in b. */
static const struct batch *
rows_of(struct teach *t, size_t i, const struct batch *b)
{
	struct teacher *k = &t->item[i];
	size_t rows = 0, tokens = 0;

	k->from = mem_grow(k->from, &k->from_room, b->rows, sizeof(*k->from));
	k->token =
	    mem_grow(k->token, &k->token_room, b->tokens, sizeof(*k->token));
	for (size_t r = 0; r < b->rows; r++) {
		if (!teacher_has(t, i, b->from[r].pack))
			continue;
		k->from[rows++] = b->from[r];
		for (size_t at = b->start[r]; at < b->start[r + 1]; at++)
			k->token[tokens++] = at;
	}
	if (rows == b->rows)
		return b;
	if (rows == 0)
		batch_clear(&k->part);
	else
		batch_fill(&k->part, t->packs, k->from, rows);
	return &k->part;
}

static bool
reads_all(const struct teach *t, size_t i, const struct batch *b)
{
	const struct teacher *k = &t->item[i];
	bool all = k->all;

	for (size_t r = 0; r < b->rows && t->recipe->teacher_soft; r++)
		all |= answer_reads_all(
		    k->m, t->head[i * t->pack_count + b->from[r].pack]);
	return all;
}

static double
compare(struct teach *t, size_t i, real *grad, const struct batch *b,
    const struct batch *part, double tokens)
{
	struct teacher *k = &t->item[i];
	struct feature_rows rows = { part->start, part->rows, part->longest,
		tokens };
	double loss;

	if (part == b)
		return feature_pass(k->feature, grad, t->taps, k->taps, &rows);
	taps_gather(k->mine, t->taps, k->token, part->tokens);
	loss = feature_pass(k->feature, grad, k->mine, k->taps, &rows);
	taps_scatter(t->taps, k->mine, k->token, part->tokens);
	return loss;
}

/* --- answers --- */

static void
check_answer(const struct teach *t, size_t i, const struct row_ref *from,
    const float *value, size_t width)
{
	for (size_t c = 0; c < width; c++)
		if (!isfinite(value[c]))
			die("%s: row '%s': the answer of teacher %s is not a "
			    "finite number",
			    t->packs[from->pack]->path,
			    pack_id(t->packs[from->pack], from->row),
			    t->item[i].m->path);
}

/* The answers to the rows of one pack that part has are added to the sums. */
static void
answer_pack(struct teach *t, size_t i, size_t pack, const struct batch *b,
    const struct batch *part)
{
	struct teacher *k = &t->item[i];
	const struct pack *p = t->packs[pack];
	size_t C = labels_width(&p->labels), n = 0, at = 0;

	for (size_t r = 0; r < b->rows; r++) {
		if (!teacher_has(t, i, b->from[r].pack))
			continue;
		if (b->from[r].pack == pack) {
			t->row[n] = at;
			t->place[n] = r;
			t->group[n++] = b->group[r];
		}
		at++;
	}
	if (n == 0)
		return;
	predict_answers(t->value, k->m, k->encoder, k->answer, part, t->row, n,
	    t->head[i * t->pack_count + pack]);
	if (p->labels.type == TASK_RANKING)
		predict_rank(t->value, t->group, n);
	for (size_t r = 0; r < n; r++) {
		double *sum = t->sum + t->place[r] * t->width;

		check_answer(t, i, &b->from[t->place[r]], t->value + r * C, C);
		t->voices[t->place[r]]++;
		for (size_t c = 0; c < C; c++)
			sum[c] += (double)t->value[r * C + c];
	}
}

static void
take_means(struct teach *t, const struct batch *b)
{
	for (size_t r = 0; r < b->rows; r++)
		for (size_t c = 0; c < t->width && t->voices[r] > 0; c++)
			t->soft[r * t->width + c] =
			    (float)(t->sum[r * t->width + c] /
				    (double)t->voices[r]);
}

const float *
teach_soft(const struct teach *t, size_t i)
{
	return t->soft + i * t->width;
}

void
teach_pass(struct teach *t, struct loss_sum *sum, real *grad,
    const struct batch *b, double tokens)
{
	bool soft = t->pack_count > 0 && t->recipe->teacher_soft;
	double loss = 0;

	if (soft) {
		reserve(t, b->rows);
		memset(t->sum, 0, b->rows * t->width * sizeof(*t->sum));
		memset(t->voices, 0, b->rows * sizeof(*t->voices));
	}
	for (size_t i = 0; i < t->count; i++) {
		struct teacher *k = &t->item[i];
		const struct batch *part = rows_of(t, i, b);
		struct encoder_reads cls = encoder_reads_cls(part);

		if (part->rows == 0)
			continue;
		if (k->taps != NULL)
			taps_reserve(k->taps, part->tokens);
		encoder_forward(k->encoder, part,
		    reads_all(t, i, part) ? NULL : &cls, NULL);
		if (k->feature != NULL)
			loss += compare(t, i, grad, b, part, tokens);
		for (size_t p = 0; soft && p < t->pack_count; p++)
			if (teacher_has(t, i, p))
				answer_pack(t, i, p, b, part);
	}
	if (soft)
		take_means(t, b);
	sum->feature += loss;
	sum->loss += loss;
}
