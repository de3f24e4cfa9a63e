#include "score/tallied.h"

#include <stdlib.h>
#include <string.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "data/id.h"
#include "data/pred.h"

struct tallied_row *
tallied_row(
    struct tallied *t, const char *path, size_t line, const char *id, size_t n)
{
	const char *problem = id_problem(id, n);
	size_t known = numbering_count(t->ids), i;

	if (problem != NULL)
		die_at(path, line, "id '%s': %s", id, problem);
	i = numbering_of(t->ids, id, n);
	t->row = mem_grow(t->row, &t->row_room, i + 1, sizeof(*t->row));
	if (i == known)
		t->row[i] = (struct tallied_row){ 0 };
	return &t->row[i];
}

/* Said of a row in a file: counted once a file. */
void
tallied_in_file(struct tallied_row *row, size_t file)
{
	row->files += row->last_file != file + 1;
	row->last_file = file + 1;
}

void
tallied_add(struct tallied *t, const struct tallied_row *row, size_t class,
    double value)
{
	t->part =
	    mem_grow(t->part, &t->part_room, t->parts + 1, sizeof(*t->part));
	t->part[t->parts++] =
	    (struct tallied_part){ (size_t)(row - t->row), class, value };
}

void
tallied_vote(struct tallied *t, const struct tallied_row *row,
    const char *voter, double weight, size_t first)
{
	char *name = mem_string(voter);

	for (char *p = name; *p != '\0'; p++)
		if ((unsigned char)*p < ' ')
			*p = ' ';
	t->vote =
	    mem_grow(t->vote, &t->vote_room, t->votes + 1, sizeof(*t->vote));
	t->vote[t->votes++] = (struct tallied_vote){ (size_t)(row - t->row),
		numbering_of(t->voters, name, strlen(name)), weight, first,
		t->parts };
	free(name);
}

/* The parts of rows side by side: [rows, width]. */
static double *
sums(const struct tallied *t, size_t width)
{
	double *sum = mem_zero(numbering_count(t->ids), width * sizeof(*sum));

	for (size_t i = 0; i < t->parts; i++)
		sum[t->part[i].row * width + t->part[i].class] +=
		    t->part[i].value;
	return sum;
}

/* Rows that are there write; returns how many have nobody who said more. */
static size_t
write_rows(FILE *out, const struct tallied *t, double *sum, size_t width)
{
	size_t rows = numbering_count(t->ids), silent = 0;

	for (size_t r = 0; r < rows; r++) {
		size_t n;
		const char *id = numbering_name(t->ids, r, &n);
		double *value = sum + r * width;

		if (!(t->row[r].weight > 0)) {
			silent++;
			continue;
		}
		for (size_t c = 0; c < width; c++)
			value[c] /= t->row[r].weight;
		pred_write_exact(out, id, n, value, width, NULL);
	}
	return silent;
}

size_t
tallied_missing(const struct tallied *t, size_t files, size_t *which)
{
	size_t missing = 0;

	for (size_t r = numbering_count(t->ids); r-- > 0;)
		if (t->row[r].files < files) {
			missing++;
			*which = r;
		}
	return missing;
}

static void
tell(const struct tallied *t, size_t silent, size_t missing)
{
	size_t rows = numbering_count(t->ids);

	if (t->scaled > 0)
		note("%zu row%s scaled to sum to 1", t->scaled,
		    num_s(t->scaled));
	if (t->abstained > 0)
		note("%zu row%s without a %s passed over", t->abstained,
		    num_s(t->abstained),
		    t->o != NULL && t->o->form == TALLY_VOTES ? "vote"
							      : "number");
	if (missing > 0)
		note("%zu of %zu ids are not in every file", missing, rows);
	if (silent > 0)
		note("%zu of %zu ids left out, of which nobody says anything",
		    silent, rows);
}

void
tallied_write(FILE *out, struct tallied *t, const char *task, const char *split,
    long long members, size_t missing)
{
	size_t width = labels_width(&t->labels);
	double *sum = sums(t, width);

	pred_write_head(out, task, split, &t->labels, members);
	tell(t, write_rows(out, t, sum, width), missing);
	free(sum);
}

void
tallied_free(struct tallied *t)
{
	free(t->part);
	free(t->vote);
	free(t->row);
	numbering_free(t->ids);
	if (t->names != NULL)
		numbering_free(t->names);
	if (t->voters != NULL)
		numbering_free(t->voters);
	labels_free(&t->labels);
}
