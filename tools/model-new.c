/* model-new: a model with random parameters, of any size. */
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/opt.h"
#include "corpus/vocab.h"
#include "model/model.h"
#include "model/modelfolder.h"
#include "train/run.h"

int
main(int argc, char **argv)
{
	const char *vocab = NULL, *out = NULL;
	long long layers = 2, hidden = 128, heads = 2, inner = 0;
	long long positions = 512, seed = 1;
	double dropout = 0.1, init_range = 0.02;
	bool cased = false, no_pooler = false, waves = false;
	bool force = false;
	struct opt table[] = {
		{ "vocab", 'v', OPT_READ, "VOCAB", 0, 0, &vocab,
		    "vocab.txt, tokenizer.json or a model", false },
		{ "cased", 0, OPT_FLAG, NULL, 0, 0, &cased,
		    "a bare vocab.txt is cased", false },
		{ "layers", 0, OPT_INT, "N", 1, 1000, &layers, "encoder layers",
		    false },
		{ "hidden", 0, OPT_INT, "H", 1, 65536, &hidden,
		    "features of a token", false },
		{ "heads", 0, OPT_INT, "A", 1, 1024, &heads,
		    "attention heads; H is a multiple", false },
		{ "intermediate", 0, OPT_INT, "I", 0, 1 << 20, &inner,
		    "features inside the feed-forward; 0: 4 H", false },
		{ "positions", 0, OPT_INT, "N", 2, 65536, &positions,
		    "the longest sequence", false },
		{ "dropout", 0, OPT_REAL, "P", 0, 0.99, &dropout,
		    "written into config.json", false },
		{ "init-range", 0, OPT_REAL, "SD", 1e-6, 1, &init_range,
		    "standard deviation of new parameters", false },
		{ "waves", 0, OPT_FLAG, NULL, 0, 0, &waves,
		    "position embeddings as sines and cosines", false },
		{ "no-pooler", 0, OPT_FLAG, NULL, 0, 0, &no_pooler,
		    "heads read [CLS] itself, as equation 1 has it", false },
		{ "seed", 0, OPT_INT, "N", 0, 1e9, &seed,
		    "of the random numbers", false },
		{ "output", 'o', OPT_WRITE, "MODEL", 0, 0, &out,
		    "the model to make", false },
		{ "force", 0, OPT_FLAG, NULL, 0, 0, &force,
		    "also over files of other programs", false },
	};
	const struct opt_program program = { "make a model with random "
					     "parameters",
		"-v VOCAB [--cased] [--layers N] [--hidden H] "
		"[--force] -o MODEL",
		table, sizeof(table) / sizeof(table[0]), 0, 0 };
	struct config c;
	struct vocab *v;
	struct model *m;

	die_program(argv[0]);
	mem_need(MEM_TO_COMPUTE);
	opt_parse(&program, argc, argv);
	if (vocab == NULL || out == NULL)
		die_usage("needs -v VOCAB and -o MODEL");
	if (hidden % heads != 0)
		die_usage("--hidden %lld is not a multiple of --heads %lld",
		    hidden, heads);
	v = vocab_read(vocab, cased);
	c = (struct config){ .vocab = v->size,
		.hidden = (size_t)hidden,
		.layers = (size_t)layers,
		.heads = (size_t)heads,
		.inner = (size_t)(inner > 0 ? inner : 4 * hidden),
		.positions = (size_t)positions,
		.types = 2,
		.norm_eps = 1e-12,
		.init_range = init_range,
		.hidden_dropout = dropout,
		.attention_dropout = dropout,
		.pooler = no_pooler ? POOLER_NONE : POOLER_TANH };
	m = model_new(&c, vocab, cased, (uint64_t)seed);
	vocab_free(v);
	if (waves)
		model_set_waves(m);
	modelfolder_claim(out, force);
	run_refuse_busy(out);
	model_save(m, out);
	note("%s: %zu parameter%s", out, m->params.total,
	    num_s(m->params.total));
	file_finish();
	return 0;
}
