/*
 * Statistics of soft targets, reckoned by hand.
 */
#include "check.h"
#include "refused.h"

#include <stdlib.h>

#include "base/file.h"
#include "data/pack.h"
#include "score/softstats.h"

#define VOCAB "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const char *const files[] = { "0.tsv", "1.tsv", "gold.st", "out.tsv" };

static void
write_gold(enum task_type type, const float *label, size_t rows)
{
	static const char *const labels[] = { "no", "yes" };
	static const char *const ids[] = { "a", "b", "c" };
	struct pack_head h = { "t", "s", NULL, type, 2, labels, VOCAB, false,
		false, 8, 0, NULL };
	struct pack_writer *w;
	int32_t token = 1;

	h.classes = type == TASK_REGRESSION ? 0 : 2;
	w = pack_create("gold.st", &h);
	for (size_t i = 0; i < rows; i++)
		pack_add(
		    w, ids[i], &token, 1, 1, label[i], (int32_t)i / 2, false);
	pack_commit(w);
}

static char *
statistics(const double *weight, const char *gold)
{
	FILE *f = fopen("out.tsv", "w");
	size_t n;

	softstats_print(f, files, 2, weight, gold);
	fclose(f);
	return file_slurp("out.tsv", &n);
}

/* The value of a metric, and whether it is of n items. */
static void
check_metric(const char *text, const char *metric, double value, int n)
{
	char name[64], count[16];
	const char *at;

	snprintf(name, sizeof(name), "\t%s\t", metric);
	snprintf(count, sizeof(count), "\t%d\n", n);
	at = strstr(text, name);
	if (!CHECK_NAMED(metric, at != NULL))
		return;
	at += strlen(name);
	CHECK_NEAR(metric, strtod(at, NULL), value, 1e-7);
	CHECK_NAMED("n", strncmp(strchr(at, '\t'), count, strlen(count)) == 0);
}

static void
test_classes(void)
{
	static const float label[] = { 0, 1, 1 }, few[] = { NAN, 1, NAN };
	static const double weight[] = { 1, 0 };
	char *text;

	put_text_file("0.tsv", "#mtkd pred 1 task=t split=s\nid\tno\tyes\n"
			       "a\t.9\t.1\nb\t.4\t.6\nc\t.2\t.8\n");
	put_text_file(
	    "1.tsv", "id\tno\tyes\nc\t.4\t.6\na\t.7\t.3\nb\t.8\t.2\n");
	write_gold(TASK_CLASSIFICATION, label, 3);
	text = statistics(NULL, "gold.st");
	check_metric(text, "entropy",
	    -(.8 * log(.8) + .2 * log(.2) + .6 * log(.6) + .4 * log(.4) +
		.3 * log(.3) + .7 * log(.7)) /
		3,
	    3);
	check_metric(text, "max_probability", .7, 3);
	check_metric(text, "agreement", 2. / 3, 3);
	check_metric(text, "spread", .8 / 6, 3);
	check_metric(text, "accuracy", 2. / 3, 3);
	check_metric(text, "contradiction", 1. / 3, 3);
	check_metric(text, "ece", (.2 + .6 + .3) / 3, 3);
	CHECK(strncmp(text, "task\tsplit\tmetric\tvalue\tn\nt\ts\t", 30) == 0);
	free(text);
	write_gold(TASK_CLASSIFICATION, few, 3);
	text = statistics(weight, "gold.st");
	check_metric(text, "max_probability", 2.3 / 3, 3);
	check_metric(text, "spread", 0, 3);
	check_metric(text, "accuracy", 1, 1);
	check_metric(text, "ece", .4, 1);
	free(text);
}

static void
test_ranking(void)
{
	static const float label[] = { 0, 1, 0 };
	char *text;

	put_text_file(
	    "0.tsv", "id\tscore\tgroup\na\t.3\tg\nb\t.7\tg\nc\t1\th\n");
	put_text_file(
	    "1.tsv", "id\tscore\tgroup\nc\t1\th\na\t.6\tg\nb\t.4\tg\n");
	write_gold(TASK_RANKING, label, 3);
	text = statistics(NULL, "gold.st");
	check_metric(
	    text, "entropy", -(.45 * log(.45) + .55 * log(.55)) / 2, 2);
	check_metric(text, "max_probability", 1.55 / 2, 2);
	check_metric(text, "agreement", .5, 2);
	check_metric(text, "spread", .3 / 3, 2);
	check_metric(text, "accuracy", 1, 1);
	check_metric(text, "ece", .45, 1);
	free(text);
}

static void
test_scores(void)
{
	static const float label[] = { 1, NAN };
	char *text;

	put_text_file("0.tsv", "id\tscore\na\t1\nb\t2\n");
	put_text_file("1.tsv", "id\tscore\na\t3\nb\t2\n");
	write_gold(TASK_REGRESSION, label, 2);
	text = statistics(NULL, "gold.st");
	check_metric(text, "spread", .5, 2);
	check_metric(text, "rmse", 1, 1);
	CHECK(strstr(text, "entropy") == NULL);
	free(text);
	text = statistics(NULL, NULL);
	CHECK(strstr(text, "rmse") == NULL);
	free(text);
}

static void
run(const void *gold)
{
	free(statistics(NULL, gold));
}

static void
test_refusals(void)
{
	put_text_file("0.tsv", "id\tno\tyes\na\t1\t0\nb\t1\t0\n");
	put_text_file("1.tsv", "id\tno\tyes\na\t1\t0\n");
	CHECK(refused(run, NULL, "1.tsv: no row for id 'b', line 3 of 0.tsv"));
	put_text_file("1.tsv", "id\tno\tyes\na\t1\t0\nc\t1\t0\nb\t1\t0\n");
	CHECK(refused(run, NULL, "1.tsv:3: id 'c' is not in 0.tsv"));
	put_text_file("1.tsv", "id\tyes\tno\na\t1\t0\nb\t1\t0\n");
	CHECK(refused(run, NULL, "label 1 is 'yes'"));
	put_text_file("1.tsv", "id\tno\tyes\na\t1\t0\nb\t1\t0\n");
	CHECK(refused(run, "gold.st", "a classification table, expected"));
}

int
main(void)
{
	char folder[] = "/tmp/t-softstats.XXXXXX";

	own_folder(folder);
	test_classes();
	test_ranking();
	test_scores();
	test_refusals();
	remove_folder(folder, files, sizeof(files) / sizeof(files[0]));
	return check_done();
}
