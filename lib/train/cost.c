#include "train/cost.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/process.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/thread.h"
#include "layer/linear.h"
#include "net/encoder.h"
#include "train/teach.h"

double
cost_token_flops(const struct config *c, double mean_length)
{
	return 3 * encoder_flops(c, mean_length);
}

/* The same where layers are frozen: these have no way back. */
static double
token_flops(
    const struct config *c, double mean_length, const struct recipe *recipe)
{
	double frozen =
	    fmin(fmax((double)recipe->freeze - 1, 0), (double)c->layers);

	return cost_token_flops(c, mean_length) *
	       (1 - 2. / 3 * frozen / (double)c->layers);
}

size_t
cost_parameter_bytes(const struct model *m)
{
	size_t copies = process_count() > 1 ? 5 : 4;

	return copies * m->params.total * sizeof(real);
}

/* Operations a second of this machine's products at the model's width. */
static double
measure(const struct config *c, struct product *product)
{
	enum { TOKENS = 1024 };
	size_t H = c->hidden, I = c->inner;
	real *x = mem_align(TOKENS * H, sizeof(*x));
	real *w = mem_align(I * H, sizeof(*w));
	real *y = mem_align(TOKENS * I, sizeof(*y));
	double began = progress_clock(), seconds, flops = 0;

	do {
		linear_forward(y, x, w, NULL, TOKENS, H, I, product);
		flops += 2.0 * (double)TOKENS * (double)H * (double)I;
		seconds = progress_clock() - began;
	} while (seconds < 0.3);
	product_changed(product); /* what was packed of w */
	free(x);
	free(w);
	free(y);
	return flops / seconds;
}

void
cost_report(const struct model *m, const struct cost *c)
{
	double rate = measure(&m->config, m->product);
	char library[PRODUCT_NAME];

	product_library(library);

	printf("# parameters %zu\n# updates %zu\n# updates_per_epoch %zu\n",
	    m->params.total, c->updates, c->per_epoch);
	printf("# rows_per_epoch %.0f\n# tokens %.6g\n", c->rows, c->tokens);
	printf("# flops %.4g\n# memory_bytes %zu\n", c->flops, c->bytes);
	if (c->teacher_bytes > 0)
		printf("# teacher_flops %.4g\n# teacher_bytes %zu\n",
		    c->teacher_flops, c->teacher_bytes);
	printf("# products %s\n", library);
	printf("# gflops_here %.4g\n# seconds_here %.4g\n", rate / 1e9,
	    c->flops / (0.75 * rate));
}

void
cost_print(const struct model *m, const struct plan *plan,
    const struct pack *const *packs, size_t updates, size_t per_epoch,
    const struct recipe *recipe, const struct teach *teach)
{
	struct plan_epoch e;
	struct cost cost;
	double tokens = 0, rows, taught = 0;
	size_t longest = 1, largest = 1, most_rows = 1;
	double share = (double)updates / (double)per_epoch;

	plan_epoch(&e, plan, 0);
	rows = (double)e.start[e.batches];
	for (size_t k = 0; k < e.batches; k++) {
		size_t batch = 0;

		for (size_t i = e.start[k]; i < e.start[k + 1]; i++) {
			const struct pack *p = packs[e.rows[i].pack];
			size_t n = (size_t)(p->starts[e.rows[i].row + 1] -
					    p->starts[e.rows[i].row]);

			batch += n;
			if (teach != NULL)
				taught += teach_flops(teach, e.rows[i].pack, n);
			longest = n > longest ? n : longest;
		}
		tokens += (double)batch;
		largest = batch > largest ? batch : largest;
		if (e.start[k + 1] - e.start[k] > most_rows)
			most_rows = e.start[k + 1] - e.start[k];
	}
	cost = (struct cost){ .updates = updates,
		.per_epoch = per_epoch,
		.rows = rows,
		.tokens = tokens * share,
		.flops = token_flops(&m->config, tokens / rows, recipe) *
			 tokens * share,
		.bytes = cost_parameter_bytes(m) +
			 encoder_bytes(&m->config, m->product, largest,
			     most_rows, longest, true, recipe->recompute) };
	if (teach != NULL) {
		cost.teacher_flops = taught * share;
		cost.teacher_bytes =
		    teach_bytes(teach, largest, most_rows, longest);
		cost.flops += cost.teacher_flops;
		cost.bytes += cost.teacher_bytes;
	}
	cost_report(m, &cost);
	plan_epoch_free(&e);
}
