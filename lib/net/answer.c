#include "net/answer.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "net/head.h"
#include "net/san.h"

/* One head and its last pass. */
struct part {
	struct san *san; /* NULL: linear */
	struct san_row *san_row;
	real *kept;
	size_t room;
	const size_t *row;
	size_t n, first;
	struct dropout dropout;
};

struct answer {
	const struct model *m;
	struct part *part; /* [heads] */
};

struct answer *
answer_new(const struct model *m)
{
	struct answer *a = mem_zero(1, sizeof(*a));

	a->m = m;
	a->part = mem_zero(m->config.head_count, sizeof(*a->part));
	for (size_t i = 0; i < m->config.head_count; i++)
		if (m->config.head[i].kind == HEAD_SAN)
			a->part[i].san = san_new(m, i);
	return a;
}

void
answer_free(struct answer *a)
{
	for (size_t i = 0; i < a->m->config.head_count; i++) {
		if (a->part[i].san != NULL)
			san_free(a->part[i].san);
		free(a->part[i].san_row);
		free(a->part[i].kept);
	}
	free(a->part);
	free(a);
}

bool
answer_reads_all(const struct model *m, size_t head)
{
	return m->config.head[head].kind == HEAD_SAN;
}

static void
reserve(struct part *p, size_t n, size_t H)
{
	if (n <= p->room)
		return;
	p->room = n;
	p->kept = mem_resize(p->kept, n, H * sizeof(real));
	p->san_row = mem_resize(p->san_row, n, sizeof(*p->san_row));
}

/* Query is text_b, memory text_a, whichever stands first. */
static struct san_row
find_texts(const struct batch *b, size_t row, const char *head)
{
	size_t start = b->start[row], end = b->start[row + 1], middle = start;

	while (middle < end && b->segment[middle] == 0)
		middle++;
	if (middle == end)
		die("head '%s' is of kind san, which compares two texts, but "
		    "row %zu of the batch has one",
		    head, row);
	if (b->reversed[row])
		return (struct san_row){ start, middle, middle, end,
			b->first_row + row };
	return (
	    struct san_row){ middle, end, start, middle, b->first_row + row };
}

void
answer_forward(struct answer *a, real *logits, size_t head,
    const struct encoder *e, const struct batch *b, const size_t *row, size_t n,
    const struct answer_dropout *dropout)
{
	const struct head *h = &a->m->config.head[head];
	struct part *p = &a->part[head];
	struct san_dropout san_dropout = { 0 };

	reserve(p, n, a->m->config.hidden);
	p->row = row;
	p->n = n;
	p->first = b->first_row;
	p->dropout = (struct dropout){ .threshold = 0, .scale = 1 };
	if (p->san != NULL) {
		if (dropout != NULL)
			san_dropout = (struct san_dropout){ dropout->seed,
				dropout->step, h->dropout, h->memory_dropout };
		for (size_t i = 0; i < n; i++)
			p->san_row[i] = find_texts(b, row[i], h->name);
		san_forward(p->san, logits, encoder_hidden(e), p->san_row, n,
		    &san_dropout);
		return;
	}
	if (dropout != NULL)
		p->dropout = dropout_make(
		    rng_key(dropout->seed, rng_stream(h->name), dropout->step),
		    h->dropout);
	head_forward(logits, p->kept, a->m, head, encoder_pooled(e), row, n,
	    p->dropout, p->first);
}

void
answer_backward(struct answer *a, real *dpooled, real *dhidden, real *grad,
    size_t head, const real *dlogits)
{
	struct part *p = &a->part[head];
	size_t H = a->m->config.hidden;

	if (p->san == NULL) {
		head_backward(dpooled, grad, a->m, head, dlogits, p->kept,
		    p->row, p->n, p->dropout, p->first);
		return;
	}
	for (size_t i = 0; i < p->n; i++)
		memset(dpooled + p->row[i] * H, 0, H * sizeof(*dpooled));
	san_backward(p->san, dhidden, grad, dlogits);
}
