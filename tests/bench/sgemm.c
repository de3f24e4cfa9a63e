/*
 * The bound of a training step: what this machine's sgemm reaches at the
 * products of one encoder layer, forward, dx and dW.
 *
 * usage: sgemm TOKENS HIDDEN INNER THREADS
 * writes GFLOP/s, the median of several rounds over all twelve products, with
 * OpenBLAS's own threads and with each thread at its share of the rows; the
 * better of both is the bound.
 */
#include <cblas.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "layer/openblas.h"

enum { ROUNDS = 9 };

struct product {
	CBLAS_TRANSPOSE a, b;
	size_t M, N, K;
};

/* Rows [from, to) of one product; x, w and y are large enough for all. */
static void
multiply(const struct product *p, float *y, const float *x, const float *w,
    size_t from, size_t to)
{
	size_t lda = p->a == CblasTrans ? p->M : p->K;
	size_t ldb = p->b == CblasTrans ? p->K : p->N;

	cblas_sgemm(CblasRowMajor, p->a, p->b, (int)(to - from), (int)p->N,
	    (int)p->K, 1, x + from * (p->a == CblasTrans ? 1 : lda), (int)lda,
	    w, (int)ldb, 0, y + from * p->N, (int)p->N);
}

/* The three products of a linear map of T tokens, K features in, N out. */
static size_t
add_map(struct product *p, size_t T, size_t K, size_t N)
{
	p[0] = (struct product){ CblasNoTrans, CblasTrans, T, N, K };
	p[1] = (struct product){ CblasNoTrans, CblasNoTrans, T, K, N };
	p[2] = (struct product){ CblasTrans, CblasNoTrans, N, K, T };
	return 3;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
rate(const struct product *p, size_t n, float *const buffer[3], int threads,
    bool shares)
{
	double seconds[ROUNDS] = { 0 }, operations = 0;

	openblas_set_num_threads(shares ? 1 : threads);
	for (size_t i = 0; i < n; i++)
		operations +=
		    2 * (double)p[i].M * (double)p[i].N * (double)p[i].K;
	for (int r = -1; r < ROUNDS; r++) {
		double begin = omp_get_wtime();

		for (size_t i = 0; i < n; i++) {
			size_t M = p[i].M,
			       part = (size_t)(shares ? threads : 1);

#pragma omp parallel for schedule(static, 1) num_threads((int)part)
			for (size_t k = 0; k < part; k++)
				multiply(&p[i], buffer[0], buffer[1], buffer[2],
				    M * k / part, M * (k + 1) / part);
		}
		if (r >= 0)
			seconds[r] = omp_get_wtime() - begin;
	}
	qsort(seconds, ROUNDS, sizeof(*seconds), by_value);
	return operations / seconds[ROUNDS / 2] / 1e9;
}

int
main(int argc, char **argv)
{
	long long T, H, inner, threads;
	struct product p[12];
	size_t n = 0, room;
	float *buffer[3];
	double own, shares;

	die_program(argv[0]);
	if (argc != 5 || !num_int(argv[1], 1, 1 << 20, &T) ||
	    !num_int(argv[2], 1, 1 << 14, &H) ||
	    !num_int(argv[3], 1, 1 << 16, &inner) ||
	    !num_int(argv[4], 1, 1024, &threads))
		die_usage("TOKENS HIDDEN INNER THREADS");
	n += add_map(p + n, (size_t)T, (size_t)H, (size_t)(3 * H));
	n += add_map(p + n, (size_t)T, (size_t)H, (size_t)H);
	n += add_map(p + n, (size_t)T, (size_t)H, (size_t)inner);
	n += add_map(p + n, (size_t)T, (size_t)inner, (size_t)H);
	room = (size_t)((T > H ? T : H) * (inner > 3 * H ? inner : 3 * H));
	for (int i = 0; i < 3; i++) {
		buffer[i] = mem_align(room, sizeof(float));
		for (size_t k = 0; k < room; k++)
			buffer[i][k] = (float)(k % 97) * 0.01f - 0.5f;
	}
	openblas_start();
	own = rate(p, n, buffer, (int)threads, false);
	shares = rate(p, n, buffer, (int)threads, true);
	printf("%.1f\t%.1f\n", own, shares);
	return 0;
}
