/*
 * What it costs that a student learns from inside a teacher: updates without
 * it, the teacher's forward pass over every token by itself, and updates with
 * it, for each feature loss.
 *
 * usage: inside STUDENT TEACHER PACK BATCHES PASSES THREADS
 * writes a TSV of loss, ms an update, over (student's update + teacher's
 * forward pass), and bytes that teacher and taps take.
 */
#include <omp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/thread.h"
#include "data/pack.h"

#include "bench/updates.h"

struct bench {
	const char *student, *teacher;
	const struct pack *pack;
	long long batches, passes;
};

/* Of the clock, or with CLOCK=cpu of CPU time, as the other benches have it. */
static double
now(void)
{
	const char *clock_of = getenv("CLOCK");

	if (clock_of != NULL && strcmp(clock_of, "cpu") == 0)
		return (double)clock() / CLOCKS_PER_SEC;
	return omp_get_wtime();
}

/* Seconds of the median of passes over the batches, per batch. */
static double
median(const struct bench *n, void (*run)(void *, size_t), void *self)
{
	double *seconds = mem_zero((size_t)n->passes, sizeof(*seconds)), m;

	for (long long i = -1; i < n->passes; i++) {
		double begin = now();

		for (long long k = 0; k < n->batches; k++)
			run(self, (size_t)k * ROWS);
		if (i >= 0)
			seconds[i] = now() - begin;
	}
	qsort(seconds, (size_t)n->passes, sizeof(*seconds), by_value);
	m = seconds[n->passes / 2] / (double)n->batches;
	free(seconds);
	return m;
}

struct student {
	struct update u;
	struct optimizer *o;
	struct batch b;
	size_t step;
};

static void
run_student(void *self, size_t first)
{
	struct student *s = self;

	update(&s->u, s->o, &s->b, first, s->step++);
}

struct teacher {
	struct encoder *e;
	const struct pack *pack;
	struct batch b;
};

static void
run_teacher(void *self, size_t first)
{
	struct teacher *t = self;
	struct row_ref rows[ROWS];

	for (size_t i = 0; i < ROWS; i++)
		rows[i] = (struct row_ref){ 0, first + i };
	batch_fill(&t->b, &t->pack, rows, ROWS);
	encoder_forward(t->e, &t->b, NULL, NULL);
}

/* The longest batch, and its longest row. */
static size_t
bytes(const struct bench *n, const struct teach *t)
{
	size_t tokens = 1, longest = 1;

	for (size_t r = 0; r < (size_t)n->batches * ROWS; r++) {
		const int64_t *at = n->pack->starts;
		size_t own = (size_t)(at[r + 1] - at[r]);
		size_t all =
		    (size_t)(at[r / ROWS * ROWS + ROWS] - at[r / ROWS * ROWS]);

		longest = own > longest ? own : longest;
		tokens = all > tokens ? all : tokens;
	}
	return teach_bytes(t, tokens, ROWS, longest);
}

/* Updates of a student that starts anew; options NULL: without a teacher. */
static double
updates(const struct bench *n, const struct feature_options *options, int kind,
    size_t *more)
{
	struct model *from = model_open(n->student, false), *m;
	struct student s = { 0 };
	struct recipe r;
	struct teach *t = NULL;
	struct config c;
	bool *fresh = mem_zero(from->config.head_count, sizeof(*fresh));
	double spent;

	recipe_start(&r);
	config_copy(&c, &from->config, true);
	if (options != NULL) {
		r.feature = *options;
		r.feature_kind = kind;
		t = teach_open(&r, from, &n->teacher, 1);
		teach_assign(t, &n->pack, 1);
		teach_project(t, &c);
	}
	m = model_extend(from, &c, true, 1, fresh);
	if (t != NULL)
		teach_start(t, m);
	set_up(&s.u, &(struct recipe){ 0 }, m, &n->pack, &s.o);
	s.u.recipe = &r;
	s.u.teach = t;
	spent = median(n, run_student, &s);
	*more = t != NULL ? bytes(n, t) : 0;
	update_free(&s.u);
	encoder_free(s.u.encoder);
	answer_free(s.u.answer);
	optimizer_free(s.o);
	teach_free(t);
	model_close(m);
	model_close(from);
	config_free(&c);
	free(fresh);
	return spent;
}

static void
report(const char *name, double seconds, double both, size_t more)
{
	printf(
	    "%s\t%.3f\t%.3f\t%zu\n", name, seconds * 1e3, seconds / both, more);
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		struct feature_options o;
		int kind;
	} losses[] = { { "hidden", { .hidden = 1 }, 0 },
		{ "cosine", { .cosine = 1 }, 0 },
		{ "attention-scores", { .attention = 1 }, RELATION_SQUARES },
		{ "attention-probabilities", { .attention = 1 },
		    RELATION_DIVERGENCE },
		{ "relation", { .relation = 1 }, 0 },
		{ "hidden+relation", { .hidden = 1, .relation = 1 }, 0 },
		{ "all", { 1, 1, 1, 1, RELATION_DIVERGENCE, 0 },
		    RELATION_DIVERGENCE } };
	struct bench n = { 0 };
	struct teacher t = { 0 };
	struct model *m;
	long long threads;
	double alone, forward;
	size_t more;

	die_program(argv[0]);
	thread_settle(argv);
	if (argc != 7 || !num_int(argv[4], 1, 1000, &n.batches) ||
	    !num_int(argv[5], 1, 1000, &n.passes) ||
	    !num_int(argv[6], 1, 1024, &threads))
		die_usage("STUDENT TEACHER PACK BATCHES PASSES THREADS");
	thread_use((int)threads);
	n.student = argv[1];
	n.teacher = argv[2];
	n.pack = t.pack = pack_open(argv[3]);
	m = model_open(n.teacher, false);
	t.e = encoder_new(m, false, false);
	printf("what\tms\tratio\tbytes\n");
	alone = updates(&n, NULL, 0, &more);
	forward = median(&n, run_teacher, &t);
	report("student", alone, alone + forward, 0);
	report("teacher", forward, alone + forward, 0);
	for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++) {
		double s = updates(&n, &losses[i].o, losses[i].kind, &more);

		report(losses[i].name, s, alone + forward, more);
	}
	return 0;
}
