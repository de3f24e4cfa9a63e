/* bert-export: a model as Hugging Face Transformers reads it. */
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/opt.h"
#include "model/modelfolder.h"
#include "port/export.h"
#include "train/run.h"

int
main(int argc, char **argv)
{
	const char *out = NULL;
	struct export e = { 0 };
	bool force = false;
	int type = EXPORT_FLOAT32;
	struct opt table[] = {
		{ "task", 't', OPT_STRING, "TASK", 0, 0, &e.task,
		    "with this head, for BertForSequenceClassification",
		    false },
		{ "mlm", 0, OPT_FLAG, NULL, 0, 0, &e.mlm,
		    "with what fills in masks, for BertForMaskedLM", false },
		{ "onnx", 0, OPT_FLAG, NULL, 0, 0, &e.onnx,
		    "as a graph of ONNX", false },
		{ "as", 0, OPT_WORD, export_forms, 0, 0, &e.as,
		    "which network it becomes", false },
		{ "dtype", 0, OPT_WORD, export_types, 0, 0, &type,
		    "type of the numbers", false },
		{ "output", 'o', OPT_WRITE, "DIR", 0, 0, &out,
		    "the directory to make", false },
		{ "force", 0, OPT_FLAG, NULL, 0, 0, &force,
		    "also over files of other programs", false },
	};
	const struct opt_program program = { "write a model for Hugging Face "
					     "Transformers",
		"[-t TASK | --mlm] [--as NETWORK] [--onnx] [--dtype TYPE] "
		"[--force] -o DIR "
		"MODEL",
		table, sizeof(table) / sizeof(table[0]), 1, 1 };
	struct model *m;

	die_program(argv[0]);
	mem_need(MEM_TO_COMPUTE);
	opt_parse(&program, argc, argv);
	if (out == NULL)
		die_usage("needs -o DIR");
	if (e.task != NULL && e.mlm)
		die_usage("-t and --mlm: a class has one head");
	if (e.onnx && (type == EXPORT_FLOAT16 || type == EXPORT_BFLOAT16))
		die_usage("--onnx: of type float32 or int8");
	e.int8 = type == EXPORT_INT8;
	if (e.mlm && !e.onnx && type >= EXPORT_BFLOAT16)
		die_usage("--mlm: not of type bfloat16 or int8, in which "
			  "mt-predict answers");
	if (e.as != EXPORT_SAME && !e.onnx && type >= EXPORT_BFLOAT16)
		die_usage("--as: not of type bfloat16 or int8, in which "
			  "mt-predict answers");
	e.type = type == EXPORT_FLOAT16 ? ST_F16 : ST_F32;
	modelfolder_claim(out, force);
	run_refuse_busy(out);
	m = model_open(argv[1], true);
	if (!e.onnx && type >= EXPORT_BFLOAT16)
		export_packed(m, out, e.task,
		    type == EXPORT_INT8 ? PRODUCT_INT8 : PRODUCT_BF16);
	else
		export_model(m, out, &e);
	model_close(m);
	file_finish();
	return 0;
}
