#include "predict/predict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/near.h"
#include "base/process.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "layer/softmax.h"
#include "model/finite.h"

/* A batch ends when it has this much: enough to keep the cores busy. */
enum { TOKENS = 1536, ROWS = 256 };

/* Ended by NULL. */
static const char *const *
head_names(const struct model *m)
{
	size_t n = m->config.head_count;
	const char **name = mem_zero(n + 1, sizeof(*name));

	for (size_t i = 0; i < n; i++)
		name[i] = m->config.head[i].name;
	return name;
}

static const char *
known_heads(const struct model *m)
{
	return m->config.head_count > 0
		   ? text_list(head_names(m), SIZE_MAX, ", ")
		   : "none";
}

static _Noreturn void
no_head(const struct model *m, const char *want)
{
	die("%s: no head '%s'; its heads: %s%s", m->path, want, known_heads(m),
	    near_text(want, head_names(m), SIZE_MAX));
}

size_t
predict_served(const struct model *m, const char *name)
{
	int i;

	if (name == NULL && m->config.head_count != 1)
		die_usage("-t HEAD: the model has %zu head%s: %s",
		    m->config.head_count, num_s(m->config.head_count),
		    known_heads(m));
	if (name == NULL)
		return 0;
	if ((i = config_head(&m->config, name)) < 0)
		no_head(m, name);
	return (size_t)i;
}

size_t
predict_head(const struct model *m, const struct pack *p, const char *name)
{
	const char *want = name != NULL ? name : p->head;
	int i = config_head(&m->config, want);
	const struct head *h;
	size_t which;

	if (i < 0)
		no_head(m, want);
	h = &m->config.head[i];
	switch (labels_compare(&which, &h->labels, &p->labels)) {
	case LABELS_OTHER_TYPE:
		die("%s: head '%s' does %s, but %s is of type %s", m->path,
		    want, labels_type_name(h->labels.type), p->path,
		    labels_type_name(p->labels.type));
	case LABELS_OTHER_COUNT:
		die("%s: head '%s' has %zu label%s, but %s has %zu", m->path,
		    want, h->labels.classes, num_s(h->labels.classes), p->path,
		    p->labels.classes);
	case LABELS_OTHER_NAME:
		die("%s: label %zu of head '%s' is '%s', but %s has "
		    "'%s'",
		    m->path, which + 1, want, h->labels.name[which], p->path,
		    p->labels.name[which]);
	case LABELS_SAME:
		break;
	}
	return (size_t)i;
}

const char *
predict_nonfinite(const struct model *m, int head)
{
	for (size_t i = 0; i < m->params.count; i++) {
		const struct param *p = &m->params.item[i];

		if (p->packed || p->offset == m->params.embeddings.word ||
		    (p->head >= 0 && p->head != head) ||
		    text_starts(p->name, "cls."))
			continue;
		if (finite_until(m->value + p->offset, p->count) < p->count)
			return p->name;
	}
	return NULL;
}

bool
predict_is_finite(const float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(x[i]))
			return false;
	return true;
}

void
predict_blame(
    struct buf *why, const struct model *m, const int32_t *token, size_t n)
{
	const real *word = m->value + m->params.embeddings.word;
	size_t E = config_embedding(&m->config);

	buf_text(why, "the answer is not a finite number");
	for (size_t i = 0; i < n; i++) {
		if (finite_until(word + (size_t)token[i] * E, E) == E)
			continue;
		buf_print(why,
		    ": the model's word embedding of id %d holds a NaN or an "
		    "infinity",
		    (int)token[i]);
		return;
	}
}

void
predict_refuse_nonfinite(const struct model *m, const struct pack *p, int head)
{
	const char *tensor = p->rows > 0 ? predict_nonfinite(m, head) : NULL;
	const char *id;
	size_t n;

	if (tensor == NULL)
		return;
	id = pack_id_bytes(p, 0, &n);
	die("%s: row '%.*s' has no finite answer: tensor '%s' of %s holds a "
	    "NaN or an infinity",
	    p->path, (int)n, id, tensor, m->path);
}

static void
sigmoid(real *row, size_t n)
{
	for (size_t i = 0; i < n; i++)
		row[i] = (real)(1 / (1 + exp(-(double)row[i])));
}

void
predict_answers(float *out, const struct model *m, const struct encoder *e,
    struct answer *a, const struct batch *b, const size_t *rows, size_t n,
    size_t head)
{
	const struct head *h = &m->config.head[head];
	size_t C = h->outputs;
	real *logits = mem_alloc(n, C * sizeof(real));

	answer_forward(a, logits, head, e, b, rows, n, NULL);
	for (size_t i = 0; i < n; i++) {
		real *row = logits + i * C;
		bool finite = finite_until(row, C) == C;

		if (finite && h->labels.type == TASK_CLASSIFICATION)
			softmax_forward(row, row, C);
		if (finite && h->labels.type == TASK_MULTILABEL)
			sigmoid(row, C);
		for (size_t c = 0; c < C; c++)
			out[i * C + c] = finite ? (float)row[c] : NAN;
	}
	free(logits);
}

void
predict_batch(float *out, const struct model *m, struct encoder *e,
    struct answer *a, const struct batch *b, size_t head)
{
	struct encoder_reads cls = encoder_reads_cls(b);

	encoder_forward(e, b, answer_reads_all(m, head) ? NULL : &cls, NULL);
	predict_answers(out, m, e, a, b, b->one, b->rows, head);
	if (m->file != NULL)
		st_check_unchanged(m->file);
}

void
predict_rank(float *score, const int32_t *group, size_t rows)
{
	for (size_t i = 0, n; i < rows; i += n) {
		float max = score[i];
		double sum = 0;

		for (n = 1; i + n < rows && group[i + n] == group[i]; n++)
			max = score[i + n] > max ? score[i + n] : max;
		for (size_t k = i; k < i + n; k++)
			sum += exp((double)score[k] - (double)max);
		for (size_t k = i; k < i + n; k++)
			score[k] =
			    (float)(exp((double)score[k] - (double)max) / sum);
	}
}

static void
check_answers(
    const float *out, const struct model *m, const struct pack *p, size_t C)
{
	for (size_t row = 0; row < p->rows; row++) {
		size_t n;
		struct buf why = { 0 };
		const char *id;

		if (predict_is_finite(out + row * C, C))
			continue;
		id = pack_id_bytes(p, row, &n);
		predict_blame(&why, m, p->tokens + p->starts[row],
		    (size_t)(p->starts[row + 1] - p->starts[row]));
		die("%s: row '%.*s'%s%s: %s", p->path, (int)n, id,
		    m->path != NULL ? ", model " : "",
		    m->path != NULL ? m->path : "", buf_string(&why));
	}
}

void
predict_check_lengths(const struct model *m, const struct pack *p)
{
	for (size_t r = 0; r < p->rows; r++) {
		size_t n = (size_t)(p->starts[r + 1] - p->starts[r]);

		if (n > m->config.positions)
			die("%s: a row of %zu token%s, but %s has %zu "
			    "position%s: '%s'; repack with glue-pack -L %zu",
			    p->path, n, num_s(n), m->path, m->config.positions,
			    num_s(m->config.positions), pack_id(p, r),
			    m->config.positions);
	}
}

void
predict_pack(float *out, const struct model *m, struct encoder *e,
    const struct pack *p, size_t head, struct progress *progress)
{
	size_t C = m->config.head[head].outputs;
	struct row_ref *rows = mem_alloc(ROWS, sizeof(*rows));
	struct answer *a = answer_new(m);
	struct batch b = { 0 };
	size_t block = 0;

	predict_check_lengths(m, p);
	memset(out, 0, p->rows * C * sizeof(*out));
	for (size_t r = 0, n; r < p->rows; r += n) {
		for (n = 0;
		     r + n < p->rows && n < ROWS &&
		     (n == 0 || p->starts[r + n + 1] - p->starts[r] <= TOKENS);
		     n++)
			rows[n] = (struct row_ref){ 0, r + n };
		if (block++ % process_count() != process_rank())
			continue;
		batch_fill(&b, &p, rows, n);
		predict_batch(out + r * C, m, e, a, &b, head);
		if (progress != NULL)
			progress_show(progress, r + n, NULL);
	}
	process_sum_floats(out, p->rows * C);
	check_answers(out, m, p, C);
	if (p->labels.type == TASK_RANKING)
		predict_rank(out, p->group, p->rows);
	answer_free(a);
	batch_free(&b);
	free(rows);
}
