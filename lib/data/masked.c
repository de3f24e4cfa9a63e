#include "data/masked.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"

/* A run of ids of one document. */
struct piece {
	size_t start, count;
};

struct masked {
	const int32_t *id;
	struct piece *piece;
	size_t pieces, room;
	struct masked_options options;
	int32_t cls, sep, mask;
	size_t vocab;
	bool *continues; /* [vocab] the piece continues a word */
	int32_t *row;	 /* [max_length] scratch of one sequence */
	size_t *unit;	 /* [max_length+1] first ids of what is masked whole */
	size_t *order;	 /* [max_length] scratch */
	bool *asked;	 /* [max_length] */
};

/* Ids of a sequence beside [CLS] and the [SEP]s. */
static size_t
capacity(const struct masked_options *o)
{
	return o->max_length - (o->pairs ? 3 : 2);
}

static void
cut(struct masked *m, size_t start, size_t count)
{
	size_t most = capacity(&m->options);
	size_t n = (count + most - 1) / most;

	m->piece =
	    mem_grow(m->piece, &m->room, m->pieces + n, sizeof(*m->piece));
	for (size_t i = 0; i < n; i++) {
		size_t from = count * i / n, end = count * (i + 1) / n;

		m->piece[m->pieces++] =
		    (struct piece){ start + from, end - from };
	}
}

struct masked *
masked_new(const struct documents *d, const struct vocab *v,
    const struct masked_options *options)
{
	struct masked *m = mem_zero(1, sizeof(*m));
	size_t length = options->max_length;

	m->options = *options;
	m->id = d->text.id;
	m->cls = v->special[VOCAB_CLS];
	m->sep = v->special[VOCAB_SEP];
	m->mask = v->special[VOCAB_MASK];
	m->vocab = v->size;
	m->continues = mem_alloc(v->size, sizeof(*m->continues));
	for (size_t i = 0; i < v->size; i++)
		m->continues[i] = strncmp(v->piece[i], "##", 2) == 0;
	for (size_t i = 0; i < d->count; i++)
		cut(m, d->start[i], d->start[i + 1] - d->start[i]);
	assert(m->pieces > 0);
	m->row = mem_alloc(length, sizeof(*m->row));
	m->unit = mem_alloc(length + 1, sizeof(*m->unit));
	m->order = mem_alloc(length, sizeof(*m->order));
	m->asked = mem_alloc(length, sizeof(*m->asked));
	return m;
}

void
masked_free(struct masked *m)
{
	free(m->piece);
	free(m->continues);
	free(m->row);
	free(m->unit);
	free(m->order);
	free(m->asked);
	free(m);
}

size_t
masked_sequences(const struct masked *m)
{
	return m->pieces;
}

/* A single id cannot be cut in two. */
static bool
is_pair(const struct masked *m, size_t s)
{
	return m->options.pairs && m->piece[s].count > 1;
}

size_t
masked_tokens(const struct masked *m)
{
	size_t n = 0;

	for (size_t s = 0; s < m->pieces; s++)
		n += m->piece[s].count + (is_pair(m, s) ? 3 : 2);
	return n;
}

void
masked_order(const struct masked *m, size_t *order, size_t epoch)
{
	for (size_t i = 0; i < m->pieces; i++)
		order[i] = i;
	rng_shuffle(rng_key(m->options.seed, rng_stream("sequences"), epoch),
	    order, m->pieces);
}

/* Random draws of one sequence in one epoch, in order. */
struct draws {
	struct rng rng;
	uint64_t next;
};

static size_t
draw(struct draws *d, size_t n)
{
	return (size_t)rng_below(d->rng, d->next++, n);
}

/*
 * Write a sequence into m->row; returns its length and, in *segment_a, where b
 * begins.  *apart: b is the end of another sequence, as long or shorter.
 */
static size_t
write_row(struct masked *m, struct draws *d, size_t s, size_t *segment_a,
    uint8_t *apart)
{
	const struct piece *p = &m->piece[s], *q = p;
	size_t a = is_pair(m, s) ? 1 + draw(d, p->count - 1) : p->count;
	size_t b = p->count - a;

	*apart = b > 0 && draw(d, 2) == 1;
	if (*apart) {
		q = &m->piece[draw(d, m->pieces)];
		b = b < q->count ? b : q->count;
	}
	m->row[0] = m->cls;
	memcpy(m->row + 1, m->id + p->start, a * sizeof(*m->row));
	m->row[1 + a] = m->sep;
	*segment_a = a + 2;
	if (b == 0)
		return a + 2;
	memcpy(m->row + a + 2, m->id + q->start + q->count - b,
	    b * sizeof(*m->row));
	m->row[a + 2 + b] = m->sep;
	return a + b + 3;
}

/*
 * The ids of the row that may be asked for, in units that are asked for
 * together: words, or single ids.  Returns how many; their first places are
 * in m->unit.
 */
static size_t
find_units(const struct masked *m, size_t length)
{
	size_t n = 0;

	for (size_t t = 0; t < length; t++) {
		int32_t id = m->row[t];
		bool special = id == m->cls || id == m->sep;
		bool joins = m->options.whole_word && t > 0 &&
			     m->continues[id] && m->row[t - 1] != m->cls &&
			     m->row[t - 1] != m->sep;

		if (!special && !joins)
			m->unit[n++] = t;
	}
	return n;
}

static size_t
unit_end(const struct masked *m, size_t t, size_t length)
{
	for (t++; m->options.whole_word && t < length; t++)
		if (m->row[t] == m->sep || !m->continues[m->row[t]])
			break;
	return t;
}

/*
 * Choose what is asked for: units in random order as long as they fit into
 * the share.
 */
static size_t
choose(struct masked *m, struct draws *d, size_t length)
{
	size_t units = find_units(m, length), ids = 0, asked = 0, most;

	for (size_t i = 0; i < units; i++) {
		ids += unit_end(m, m->unit[i], length) - m->unit[i];
		m->order[i] = i;
	}
	most = (size_t)floor((double)ids * m->options.rate + 0.5);
	most = most > 0 || m->options.rate == 0 ? most : 1;
	memset(m->asked, 0, length * sizeof(*m->asked));
	for (size_t i = 0; i < units && asked < most; i++) {
		size_t k = i + draw(d, units - i), u = m->order[k], t, end;

		m->order[k] = m->order[i];
		t = m->unit[u];
		end = unit_end(m, t, length);
		if (asked > 0 && asked + (end - t) > most)
			continue;
		asked += end - t;
		for (; t < end; t++)
			m->asked[t] = true;
	}
	return asked;
}

static int32_t
hide(const struct masked *m, struct draws *d, int32_t id)
{
	size_t lot = draw(d, 10);

	if (lot < 8)
		return m->mask;
	return lot == 8 ? (int32_t)draw(d, m->vocab) : id;
}

static void
add_read(struct masked_batch *to, size_t token, int32_t want)
{
	to->token[to->reads] = token;
	to->want[to->reads++] = want;
}

static void
reserve(struct masked_batch *to, size_t rows, size_t reads)
{
	if (rows + 1 > to->row_room) {
		to->row_room = rows + 1;
		to->start =
		    mem_resize(to->start, to->row_room, sizeof(*to->start));
		to->apart =
		    mem_resize(to->apart, to->row_room, sizeof(*to->apart));
	}
	if (reads > to->read_room) {
		to->read_room = 2 * reads;
		to->token =
		    mem_resize(to->token, to->read_room, sizeof(*to->token));
		to->want =
		    mem_resize(to->want, to->read_room, sizeof(*to->want));
	}
}

void
masked_fill(struct masked_batch *to, struct masked *m, const size_t *sequence,
    size_t count, size_t epoch)
{
	batch_clear(&to->b);
	to->reads = 0;
	reserve(to, count, 0);
	for (size_t i = 0; i < count; i++) {
		size_t s = sequence[i], length, segment_a, at = to->b.tokens;
		struct draws d = { rng_key(m->options.seed, rng_stream("masks"),
				       epoch * m->pieces + s),
			0 };

		length = write_row(m, &d, s, &segment_a, &to->apart[i]);
		reserve(to, count, to->reads + 1 + choose(m, &d, length));
		to->start[i] = to->reads;
		add_read(to, at, -1);
		for (size_t t = 0; t < length; t++) {
			if (!m->asked[t])
				continue;
			add_read(to, at + t, m->row[t]);
			m->row[t] = hide(m, &d, m->row[t]);
		}
		batch_add(&to->b, m->row, length, segment_a);
	}
	to->start[count] = to->reads;
}

void
masked_take(struct masked_batch *to, const struct masked_batch *whole,
    size_t first, size_t count)
{
	size_t from = whole->b.start[first];

	batch_take(&to->b, &whole->b, first, count);
	to->reads = 0;
	reserve(to, count, whole->start[first + count] - whole->start[first]);
	for (size_t i = 0; i < count; i++) {
		size_t row = first + i;

		to->apart[i] = whole->apart[row];
		to->start[i] = to->reads;
		for (size_t q = whole->start[row]; q < whole->start[row + 1];
		     q++)
			add_read(to, whole->token[q] - from, whole->want[q]);
	}
	to->start[count] = to->reads;
}

void
masked_batch_free(struct masked_batch *b)
{
	batch_free(&b->b);
	free(b->token);
	free(b->start);
	free(b->want);
	free(b->apart);
	*b = (struct masked_batch){ 0 };
}
