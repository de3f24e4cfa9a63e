/*
 * A fault for tests/quality/matmul: mt-finetune whose weights are kept in
 * bfloat16 from one update to the next.
 */
#include <string.h>

#include "layer/blocked.h"
#include "train/optimizer.h"

double __real_optimizer_step(struct optimizer *o, real *value, real *grad,
    const bool *active, size_t step, double norm);
double __wrap_optimizer_step(struct optimizer *o, real *value, real *grad,
    const bool *active, size_t step, double norm);

double
__wrap_optimizer_step(struct optimizer *o, real *value, real *grad,
    const bool *active, size_t step, double norm)
{
	double rate = __real_optimizer_step(o, value, grad, active, step, norm);

	for (size_t i = 0; i < o->m->params.total; i++) {
		uint16_t half;
		uint32_t bits;
		float rounded;

		blocked_round(&half, &value[i], 1);
		bits = (uint32_t)half << 16;
		memcpy(&rounded, &bits, sizeof(rounded));
		value[i] = rounded;
	}
	return rate;
}
