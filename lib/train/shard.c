#include "train/shard.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/process.h"
#include "base/mem.h"
#include "net/encoder.h"

/* Numbers that are worth a sum of their own: 4 MB. */
enum { PIECE = 1 << 20 };

struct shard {
	const struct model *m;
	real *grad;
	size_t dense;	    /* where what is summed whole begins: after the word
			       embeddings, but where a masked-LM head reads them */
	bool last;	    /* the batch at hand is the update's last */
	const bool *active; /* [heads] in the update; NULL: there are none */
	size_t begun;	    /* from here on, gradients are being summed */
	bool ended;	    /* all are */
	struct process_sums *sums;
	uint8_t *met; /* [vocab] words of this update */
	real *rows;   /* [words,E] their gradients, side by side */
	size_t words, room;
};

void
shard_meet(struct shard *s, const struct batch *whole)
{
	for (size_t t = 0; t < whole->tokens; t++)
		s->met[whole->id[t]] = 1;
}

void
shard_begin(struct shard *s, const bool *active)
{
	s->last = true;
	s->active = active;
	s->begun = s->m->params.total;
	s->ended = false;
}

/* The heads stand last and are complete before anything else is. */
static void
begin_heads(struct shard *s)
{
	const struct params *all = &s->m->params;
	size_t n;

	s->begun = all->shared;
	for (size_t i = 0; i < all->count; i += n) {
		const struct param *p = &all->item[i];
		size_t count = p->count;

		for (n = 1; i + n < all->count && p[n].head == p->head; n++)
			count += p[n].count;
		if (p->head >= 0 && s->active != NULL && s->active[p->head])
			process_sums_begin(s->sums, s->grad + p->offset, count);
	}
}

/*
 * Word embeddings have gradients only where the update has the word, and
 * every process knows the whole batch: so these rows alone.
 */
static void
begin_words(struct shard *s)
{
	size_t E = config_embedding(&s->m->config), words = 0;

	for (size_t i = 0; i < s->m->config.vocab; i++)
		words += s->met[i];
	s->words = words;
	s->rows = mem_grow(s->rows, &s->room, words * E, sizeof(*s->rows));
	for (size_t i = 0, k = 0; i < s->m->config.vocab; i++)
		if (s->met[i])
			memcpy(s->rows + k++ * E, s->grad + i * E,
			    E * sizeof(*s->rows));
	process_sums_begin(s->sums, s->rows, words * E);
}

/*
 * Sum what is complete: the gradients at from and after it.  The pieces are
 * the same on every process, also on one that has no rows and is told of
 * everything at once.
 */
static void
done(void *context, size_t from)
{
	struct shard *s = context;
	size_t to = from > s->dense ? from : s->dense;

	if (!s->last || s->ended)
		return;
	if (s->begun == s->m->params.total)
		begin_heads(s);
	while (s->begun >= to + PIECE) {
		s->begun -= PIECE;
		process_sums_begin(s->sums, s->grad + s->begun, PIECE);
	}
	if (from == 0) {
		process_sums_begin(s->sums, s->grad + to, s->begun - to);
		if (s->dense > 0)
			begin_words(s);
	}
	s->ended = from == 0;
	process_sums_advance(s->sums);
}

struct shard *
shard_new(const struct model *m, real *grad, struct encoder *encoder)
{
	struct shard *s = mem_zero(1, sizeof(*s));

	s->m = m;
	s->grad = grad;
	s->dense = m->config.mlm ? 0 : m->params.embeddings.position;
	s->sums = process_sums_new();
	s->met = mem_zero(m->config.vocab, 1);
	encoder_watch(encoder, done, s);
	return s;
}

void
shard_end(struct shard *s)
{
	size_t E = config_embedding(&s->m->config);

	done(s, 0);
	process_sums_wait(s->sums);
	for (size_t i = 0, k = 0; i < s->m->config.vocab && k < s->words; i++)
		if (s->met[i])
			memcpy(s->grad + i * E, s->rows + k++ * E,
			    E * sizeof(*s->grad));
	memset(s->met, 0, s->m->config.vocab);
	s->last = false;
}

void
shard_losses(struct loss_sum *sum)
{
	double all[] = { sum->loss, sum->hard, sum->soft, sum->feature,
		(double)sum->no_positive };

	process_sum(all, sizeof(all) / sizeof(all[0]));
	sum->loss = all[0];
	sum->hard = all[1];
	sum->soft = all[2];
	sum->feature = all[3];
	sum->no_positive = (size_t)all[4];
}

/* A row or question is taken by the process in whose share its middle is. */
static size_t
taker(const struct batch *b, size_t first, size_t last, size_t size)
{
	return (b->start[first] + b->start[last]) * size / (2 * b->tokens);
}

size_t
shard_rows(size_t *first, const struct batch *whole,
    const struct pack *const *packs, size_t rank, size_t size)
{
	size_t count = 0;

	*first = 0;
	for (size_t i = 0, n; i < whole->rows; i += n) {
		for (n = 1;
		     i + n < whole->rows && batch_goes_on(whole, packs, i + n);
		     n++)
			;
		if (taker(whole, i, i + n, size) != rank)
			continue;
		*first = count == 0 ? i : *first;
		count += n;
	}
	return count;
}
