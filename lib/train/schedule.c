#include "train/schedule.h"

const char schedule_kinds[] = "triangle|bert-2019|constant";

double
schedule_factor(enum schedule kind, double warmup, size_t step, size_t total)
{
	double x = (double)step / (double)total;

	if (x < warmup)
		return x / warmup;
	switch (kind) {
	case SCHEDULE_TRIANGLE:
		return warmup < 1 ? (1 - x) / (1 - warmup) : 1;
	case SCHEDULE_BERT_2019:
		return 1 - x;
	case SCHEDULE_CONSTANT:
		break;
	}
	return 1;
}
