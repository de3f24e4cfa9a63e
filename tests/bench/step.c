/*
 * Training updates over a pack's first batches in file order, dropout on, and
 * where their time goes.
 *
 * usage: step MODEL PACK BATCHES PASSES THREADS [bf16]
 * writes a TSV of what, seconds an update and their share, GFLOP/s: first the
 * whole update (the median pass over the batches), then the functions of
 * lib/layer and lib/optim that its time is spent in.
 *
 * The functions are timed by the linker's --wrap (see the Makefile), so that
 * the library is the one that ships.  Products and GELUs run in many threads
 * at once: their seconds are the sum over threads by the number of threads,
 * and what is left of the linear maps is biases and waiting.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/thread.h"
#include "data/pack.h"

#include "bench/places.h"
#include "bench/updates.h"

/*
 * seconds	of the median pass over the batches, tokens in all of them
 */
static void
report(const struct model *m, double seconds, double tokens, size_t batches,
    size_t passes)
{
	const struct config *c = &m->config;
	double weights = (double)(c->layers * c->hidden) *
			 (double)(4 * c->hidden + 2 * c->inner);
	double n = (double)(batches * passes), all = 0;

	printf("what\tms\tshare\tGFLOP/s\n");
	printf("rows/s\t%.1f\t-\t-\n", (double)(batches * ROWS) / seconds);
	printf("tokens\t%.0f\t-\t-\n", tokens / (double)batches);
	printf("update\t%.3f\t1\t%.1f\n", seconds / (double)batches * 1e3,
	    6 * weights * tokens / seconds / 1e9);
	for (size_t p = 0; p < PLACES; p++)
		all += places_of[0].seconds[p];
	for (size_t p = 0; p < PLACES; p++) {
		const struct times *t = &places_of[0];

		printf("%s\t%.3f\t%.3f\t", places_name[p],
		    t->seconds[p] / n * 1e3, t->seconds[p] / all);
		if (t->operations[p] > 0)
			printf(
			    "%.1f\n", t->operations[p] / t->seconds[p] / 1e9);
		else
			printf("-\n");
	}
}

/* In memory of its own, as training has it. */
static struct model *
copy_of(const char *path)
{
	struct model *from = model_open(path, false), *m;
	bool *fresh = mem_zero(from->config.head_count, sizeof(*fresh));

	m = model_extend(from, &from->config, true, 1, fresh);
	free(fresh);
	model_close(from);
	return m;
}

int
main(int argc, char **argv)
{
	long long batches, passes, threads;
	struct model *m;
	const struct pack *pack;
	struct update u;
	struct optimizer *o;
	struct recipe r;
	struct batch b = { 0 };
	double *seconds;

	die_program(argv[0]);
	thread_settle(argv);
	if (argc < 6 || argc > 7 || !num_int(argv[3], 1, 1000, &batches) ||
	    !num_int(argv[4], 1, 1000, &passes) ||
	    !num_int(argv[5], 1, PLACES_THREADS, &threads))
		die_usage("MODEL PACK BATCHES PASSES THREADS [bf16]");
	thread_use((int)threads);
	m = copy_of(argv[1]);
	if (argc == 7)
		model_multiply(m, PRODUCT_BF16);
	pack = pack_open(argv[2]);
	set_up(&u, &r, m, &pack, &o);
	seconds = mem_zero((size_t)passes, sizeof(*seconds));
	for (long long i = -1, step = 0; i < passes; i++) {
		double begin;

		if (i == 0)
			places_start();
		begin = omp_get_wtime();
		for (long long k = 0; k < batches; k++, step++)
			update(&u, o, &b, (size_t)k * ROWS, (size_t)step);
		if (i >= 0)
			seconds[i] = omp_get_wtime() - begin;
	}
	places_go(REST);
	qsort(seconds, (size_t)passes, sizeof(*seconds), by_value);
	places_share((int)threads);
	report(m, seconds[passes > 2 && getenv("BEST") ? 0 : passes / 2],
	    (double)pack->starts[batches * ROWS], (size_t)batches,
	    (size_t)passes);
	return 0;
}
