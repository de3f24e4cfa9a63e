/* bert-import: a model from the rest of the world's checkpoints. */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/opt.h"
#include "corpus/define.h"
#include "corpus/task.h"
#include "model/modelfolder.h"
#include "model/take.h"
#include "port/import.h"
#include "train/run.h"

int
main(int argc, char **argv)
{
	struct import o = { 0 };
	struct opt_list ignore = { 0 };
	const char *layers = NULL, *out = NULL;
	size_t *layer = NULL;
	long long head = 0;
	bool force = false;
	struct opt table[] = {
		{ "task", 't', OPT_STRING, "TASK", 0, 0, &o.task,
		    "keep the head, under this name", false },
		{ "labels", 0, OPT_STRING, "A,B,...", 0, 0, &o.labels,
		    "its labels; another order moves its outputs", false },
		{ "head", 0, OPT_INT, "N", 0, 1000, &head,
		    "which of an mt-dnn checkpoint's heads", false },
		{ "layers", 0, OPT_STRING, "0,2,...", 0, 0, &layers,
		    "layers to keep, from 0, in this order", false },
		{ "mlm", 0, OPT_FLAG, NULL, 0, 0, &o.mlm,
		    "keep the masked language model's head", false },
		{ "no-pooler", 0, OPT_FLAG, NULL, 0, 0, &o.no_pooler,
		    "heads read [CLS] itself", false },
		{ "ignore", 0, OPT_LIST, "PATTERN", 0, 0, &ignore,
		    "leave out tensors of such names", false },
		{ "vocab", 'v', OPT_READ, "VOCAB", 0, 0, &o.vocab,
		    "vocab.txt, tokenizer.json or a model", false },
		{ "cased", 0, OPT_FLAG, NULL, 0, 0, &o.cased,
		    "the vocabulary is cased", false },
		{ "output", 'o', OPT_WRITE, "MODEL", 0, 0, &out,
		    "the model to make", false },
		{ "force", 0, OPT_FLAG, NULL, 0, 0, &force,
		    "also over files of other programs", false },
	};
	const struct opt_program program = { "make a model of a checkpoint",
		"[--layers 0,2,...] [-t TASK] [--mlm] [-v VOCAB] [--cased] "
		"-o MODEL DIR|FILE",
		table, sizeof(table) / sizeof(table[0]), 1, 1 };
	struct model *m;

	die_program(argv[0]);
	mem_need(MEM_TO_COMPUTE);
	opt_parse(&program, argc, argv);
	if (out == NULL)
		die_usage("needs -o MODEL");
	if (o.task != NULL && !define_name_is_good(o.task))
		die_usage(
		    "-t: '%s': expected letters, digits, '-' and '_'", o.task);
	if (layers != NULL &&
	    (o.layers = take_parse(&layer, layers, 0, 1000000, false)) == 0)
		die_usage("--layers: '%s': expected numbers parted by commas",
		    layers);
	if (o.task == NULL && o.labels != NULL)
		die_usage("--labels needs -t TASK");
	o.layer = layer;
	o.ignore = ignore.item;
	o.ignores = ignore.count;
	o.path = argv[1];
	o.head = (size_t)head;
	m = import_model(&o);
	modelfolder_claim(out, force);
	run_refuse_busy(out);
	model_save(m, out);
	note("%s: %zu parameter%s, %zu layer%s", out, m->params.total,
	    num_s(m->params.total), m->config.layers, num_s(m->config.layers));
	model_close(m);
	free(layer);
	file_finish();
	return 0;
}
