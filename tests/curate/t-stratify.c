/*
 * stratify: folds by label are disjoint, complete, alike in labels, and share
 * no text, tied rows or not; they depend on the seed alone.
 */
#include <stdlib.h>

#include "check.h"
#include "curate/stratify.h"

enum { ROWS = 997, LABELS = 4 };

struct row {
	size_t label, text_a, text_b; /* text 0: empty */
};

static struct example_text
word(char text[24], const char *letter, size_t number)
{
	int n = number == 0 ? 0 : snprintf(text, 24, "%s%zu", letter, number);

	text[n] = '\0';
	return (struct example_text){ text, (size_t)n };
}

static struct stratify *
make(const struct row *row, size_t rows)
{
	struct stratify *s = stratify_new();
	char label[24], a[24], b[24];

	for (size_t i = 0; i < rows; i++)
		stratify_add(s, word(label, "l", row[i].label + 1),
		    word(a, "t", row[i].text_a), word(b, "t", row[i].text_b));
	return s;
}

/* fold [rows] gets the part that each row is in; returns the largest tie. */
static size_t
cut(const struct row *row, size_t rows, size_t parts, uint64_t seed,
    size_t *fold)
{
	size_t largest = 0, twice = 0;
	bool opposite = true;

	for (size_t i = 0; i < rows; i++)
		fold[i] = 0;
	for (size_t p = 1; p <= parts; p++) {
		struct subset_fold in = { p, parts, false };
		struct subset_fold out = { p, parts, true };
		struct stratify *s = make(row, rows);
		bool *keep = malloc(rows), *rest = malloc(rows);

		memset(keep, true, rows);
		memset(rest, true, rows);
		stratify_cut(s, keep, &in, seed, &largest);
		stratify_cut(s, rest, &out, seed, &largest);
		for (size_t i = 0; i < rows; i++) {
			opposite &= keep[i] != rest[i];
			if (keep[i]) {
				twice += fold[i] != 0;
				fold[i] = p;
			}
		}
		free(keep);
		free(rest);
		stratify_free(s);
	}
	CHECK(opposite && twice == 0);
	for (size_t i = 0; i < rows; i++)
		if (fold[i] == 0)
			CHECK(fold[i] != 0);
	return largest;
}

/* The most and the least rows of a label that a part has. */
static size_t
spread(const struct row *row, size_t rows, const size_t *fold, size_t parts,
    size_t label)
{
	size_t count[16] = { 0 }, least = rows, most = 0;

	for (size_t i = 0; i < rows; i++)
		count[fold[i] - 1] += row[i].label == label;
	for (size_t p = 0; p < parts; p++) {
		least = count[p] < least ? count[p] : least;
		most = count[p] > most ? count[p] : most;
	}
	return most - least;
}

static bool
shares_text(const struct row *a, const struct row *b)
{
	return (a->text_a != 0 &&
		   (a->text_a == b->text_a || a->text_a == b->text_b)) ||
	       (a->text_b != 0 &&
		   (a->text_b == b->text_a || a->text_b == b->text_b));
}

static void
check_rows(const struct row *row, size_t parts, size_t bound)
{
	size_t fold[ROWS], again[ROWS], other[ROWS], size[16] = { 0 };
	size_t tied = cut(row, ROWS, parts, 1, fold);
	bool apart = true;

	CHECK(tied >= 1 && tied <= ROWS);
	for (size_t l = 0; l < LABELS; l++)
		CHECK(spread(row, ROWS, fold, parts, l) <= bound);
	for (size_t i = 0; i < ROWS; i++) {
		size[fold[i] - 1]++;
		for (size_t k = 0; k < i; k++)
			if (shares_text(&row[i], &row[k]))
				apart &= fold[i] == fold[k];
	}
	CHECK(apart);
	for (size_t p = 1; p < parts; p++)
		CHECK(size[p] + LABELS * bound >= size[0] &&
		      size[0] + LABELS * bound >= size[p]);
	cut(row, ROWS, parts, 1, again);
	cut(row, ROWS, parts, 2, other);
	CHECK(memcmp(fold, again, sizeof(fold)) == 0);
	CHECK(memcmp(fold, other, sizeof(fold)) != 0);
}

/*
 * Rows of any number of strata: each stratum is shared out, the rare one too.
 */
static void
check_several(void)
{
	enum { PARTS = 4, STRATA = 5 };
	static const size_t every[STRATA] = { 2, 3, 5, 40, 90 };
	size_t count[PARTS][STRATA] = { { 0 } }, largest;

	for (size_t p = 0; p < PARTS; p++) {
		struct subset_fold in = { p + 1, PARTS, false };
		struct stratify *s = stratify_new();
		struct example_text none = { "", 0 };
		bool keep[ROWS];
		char text[24];

		for (size_t i = 0; i < ROWS; i++) {
			stratify_add(s, none, none, none);
			keep[i] = true;
			for (size_t k = 0; k < STRATA; k++)
				if (i % every[k] == 0)
					stratify_also(
					    s, word(text, "l", k + 1));
		}
		stratify_cut(s, keep, &in, 1, &largest);
		for (size_t i = 0; i < ROWS; i++)
			for (size_t k = 0; k < STRATA; k++)
				count[p][k] += keep[i] && i % every[k] == 0;
		stratify_free(s);
	}
	for (size_t k = 0; k < STRATA; k++)
		for (size_t p = 0; p < PARTS; p++)
			CHECK_NEAR("share of a stratum", (double)count[p][k],
			    (double)((ROWS - 1) / every[k] + 1) / PARTS, 1.5);
}

int
main(void)
{
	struct row row[ROWS];
	size_t fold[4];
	static const struct row chain[] = { { 0, 1, 2 }, { 1, 2, 3 },
		{ 0, 4, 3 }, { 1, 5, 0 } };

	/* Texts that differ: shares as equal as can be; a rare label too. */
	for (size_t i = 0; i < ROWS; i++)
		row[i] = (struct row){ i % 97 == 0 ? 3 : i % 5 % 3, i + 1, 0 };
	check_rows(row, 2, 1);
	check_rows(row, 7, 1);
	/* Texts of two or three rows, of either column. */
	for (size_t i = 0; i < ROWS; i++)
		row[i] = (struct row){ i * 7 % LABELS, i / 3 + 1,
			i % 10 == 0 ? i / 3 + 2 : 0 };
	check_rows(row, 5, 6);
	/* Rows tied through another's texts. */
	CHECK(cut(chain, 4, 2, 1, fold) == 3);
	CHECK(fold[0] == fold[1] && fold[1] == fold[2] && fold[3] != fold[0]);
	check_several();
	return check_done();
}
