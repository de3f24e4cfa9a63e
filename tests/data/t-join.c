/*
 * Joins by id: every id finds its row, in any order; what is missing, taken
 * twice or left over is told.
 */
#include "check.h"
#include "refused.h"

#include <string.h>

#include "data/join.h"

static const char *const files[] = { "t.tsv" };

static struct pred *
table_of(const char *text)
{
	put_text_file("t.tsv", text);
	return pred_read("t.tsv");
}

static void
test_join(void)
{
	struct pred *p = table_of("id\tscore\na\t1\nbb\t2\nc\t3\nd\t4\n");
	struct join join;

	join_start(&join, p);
	CHECK(join_take(&join, "c", 1) == 2 && !join.again);
	CHECK(join_take(&join, "a", 1) == 0 && !join.again);
	CHECK(join_take(&join, "b", 1) == JOIN_NONE);
	CHECK(join_take(&join, "bbb", 2) == 1 && !join.again);
	CHECK(join_take(&join, "a", 1) == 0 && join.again);
	CHECK(join_end(&join) == 3);
	join_start(&join, p);
	for (size_t r = p->rows; r-- > 0;)
		join_take(&join, pred_id(p, r), strlen(pred_id(p, r)));
	CHECK(join_end(&join) == JOIN_NONE);
	join_start(&join, p);
	CHECK(join_end(&join) == 0);
	pred_free(p);
}

static void
test_groups(void)
{
	static const size_t order[] = { 2, 3, 0, 1 };
	static const int32_t same[] = { 4, 4, 7, 7 }, more[] = { 4, 4, 7, 8 },
			     less[] = { 4, 4, 4, 4 };
	struct pred *p = table_of("id\tscore\tgroup\n"
				  "a\t0.5\tx\nb\t0.5\tx\n"
				  "c\t0.5\ty\nd\t0.5\ty\n");

	CHECK(join_groups(p, order, same, 4) == JOIN_NONE);
	CHECK(join_groups(p, order, more, 4) == 3);
	CHECK(join_groups(p, order, less, 4) == 2);
	CHECK(join_groups(p, order, more, 3) == JOIN_NONE);
	CHECK(join_groups(p, order, same, 0) == JOIN_NONE);
	pred_free(p);
}

int
main(void)
{
	char folder[] = "/tmp/t-join.XXXXXX";

	own_folder(folder);
	test_join();
	test_groups();
	remove_folder(folder, files, COUNT(files));
	return check_done();
}
