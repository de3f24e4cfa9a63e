#include "layer/blocked.h"

#include <string.h>

#include "base/least.h"
#include "layer/kernel.h"
#include "layer/quantise.h"

enum { GROUPS = 16 }; /* of which the rows are a multiple */

/* Rows that are multiplied together. */
static size_t
group_of(enum product_numbers numbers)
{
	return sizeof(uint32_t) / product_bytes(numbers);
}

static size_t
depth_of(size_t K, enum product_numbers numbers)
{
	size_t unit = GROUPS * group_of(numbers);

	return (K + unit - 1) / unit * unit;
}

size_t
blocked_column(size_t n, size_t K, enum product_numbers numbers)
{
	return n * depth_of(K, numbers) * product_bytes(numbers);
}

static size_t
columns_of(size_t N)
{
	return (N + BLOCKED_COLUMNS - 1) / BLOCKED_COLUMNS * BLOCKED_COLUMNS;
}

size_t
blocked_bytes(size_t K, size_t N, enum product_numbers numbers)
{
	size_t scales = numbers == PRODUCT_INT8 ? 2 * sizeof(float) : 0;

	return blocked_column(columns_of(N), K, numbers) +
	       scales * columns_of(N);
}

struct blocked_scales
blocked_scales(const void *blocked, size_t K, size_t N)
{
	const char *end = (const char *)blocked +
			  blocked_column(columns_of(N), K, PRODUCT_INT8);
	const float *scale = (const float *)(const void *)end;

	return (struct blocked_scales){ scale, scale + columns_of(N) };
}

static inline KERNEL_INLINE uint16_t
rounded(float x)
{
	uint32_t bits;

	memcpy(&bits, &x, sizeof(bits));
	return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

KERNEL void
blocked_round(uint16_t *to, const real *x, size_t n)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++)
		to[i] = rounded((float)x[i]);
}

/* The block of columns from n on, of W^T. */
static KERNEL void
pair_columns(uint16_t *to, const real *w, size_t K, size_t N, size_t n)
{
	size_t wide = least(BLOCKED_COLUMNS, N - n);

	for (size_t i = 0; i < wide; i++)
#pragma omp simd
		for (size_t k = 0; k < K; k++)
			to[(k / 2 * BLOCKED_COLUMNS + i) * 2 + k % 2] =
			    rounded((float)w[(n + i) * K + k]);
}

/* The same of W. */
static KERNEL void
pair_rows(uint16_t *to, const real *w, size_t K, size_t N, size_t n)
{
	size_t wide = least(BLOCKED_COLUMNS, N - n);

	for (size_t k = 0; k < K; k++)
#pragma omp simd
		for (size_t i = 0; i < wide; i++)
			to[(k / 2 * BLOCKED_COLUMNS + i) * 2 + k % 2] =
			    rounded((float)w[k * N + n + i]);
}

static void
quantise_columns(int8_t *to, const struct blocked_scales *s, const real *w,
    size_t K, size_t N, size_t n)
{
	float *scale = (float *)(uintptr_t)(s->scale + n);
	float *sum = (float *)(uintptr_t)(s->sum + n);
	size_t wide = least(BLOCKED_COLUMNS, N - n);

	for (size_t i = 0; i < wide; i++)
		quantise_weights(to + i * 4, BLOCKED_COLUMNS * 4, &scale[i],
		    &sum[i], w + (n + i) * K, K);
}

void
blocked_fill(void *to, const real *w, size_t K, size_t N, bool turned,
    enum product_numbers numbers)
{
	struct blocked_scales s = blocked_scales(to, K, N);
	size_t each = blocked_column(BLOCKED_COLUMNS, K, numbers);

#pragma omp parallel for schedule(static)
	for (size_t n = 0; n < N; n += BLOCKED_COLUMNS) {
		void *at = (char *)to + blocked_column(n, K, numbers);

		memset(at, 0, each);
		if (numbers == PRODUCT_INT8)
			quantise_columns(at, &s, w, K, N, n);
		else if (turned)
			pair_rows(at, w, K, N, n);
		else
			pair_columns(at, w, K, N, n);
	}
}
