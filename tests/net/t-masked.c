/*
 * The masked-LM head against Hugging Face Transformers: hf/pretraining.tsv,
 * by reference/hf.py in float64.
 */
#include "check.h"

#include "base/num.h"
#include "base/tsv.h"
#include "net/encoder.h"
#include "port/import.h"
#include "net/mlm.h"

enum { ID, TOKENS, SPLIT, WANT, LOSS, RIGHT, COLUMNS };
enum { MOST = 512 };

/* The numbers of a field, parted by spaces. */
static size_t
numbers(int32_t *out, char *field)
{
	size_t n = 0;

	for (char *at = field; n < MOST; n++) {
		size_t length = strcspn(at, " ");
		bool last = at[length] == '\0';
		long long value;

		at[length] = '\0';
		if (!num_int(at, -1, INT32_MAX, &value))
			break;
		out[n] = (int32_t)value;
		at += length + 1;
		if (last)
			return n + 1;
	}
	return 0;
}

static void
check_row(const struct model *m, struct encoder *e, struct mlm *head,
    struct tsv_row *row)
{
	struct batch b = { 0 };
	struct mlm_sum sum = { 0 };
	struct mlm_rule rule = { 1, 0, 1, 1 };
	int32_t token[MOST], want[MOST];
	size_t n = numbers(token, row->field[TOKENS]);
	long long split = 0, right = -1;
	double loss = NAN;

	CHECK(n > 0 && numbers(want, row->field[WANT]) == n);
	CHECK(num_int(row->field[SPLIT], 1, (long long)n, &split));
	CHECK(num_int(row->field[RIGHT], 0, (long long)n, &right));
	CHECK(num_real(row->field[LOSS], 0, 1e6, &loss));
	batch_add(&b, token, n, (size_t)split);
	encoder_forward(e, &b, NULL, NULL);
	mlm_pass(head, &sum, NULL, NULL, encoder_hidden(e), want, n, &rule,
	    NULL, NULL);
	CHECK_NEAR(row->field[ID], sum.hard / loss, 1, 1e-6);
	CHECK(sum.right == (size_t)right);
	CHECK(sum.asked == (n + 1) / 3);
	CHECK(sum.asked > 0 && n <= m->config.positions);
	batch_free(&b);
}

int
main(void)
{
	struct import o = { .path = "tests/port/hf/pretraining", .mlm = true };
	struct model *m = import_model(&o);
	struct encoder *e = encoder_new(m, false, false);
	struct mlm *head = mlm_new(m);
	struct tsv *t = tsv_open_raw("tests/port/hf/pretraining.tsv");
	struct tsv_row row;
	size_t rows = 0;

	for (; tsv_next(t, &row); rows++) {
		CHECK(row.count == COLUMNS);
		if (row.count < COLUMNS)
			break;
		check_row(m, e, head, &row);
	}
	CHECK(rows == 11);
	tsv_close(t);
	mlm_free(head);
	encoder_free(e);
	model_close(m);
	return check_done();
}
