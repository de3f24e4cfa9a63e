/*
 * The distribution of a tensor's numbers.
 */
#ifndef DATA_STSTATS_H
#define DATA_STSTATS_H

#include <stddef.h>

#include "data/st.h"

struct st_stats {
	double low, high, mean; /* NaN where there are no numbers */
	double deviation;	/* of the population: divided by n */
	size_t nans;		/* left out of the others */
};

/* Two passes, in double. */
struct st_stats st_stats(const struct st_tensor *t);

#endif
