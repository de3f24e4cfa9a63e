/*
 * gold: the same answers from an examples table and from a pack, joined with
 * predictions in the same order and in others.
 */
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "data/pack.h"
#include "score/gold.h"

enum { ROWS = 4 };

static char *labels[] = { "no", "maybe", "yes" };
static char *names[] = { "no", "maybe", "yes" };
static char *metrics[] = { "accuracy", "matthews" };

static const struct task task = { .name = "quiz",
	.path = "quiz.yml",
	.head = "quiz",
	.labels = { TASK_CLASSIFICATION, 3, names },
	.metrics = 2,
	.metric = metrics };

static void
write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		exit(1);
}

static void
write_pack(const char *path)
{
	const char *ids[ROWS] = { "a", "b", "c", "d" };
	const float label[ROWS] = { 2, 0, (float)NAN, 1 };
	const int32_t tokens[] = { 101, 7, 102 };
	const struct pack_head head = { .task = "quiz",
		.split = "dev",
		.head = "quiz",
		.labels = { TASK_CLASSIFICATION, 3, labels },
		.vocab = "0123456789abcdef0123456789abcdef"
			 "0123456789abcdef0123456789abcdef",
		.max_length = 8 };
	struct pack_writer *w = pack_create(path, &head);

	for (int32_t i = 0; i < ROWS; i++)
		pack_add(w, ids[i], tokens, 3, 3, label[i], i, false);
	pack_commit(w);
}

static void
check_gold(const char *path, const char *pred)
{
	struct gold *g = gold_read(path, &task, -1);
	struct sample s;
	struct rows r;

	CHECK_NAMED(path, g->rows == ROWS && g->unlabelled == 1);
	CHECK_TEXT(g->split, "dev");
	CHECK(g->label[0] == 2 && g->label[1] == 0 && isnan(g->label[2]) &&
	      g->label[3] == 1);
	s = sample_read(g, pred, false);
	r = sample_rows(&s);
	CHECK_TEXT(s.split, "dev");
	CHECK(s.n == 3 && s.classes == 3);
	CHECK(s.gold[0] == 2 && s.gold[1] == 0 && s.gold[2] == 1);
	CHECK(s.guess[0] == 2 && s.guess[1] == 1 && s.guess[2] == 1);
	CHECK_NEAR("accuracy", rows_metric(&r, METRIC_ACCURACY), 2. / 3, 1e-15);
	sample_free(&s);
	gold_free(g);
}

int
main(void)
{
	char folder[] = "/tmp/t-gold-XXXXXX";

	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return 1;
	write_text("gold.tsv", "#mtkd examples 1 task=quiz split=dev\n"
			       "id\tlabel\ttext_a\ttext_b\n"
			       "a\tyes\tx\ty\nb\tno\tx\ty\n"
			       "c\t-\tx\ty\nd\tmaybe\tx\ty\n");
	/* The largest of equal ones is the first: b is "maybe". */
	write_text("pred.tsv", "#mtkd pred 1 task=quiz split=dev\n"
			       "id\tno\tmaybe\tyes\n"
			       "c\t1\t0\t0\nb\t0.2\t0.4\t0.4\n"
			       "d\t0.1\t0.8\t0.1\na\t0\t0\t1\n");
	write_text("same.tsv", "#mtkd pred 1 task=quiz split=dev\n"
			       "id\tno\tmaybe\tyes\n"
			       "a\t0\t0\t1\nb\t0.2\t0.4\t0.4\n"
			       "c\t1\t0\t0\nd\t0.1\t0.8\t0.1\n");
	write_text("half.tsv", "#mtkd pred 1 task=quiz split=dev\n"
			       "id\tno\tmaybe\tyes\n"
			       "a\t0\t0\t1\nb\t0.2\t0.4\t0.4\n"
			       "d\t0.1\t0.8\t0.1\nc\t1\t0\t0\n");
	write_pack("gold.st");
	check_gold("gold.tsv", "pred.tsv");
	check_gold("gold.st", "pred.tsv");
	/* In gold's order, and in it for two rows. */
	check_gold("gold.st", "same.tsv");
	check_gold("gold.st", "half.tsv");
	remove("gold.tsv");
	remove("gold.st");
	remove("pred.tsv");
	remove("same.tsv");
	remove("half.tsv");
	if (chdir("/") != 0 || rmdir(folder) != 0)
		return 1;
	return check_done();
}
