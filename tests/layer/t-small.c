/*
 * small: products and transposes against plain ones, in sizes around those
 * of a register and a tile, from matrices that stand inside larger ones.
 */
#include "plain.h"

#include "layer/small.h"

enum { MOST = 40, LD = MOST + 3 };

static real a[MOST * LD], b[MOST * LD], c[MOST * LD], old[MOST * LD];
static double want[MOST * LD];

static const struct shape {
	size_t M, N, K;
} shapes[] = { { 1, 1, 1 }, { 5, 7, 3 }, { 6, 8, 0 }, { 6, 16, 9 },
	{ 7, 17, 5 }, { 8, 24, 40 }, { 9, 31, 2 }, { 10, 40, 33 },
	{ 11, 33, 16 }, { 40, 39, 40 } };

static void
check_product(const struct shape *s, bool turned, bool add)
{
	char name[80];
	struct small m = { a, turned ? 1 : LD, turned ? LD : 1 };

	memcpy(c, old, sizeof(c));
	for (size_t i = 0; i < MOST * LD; i++)
		want[i] = (double)old[i];
	for (size_t i = 0; i < s->M; i++)
		for (size_t n = 0; n < s->N; n++) {
			double sum = add ? want[i * LD + n] : 0;

			for (size_t k = 0; k < s->K; k++)
				sum += (double)a[i * m.row + k * m.column] *
				       (double)b[k * LD + n];
			want[i * LD + n] = sum;
		}
	small_product(c, LD, m, b, LD, s->M, s->N, s->K, add);
	/* Nothing beside the matrix changes. */
	snprintf(name, sizeof(name), "%zu x %zu x %zu, turned %d, add %d", s->M,
	    s->N, s->K, turned, add);
	CHECK_NAMED(name, plain_near(c, want, MOST * LD));
}

static void
check_transpose(size_t M, size_t N)
{
	char name[80];
	bool same = true;

	memcpy(c, old, sizeof(c));
	small_transpose(c, LD, a, LD, M, N);
	for (size_t n = 0; n < MOST; n++)
		for (size_t m = 0; m < LD; m++) {
			real x =
			    m < M && n < N ? a[m * LD + n] : old[n * LD + m];

			same &= memcmp(&c[n * LD + m], &x, sizeof(x)) == 0;
		}
	snprintf(name, sizeof(name), "%zu x %zu transposed", M, N);
	CHECK_NAMED(name, same);
}

int
main(void)
{
	check_random(a, MOST * LD, 1);
	check_random(b, MOST * LD, 2);
	check_random(old, MOST * LD, 3);
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		for (int form = 0; form < 4; form++)
			check_product(&shapes[i], form & 1, form & 2);
		check_transpose(shapes[i].M, shapes[i].N);
	}
	return check_done();
}
