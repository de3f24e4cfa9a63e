/*
 * Statistics of soft targets, reckoned by hand and by numpy, scipy and
 * scikit-learn.
 */
#include "check.h"
#include "refused.h"

#include <stdlib.h>

#include "base/file.h"
#include "data/pack.h"
#include "golden-softstats.h"
#include "metric/calibration.h"
#include "score/contradict.h"
#include "score/softstats.h"

#define VOCAB "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const char *const files[] = { "0.tsv", "1.tsv", "2.tsv", "gold.st",
	"out.tsv", "gold.tsv", "quiz.yml" };

enum what { STATISTICS, BINS, CONTRADICTIONS };

static void
write_gold(enum task_type type, const float *label, size_t rows)
{
	static char *labels[] = { "no", "yes" };
	static const char *const ids[] = { "a", "b", "c" };
	struct pack_head h = { "t", "s", NULL, { type, 2, labels }, VOCAB,
		false, false, 8, 0, NULL };
	struct pack_writer *w;
	int32_t token = 1;

	h.labels.classes = type == TASK_REGRESSION ? 0 : 2;
	w = pack_create("gold.st", &h);
	for (size_t i = 0; i < rows; i++)
		pack_add(
		    w, ids[i], &token, 1, 1, label[i], (int32_t)i / 2, false);
	pack_commit(w);
}

static char *
printed(enum what what, size_t count, const double *weight, const char *gold)
{
	const struct softitem_gold labels = { gold, "quiz.yml" };
	struct softitems *t = softitem_open(files, count, weight, &labels);
	FILE *f = fopen("out.tsv", "w");
	size_t n;

	if (what == STATISTICS)
		softstats_print(f, t);
	else if (what == BINS)
		softstats_bins(f, t, CALIBRATION_BINS);
	else
		contradict_print(f, t, &labels);
	fclose(f);
	softitem_close(t);
	return file_slurp("out.tsv", &n);
}

static char *
statistics(const double *weight, const char *gold)
{
	return printed(STATISTICS, 2, weight, gold);
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
	check_metric(text, "one_hot", 0, 3);
	check_metric(text, "agreement", 2. / 3, 3);
	check_metric(text, "spread", .8 / 6, 3);
	check_metric(text, "accuracy", 2. / 3, 3);
	check_metric(text, "contradiction", 1. / 3, 3);
	check_metric(text, "label_probability", (.8 + .4 + .7) / 3, 3);
	check_metric(text, "brier", 2 * (.04 + .36 + .09) / 3, 3);
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
	check_metric(text, "relative_entropy",
	    -(.45 * log(.45) + .55 * log(.55)) / 2 / log(2), 2);
	check_metric(text, "max_probability", 1.55 / 2, 2);
	check_metric(text, "one_hot", .5, 2);
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

/* The members of golden-softstats.h with their labels as examples. */
static void
write_golden(void)
{
	static const char *const class[] = { "no", "maybe", "yes" };
	FILE *f = fopen("gold.tsv", "w");

	put_text_file("quiz.yml",
	    "kind: pair\nlabels: [no, maybe, yes]\nmetrics: [accuracy]\n"
	    "layout: {label: 1, text_a: 2, text_b: 3}\n"
	    "splits:\n  s: {file: s.tsv}\n");
	for (size_t k = 0; k < COUNT(soft_table); k++) {
		FILE *member = fopen(files[k], "w");

		fprintf(member, "#mtkd pred 1 task=quiz split=s\n%s",
		    soft_table[k]);
		fclose(member);
	}
	fputs("id\ttext_b\tlabel\ttext_a\n", f);
	for (size_t r = COUNT(soft_label); r-- > 0;)
		fprintf(f, "%zu\t\"b %zu\t%s\ta\n", r, r,
		    class[(size_t)soft_label[r]]);
	fclose(f);
}

static void
check_bins(const char *text, const char *of, size_t b, double items,
    double right, double mean)
{
	char name[64];
	double found[6];
	const char *at = text;
	int n = 0;

	snprintf(name, sizeof(name), "\t%s\t", of);
	for (size_t i = 0; i <= b && at != NULL; i++)
		at = strstr(at + (i > 0), name);
	if (at != NULL)
		n = sscanf(at + strlen(name), "%lf %lf %lf %lf %lf %lf",
		    &found[0], &found[1], &found[2], &found[3], &found[4],
		    &found[5]);
	if (!CHECK_NAMED("there is a bin", n == 6))
		return;
	CHECK_NEAR("from", found[0], (double)b / CALIBRATION_BINS, 1e-8);
	CHECK_NEAR("to", found[1], (double)(b + 1) / CALIBRATION_BINS, 1e-8);
	CHECK_NEAR("items", found[2], items, 0);
	CHECK_NEAR("labelled", found[3], items, 0);
	if (isnan(right))
		return;
	CHECK_NEAR("right", found[4], right, 0);
	CHECK_NEAR("mean", found[5], mean, 1e-8);
}

static void
check_contradictions(const char *text)
{
	static const char *const class[] = { "no", "maybe", "yes" };
	static const char head[] = "id\tlabel\tanswer\tlabel_q\tanswer_q\t"
				   "votes\tentropy\ttext_a\ttext_b\n";
	char want[64], b[16];

	CHECK(strncmp(text, head, strlen(head)) == 0);
	for (size_t i = 0; i < COUNT(soft_contradiction); i++) {
		double label_q = 0, answer_q = 0, entropy = 0;
		int votes = 0, id = soft_contradiction[i].id;

		text = strchr(text, '\n') + 1;
		snprintf(want, sizeof(want), "%d\t%s\t%s\t", id,
		    class[soft_contradiction[i].label],
		    class[soft_contradiction[i].answer]);
		if (!CHECK_NAMED(want, strncmp(text, want, strlen(want)) == 0))
			return;
		sscanf(text + strlen(want), "%lf %lf %d %lf a %15[^\n]",
		    &label_q, &answer_q, &votes, &entropy, b);
		CHECK_NEAR(
		    "label_q", label_q, soft_contradiction[i].label_q, 1e-8);
		CHECK_NEAR(
		    "answer_q", answer_q, soft_contradiction[i].answer_q, 1e-8);
		CHECK_NEAR(
		    "entropy", entropy, soft_contradiction[i].entropy, 1e-8);
		CHECK(votes == soft_contradiction[i].votes);
		snprintf(want, sizeof(want), "\"b %d", id);
		CHECK_TEXT(b, want);
	}
	CHECK(strchr(text, '\n')[1] == '\0');
}

static void
test_golden(void)
{
	size_t count = COUNT(soft_table);
	char *text;

	write_golden();
	text = printed(STATISTICS, count, soft_weight, "gold.tsv");
	for (size_t i = 0; i < COUNT(soft_expected); i++)
		check_metric(text, soft_expected[i].metric,
		    soft_expected[i].value, (int)COUNT(soft_label));
	free(text);
	text = printed(BINS, count, soft_weight, "gold.tsv");
	for (size_t b = 0; b < CALIBRATION_BINS; b++) {
		check_bins(text, "confidence", b, soft_bins[b].items,
		    soft_bins[b].right, soft_bins[b].mean);
		check_bins(
		    text, "entropy", b, soft_entropy_bins[b], (double)NAN, 0);
		check_bins(
		    text, "label", b, soft_label_bins[b], (double)NAN, 0);
	}
	free(text);
	text = printed(CONTRADICTIONS, count, soft_weight, "gold.tsv");
	check_contradictions(text);
	free(text);
}

static void
test_contradicted_ranking(void)
{
	static const float label[] = { 1, 0, 1 };
	char *text;

	put_text_file(
	    "0.tsv", "id\tscore\tgroup\na\t.3\tg\nb\t.7\tg\nc\t1\th\n");
	put_text_file(
	    "1.tsv", "id\tscore\tgroup\na\t.6\tg\nb\t.4\tg\nc\t1\th\n");
	write_gold(TASK_RANKING, label, 3);
	text = printed(CONTRADICTIONS, 2, NULL, "gold.st");
	CHECK_TEXT(text, "id\tlabel\tanswer\tlabel_q\tanswer_q\tvotes\tentropy"
			 "\nb\ta\tb\t0.45\t0.55\t1\t0.688138814\n");
	free(text);
}

static void
run(const void *gold)
{
	free(statistics(NULL, gold));
}

static void
run_contradictions(const void *gold)
{
	free(printed(CONTRADICTIONS, 2, NULL, gold));
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
	CHECK(
	    refused(run, "gold.tsv", "0.tsv:1: no provenance names the task"));
	write_golden();
	put_text_file("1.tsv", soft_table[1]);
	put_text_file("gold.tsv", "id\tlabel\ttext_a\n0\tno\ta\n");
	CHECK(refused(run, "gold.tsv", "0.tsv:4: id '1' is not in gold.tsv"));
	put_text_file("gold.tsv", "id\tlabel\ttext_a\n0\tnone\ta\n");
	CHECK(refused(run, "gold.tsv", "label 'none', expected one of"));
	put_text_file("0.tsv", "id\tscore\na\t1\n");
	put_text_file("1.tsv", "id\tscore\na\t3\n");
	CHECK(refused(run_contradictions, NULL, "scores do not contradict"));
}

int
main(void)
{
	char folder[] = "/tmp/t-softstats.XXXXXX";

	own_folder(folder);
	test_classes();
	test_ranking();
	test_scores();
	test_golden();
	test_contradicted_ranking();
	test_refusals();
	remove_folder(folder, files, sizeof(files) / sizeof(files[0]));
	return check_done();
}
