#include "curate/gather.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "corpus/example.h"
#include "corpus/labelset.h"
#include "corpus/numbering.h"
#include "curate/spool.h"
#include "curate/stratify.h"

struct gather {
	struct spool *spool;
	size_t *unit; /* the unit of each row; NULL: every row is one */
	size_t room, units;
	struct stratify *strata; /* or NULL */
};

/*
 * In regression the stratum is the tenth of the range that a score is in; in
 * multilabel a row is of several, one for each of its labels.
 */
static void
add_stratum(struct gather *g, const struct task *task, const struct example *e)
{
	bool many = task != NULL && task->labels.type == TASK_MULTILABEL;
	struct example_text stratum = e->label, rest = e->label;
	double score;
	char tenth[24];

	if (task != NULL && task->labels.type == TASK_REGRESSION &&
	    num_real(e->label.at, task->low, task->high, &score)) {
		stratum.size = (size_t)snprintf(tenth, sizeof(tenth), "%.0f",
		    floor(10 * (score - task->low) / (task->high - task->low)));
		stratum.at = tenth;
	}
	if (many)
		labelset_next(&rest, &stratum);
	stratify_add(g->strata, stratum, e->text_a, e->text_b);
	while (many && labelset_next(&rest, &stratum))
		stratify_also(g->strata, stratum);
	if (e->group.at != NULL)
		stratify_tie(g->strata, e->group);
}

struct gather *
gather_rows(struct reader *r, const struct task *task, bool stratify)
{
	bool ranking = task != NULL && task->labels.type == TASK_RANKING;
	struct gather *g = mem_zero(1, sizeof(*g));
	struct numbering *groups = ranking ? numbering_new() : NULL;
	struct example e;
	char number[24];

	if (stratify)
		g->strata = stratify_new();
	g->spool = spool_create();
	while (reader_next(r, &e)) {
		size_t row = spool_rows(g->spool);

		if (stratify)
			add_stratum(g, task, &e);
		if (ranking) {
			g->unit = mem_grow(
			    g->unit, &g->room, row + 1, sizeof(*g->unit));
			g->unit[row] =
			    numbering_of(groups, e.group.at, e.group.size);
			e.group.size = (size_t)snprintf(
			    number, sizeof(number), "%zu", g->unit[row]);
			e.group.at = number;
		}
		example_put(spool_stream(g->spool), &e);
		spool_end(g->spool);
	}
	spool_close(g->spool);
	g->units = ranking ? numbering_count(groups) : spool_rows(g->spool);
	if (ranking)
		numbering_free(groups);
	return g;
}

void
gather_free(struct gather *g)
{
	spool_free(g->spool);
	if (g->strata != NULL)
		stratify_free(g->strata);
	free(g->unit);
	free(g);
}

bool
gather_has_groups(const struct gather *g)
{
	return g->unit != NULL;
}

size_t
gather_cut_strata(const struct gather *g, bool *keep,
    const struct subset_fold *f, uint64_t seed)
{
	size_t rows = stratify_rows(g->strata), largest;
	bool *row = mem_alloc(rows, sizeof(*row));

	memset(row, true, rows * sizeof(*row));
	stratify_cut(g->strata, row, f, seed, &largest);
	for (size_t i = 0; i < rows; i++)
		if (!row[i])
			keep[g->unit != NULL ? g->unit[i] : i] = false;
	free(row);
	return largest;
}

size_t
gather_rows_read(const struct gather *g)
{
	return spool_rows(g->spool);
}

size_t
gather_units(const struct gather *g)
{
	return g->units;
}

static void
put_row(FILE *out, const struct gather *g, size_t row)
{
	size_t size;
	const char *text = spool_row(g->spool, row, &size);

	fwrite(text, 1, size, out);
}

/* Candidates of one group stand together, groups as they first appeared. */
static void
put_groups(FILE *out, const struct gather *g, const bool *keep)
{
	size_t n = spool_rows(g->spool);
	size_t *end = mem_zero(g->units + 1, sizeof(*end));
	size_t *order = mem_alloc(n, sizeof(*order));

	for (size_t i = 0; i < n; i++)
		end[g->unit[i] + 1]++;
	for (size_t u = 0; u < g->units; u++)
		end[u + 1] += end[u];
	for (size_t i = 0; i < n; i++)
		order[end[g->unit[i]]++] = i;
	for (size_t i = 0; i < n; i++)
		if (keep[g->unit[order[i]]])
			put_row(out, g, order[i]);
	free(order);
	free(end);
}

void
gather_write(const struct gather *g, FILE *out, bool pair, const bool *keep)
{
	example_put_header(out, pair, g->unit != NULL);
	if (g->unit != NULL)
		put_groups(out, g, keep);
	else
		for (size_t i = 0; i < g->units; i++)
			if (keep[i])
				put_row(out, g, i);
}
