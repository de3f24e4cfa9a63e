#include "port/onnxint8.h"

#include <stdlib.h>

#include "base/mem.h"
#include "layer/quantise.h"

/* W^T [K,N] in 8 bits, and the scales [N] of its columns. */
static const char *
quantised(struct onnx *o, const char *name, const real *w, size_t N, size_t K,
    const char **scales)
{
	int8_t *row = mem_alloc(K + 3, sizeof(*row));
	int8_t *turned = mem_alloc(N * K, sizeof(*turned));
	float *scale = mem_alloc(N, sizeof(*scale)), sum;
	char *its = mem_printf("%s_scale", name);
	const char *made;

	for (size_t n = 0; n < N; n++) {
		quantise_weights(row, 4, &scale[n], &sum, w + n * K, K);
		for (size_t k = 0; k < K; k++)
			turned[k * N + n] = row[k];
	}
	made = onnx_bytes(o, name, turned, K, N);
	*scales = onnx_floats(o, its, scale, N);
	free(row);
	free(turned);
	free(scale);
	free(its);
	return made;
}

const char *
onnxint8_product(struct onnx *o, const char *x, const char *name, const real *w,
    size_t N, size_t K)
{
	const char *scales, *q = quantised(o, name, w, N, K, &scales);
	const char *turned = onnx_node(o, "DequantizeLinear", q, scales, NULL);

	onnx_set_int(o, "axis", 1);
	return onnx_node(o, "MatMul", x, turned, NULL);
}
