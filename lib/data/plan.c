#include "data/plan.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/text.h"

const char plan_batches[] = "task|mixed";
const char plan_shuffles[] = "once|epoch|none";

/* Streams of random numbers. */
enum { STREAM_ORDER = 1000, STREAM_ROWS = 1001 };

/* The rows from r on that belong to one unit. */
static size_t
unit_width(const struct pack *p, size_t r)
{
	size_t n = 1;

	if (p->labels.type == TASK_RANKING)
		while (r + n < p->rows && p->group[r + n] == p->group[r])
			n++;
	return n;
}

static bool
row_is_long(const struct pack *p, size_t r, size_t max)
{
	return max > 0 && (size_t)(p->starts[r + 1] - p->starts[r]) > max;
}

/* A unit is usable if a row of it has a target and none is too long. */
static void
add_source(struct plan_source *s, const struct pack *p, size_t number,
    const bool *use, size_t max_length)
{
	size_t width;

	s->unit = mem_alloc(p->rows, sizeof(*s->unit));
	s->width = mem_alloc(p->rows, sizeof(*s->width));
	for (size_t r = 0; r < p->rows; r += width) {
		bool target = false, lengthy = false;

		width = unit_width(p, r);
		for (size_t i = r; i < r + width; i++) {
			target |=
			    !isnan(p->label[i]) || (use != NULL && use[i]);
			lengthy |= row_is_long(p, i, max_length);
		}
		if (lengthy) {
			s->too_long += width;
		} else if (!target) {
			s->unlabelled += width;
		} else {
			s->unit[s->units] = (struct row_ref){ number, r };
			s->width[s->units++] = width;
		}
	}
}

/* What the packs get of an epoch that in all has as much as they have. */
static size_t
share(const struct plan *p, size_t pack, bool in_batches)
{
	double all = 0, weights = 0, own = 0;
	size_t size = p->options.batch_size, units = p->source[pack].units;
	size_t got;

	if (p->options.sampling == 1)
		return in_batches ? (units + size - 1) / size : units;
	for (size_t i = 0; i < p->packs; i++) {
		double n = (double)p->source[i].units;
		double w = n > 0 ? pow(n, p->options.sampling) : 0;

		all += in_batches ? ceil(n / (double)size) : n;
		weights += w;
		if (i == pack)
			own = w;
	}
	got = (size_t)lrint(all * own / weights);
	return units > 0 && got == 0 ? 1 : got;
}

static size_t
blocks(size_t n, size_t size)
{
	return (n + size - 1) / size;
}

static _Noreturn void
refuse_none(const struct pack *const *packs, size_t count)
{
	const char **path = mem_alloc(count, sizeof(*path));

	for (size_t i = 0; i < count; i++)
		path[i] = packs[i]->path;
	die("%s: no row to train on: all are unlabelled or too long",
	    text_list(path, count, ", "));
}

struct plan *
plan_new(const struct pack *const *packs, size_t count, const bool *const *use,
    const struct plan_options *options)
{
	struct plan *p = mem_zero(1, sizeof(*p));
	size_t units = 0;

	p->options = *options;
	p->packs = count;
	p->source = mem_zero(count, sizeof(*p->source));
	for (size_t i = 0; i < count; i++)
		add_source(&p->source[i], packs[i], i,
		    use != NULL ? use[i] : NULL, options->max_length);
	for (size_t i = 0; i < count; i++) {
		units += share(p, i, false);
		p->batches += options->mixed ? 0 : share(p, i, true);
	}
	if (units == 0)
		refuse_none(packs, count);
	if (options->mixed)
		p->batches = blocks(units, options->batch_size);
	return p;
}

/* 0..n-1, shuffled if the options say so. */
static size_t *
order_of(const struct plan *p, uint64_t stream, size_t step, size_t n)
{
	size_t *order = mem_alloc(n, sizeof(*order));

	if (p->options.shuffle == SHUFFLE_NONE)
		for (size_t i = 0; i < n; i++)
			order[i] = i;
	else
		rng_shuffle(rng_key(p->options.seed, stream, step), order, n);
	return order;
}

static size_t *
unit_order(const struct plan *p, size_t pack, size_t epoch)
{
	size_t step = p->options.shuffle == SHUFFLE_EPOCH ? epoch : 0;

	return order_of(p, STREAM_ROWS + pack, step, p->source[pack].units);
}

/* A unit in the making of an epoch. */
struct choice {
	const struct plan_source *source;
	size_t unit;
};

static void
put_unit(struct plan_epoch *e, size_t *rows, size_t *room, struct choice c)
{
	struct row_ref r = c.source->unit[c.unit];
	size_t width = c.source->width[c.unit];

	e->rows = mem_grow(e->rows, room, *rows + width, sizeof(*e->rows));
	for (size_t i = 0; i < width; i++) {
		e->rows[(*rows)++] = r;
		r.row++;
	}
}

static void
mixed_epoch(struct plan_epoch *e, const struct plan *p, size_t epoch)
{
	struct choice *all;
	size_t n = 0, rows = 0, room = 0, *order;

	for (size_t i = 0; i < p->packs; i++)
		n += share(p, i, false);
	all = mem_alloc(n, sizeof(*all));
	n = 0;
	for (size_t i = 0; i < p->packs; i++) {
		size_t want = share(p, i, false), *units;

		units = unit_order(p, i, epoch);
		for (size_t k = 0; k < want; k++)
			all[n++] = (struct choice){
				&p->source[i],
				units[(epoch * want + k) % p->source[i].units]
			};
		free(units);
	}
	order = order_of(p, STREAM_ORDER, epoch, n);
	for (size_t k = 0; k < n; k++) {
		if (k % p->options.batch_size == 0)
			e->start[e->batches++] = rows;
		put_unit(e, &rows, &room, all[order[k]]);
	}
	e->start[e->batches] = rows;
	free(order);
	free(all);
}

static void
put_batch(struct plan_epoch *e, size_t *rows, size_t *room,
    const struct plan *p, const struct plan_source *s, const size_t *units,
    size_t batch)
{
	size_t size = p->options.batch_size, first = batch * size;

	e->start[e->batches++] = *rows;
	for (size_t i = first; i < first + size && i < s->units; i++)
		put_unit(e, rows, room, (struct choice){ s, units[i] });
}

static void
task_epoch(struct plan_epoch *e, const struct plan *p, size_t epoch)
{
	struct row_ref *all = mem_alloc(p->batches, sizeof(*all));
	size_t **units = mem_alloc(p->packs, sizeof(*units));
	size_t n = 0, rows = 0, room = 0, *order;

	for (size_t i = 0; i < p->packs; i++) {
		size_t want = share(p, i, true);
		size_t there =
		    blocks(p->source[i].units, p->options.batch_size);

		assert(want == 0 || there > 0);
		units[i] = unit_order(p, i, epoch);
		for (size_t k = 0; k < want; k++)
			all[n++] = (struct row_ref){ i,
				p->options.sampling == 1
				    ? k
				    : (epoch * want + k) % there };
	}
	order = order_of(p, STREAM_ORDER, epoch, n);
	for (size_t k = 0; k < n; k++) {
		struct row_ref b = all[order[k]];

		put_batch(e, &rows, &room, p, &p->source[b.pack], units[b.pack],
		    b.row);
	}
	e->start[e->batches] = rows;
	for (size_t i = 0; i < p->packs; i++)
		free(units[i]);
	free(units);
	free(order);
	free(all);
}

void
plan_epoch(struct plan_epoch *e, const struct plan *p, size_t epoch)
{
	*e = (struct plan_epoch){ 0 };
	e->start = mem_alloc(p->batches + 1, sizeof(*e->start));
	if (p->options.mixed)
		mixed_epoch(e, p, epoch);
	else
		task_epoch(e, p, epoch);
}

void
plan_epoch_free(struct plan_epoch *e)
{
	free(e->start);
	free(e->rows);
	*e = (struct plan_epoch){ 0 };
}

void
plan_free(struct plan *p)
{
	for (size_t i = 0; i < p->packs; i++) {
		free(p->source[i].unit);
		free(p->source[i].width);
	}
	free(p->source);
	free(p);
}
