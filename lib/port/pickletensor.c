#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/text.h"
#include "port/picklemachine.h"

/* Globals that may be named; storages give the type of their numbers. */
enum { OTHER = -1 };
enum { ORDERED_DICT, REBUILD, REBUILD_V2, PARAMETER, GETATTR, STORAGES };

static const struct {
	const char *module, *name;
	enum st_type type;
} globals[] = {
	[ORDERED_DICT] = { "collections", "OrderedDict", ST_U8 },
	[REBUILD] = { "torch._utils", "_rebuild_tensor", ST_U8 },
	[REBUILD_V2] = { "torch._utils", "_rebuild_tensor_v2", ST_U8 },
	[PARAMETER] = { "torch._utils", "_rebuild_parameter", ST_U8 },
	[GETATTR] = { "builtins", "getattr", ST_U8 },
	[STORAGES] = { "torch", "FloatStorage", ST_F32 },
	{ "torch", "HalfStorage", ST_F16 },
	{ "torch", "BFloat16Storage", ST_BF16 },
	{ "torch", "DoubleStorage", ST_F64 },
	{ "torch", "LongStorage", ST_I64 },
	{ "torch", "IntStorage", ST_I32 },
	{ "torch", "ShortStorage", ST_I16 },
	{ "torch", "CharStorage", ST_I8 },
	{ "torch", "ByteStorage", ST_U8 },
	{ "torch", "BoolStorage", ST_BOOL },
};

/*
 * What else may stand in a checkpoint beside its tensors: all names of a
 * package (NULL) or one of them.  Such objects are never made.
 */
static const char *const others[][2] = { { "data_utils", NULL },
	{ "experiments", NULL }, { "mt_dnn", NULL }, { "module", NULL },
	{ "argparse", "Namespace" }, { "pytorch_lightning", NULL },
	{ "lightning", NULL }, { "lightning_fabric", NULL },
	{ "omegaconf", NULL }, { "transformers", NULL }, { "numpy", NULL },
	{ "pathlib", NULL }, { "datetime", NULL }, { "torch", "Size" },
	{ "torch", "device" }, { "torch", "dtype" }, { "torch", "float32" },
	{ "torch", "float16" }, { "torch", "bfloat16" },
	{ "collections", "defaultdict" }, { "collections", "Counter" },
	{ "collections", "deque" }, { "builtins", "set" },
	{ "builtins", "dict" }, { "builtins", "list" }, { "builtins", "int" },
	{ "_codecs", "encode" } };

/*
 * GPUs have storages of their own names: the numbers are the same.  Pickles
 * for Python 2 have its name of the module of what is built in.
 */
static const char *
plain_module(const char *module)
{
	return strcmp(module, "torch.cuda") == 0    ? "torch"
	       : strcmp(module, "__builtin__") == 0 ? "builtins"
						    : module;
}

static bool
is_other(const char *module, const char *name)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		size_t n = strlen(others[i][0]);

		if (others[i][1] != NULL
			? strcmp(module, others[i][0]) == 0 &&
			      strcmp(name, others[i][1]) == 0
			: text_starts(module, others[i][0]) &&
			      (module[n] == '.' || module[n] == '\0'))
			return true;
	}
	return false;
}

void
pickle_push_object(struct pickle *p, const char *text)
{
	struct pickle_value *v =
	    pickle_text(p, (const unsigned char *)text, strlen(text));

	v->kind = PICKLE_OBJECT;
	v->number = -1;
	pickle_push(p, v);
}

static void
push_other(struct pickle *p, const char *module, const char *name)
{
	char *text = mem_printf("%s.%s", module, name);

	pickle_push_object(p, text);
	p->stack[p->depth - 1]->kind = PICKLE_GLOBAL;
	p->stack[p->depth - 1]->number = OTHER;
	free(text);
}

static void
push_global(struct pickle *p, const char *module, const char *name)
{
	module = plain_module(module);
	for (size_t i = 0; i < sizeof(globals) / sizeof(globals[0]); i++)
		if (strcmp(module, globals[i].module) == 0 &&
		    strcmp(name, globals[i].name) == 0) {
			pickle_push_number(p, PICKLE_GLOBAL, (long long)i);
			return;
		}
	if (is_other(module, name)) {
		push_other(p, module, name);
		return;
	}
	die_at(p->path, 0,
	    "pickle, byte %zu: global '%s.%s' refused: a model "
	    "needs none but tensors; save its state_dict() alone",
	    p->at - p->start, module, name);
}

/* Text up to the end of a line. */
static const char *
line_text(struct pickle *p)
{
	size_t left = p->end - p->at;
	const unsigned char *here = p->bytes + p->at, *stop;

	stop = memchr(
	    here, '\n', left < PICKLE_TEXT_BYTES ? left : PICKLE_TEXT_BYTES);
	if (stop == NULL)
		pickle_bad(p, "no end of a line: it is cut");
	pickle_take(p, (size_t)(stop - here) + 1);
	return pickle_text(p, here, (size_t)(stop - here))->text;
}

void
pickle_global(struct pickle *p, uint64_t n)
{
	const char *module = line_text(p);

	(void)n;
	push_global(p, module, line_text(p));
}

void
pickle_stack_global(struct pickle *p, uint64_t n)
{
	const char *name = pickle_pop_kind(p, PICKLE_TEXT)->text;

	(void)n;
	push_global(p, pickle_pop_kind(p, PICKLE_TEXT)->text, name);
}

/* Argument i of a call, of this kind. */
static struct pickle_value *
argument(const struct pickle *p, const struct pickle_value *tuple, size_t i,
    enum pickle_kind kind)
{
	if (i >= tuple->count || tuple->item[i]->kind != kind)
		die_at(p->path, 0,
		    "pickle, byte %zu: %s where %s was "
		    "expected",
		    p->at - p->start,
		    i < tuple->count ? pickle_kind_name(tuple->item[i]->kind)
				     : "nothing",
		    pickle_kind_name(kind));
	return tuple->item[i];
}

/* (storage, offset, shape, strides, ...) */
static void
rebuild_tensor(struct pickle *p, const struct pickle_value *arguments)
{
	struct pickle_value *v = pickle_make(p, PICKLE_TENSOR);

	pickle_append(v, argument(p, arguments, 0, PICKLE_STORAGE));
	v->number = argument(p, arguments, 1, PICKLE_INT)->number;
	pickle_append(v, argument(p, arguments, 2, PICKLE_TUPLE));
	pickle_append(v, argument(p, arguments, 3, PICKLE_TUPLE));
	pickle_push(p, v);
}

/* A member of an enumeration of the others': its name. */
static void
get_member(struct pickle *p, const struct pickle_value *arguments)
{
	if (argument(p, arguments, 0, PICKLE_GLOBAL)->number != OTHER)
		pickle_bad(p, "getattr of a global refused");
	pickle_push_object(p, argument(p, arguments, 1, PICKLE_TEXT)->text);
}

void
pickle_reduce(struct pickle *p, uint64_t n)
{
	struct pickle_value *arguments = pickle_pop_kind(p, PICKLE_TUPLE);
	const struct pickle_value *global = pickle_pop_kind(p, PICKLE_GLOBAL);
	long long what = global->number;

	(void)n;
	switch (what) {
	case ORDERED_DICT:
		if (arguments->count > 0)
			pickle_bad(p, "an OrderedDict with arguments");
		pickle_push(p, pickle_make(p, PICKLE_DICT));
		break;
	case REBUILD:
	case REBUILD_V2:
		rebuild_tensor(p, arguments);
		break;
	case PARAMETER:
		pickle_push(p, argument(p, arguments, 0, PICKLE_TENSOR));
		break;
	case OTHER:
		pickle_push_object(p, global->text);
		if (arguments->count == 1 &&
		    arguments->item[0]->kind == PICKLE_INT)
			p->stack[p->depth - 1]->number =
			    arguments->item[0]->number;
		break;
	case GETATTR:
		get_member(p, arguments);
		break;
	default:
		die_at(p->path, 0, "pickle, byte %zu: a call of %s.%s refused",
		    p->at - p->start, globals[what].module, globals[what].name);
	}
}

/* A dictionary's attributes (versions of modules) say nothing of tensors. */
void
pickle_build(struct pickle *p, uint64_t n)
{
	struct pickle_value *state = pickle_pop(p), *object;

	(void)n;
	object = pickle_pop(p);
	pickle_push(p, object);
	if (object->kind == PICKLE_OBJECT)
		return;
	if (state->kind != PICKLE_DICT)
		pickle_bad(p, "attributes that are not a dictionary");
	pickle_push(p, pickle_pop_kind(p, PICKLE_DICT));
}

/* An object of a class of the others: its name. */
void
pickle_newobj(struct pickle *p, uint64_t n)
{
	const struct pickle_value *class;

	(void)n;
	if (p->depth < 2 || p->stack[p->depth - 1]->kind != PICKLE_TUPLE)
		pickle_bad(p, "opcode NEWOBJ refused");
	pickle_pop_kind(p, PICKLE_TUPLE);
	class = pickle_pop_kind(p, PICKLE_GLOBAL);
	if (class->number != OTHER)
		pickle_bad(p, "opcode NEWOBJ refused");
	pickle_push_object(p, class->text);
}

static void
keep_storage(struct pickle *p, struct pickle_value *v)
{
	if (p->storages == PICKLE_STORAGES)
		pickle_bad(p, "more storages than a model has");
	p->storage = mem_grow(
	    p->storage, &p->storage_room, p->storages + 1, sizeof(*p->storage));
	p->storage[p->storages++] = v;
}

/* ('storage', type, key, device, elements [, view]) */
void
pickle_binpersid(struct pickle *p, uint64_t n)
{
	const struct pickle_value *id = pickle_pop_kind(p, PICKLE_TUPLE), *type;
	struct pickle_value *v = pickle_make(p, PICKLE_STORAGE);

	(void)n;
	if (strcmp(argument(p, id, 0, PICKLE_TEXT)->text, "storage") != 0)
		pickle_bad(p, "a persistent id that is not a storage");
	type = argument(p, id, 1, PICKLE_GLOBAL);
	if (type->number < (long long)STORAGES)
		pickle_bad(p, "a storage of no type");
	v->type = globals[type->number].type;
	v->text = argument(p, id, 2, PICKLE_TEXT)->text;
	argument(p, id, 3, PICKLE_TEXT);
	v->number = argument(p, id, 4, PICKLE_INT)->number;
	if (v->number < 0)
		pickle_bad(p, "a storage of a negative size");
	if (id->count > 5)
		argument(p, id, 5, PICKLE_NONE);
	keep_storage(p, v);
	pickle_push(p, v);
}
