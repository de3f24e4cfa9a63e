/*
 * Averages against the plain sum over whole tables, in any order of rows.
 */
#include "check.h"
#include "refused.h"

#include "base/mem.h"
#include "data/pred.h"
#include "score/average.h"

enum { ROWS = 500, WIDTH = 3, MEMBERS = 4 };

static const char *const files[] = { "0.tsv", "1.tsv", "2.tsv", "3.tsv",
	"out.tsv" };

static double value[MEMBERS][ROWS][WIDTH];

static void
average_to(const char *path, size_t count, const double *weight)
{
	FILE *f = fopen(path, "w");

	average_tables(f, files, count, weight);
	fclose(f);
}

/* The tables; rows from first on in another order for members from 1 on. */
static void
write_tables(size_t first)
{
	static char *columns[] = { "x", "y", "z" };
	const struct labels set = { TASK_CLASSIFICATION, 3, columns };
	struct rng r = rng_key(3, 0, 0);

	for (size_t k = 0; k < MEMBERS; k++) {
		FILE *f = fopen(files[k], "w");
		size_t order[ROWS];

		for (size_t i = 0; i < ROWS; i++) {
			double *v = value[k][i];

			v[0] = rng_uniform(r, (k * ROWS + i) * 2) / 2;
			v[1] = rng_uniform(r, (k * ROWS + i) * 2 + 1) / 2;
			v[2] = 1 - v[0] - v[1];
			order[i] = i;
		}
		if (k > 0)
			rng_shuffle(
			    rng_key(k, 0, 0), order + first, ROWS - first);
		for (size_t i = first; k > 0 && i < ROWS; i++)
			order[i] += first;
		pred_write_head(f, "mnli", "train", &set, (long long)k + 1);
		for (size_t i = 0; i < ROWS; i++) {
			char *id = mem_printf("id%zu", order[i]);

			pred_write_exact(
			    f, id, strlen(id), value[k][order[i]], WIDTH, NULL);
			free(id);
		}
		fclose(f);
	}
}

static void
compare(const char *name, size_t count, const double *weight)
{
	struct pred *p = pred_read("out.tsv");
	double worst = 0;
	bool order = p->rows == ROWS;

	for (size_t i = 0; i < ROWS && order; i++) {
		char *id = mem_printf("id%zu", i);

		order = strcmp(pred_id(p, i), id) == 0;
		free(id);
		for (size_t c = 0; c < WIDTH; c++) {
			double sum = 0, total = 0;

			for (size_t k = 0; k < count; k++) {
				double w = weight != NULL ? weight[k] : 1;

				sum += w * value[k][i][c];
				total += w;
			}
			worst =
			    fmax(worst, fabs((double)p->value[i * WIDTH + c] -
					     sum / total));
		}
	}
	CHECK_NAMED("rows are in the first table's order", order);
	CHECK_NEAR(name, worst, 0, 1e-7);
	pred_free(p);
}

static void
test_means(void)
{
	static const double weight[] = { 2, 0, 0.5, 1 };
	struct pred *p;

	write_tables(ROWS);
	average_to("out.tsv", MEMBERS, NULL);
	compare("the plain mean", MEMBERS, NULL);
	average_to("out.tsv", MEMBERS, weight);
	compare("the weighted mean", MEMBERS, weight);
	average_to("out.tsv", 1, NULL);
	compare("the mean of one", 1, NULL);
	write_tables(0);
	average_to("out.tsv", MEMBERS, weight);
	compare("other orders", MEMBERS, weight);
	write_tables(ROWS / 2);
	average_to("out.tsv", MEMBERS, NULL);
	compare("orders that depart half-way", MEMBERS, NULL);
	p = pred_read("out.tsv");
	CHECK(p->members == 1 + 2 + 3 + 4);
	CHECK_TEXT(p->task, "mnli");
	CHECK_TEXT(p->split, "train");
	CHECK_TEXT(p->labels.name[2], "z");
	pred_free(p);
}

/* --- what does not fit together --- */

#define HEAD "#mtkd pred 1 task=t split=s\nid\tno\tyes\n"

static const struct {
	const char *first, *second, *words;
} bad[] = {
	{ HEAD, "#mtkd pred 1 task=u\nid\tno\tyes\n",
	    "1.tsv:1: task is 'u', expected 't'" },
	{ HEAD, "#mtkd pred 1 split=r\nid\tno\tyes\n",
	    "1.tsv:1: split is 'r', expected 's'" },
	{ HEAD, "id\tscore\n", "1.tsv: a regression table" },
	{ HEAD, "id\tno\tyes\tx\n", "1.tsv: 3 labels, expected 2" },
	{ HEAD, "id\tyes\tno\n", "1.tsv: label 1 is 'yes'" },
	{ HEAD "a\t.5\t.5\n", HEAD, "1.tsv: no row below the header" },
	{ HEAD "a\t.5\t.5\n"
	       "b\t.5\t.5\n",
	    HEAD "a\t.5\t.5\n", "1.tsv: no row for id 'b', line 4 of 0.tsv" },
	{ HEAD "a\t.5\t.5\n"
	       "b\t.5\t.5\n",
	    HEAD "b\t.5\t.5\n"
		 "c\t.5\t.5\n",
	    "1.tsv: no row for id 'a', line 3 of 0.tsv" },
	{ HEAD "a\t.5\t.5\n",
	    HEAD "a\t.5\t.5\n"
		 "b\t.5\t.5\n",
	    "1.tsv:4: id 'b' is not in 0.tsv" },
	{ HEAD "a\t.5\t.5\n",
	    HEAD "b\t.5\t.5\n"
		 "a\t.5\t.5\n",
	    "1.tsv:3: id 'b' is not in 0.tsv" },
	{ HEAD "a\t.5\t.5\n"
	       "a\t.5\t.5\n",
	    HEAD "a\t.5\t.5\n"
		 "a\t.5\t.5\n",
	    "0.tsv:4: id 'a' stood in a line before" },
	{ HEAD "a\t.5\t.5\n",
	    HEAD "a\t.5\t.5\n"
		 "a\t.5\t.5\n",
	    "1.tsv:4: id 'a' stood in a line before" },
	{ HEAD "a\t.5\t.5\n"
	       "b\t.5\t.5\n"
	       "c\t.5\t.5\n",
	    HEAD "a\t.5\t.5\n"
		 "c\t.5\t.5\n"
		 "b\t.5\t.5\n"
		 "a\t.5\t.5\n",
	    "1.tsv:6: id 'a' stood in a line before" },
	{ HEAD "a\t.5\t.5\n"
	       "b\t.5\t.5\n"
	       "c\t.5\t.5\n",
	    HEAD "a\t.5\t.5\n"
		 "c\t.5\t.5\n"
		 "b\t.5\t.5\n"
		 "c\t.5\t.5\n",
	    "1.tsv:6: id 'c' stood in line 4 already" },
	{ HEAD "a\t.5\t.5\n", HEAD "a\t.5\t.6\n",
	    "1.tsv:3: id 'a': the row sums" },
	{ "id\tscore\tgroup\na\t1\tg\n", "id\tscore\tgroup\na\t1\th\n",
	    "1.tsv:2: id 'a' is in group 'h', expected 'g' as in 0.tsv:2" },
	{ "id\tscore\tgroup\na\t1\tg\nb\t1\tk\n",
	    "id\tscore\tgroup\nb\t1\tk\na\t1\th\n",
	    "1.tsv:3: id 'a' is in group 'h'" },
};

static void
average_two(const void *state)
{
	(void)state;
	average_to("out.tsv", 2, NULL);
}

static void
test_refusals(void)
{
	char message[256];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put_text_file("0.tsv", bad[i].first);
		put_text_file("1.tsv", bad[i].second);
		CHECK_NAMED(
		    bad[i].words, refused(average_two, NULL, bad[i].words));
	}
	put_text_file("0.tsv", "id\tno\tyes\n"
			       "a\t.5\t.5\n");
	put_text_file("1.tsv", HEAD "a\t.5\t.5\n");
	CHECK_NAMED("provenance is optional",
	    refused_status(average_two, NULL, message, sizeof(message)) == 0);
}

static void
test_ranking(void)
{
	struct pred *p;

	put_text_file(
	    "0.tsv", "id\tscore\tgroup\na\t.2\tg\nb\t.8\tg\nc\t1\th\n");
	put_text_file(
	    "1.tsv", "id\tscore\tgroup\nc\t1\th\nb\t.4\tg\na\t.6\tg\n");
	average_to("out.tsv", 2, NULL);
	p = pred_read("out.tsv");
	CHECK(p->labels.type == TASK_RANKING && p->rows == 3);
	CHECK(p->value[0] == 0.4f && p->value[1] == 0.6f && p->value[2] == 1);
	CHECK_TEXT(p->group[2], "h");
	pred_free(p);
}

int
main(void)
{
	char folder[] = "/tmp/t-average.XXXXXX";

	own_folder(folder);
	test_means();
	test_refusals();
	test_ranking();
	remove_folder(folder, files, sizeof(files) / sizeof(files[0]));
	return check_done();
}
