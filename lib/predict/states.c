#include "predict/states.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "data/st.h"
#include "net/encoder.h"
#include "predict/predict.h"

const char states_kinds[] = "none|pooled|mean|tokens";

enum { ROWS = 32 };

static const char *const names[] = { [STATES_POOLED] = "pooled",
	[STATES_MEAN] = "mean",
	[STATES_TOKENS] = "hidden",
	[STATES_ATTENTION] = "attention" };

struct writer {
	const char *path;
	const struct model *m;
	const struct pack *p;
	enum states_kind kind;
	bool normalize;
	struct encoder *e;
	FILE *spool;	 /* the numbers, unnamed until all are there */
	int64_t *starts; /* [rows+1] */
	float *narrow;	 /* room for numbers */
	size_t room;
};

bool
states_are_vectors(enum states_kind kind)
{
	return kind == STATES_POOLED || kind == STATES_MEAN;
}

const char *
states_name(enum states_kind kind)
{
	return names[kind];
}

/* The mean of n states [n,H], or one state; summed in double, in order. */
static void
vector_of(double *x, const real *state, size_t n, size_t H, bool normalize)
{
	double squares = 0, length;

	memset(x, 0, H * sizeof(*x));
	for (size_t t = 0; t < n; t++)
		for (size_t k = 0; k < H; k++)
			x[k] += (double)state[t * H + k];
	for (size_t k = 0; k < H; k++) {
		x[k] /= (double)n;
		squares += x[k] * x[k];
	}
	length = normalize ? fmax(sqrt(squares), 1e-12) : 1;
	for (size_t k = 0; k < H; k++)
		x[k] = isfinite(squares) ? x[k] / length : (double)NAN;
}

void
states_vectors(float *out, const struct model *m, struct encoder *e,
    const struct batch *b, enum states_kind kind, bool normalize)
{
	size_t H = m->config.hidden;
	struct encoder_reads cls = encoder_reads_cls(b);
	double *x = mem_alloc(H, sizeof(*x));

	encoder_forward(e, b, kind == STATES_POOLED ? &cls : NULL, NULL);
	for (size_t i = 0; i < b->rows; i++) {
		if (kind == STATES_POOLED)
			vector_of(
			    x, encoder_pooled(e) + i * H, 1, H, normalize);
		else
			vector_of(x, encoder_hidden(e) + b->start[i] * H,
			    b->start[i + 1] - b->start[i], H, normalize);
		for (size_t k = 0; k < H; k++)
			out[i * H + k] = (float)x[k];
	}
	free(x);
	if (m->file != NULL)
		st_check_unchanged(m->file);
}

static void
put_floats(struct writer *w, size_t row, const float *x, size_t n)
{
	size_t size;
	const char *id = pack_id_bytes(w->p, row, &size);

	if (!predict_is_finite(x, n))
		die("%s: row '%.*s': what %s makes of it is not finite",
		    w->p->path, (int)size, id, w->m->path);
	if (fwrite(x, sizeof(float), n, w->spool) != n)
		file_scratch_failed(w->path);
}

/* Numbers of one row of the pack. */
static void
put(struct writer *w, size_t row, const real *x, size_t n)
{
	w->narrow = mem_grow(w->narrow, &w->room, n, sizeof(*w->narrow));
	for (size_t i = 0; i < n; i++)
		w->narrow[i] = (float)x[i];
	put_floats(w, row, w->narrow, n);
}

static void
put_vectors(struct writer *w, const struct batch *b, size_t first)
{
	size_t H = w->m->config.hidden;

	w->narrow = mem_grow(w->narrow, &w->room, b->rows * H, sizeof(float));
	states_vectors(w->narrow, w->m, w->e, b, w->kind, w->normalize);
	for (size_t i = 0; i < b->rows; i++)
		put_floats(w, first + i, w->narrow + i * H, H);
}

/* All maps of row i of the batch, which is this row of the pack. */
static void
put_attention(struct writer *w, size_t row, const struct batch *b, size_t i)
{
	const struct config *c = &w->m->config;
	size_t L = b->start[i + 1] - b->start[i];
	real *map = mem_alloc(L * L, sizeof(*map));

	for (size_t l = 0; l < c->layers; l++)
		for (size_t a = 0; a < c->heads; a++) {
			encoder_attention(w->e, map, l, i, a);
			put(w, row, map, L * L);
		}
	free(map);
}

static void
put_batch(struct writer *w, const struct batch *b, size_t first)
{
	const struct config *c = &w->m->config;
	size_t H = c->hidden;

	for (size_t i = 0; i < b->rows; i++) {
		size_t L = b->start[i + 1] - b->start[i];
		size_t n = L;

		if (w->kind == STATES_TOKENS) {
			put(w, first + i,
			    encoder_hidden(w->e) + b->start[i] * H, L * H);
		} else {
			put_attention(w, first + i, b, i);
			n = c->layers * c->heads * L * L;
		}
		w->starts[first + i + 1] = w->starts[first + i] + (int64_t)n;
	}
}

static void
run(struct writer *w)
{
	struct row_ref rows[ROWS];
	struct batch b = { 0 };

	predict_check_lengths(w->m, w->p);
	for (size_t r = 0, n; r < w->p->rows; r += n) {
		for (n = 0; n < ROWS && r + n < w->p->rows; n++)
			rows[n] = (struct row_ref){ 0, r + n };
		batch_fill(&b, &w->p, rows, n);
		if (states_are_vectors(w->kind)) {
			put_vectors(w, &b, r);
			continue;
		}
		encoder_forward(w->e, &b, NULL, NULL);
		put_batch(w, &b, r);
	}
	batch_free(&b);
}

static void
commit(struct writer *w, const char *path)
{
	const struct pack *p = w->p;
	bool vectors = states_are_vectors(w->kind);
	size_t H = w->m->config.hidden, ends = p->rows + 1;
	size_t bytes = (size_t)p->id_starts[p->rows];
	size_t all = (size_t)w->starts[p->rows];
	size_t shape[2] = { vectors ? p->rows : all, H };
	struct st_writer *out = st_create(path);

	st_put_meta(out, "mtkd", "states 2");
	st_put_meta(out, "kind", names[w->kind]);
	st_put_meta(out, "task", p->task);
	st_put_meta(out, "split", p->split);
	if (w->normalize)
		st_put_meta(out, "normalized", "yes");
	if (!vectors)
		st_add(out, "starts", ST_I64, 1, &ends, w->starts);
	st_add(out, "id_starts", ST_I64, 1, &ends, p->id_starts);
	st_add_stream(out, names[w->kind], ST_F32,
	    w->kind == STATES_ATTENTION ? 1 : 2, shape, w->spool);
	st_add(out, "id_bytes", ST_U8, 1, &bytes, p->id_bytes);
	st_commit(out);
}

void
states_write(const char *path, const struct model *m, const struct pack *p,
    enum states_kind kind, bool normalize)
{
	struct writer w = { .path = path,
		.m = m,
		.p = p,
		.kind = kind,
		.normalize = normalize };

	w.spool = file_scratch(path);
	w.e = encoder_new(m, kind == STATES_ATTENTION, false);
	w.starts = mem_zero(p->rows + 1, sizeof(*w.starts));
	run(&w);
	commit(&w, path);
	fclose(w.spool);
	encoder_free(w.e);
	free(w.starts);
	free(w.narrow);
}
