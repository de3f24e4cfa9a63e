#include "net/encoder.h"

double
encoder_flops(const struct config *c, double mean_length)
{
	double H = (double)c->hidden, I = (double)c->inner;
	double weights = 4 * H * H + 2 * H * I;
	double attention = 2 * H * mean_length;
	double project = (double)c->embedding * H;

	return 2 * ((double)c->layers * (weights + attention) + project);
}
