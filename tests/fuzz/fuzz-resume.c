/* What an unfinished run goes on from. */
#include "fuzz.h"

#include "train/recipe.h"
#include "train/resume.h"

static struct model *m;
static struct optimizer *o;

void
fuzz_start(void)
{
	char *labels[] = { "a", "b" };
	struct config c = { .vocab = 12,
		.hidden = 4,
		.layers = 1,
		.heads = 2,
		.inner = 4,
		.positions = 8,
		.types = 2,
		.norm_eps = 1e-12,
		.init_range = 0.02,
		.pooler = true };
	struct head h = { .name = "rte",
		.labels = { TASK_CLASSIFICATION, 2, labels },
		.outputs = 2 };
	struct optimizer_options options;
	struct run_state state = { 3, 100, 0.5, 10, 20 };
	struct identity none = { 0 };
	struct recipe r;

	fuzz_put_vocab("vocab.txt");
	config_add_head(&c, &h);
	m = model_new(&c, "vocab.txt", false, 1);
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
