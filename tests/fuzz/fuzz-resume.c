/* What an unfinished run goes on from. */
#include "fuzz.h"
#include "smallmodel.h"

#include "train/recipe.h"
#include "train/resume.h"

static struct model *m;
static struct optimizer *o;

void
fuzz_start(void)
{
	struct optimizer_options options;
	struct run_state state = { 3, 100, 0.5, 10, 20 };
	struct identity none = { 0 };
	struct recipe r;

	fuzz_put_vocab("vocab.txt");
	m = small_model(12, 4, 8, 1);
	recipe_start(&r);
	options = recipe_optimizer(&r);
	o = optimizer_new(m, &options, 10);
	resume_save("seed.st", &none, &state, m, o);
}

void
fuzz_one(const uint8_t *bytes, size_t n)
{
	struct identity none = { 0 };
	struct run_state state = { 0 };

	fuzz_put("x.st", bytes, n);
	if (resume_load("x.st", &none, 10, &state, m, o) && state.updates > 10)
		fuzz_wrong("more updates than the run has");
}
