/* Tables of scores and comparisons, gold, submissions. */
#include "fuzz.h"

#include "score/compare.h"
#include "score/comparison.h"
#include "score/glue.h"
#include "score/gold.h"
#include "score/measure.h"
#include "score/scores.h"
#include "score/submit.h"

static const char *const paths[] = { "a", "b", "c" };
enum { TASKS = 5 };

static struct task *task[TASKS];

void
fuzz_start(void)
{
	static const char *const names[] = { "rte", "mrpc", "qnli-rank", "stsb",
		"tags" };
	FILE *f = fopen("tags.yml", "w");

	fputs("kind: single\ntype: multilabel\nlabels: [a, b]\n"
	      "names: {text_a: text}\n",
	    f);
	fclose(f);
	for (size_t i = 0; i < TASKS; i++)
		task[i] = task_find(names[i], i == 4 ? "tags.yml" : NULL);
}

static void
average(size_t count, uint8_t how, FILE *out)
{
	struct scores in = { 0 }, s = { 0 };

	for (size_t i = 0; i < count; i++)
		scores_read(&in, paths[i]);
	glue_score(&s, &in, (how & 8) != 0 ? "dev" : NULL, (how & 16) != 0);
	scores_write(out, &s);
	scores_free(&s);
	scores_free(&in);
}

static void
collect(size_t count, FILE *out)
{
	struct comparisons c = { 0 };

	for (size_t i = 0; i < count; i++)
		comparisons_read(&c, paths[i]);
	comparisons_adjust(&c);
	comparisons_write(out, &c, 0.95);
	comparisons_free(&c);
}

static void
measure(size_t count, const struct task *t, FILE *out)
{
	struct gold *g = gold_read("a", t, -1);
	struct figures f = figures_choose(t, "all", labels_is_wide(&t->labels));
	struct scores s = { 0 };

	if (count > 1) {
		measure_scores(&s, g, &f, paths + 1, count - 1);
		scores_write(out, &s);
		scores_free(&s);
	}
	figures_free(&f);
	gold_free(g);
}

static void
compare(const struct task *t, FILE *out)
{
	struct resampling settings = { 20, 0.95, 1 };
	struct figures f = figures_choose(t, "all", false);
	struct gold *g = gold_read("a", t, -1);
	struct comparisons c = { 0 };

	compare_runs(&c, g, &f, "b", "c", &settings);
	comparisons_write(out, &c, 0.95);
	comparisons_free(&c);
	figures_free(&f);
	gold_free(g);
}

void
fuzz_one(const uint8_t *bytes, size_t n)
{
	struct fuzz_part part[3] = { { 0 } };
	const struct task *t;
	size_t count;
	FILE *out;

	if (n < 1)
		return;
	out = fuzz_nowhere();
	t = task[bytes[0] / 8 % TASKS];
	count = fuzz_parts(part, 3, bytes + 1, n - 1);
	for (size_t i = 0; i < count; i++)
		fuzz_put_part(paths[i], &part[i]);
	switch (bytes[0] % 5) {
	case 0:
		average(count, bytes[0], out);
		break;
	case 1:
		collect(count, out);
		break;
	case 2:
		measure(count, t, out);
		break;
	case 3:
		if (count == 3)
			compare(t, out);
		break;
	default:
		submit_write("sub", paths, count, true);
	}
	fclose(out);
}
