#include "curate/datacheck.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "curate/nearname.h"

enum {
	SHOWN = 20, /* labels of a split in one line */
	RARE = 10   /* a typo has a tenth of the rows of what was meant */
};

struct saying {
	const struct datafacts *d;
	FILE *out;
	struct datacheck found;
	struct buf later; /* notes, which come last */
};

/* Names that others chose: no control characters in a line of ours. */
static void
put_name(struct buf *b, const char *name)
{
	for (; *name != '\0'; name++)
		buf_byte(b, (char)((unsigned char)*name < ' ' ? '?' : *name));
}

/* "problem: dev: ..." or a note; id and other, or NULL, are of the first. */
static void
say(struct saying *s, bool problem, int split, const struct datafacts_count *c,
    const char *format, ...)
{
	struct buf line = { 0 }, *to = problem ? &line : &s->later;
	va_list list;
	char text[512];

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	buf_text(to, problem ? "problem: " : "note: ");
	if (split >= 0)
		buf_print(to, "%s: ", datafacts_split[split]);
	put_name(to, text);
	if (c != NULL) {
		buf_text(to, ", first id ");
		put_name(to, c->id);
	}
	if (c != NULL && c->other != NULL) {
		buf_text(to, " (as ");
		put_name(to, c->other);
		buf_byte(to, ')');
	}
	buf_byte(to, '\n');
	if (problem)
		fwrite(line.data, 1, line.size, s->out);
	buf_free(&line);
	if (problem)
		s->found.problems++;
	else
		s->found.notes++;
}

static const char *
label_name(const struct datafacts *d, size_t i, struct buf *b)
{
	size_t n;
	const char *name = numbering_name(d->labels, i, &n);

	buf_clear(b);
	buf_add(b, name, n);
	return buf_string(b);
}

static size_t
rows_of(const struct datafacts_rows *r, size_t label)
{
	return label < r->labels ? r->of_label[label] : 0;
}

static void
put_labels(FILE *out, const struct datafacts *d, const struct datafacts_rows *r)
{
	size_t labels = numbering_count(d->labels), shown = 0, rest = 0;
	struct buf name = { 0 }, line = { 0 };

	for (size_t i = 0; i < labels; i++) {
		size_t n = rows_of(r, i);

		if (n == 0 && i >= d->task->labels.classes)
			continue;
		if (shown == SHOWN) {
			rest++;
			continue;
		}
		buf_text(&line, shown++ > 0 ? ", " : ": ");
		put_name(&line, label_name(d, i, &name));
		buf_print(&line, " %zu", n);
	}
	if (rest > 0)
		buf_print(&line, " and %zu more label%s", rest, num_s(rest));
	fwrite(buf_string(&line), 1, line.size, out);
	buf_free(&name);
	buf_free(&line);
}

static void
put_split(FILE *out, const struct datafacts *d, int split)
{
	const struct datafacts_rows *r = &d->split[split];
	const char *what = d->words ? "word" : "token";

	fprintf(out, "%s: %zu row%s", datafacts_split[split], r->rows,
	    num_s(r->rows));
	if (d->task->labels.type != TASK_REGRESSION)
		put_labels(out, d, r);
	else if (r->scores > 0)
		fprintf(out, ": scores from %g to %g, mean %.3g", r->low,
		    r->high, r->sum / (double)r->scores);
	if (r->none > 0)
		fprintf(out, "; no label %zu", r->none);
	if (r->unlabelled > 0)
		fprintf(out, "; unlabelled %zu", r->unlabelled);
	putc('\n', out);
	if (r->rows == 0)
		return;
	fprintf(out,
	    "%s: %ss in a row: median %u, 95 %% at most %u, longest %u (id "
	    "%s)",
	    datafacts_split[split], what, r->length[(r->rows - 1) / 2],
	    r->length[(95 * r->rows + 99) / 100 - 1], r->length[r->rows - 1],
	    r->longest);
	if (d->positions > 0)
		fprintf(out, "; the model has %zu positions", d->positions);
	putc('\n', out);
}

static void
check_labelled(struct saying *s, int split)
{
	const struct datafacts_rows *r = &s->d->split[split];
	size_t labelled = r->rows - r->unlabelled;

	if (r->rows == 0)
		say(s, true, split, NULL, "no rows");
	else if (labelled == 0 && split < 2)
		say(s, true, split, NULL, "no row has a label");
	else if (r->unlabelled > 0 && labelled > 0)
		say(s, false, split, NULL, "%zu row%s without a label",
		    r->unlabelled, num_s(r->unlabelled));
}

/* What train teaches, and what the others ask. */
static void
check_labels(struct saying *s)
{
	const struct datafacts *d = s->d;
	size_t labels = numbering_count(d->labels), taught = 0;
	struct buf name = { 0 };

	for (size_t i = 0; i < labels; i++) {
		size_t train = rows_of(&d->split[0], i);
		const char *text = label_name(d, i, &name);

		taught += train > 0;
		for (int k = 0; k < (int)d->splits; k++) {
			size_t n = rows_of(&d->split[k], i);

			if (n > 0 && i >= d->task->labels.classes)
				say(s, true, k, NULL,
				    "'%s', of %zu row%s, is no label of the "
				    "task",
				    text, n, num_s(n));
			else if (n > 0 && k > 0 && train == 0)
				say(s, true, k, NULL,
				    "label '%s' of %zu row%s, which no row of "
				    "train has",
				    text, n, num_s(n));
		}
		if (i < d->task->labels.classes && train == 0)
			say(s, false, 0, NULL, "no row has label '%s'", text);
		if (train == 1)
			say(s, false, 0, NULL, "one row alone has label '%s'",
			    text);
	}
	if (taught == 1 && labels > 1 &&
	    d->task->labels.type != TASK_MULTILABEL)
		say(s, true, 0, NULL, "all rows have one label");
	buf_free(&name);
}

/* Names that are near: a typo, where rows of one are rare. */
static void
take_pair(void *state, size_t a, size_t b, enum nearname how)
{
	struct saying *s = state;
	const struct datafacts *d = s->d;
	struct buf one = { 0 }, other = { 0 };
	size_t na = 0, nb = 0;

	for (size_t k = 0; k < d->splits; k++) {
		na += rows_of(&d->split[k], a);
		nb += rows_of(&d->split[k], b);
	}
	if (na == 0 || nb == 0)
		return;
	if (how == NEARNAME_SAME_LETTERS || na * RARE <= nb || nb * RARE <= na)
		say(s, false, -1, NULL,
		    "labels '%s' (%zu row%s) and '%s' (%zu): a typo?",
		    label_name(d, a, &one), na, num_s(na),
		    label_name(d, b, &other), nb);
	buf_free(&one);
	buf_free(&other);
}

static void
check_typos(struct saying *s)
{
	const struct datafacts *d = s->d;
	size_t n = numbering_count(d->labels);
	char **names = mem_zero(n, sizeof(*names));
	struct buf name = { 0 };

	for (size_t i = 0; i < n; i++)
		names[i] = mem_string(label_name(d, i, &name));
	nearname_find((const char *const *)names, n, take_pair, s);
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
	buf_free(&name);
}

/* What is said of a fact, and whether it is a problem. */
static const struct {
	const char *text; /* after the number of rows */
	bool in_train, elsewhere;
} facts[DATAFACTS] = {
	[DATAFACT_SAME_ID] = { "with the id of an earlier row", true, true },
	[DATAFACT_NO_SCORE] = { "whose label is no score of the task", true,
	    true },
	[DATAFACT_EMPTY] = { "with an empty text", false, false },
	[DATAFACT_TWICE] = { "with texts and label of an earlier row", false,
	    false },
	[DATAFACT_CONTRADICTS] = { "with the texts of an earlier row and "
				   "another label",
	    false, true },
	[DATAFACT_LONG] = { "of more tokens than the model has positions; "
			    "glue-pack -L cuts them",
	    false, false },
	[DATAFACT_IN_TRAIN] = { "whose texts stand in train", true, true },
	[DATAFACT_IN_DEV] = { "whose texts stand in dev", true, true },
	[DATAFACT_HALF_IN_TRAIN] = { "one of whose texts stands in train",
	    false, false },
	[DATAFACT_HALF_IN_DEV] = { "one of whose texts stands in dev", false,
	    false },
};

static void
check_facts(struct saying *s, int split)
{
	for (int f = 0; f < DATAFACTS; f++) {
		const struct datafacts_count *c = &s->d->split[split].fact[f];

		if (c->count > 0)
			say(s,
			    split == 0 ? facts[f].in_train : facts[f].elsewhere,
			    split, c, "%zu row%s %s", c->count, num_s(c->count),
			    facts[f].text);
	}
}

struct datacheck
datacheck_print(const struct datafacts *d, FILE *out)
{
	struct saying s = { .d = d, .out = out };
	int splits = (int)d->splits;

	for (int k = 0; k < splits; k++)
		put_split(out, d, k);
	for (int k = 0; k < splits; k++) {
		check_labelled(&s, k);
		check_facts(&s, k);
	}
	if (d->task->labels.type != TASK_REGRESSION) {
		check_labels(&s);
		check_typos(&s);
	}
	fwrite(buf_string(&s.later), 1, s.later.size, out);
	buf_free(&s.later);
	fprintf(out, "%zu problem%s, %zu note%s\n", s.found.problems,
	    num_s(s.found.problems), s.found.notes, num_s(s.found.notes));
	return s.found;
}
