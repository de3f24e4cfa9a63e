/*
 * Label sets: what a name may be, what a set lacks, where two differ.
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "corpus/labels.h"

static struct labels
set_of(enum task_type type, const char *names)
{
	struct labels l = { .type = type };

	if (names != NULL)
		labels_split(&l, names);
	return l;
}

static void
test_types(void)
{
	char *list = labels_type_list();

	for (int i = 0; labels_type_names[i] != NULL; i++) {
		const char *name = labels_type_name((enum task_type)i);

		CHECK_NAMED(name, labels_type_find(name) == i);
		CHECK_NAMED(name, strstr(list, name) != NULL);
	}
	CHECK(labels_type_find("rank") == -1);
	CHECK_TEXT(list, "classification, regression, ranking or multilabel");
	free(list);
}

static void
test_names(void)
{
	static const char *const bad[] = { "", "-", "id", "group", "a,b",
		"a\tb", "a\nb", "a\r" };
	static const char *const good[] = { "0", "a b", "-1", "ID", "score",
		"label", "\xc3\xa9", "\"" };

	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK(!labels_name_is_good(bad[i]));
	for (size_t i = 0; i < COUNT(good); i++)
		CHECK(labels_name_is_good(good[i]));
}

static void
test_width(void)
{
	static const struct {
		enum task_type type;
		const char *names, *columns;
	} rows[] = { { TASK_CLASSIFICATION, "no,maybe,yes", "no,maybe,yes" },
		{ TASK_REGRESSION, NULL, "score" },
		{ TASK_RANKING, "bad,good", "score" } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct labels l = set_of(rows[i].type, rows[i].names);
		struct labels columns = { .type = TASK_CLASSIFICATION };
		size_t n = labels_width(&l);

		labels_split(&columns, rows[i].columns);
		CHECK_NAMED(rows[i].columns, n == columns.classes);
		for (size_t c = 0; c < n; c++)
			CHECK_TEXT(labels_column(&l, c), columns.name[c]);
		labels_free(&columns);
		labels_free(&l);
	}
}

static void
test_faults(void)
{
	static const struct {
		enum task_type type;
		const char *names;
		enum labels_fault fault;
		size_t which;
	} rows[] = { { TASK_CLASSIFICATION, "a,b", LABELS_GOOD, 0 },
		{ TASK_CLASSIFICATION, NULL, LABELS_COUNT, 0 },
		{ TASK_CLASSIFICATION, "a", LABELS_COUNT, 0 },
		{ TASK_RANKING, "a", LABELS_COUNT, 0 },
		{ TASK_RANKING, "a,b", LABELS_GOOD, 0 },
		{ TASK_REGRESSION, NULL, LABELS_GOOD, 0 },
		{ TASK_REGRESSION, "a,b", LABELS_COUNT, 0 },
		{ TASK_CLASSIFICATION, "a,,b", LABELS_NAME, 1 },
		{ TASK_CLASSIFICATION, "a,b,-", LABELS_NAME, 2 },
		{ TASK_CLASSIFICATION, "b,a,c,a,b", LABELS_TWICE, 3 },
		{ TASK_CLASSIFICATION, "b,a,a,b,b", LABELS_TWICE, 2 } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct labels l = set_of(rows[i].type, rows[i].names);
		size_t which = 0;
		enum labels_fault fault = labels_check(&l, &which);

		CHECK(fault == rows[i].fault);
		if (fault == LABELS_NAME || fault == LABELS_TWICE)
			CHECK(which == rows[i].which);
		labels_free(&l);
	}
}

static void
test_differences(void)
{
	static const struct {
		enum task_type type, other_type;
		const char *names, *other;
		enum labels_difference all, columns;
		size_t which;
	} rows[] = {
		{ TASK_CLASSIFICATION, TASK_CLASSIFICATION, "a,b", "a,b",
		    LABELS_SAME, LABELS_SAME, 0 },
		{ TASK_CLASSIFICATION, TASK_CLASSIFICATION, "a,b,c", "a,c,b",
		    LABELS_OTHER_NAME, LABELS_OTHER_NAME, 1 },
		{ TASK_CLASSIFICATION, TASK_CLASSIFICATION, "a,b", "a,b,c",
		    LABELS_OTHER_COUNT, LABELS_OTHER_COUNT, 0 },
		{ TASK_CLASSIFICATION, TASK_RANKING, "a,b", "a,b",
		    LABELS_OTHER_TYPE, LABELS_OTHER_TYPE, 0 },
		{ TASK_REGRESSION, TASK_RANKING, NULL, "a,b", LABELS_OTHER_TYPE,
		    LABELS_OTHER_TYPE, 0 },
		{ TASK_RANKING, TASK_RANKING, "a,b", "a,c", LABELS_OTHER_NAME,
		    LABELS_SAME, 1 },
		{ TASK_RANKING, TASK_RANKING, NULL, "a,c", LABELS_OTHER_COUNT,
		    LABELS_SAME, 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct labels a = set_of(rows[i].type, rows[i].names);
		struct labels b = set_of(rows[i].other_type, rows[i].other);
		size_t which = 0;

		CHECK(
		    labels_compare_columns(&which, &a, &b) == rows[i].columns);
		CHECK(labels_compare(&which, &a, &b) == rows[i].all);
		if (rows[i].all == LABELS_OTHER_NAME)
			CHECK(which == rows[i].which);
		labels_free(&a);
		labels_free(&b);
	}
}

static void
test_copies(void)
{
	struct labels a = set_of(TASK_RANKING, "bad,fair,good"), b;
	char *list;
	size_t which;

	labels_copy(&b, &a);
	CHECK(labels_compare(&which, &a, &b) == LABELS_SAME);
	CHECK(a.name[2] != b.name[2]);
	labels_free(&a);
	CHECK(a.classes == 0 && a.name == NULL && a.type == TASK_RANKING);
	labels_add(&b, "best of all", 4);
	list = labels_list(&b);
	CHECK_TEXT(list, "bad, fair, good, best");
	CHECK(labels_find(&b, "goods", 4) == 2);
	CHECK(labels_find(&b, "goods", 5) == -1);
	free(list);
	labels_free(&b);
}

int
main(void)
{
	test_types();
	test_names();
	test_width();
	test_faults();
	test_differences();
	test_copies();
	return check_done();
}
