/* Tensor files, and packs among them. */
#include "fuzz.h"

#include <stdlib.h>

#include "data/batch.h"
#include "data/pack.h"
#include "data/ststats.h"

void
fuzz_start(void)
{
}

static void
read_tensor(const struct st_tensor *t)
{
	double wide[64];
	float narrow[64];

	for (size_t k = 0, n; k < t->count && k < 100000; k += n) {
		n = t->count - k < 64 ? t->count - k : 64;
		st_get_double(wide, t, k, n);
		st_get_float(narrow, t, k, n);
	}
	st_stats(t);
}

static void
read_rows(const struct pack *p)
{
	struct batch b = { 0 };
	size_t n;

	for (size_t r = 0; r < p->rows && r < 300; r++) {
		struct row_ref row = { 0, r };

		free(pack_id(p, r));
		pack_id_bytes(p, r, &n);
		batch_fill(&b, &p, &row, 1);
	}
	batch_free(&b);
}

void
fuzz_one(const uint8_t *bytes, size_t n)
{
	struct st *s;
	struct pack *p;

	fuzz_put("x.st", bytes, n);
	s = st_open("x.st");
	st_check(s);
	for (size_t i = 0; i < st_count(s); i++) {
		if (st_find(s, st_at(s, i)->name) == NULL)
			fuzz_wrong("a tensor is not found by its name");
		read_tensor(st_at(s, i));
	}
	if (st_meta(s, "mtkd") == NULL) {
		st_close(s);
		return;
	}
	p = pack_take(s);
	read_rows(p);
	pack_close(p);
}
