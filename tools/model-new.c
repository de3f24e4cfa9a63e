/* model-new: a model with random parameters, of any size. */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/opt.h"
#include "corpus/vocab.h"
#include "model/model.h"
#include "model/modelfolder.h"
#include "model/take.h"
#include "train/run.h"

struct settings {
	const char *vocab, *from, *take, *out;
	long long layers, hidden, heads, inner, positions, seed;
	double dropout, init_range;
	bool cased, no_pooler, new_pooler, waves, force;
	size_t *layer, layer_count; /* what --take says */
};

static struct model *
drawn(const struct settings *s)
{
	struct vocab *v = vocab_read(s->vocab, s->cased);
	const struct config c = { .vocab = v->size,
		.hidden = (size_t)s->hidden,
		.layers = (size_t)s->layers,
		.heads = (size_t)s->heads,
		.inner = (size_t)(s->inner > 0 ? s->inner : 4 * s->hidden),
		.positions = (size_t)s->positions,
		.types = 2,
		.norm_eps = 1e-12,
		.init_range = s->init_range,
		.hidden_dropout = s->dropout,
		.attention_dropout = s->dropout,
		.pooler = s->no_pooler ? POOLER_NONE : POOLER_TANH };
	struct model *m = model_new(&c, s->vocab, s->cased, (uint64_t)s->seed);

	vocab_free(v);
	if (s->waves)
		model_set_waves(m);
	return m;
}

static struct model *
taken(struct settings *s, bool own_range)
{
	struct model *from = model_open(s->from, true), *m;

	if (s->take == NULL) {
		s->layer_count = from->config.layers;
		s->layer = mem_alloc(s->layer_count, sizeof(*s->layer));
		for (size_t i = 0; i < s->layer_count; i++)
			s->layer[i] = i + 1;
	}
	if (s->new_pooler && from->config.pooler == POOLER_NONE)
		die("%s: has no pooler to be drawn anew", s->from);
	m = model_take(from, s->layer, s->layer_count, s->new_pooler,
	    own_range ? s->init_range : from->config.init_range,
	    (uint64_t)s->seed);
	free(s->layer);
	model_close(from);
	return m;
}

/* The shape is that of --from; without it nothing can be taken. */
static void
check(struct settings *s, const struct opt_program *program)
{
	static const char *const shape[] = { "cased", "layers", "hidden",
		"heads", "intermediate", "positions", "dropout", "waves",
		"no-pooler" };

	if (s->out == NULL || (s->vocab == NULL) == (s->from == NULL))
		die_usage("needs -v VOCAB or --from MODEL, and -o MODEL");
	if (s->from == NULL && (s->take != NULL || s->new_pooler))
		die_usage("--take, --new-pooler: of what? give --from MODEL");
	for (size_t i = 0; i < sizeof(shape) / sizeof(shape[0]); i++)
		if (s->from != NULL && opt_find(program, shape[i])->given)
			die_usage(
			    "--%s: it is that of --from %s", shape[i], s->from);
	if (s->hidden % s->heads != 0)
		die_usage("--hidden %lld is not a multiple of --heads %lld",
		    s->hidden, s->heads);
	if (s->take != NULL && (s->layer_count = take_parse(
				    &s->layer, s->take, 1, 1000, true)) == 0)
		die_usage("--take %s: expected layers from 1 on, or new, "
			  "between commas",
		    s->take);
}

int
main(int argc, char **argv)
{
	struct settings s = { .layers = 2,
		.hidden = 128,
		.heads = 2,
		.positions = 512,
		.seed = 1,
		.dropout = 0.1,
		.init_range = 0.02 };
	struct opt table[] = {
		{ "cased", 0, OPT_FLAG, NULL, 0, 0, &s.cased,
		    "a bare vocab.txt is cased", false },
		{ "layers", 0, OPT_INT, "N", 1, 1000, &s.layers,
		    "encoder layers", false },
		{ "hidden", 0, OPT_INT, "H", 1, 65536, &s.hidden,
		    "features of a token", false },
		{ "heads", 0, OPT_INT, "A", 1, 1024, &s.heads,
		    "attention heads; H is a multiple", false },
		{ "intermediate", 0, OPT_INT, "I", 0, 1 << 20, &s.inner,
		    "features inside the feed-forward; 0: 4 H", false },
		{ "positions", 0, OPT_INT, "N", 2, 65536, &s.positions,
		    "the longest sequence", false },
		{ "dropout", 0, OPT_REAL, "P", 0, 0.99, &s.dropout,
		    "written into config.json", false },
		{ "waves", 0, OPT_FLAG, NULL, 0, 0, &s.waves,
		    "position embeddings as sines and cosines", false },
		{ "no-pooler", 0, OPT_FLAG, NULL, 0, 0, &s.no_pooler,
		    "heads read [CLS] itself, as equation 1 has it", false },
		{ "init-range", 0, OPT_REAL, "SD", 1e-6, 1, &s.init_range,
		    "standard deviation of new parameters", false },
		{ "vocab", 'v', OPT_READ, "VOCAB", 0, 0, &s.vocab,
		    "vocab.txt, tokenizer.json or a model", false },
		{ "from", 0, OPT_READ, "MODEL", 0, 0, &s.from,
		    "take its parameters, in its shape", false },
		{ "take", 0, OPT_STRING, "LAYER,...", 0, 0, &s.take,
		    "which layers, from 1 on, or new", false },
		{ "new-pooler", 0, OPT_FLAG, NULL, 0, 0, &s.new_pooler,
		    "draw the pooler anew", false },
		{ "seed", 0, OPT_INT, "N", 0, 1e9, &s.seed,
		    "of the random numbers", false },
		{ "output", 'o', OPT_WRITE, "MODEL", 0, 0, &s.out,
		    "the model to make", false },
		{ "force", 0, OPT_FLAG, NULL, 0, 0, &s.force,
		    "also over files of other programs", false },
	};
	const struct opt_program program = { "make a model with random "
					     "parameters",
		"-v VOCAB [--cased] [--layers N] [--hidden H] "
		"[--force] -o MODEL",
		table, sizeof(table) / sizeof(table[0]), 0, 0 };
	struct model *m;

	die_program(argv[0]);
	mem_need(MEM_TO_COMPUTE);
	opt_parse(&program, argc, argv);
	check(&s, &program);
	m = s.from != NULL ? taken(&s, opt_find(&program, "init-range")->given)
			   : drawn(&s);
	modelfolder_claim(s.out, s.force);
	run_refuse_busy(s.out);
	model_save(m, s.out);
	note("%s: %zu parameter%s", s.out, m->params.total,
	    num_s(m->params.total));
	file_finish();
	return 0;
}
