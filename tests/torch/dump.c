/*
 * What a model makes of a pack's rows, as a tensor file for wide.py: hidden,
 * pooled and logits, the mean hard loss, and the gradient of each parameter
 * under its name.  usage: dump MODEL PACK OUT [cls|recompute]
 *
 * "cls": the last layer at [CLS] alone, so hidden has a row for each row.
 */
#include "base/die.h"
#include "base/file.h"
#include "base/thread.h"
#include "torch/pass.h"

/* As the file has them; owned by the caller until the file is written. */
static float *
narrow(const real *x, size_t n)
{
	float *out = mem_alloc(n, sizeof(*out));

	for (size_t i = 0; i < n; i++)
		out[i] = (float)x[i];
	return out;
}

static void
put(struct st_writer *w, const char *name, const real *x, size_t rows,
    size_t columns)
{
	size_t shape[] = { rows, columns };

	st_add(w, name, ST_F32, columns > 0 ? 2 : 1, shape,
	    narrow(x, rows * (columns > 0 ? columns : 1)));
}

static void
dump(const struct pass *s, bool all, const char *path)
{
	struct st_writer *w = st_create(path);
	const struct pass_part *q = &s->part[0];
	size_t H = s->m->config.hidden;
	real loss = (real)q->loss;

	put(w, "hidden", encoder_hidden(s->e), all ? s->b.tokens : s->b.rows,
	    H);
	put(w, "pooled", encoder_pooled(s->e), s->b.rows, H);
	put(w, "logits", q->logits, s->b.rows, q->outputs);
	put(w, "loss", &loss, 1, 0);
	st_commit(w);
}

/* The pooler's backward pass overwrites what it read: a second file. */
static void
dump_gradients(const struct pass *s, const char *path)
{
	char *name = mem_printf("%s.grad", path);
	struct st_writer *w = st_create(name);

	for (size_t i = 0; i < s->m->params.count; i++) {
		const struct param *p = &s->m->params.item[i];

		put(w, p->name, s->grad + p->offset, p->shape[0],
		    p->rank == 2 ? p->shape[1] : 0);
	}
	st_commit(w);
	free(name);
}

int
main(int argc, char **argv)
{
	struct pass s;
	const struct pack *pack;
	bool all, again;

	die_program(argv[0]);
	if (argc < 4)
		die_usage("dump MODEL PACK OUT [cls|recompute]");
	all = argc == 4 || strcmp(argv[4], "cls") != 0;
	again = argc > 4 && strcmp(argv[4], "recompute") == 0;
	thread_use(0);
	pack = pack_open(argv[2]);
	pass_start(&s, model_open(argv[1], true), &pack, 1, again);
	pass_forward(&s, all);
	dump(&s, all, argv[3]);
	pass_backward(&s);
	dump_gradients(&s, argv[3]);
	file_finish();
	return 0;
}
