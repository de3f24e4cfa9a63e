#include "score/softstats.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "metric/calibration.h"

struct bin {
	size_t items, labelled, right;
	double sum; /* of the values in it */
};

/* What is summed over items. */
struct sums {
	size_t items, numbers, labelled, right, agreed, one_hot;
	double entropy, relative, highest, spread, label, brier, squares;
	struct calibration_bin bin[CALIBRATION_BINS];
};

static bool
is_labelled(const struct softitem *item)
{
	return item->label != (size_t)-1;
}

/* A question with one candidate has nothing to be unsure of. */
static double
relative_entropy(const struct softitem *item)
{
	return item->count > 1 ? item->entropy / log((double)item->count) : 0;
}

static void
add_to_bin(
    struct bin *bin, size_t bins, double value, const struct softitem *item)
{
	bin += calibration_index(value, bins);
	bin->items++;
	bin->labelled += is_labelled(item);
	bin->right += item->answer == item->label;
	bin->sum += value;
}

/* --- statistics --- */

static double
brier(const struct softitem *item)
{
	double sum = 0;

	for (size_t i = 0; i < item->count; i++)
		sum += pow(item->mean[i] - (i == item->label), 2);
	return sum;
}

static void
add_answer(struct sums *s, const struct softitem *item, size_t members)
{
	double sure = item->mean[item->answer];

	s->entropy += item->entropy;
	s->relative += relative_entropy(item);
	s->highest += sure;
	s->one_hot += sure >= SOFTSTATS_ONE_HOT;
	s->agreed += item->votes == members;
	if (!is_labelled(item))
		return;
	s->labelled++;
	s->right += item->answer == item->label;
	s->label += item->mean[item->label];
	s->brier += brier(item);
	calibration_add(
	    s->bin, CALIBRATION_BINS, sure, item->answer == item->label, 1);
}

static void
add_score(struct sums *s, const struct softitem *item)
{
	if (isnan(item->score))
		return;
	s->labelled++;
	s->squares += pow(item->mean[0] - item->score, 2);
}

static void
put_words(FILE *out, const struct pred *p, const char *what)
{
	fprintf(out, "%s\t%s\t%s", p->task != NULL ? p->task : "-",
	    p->split != NULL ? p->split : "-", what);
}

static void
put_number(FILE *out, double value)
{
	char text[NUM_TEXT];

	num_put(text, value);
	fprintf(out, "\t%s", text);
}

static void
put(FILE *out, const struct pred *p, const char *metric, double sum, size_t n,
    size_t shown)
{
	put_words(out, p, metric);
	put_number(out, sum / (double)n);
	fprintf(out, "\t%zu\n", shown);
}

static void
put_answers(FILE *out, const struct pred *p, const struct sums *s)
{
	size_t n = s->items;

	put(out, p, "entropy", s->entropy, n, n);
	put(out, p, "relative_entropy", s->relative, n, n);
	put(out, p, "max_probability", s->highest, n, n);
	put(out, p, "one_hot", (double)s->one_hot, n, n);
	put(out, p, "agreement", (double)s->agreed, n, n);
}

static void
put_labelled(FILE *out, const struct pred *p, const struct sums *s)
{
	size_t n = s->labelled;

	if (p->labels.type == TASK_REGRESSION) {
		put(out, p, "rmse", sqrt(s->squares * (double)n), n, n);
		return;
	}
	put(out, p, "accuracy", (double)s->right, n, n);
	put(out, p, "contradiction", (double)(n - s->right), n, n);
	put(out, p, "label_probability", s->label, n, n);
	put(out, p, "brier", s->brier, n, n);
	put(out, p, "ece", calibration_error(s->bin, CALIBRATION_BINS), 1, n);
}

void
softstats_print(FILE *out, struct softitems *t)
{
	const struct pred *p = softitem_table(t);
	struct sums s = { 0 };
	struct softitem item;

	while (softitem_next(t, &item)) {
		s.items++;
		s.numbers += item.count;
		s.spread += item.spread;
		if (p->labels.type == TASK_REGRESSION)
			add_score(&s, &item);
		else
			add_answer(&s, &item, softitem_members(t));
	}
	fputs("task\tsplit\tmetric\tvalue\tn\n", out);
	if (p->labels.type != TASK_REGRESSION)
		put_answers(out, p, &s);
	put(out, p, "spread", s.spread, s.numbers, s.items);
	if (softitem_has_labels(t))
		put_labelled(out, p, &s);
}

/* --- histograms --- */

static void
put_bins(FILE *out, const struct pred *p, const char *of, const struct bin *bin,
    size_t bins)
{
	for (size_t b = 0; b < bins; b++) {
		put_words(out, p, of);
		put_number(out, (double)b / (double)bins);
		put_number(out, (double)(b + 1) / (double)bins);
		fprintf(out, "\t%zu\t%zu\t%zu", bin[b].items, bin[b].labelled,
		    bin[b].right);
		put_number(out, bin[b].sum / (double)bin[b].items);
		putc('\n', out);
	}
}

void
softstats_bins(FILE *out, struct softitems *t, size_t bins)
{
	const struct pred *p = softitem_table(t);
	struct bin *confidence = mem_zero(3 * bins, sizeof(*confidence));
	struct bin *entropy = confidence + bins, *label = entropy + bins;
	struct softitem item;

	fputs("task\tsplit\tof\tfrom\tto\titems\tlabelled\tright\tmean\n", out);
	while (p->labels.type != TASK_REGRESSION && softitem_next(t, &item)) {
		add_to_bin(confidence, bins, item.mean[item.answer], &item);
		add_to_bin(entropy, bins, relative_entropy(&item), &item);
		if (is_labelled(&item))
			add_to_bin(label, bins, item.mean[item.label], &item);
	}
	if (p->labels.type != TASK_REGRESSION) {
		put_bins(out, p, "confidence", confidence, bins);
		put_bins(out, p, "entropy", entropy, bins);
		if (softitem_has_labels(t))
			put_bins(out, p, "label", label, bins);
	}
	free(confidence);
}
