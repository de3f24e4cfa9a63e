#include "score/voters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"

/* Votes row by row: those of row r are order[start[r]], ... */
struct ballot {
	const struct tallied *t;
	size_t *start, *order;
	double *sum;   /* [width] weights of the others for each class */
	size_t *count; /* [width] how many they are */
};

/* One vote, of multilabel on one label, beside those of the others. */
struct opinion {
	size_t label, answer;	  /* classes; what the others say most */
	bool is_label, is_answer; /* multilabel: that it applies */
	double label_q, answer_q;
	size_t votes; /* of the others for the answer */
};

struct standing {
	size_t votes, compared, against;
	double agreement;
};

static void
ballot_open(struct ballot *b, const struct tallied *t)
{
	size_t rows = numbering_count(t->ids), width = labels_width(&t->labels);

	if (t->labels.type == TASK_REGRESSION)
		die("task %s is regression: scores contradict no other; "
		    "expected votes for labels",
		    t->o->task->name);
	if (numbering_count(t->voters) < 2)
		die("all votes are of one voter, expected several: by a column "
		    "'voter', which --voter-column names, or a file for each");
	b->t = t;
	b->start = mem_zero(rows + 2, sizeof(*b->start));
	b->order = mem_alloc(t->votes + 1, sizeof(*b->order));
	b->sum = mem_alloc(width, sizeof(*b->sum));
	b->count = mem_alloc(width, sizeof(*b->count));
	for (size_t i = 0; i < t->votes; i++)
		b->start[t->vote[i].row + 2]++;
	for (size_t r = 2; r < rows + 2; r++)
		b->start[r] += b->start[r - 1];
	for (size_t i = 0; i < t->votes; i++)
		b->order[b->start[t->vote[i].row + 1]++] = i;
}

static void
ballot_close(struct ballot *b)
{
	free(b->start);
	free(b->order);
	free(b->sum);
	free(b->count);
}

/* What other voters say of the row of a vote; their weight. */
static double
hear_others(struct ballot *b, const struct tallied_vote *own, size_t *others)
{
	const struct tallied *t = b->t;
	size_t width = labels_width(&t->labels);
	double weight = 0;

	*others = 0;
	memset(b->sum, 0, width * sizeof(*b->sum));
	memset(b->count, 0, width * sizeof(*b->count));
	for (size_t k = b->start[own->row]; k < b->start[own->row + 1]; k++) {
		const struct tallied_vote *v = &t->vote[b->order[k]];

		if (v->voter == own->voter)
			continue;
		weight += v->weight;
		++*others;
		for (size_t p = v->first; p < v->end; p++) {
			b->sum[t->part[p].class] += t->part[p].value;
			b->count[t->part[p].class]++;
		}
	}
	return weight;
}

static struct opinion
on_class(const struct ballot *b, const struct tallied_vote *v, double weight)
{
	struct opinion o = { .label = b->t->part[v->first].class };

	for (size_t c = 1; c < labels_width(&b->t->labels); c++)
		if (b->sum[c] > b->sum[o.answer])
			o.answer = c;
	/* of equal ones its own */
	if (!(b->sum[o.answer] > b->sum[o.label]))
		o.answer = o.label;
	o.label_q = b->sum[o.label] / weight;
	o.answer_q = b->sum[o.answer] / weight;
	o.votes = b->count[o.answer];
	return o;
}

static struct opinion
on_label(const struct ballot *b, const struct tallied_vote *v, size_t c,
    double weight, size_t others)
{
	struct opinion o = { .label = c, .answer = c };
	double applies = b->sum[c] / weight;

	for (size_t p = v->first; p < v->end; p++)
		o.is_label = o.is_label || b->t->part[p].class == c;
	o.label_q = o.is_label ? applies : 1 - applies;
	o.is_answer = o.label_q < 0.5 ? !o.is_label : o.is_label;
	o.answer_q = o.is_answer ? applies : 1 - applies;
	o.votes = o.is_answer ? b->count[c] : others - b->count[c];
	return o;
}

/* Votes on an item: a row, or in multilabel a label of it. */
static size_t
items(const struct tallied *t)
{
	return t->labels.type == TASK_MULTILABEL ? t->labels.classes : 1;
}

static struct opinion
opinion(const struct ballot *b, const struct tallied_vote *v, size_t item,
    double weight, size_t others)
{
	return b->t->labels.type == TASK_MULTILABEL
		   ? on_label(b, v, item, weight, others)
		   : on_class(b, v, weight);
}

static bool
is_against(const struct opinion *o)
{
	return o->label != o->answer || o->is_label != o->is_answer;
}

static void
put_standing(FILE *out, const char *name, size_t n, const struct standing *s)
{
	char agreement[NUM_TEXT];

	num_put(agreement,
	    s->compared > 0 ? s->agreement / (double)s->compared : (double)NAN);
	fprintf(out, "%.*s\t%zu\t%zu\t%s\t%zu\n", (int)n, name, s->votes,
	    s->compared, agreement, s->against);
}

static void
add(struct standing *s, const struct opinion *o)
{
	s->compared++;
	s->agreement += o->label_q;
	s->against += is_against(o);
}

void
voters_stats(FILE *out, const struct tallied *t)
{
	size_t voters = numbering_count(t->voters);
	struct standing *of = mem_zero(voters + 1, sizeof(*of));
	struct standing *all = &of[voters];
	struct ballot b;

	ballot_open(&b, t);
	for (size_t i = 0; i < t->votes; i++) {
		const struct tallied_vote *v = &t->vote[i];
		size_t others;
		double weight = hear_others(&b, v, &others);

		of[v->voter].votes += items(t);
		all->votes += items(t);
		for (size_t k = 0; k < items(t) && others > 0; k++) {
			struct opinion o = opinion(&b, v, k, weight, others);

			add(&of[v->voter], &o);
			add(all, &o);
		}
	}
	fputs("voter\tvotes\tcompared\tagreement\tagainst\n", out);
	for (size_t i = 0; i < voters; i++) {
		size_t n;
		const char *name = numbering_name(t->voters, i, &n);

		put_standing(out, name, n, &of[i]);
	}
	put_standing(out, "-", 1, all);
	ballot_close(&b);
	free(of);
}

static void
put_opinion(FILE *out, const struct tallied *t, const struct tallied_vote *v,
    const struct opinion *o)
{
	bool many = t->labels.type == TASK_MULTILABEL;
	char label_q[NUM_TEXT], answer_q[NUM_TEXT];
	size_t n, m;
	const char *id = numbering_name(t->ids, v->row, &n);
	const char *voter = numbering_name(t->voters, v->voter, &m);

	num_put(label_q, o->label_q);
	num_put(answer_q, o->answer_q);
	fprintf(out, "%.*s\t%.*s\t%s\t%s\t%s\t%s\t%zu\n", (int)n, id, (int)m,
	    voter,
	    many && !o->is_label ? "-" : labels_column(&t->labels, o->label),
	    many && !o->is_answer ? "-" : labels_column(&t->labels, o->answer),
	    label_q, answer_q, o->votes);
}

void
voters_dissent(FILE *out, const struct tallied *t)
{
	struct ballot b;

	ballot_open(&b, t);
	fputs("id\tvoter\tlabel\tanswer\tlabel_q\tanswer_q\tvotes\n", out);
	for (size_t i = 0; i < t->votes; i++) {
		const struct tallied_vote *v = &t->vote[b.order[i]];
		size_t others;
		double weight = hear_others(&b, v, &others);

		for (size_t k = 0; k < items(t) && others > 0; k++) {
			struct opinion o = opinion(&b, v, k, weight, others);

			if (is_against(&o))
				put_opinion(out, t, v, &o);
		}
	}
	ballot_close(&b);
}
