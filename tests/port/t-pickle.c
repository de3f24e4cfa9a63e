/*
 * Pickles: the values of good ones, and what is refused, by name: every
 * opcode and global beside those of tensors, cycles, depth, size, and each
 * prefix of a good one.
 */
#include "check.h"
#include "refused.h"

#include "base/buf.h"
#include "base/mem.h"
#include "port/pickle.h"

struct bytes {
	const void *data;
	size_t size;
};

static void
read_bytes(const void *state)
{
	const struct bytes *b = state;
	size_t at = 0;

	pickle_free(pickle_read("x.bin", b->data, b->size, &at));
}

static bool
bad(const char *data, size_t size, const char *words)
{
	/* A copy of its own, so that reading past the end is seen. */
	void *copy = mem_copy(data, size);
	struct bytes b = { copy, size };
	bool good = refused(read_bytes, &b, words);

	free(copy);
	return good;
}

/* {'a': [1, -2, 70000, 2.5, None, True], 'b': ('x', (), 1 << 40)} */
static const char good[] =
    "\x80\x02}q\x00(X\x01\x00\x00\x00"
    "aq\x01]q\x02(K\x01J\xfe\xff\xff\xffJp\x11\x01\x00G@\x04\x00\x00\x00\x00"
    "\x00\x00N\x88"
    "eX\x01\x00\x00\x00"
    "bX\x01\x00\x00\x00x)\x8a\x06\x00\x00\x00\x00\x00\x01\x87q\x03u.";

/* OrderedDict: {'w': a tensor [2,3] at 1 of 7 half numbers} */
static const char tensor[] =
    "\x80\x02"
    "ccollections\nOrderedDict\nq\0)Rq\x01X\x01\0\0\0wq\x02"
    "ctorch._utils\n_rebuild_tensor_v2\nq\x03((X\x07\0\0\0storageq\x04"
    "ctorch\nHalfStorage\nq\x05X\x01\0\0\0"
    "5q\x06X\x03\0\0\0cpuq\x07K\x07tq\x08QK\x01K\x02K\x03\x86q\x09K\x03K\x01"
    "\x86q\x0a\x89h\x00)Rq\x0btq\x0cRq\x0ds}q\x0eX\x09\0\0\0_metadatah\x01sb.";

/* The same in the words of protocol 4. */
static const char framed[] =
    "\x80\x04\x95\x16\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x01k\x94"
    "\x8d\x01\x00\x00\x00\x00\x00\x00\x00vh\x01\x8a\x00u.";

static void
check_values(void)
{
	size_t at = 0;
	struct pickle *p =
	    pickle_read("x", (const void *)good, sizeof(good) - 1, &at);
	const struct pickle_value *a = pickle_get(pickle_root(p), "a");
	const struct pickle_value *b = pickle_get(pickle_root(p), "b");

	CHECK(at == sizeof(good) - 1);
	CHECK(a->kind == PICKLE_LIST && a->count == 6);
	CHECK(a->item[0]->number == 1 && a->item[1]->number == -2);
	CHECK(a->item[2]->number == 70000);
	CHECK(a->item[3]->kind == PICKLE_REAL && a->item[3]->real == 2.5);
	CHECK(a->item[4]->kind == PICKLE_NONE);
	CHECK(a->item[5]->kind == PICKLE_BOOL && a->item[5]->number == 1);
	CHECK(b->kind == PICKLE_TUPLE && b->count == 3);
	CHECK_TEXT(b->item[0]->text, "x");
	CHECK(b->item[1]->kind == PICKLE_TUPLE && b->item[1]->count == 0);
	CHECK(b->item[2]->number == 1LL << 40);
	CHECK(pickle_get(pickle_root(p), "c") == NULL);
	CHECK(pickle_get(a, "c") == NULL);
	pickle_free(p);
}

static void
check_tensor(void)
{
	size_t at = 0;
	struct pickle *p =
	    pickle_read("x", (const void *)tensor, sizeof(tensor) - 1, &at);
	const struct pickle_value *w = pickle_get(pickle_root(p), "w");

	CHECK(w != NULL && w->kind == PICKLE_TENSOR && w->number == 1);
	CHECK(w->item[0]->kind == PICKLE_STORAGE);
	CHECK(w->item[0]->type == ST_F16 && w->item[0]->number == 7);
	CHECK_TEXT(w->item[0]->text, "5");
	CHECK(w->item[1]->item[0]->number == 2);
	CHECK(w->item[2]->item[0]->number == 3);
	CHECK(pickle_storage(p, "5") == w->item[0]);
	CHECK(pickle_storage(p, "6") == NULL);
	pickle_free(p);
	at = 0;
	p = pickle_read("x", (const void *)framed, sizeof(framed) - 1, &at);
	CHECK_TEXT(pickle_get(pickle_root(p), "k")->text, "v");
	CHECK(pickle_root(p)->count == 4);
	CHECK(pickle_root(p)->item[3]->number == 0);
	pickle_free(p);
}

/*
 * What training leaves beside tensors: [Namespace, filled; an enumeration's
 * members by name and by number], none of it made.
 */
static void
check_objects(void)
{
	static const char bytes[] =
	    "\x80\x02](cargparse\nNamespace\n)\x81}X\1\0\0\0"
	    "aK\1sb"
	    "c__builtin__\ngetattr\ncdata_utils.task_def\nKind\nX\4\0\0\0"
	    "BERT\x86R"
	    "cdata_utils.task_def\nKind\nK\2\x85R"
	    "ccollections\ndefaultdict\n)RX\1\0\0\0aK\1s"
	    "cmt_dnn.x\nList\n)RK\1a(K\1K\2e}be.";
	size_t at = 0;
	struct pickle *p = pickle_read(
	    "x.bin", (const unsigned char *)bytes, sizeof(bytes) - 1, &at);
	const struct pickle_value *v = pickle_root(p);

	CHECK(at == sizeof(bytes) - 1 && v->kind == PICKLE_LIST);
	CHECK(v->count == 5);
	for (size_t i = 0; i < v->count; i++)
		CHECK(v->item[i]->kind == PICKLE_OBJECT);
	CHECK_TEXT(v->item[0]->text, "argparse.Namespace");
	CHECK_TEXT(v->item[1]->text, "BERT");
	CHECK_TEXT(v->item[2]->text, "data_utils.task_def.Kind");
	CHECK(v->item[1]->number == -1 && v->item[2]->number == 2);
	pickle_free(p);
}

/* {"a": numpy.float64(1)}, whose eight bytes stand as a text with NULs */
static void
check_bytes(void)
{
	static const char bytes[] =
	    "\x80\x02}X\1\0\0\0acnumpy._core.multiarray\nscalar\n"
	    "cnumpy\ndtype\nX\2\0\0\0f8\x89\x88\x87R"
	    "(K\3X\1\0\0\0<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb"
	    "c_codecs\nencode\nX\t\0\0\0\0\0\0\0\0\0\xc3\xb0?"
	    "X\6\0\0\0latin1\x86R\x86Rs.";
	size_t at = 0;
	struct pickle *p = pickle_read(
	    "x.bin", (const unsigned char *)bytes, sizeof(bytes) - 1, &at);
	const struct pickle_value *a = pickle_get(pickle_root(p), "a");

	CHECK(at == sizeof(bytes) - 1 && a != NULL && a->kind == PICKLE_OBJECT);
	CHECK_TEXT(a->text, "numpy._core.multiarray.scalar");
	pickle_free(p);
}

static void
check_globals(void)
{
	static const struct refused_bytes cases[] = {
		{ "\x80\x02"
		  "cos\nsystem\nX\x02\0\0\0id\x85R.",
		    "global 'os.system' refused" },
		{ "\x80\x02"
		  "cposix\nsystem\nX\x02\0\0\0id\x85R.",
		    "global 'posix.system' refused" },
		{ "\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.",
		    "global 'os.system' refused" },
		{ "\x80\x02"
		  "cbuiltins\neval\nX\x01\0\0\0"
		  "1\x85R.",
		    "global 'builtins.eval' refused" },
		{ "\x80\x02"
		  "ctorch._utils\n_rebuild_qtensor\n.",
		    "global 'torch._utils._rebuild_qtensor' refused" },
		{ "\x80\x02"
		  "ctorch\nComplexFloatStorage\n.",
		    "global 'torch.ComplexFloatStorage' refused" },
		{ "\x80\x02"
		  "ccollections\nOrderedDict.fromkeys\n.",
		    "global 'collections.OrderedDict.fromkeys' refused" },
		{ "\x80\x02"
		  "ctorch\nFloatStorage\n)R.",
		    "a call of torch.FloatStorage refused" },
		{ "\x80\x02"
		  "cdata_utilities\nX\n.",
		    "global 'data_utilities.X' refused" },
		{ "\x80\x02"
		  "c__builtin__\neval\n.",
		    "global 'builtins.eval' refused" },
		{ "\x80\x02"
		  "c__builtin__\ngetattr\nccollections\nOrderedDict\nX\1\0\0\0"
		  "x\x86R.",
		    "getattr of a global refused" },
		{ "\x80\x02"
		  "ccollections\nOrderedDict\n)\x81.",
		    "opcode NEWOBJ refused" },
		{ "\x80\x02"
		  "ccollections\nOrderedDict\n]\x85R.",
		    "an OrderedDict with arguments" },
		{ "\x80\x02K\x01)R.", "a whole number, expected a global" },
		{ "\x80\x02"
		  "ctorch._utils\n_rebuild_tensor_v2\n)R.",
		    "nothing where a storage was expected" },
		{ "\x80\x02"
		  "ctorch._utils\n_rebuild_parameter\nK\x01\x85R.",
		    "a whole number where a tensor was expected" },
		{ "\x80\x02X\x06\0\0\0moduleQ.", "text, expected a tuple" },
		{ "\x80\x02X\x06\0\0\0module\x85Q.", "not a storage" },
		{ "\x80\x02(X\x07\0\0\0storage"
		  "ccollections\nOrderedDict\nX\x01\0\0\0"
		  "0X\x03\0\0\0cpuK\x01tQ.",
		    "a storage of no type" },
		{ "\x80\x02(X\x07\0\0\0storage"
		  "ctorch\nFloatStorage\nX\x01\0\0\0"
		  "0X\x03\0\0\0cpuJ\xff\xff\xff\xfftQ.",
		    "a storage of a negative size" },
		{ "\x80\x02"
		  "ccollections\nOrderedDict\n)R]b.",
		    "attributes that are not a dictionary" },
		{ "\x80\x02]}b.", "a list, expected a dictionary" },
	};

	refused_each(cases, COUNT(cases), bad);
}

/* Opcodes that build objects, call, or are of other protocols. */
static void
check_opcodes(void)
{
	static const struct refused_bytes cases[] = {
		{ "\x80\x02\xff.", "unknown opcode 0xff" },
		{ "\x80\x02\x00.", "unknown opcode 0x00" },
		{ "(lp0\n.", "no pickle of protocol 2 or later" },
		{ "\x80\x06N.", "a later protocol than 5" },
	};
	static const struct {
		char opcode;
		const char *name;
	} refused_ones[] = { { 'i', "INST" }, { 'o', "OBJ" },
		{ '\x81', "NEWOBJ" }, { '\x92', "NEWOBJ_EX" },
		{ '\x82', "EXT1" }, { '\x83', "EXT2" }, { '\x84', "EXT4" },
		{ 'P', "PERSID" }, { 'I', "INT" }, { 'L', "LONG" },
		{ 'S', "STRING" }, { 'V', "UNICODE" }, { 'd', "DICT" },
		{ 'l', "LIST" }, { 'p', "PUT" }, { 'g', "GET" }, { '0', "POP" },
		{ '2', "DUP" }, { 'B', "BINBYTES" }, { '\x8b', "LONG4" },
		{ '\x8f', "EMPTY_SET" }, { '\x96', "BYTEARRAY8" },
		{ '\x97', "NEXT_BUFFER" } };
	char text[64], words[64];
	size_t count = 0;

	for (size_t i = 0; i < COUNT(refused_ones); i++) {
		snprintf(text, sizeof(text), "\x80\x02%c....",
		    refused_ones[i].opcode);
		snprintf(words, sizeof(words), "opcode %s refused",
		    refused_ones[i].name);
		count += bad(text, 7, words);
	}
	CHECK_NAMED("opcodes of objects are refused by name",
	    count == COUNT(refused_ones));
	refused_each(cases, COUNT(cases), bad);
}

static void
check_shapes(void)
{
	static const struct refused_bytes cases[] = {
		{ "\x80\x02.", "other than one value" },
		{ "\x80\x02NN.", "other than one value" },
		{ "\x80\x02(N.", "other than one value" },
		{ "\x80\x02t.", "no mark" },
		{ "\x80\x02(a.", "the stack is empty" },
		{ "\x80\x02]N(a.", "the stack is empty" },
		{ "\x80\x02N\x87.", "the stack is empty" },
		{ "\x80\x02NNa.", "None, expected a list" },
		{ "\x80\x02}(Nu.", "a key without a value" },
		{ "\x80\x02}]Ns.", "a key that is neither a number nor text" },
		{ "\x80\x02h\x00.", "a memo that was never put" },
		{ "\x80\x02Nq\x05h\x04.", "a memo that was never put" },
		{ "\x80\x02q\x00.", "the stack is empty" },
		{ "\x80\x02Nr\xff\xff\xff\xff.", "a memo beyond all values" },
		{ "\x80\x02X\xff\xff\xff\xff.",
		    "a text of more than 65536 bytes" },
		{ "\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xff.",
		    "a text of more than 65536 bytes" },
		{ "\x80\x02X\x10\0\0\0abc.", "16 bytes expected, 4 are there" },
		{ "\x80\x02X\x01\0\0\0\xff.", "not UTF-8" },
		{ "\x80\x04X\1\0\0\0\0X\1\0\0\0a\x93.", "an object, expected" },
		{ "\x80\x02\x8a\x09\0\0\0\0\0\0\0\0\x01.", "over 64 bits" },
		{ "\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7fN.",
		    "a frame longer" },
		{ "\x80\x02"
		  "cabc",
		    "no end of a line" },
	};

	refused_each(cases, COUNT(cases), bad);
}

/* A list in itself, a dictionary in its list, and honest repetition. */
static void
check_cycles(void)
{
	static const struct refused_bytes cases[] = {
		{ "\x80\x02]q\x00h\x00"
		  "a.",
		    "a list holds itself" },
		{ "\x80\x02}q\x00K\x01]h\x00"
		  "as.",
		    "a dictionary holds itself" },
		{ "\x80\x02]q\x00(h\x00K\x01\x86h\x00"
		  "e.",
		    "a list holds itself" },
	};
	struct buf b = { 0 };
	size_t at = 0;

	refused_each(cases, COUNT(cases), bad);
	/* Each list holds the last one twice: 2^40 ways, 41 values. */
	buf_add(&b, "\x80\x02]q\x00", 5);
	for (int i = 0; i < 40; i++)
		buf_add(&b,
		    "]q\x01(h\x00h\x00"
		    "eq\x00",
		    11);
	for (int i = 0; i < 40; i++)
		buf_add(&b, "\x86", 1);
	buf_byte(&b, '.');
	pickle_free(pickle_read("x", (const void *)b.data, b.size, &at));
	CHECK_NAMED("shared values are entered once", at == b.size);
	buf_free(&b);
}

static void
check_depth(size_t depth, const char *words)
{
	struct buf b = { 0 };

	buf_add(&b, "\x80\x02", 2);
	for (size_t i = 0; i < depth; i++)
		buf_byte(&b, ']');
	for (size_t i = 1; i < depth; i++)
		buf_byte(&b, 'a');
	buf_byte(&b, '.');
	CHECK_NAMED("deep nesting", bad(b.data, b.size, words));
	buf_free(&b);
}

static void
check_much(char opcode, size_t count, const char *words)
{
	struct buf b = { 0 };

	buf_add(&b, "\x80\x02", 2);
	memset(buf_reserve(&b, count), opcode, count);
	b.size += count;
	CHECK_NAMED("very many opcodes", bad(b.data, b.size, words));
	buf_free(&b);
}

static void
check_prefixes(const char *name, const char *bytes, size_t size)
{
	size_t count = 0;

	for (size_t n = 0; n < size; n++)
		count += bad(bytes, n, "x.bin: ");
	CHECK_NAMED(name, count == size);
}

int
main(void)
{
	check_values();
	check_tensor();
	check_objects();
	check_bytes();
	check_globals();
	check_opcodes();
	check_shapes();
	check_cycles();
	check_depth(66, "nested over 64 levels");
	check_depth(500000, "nested over 64 levels");
	check_much('N', 1 << 21, "more values than a model has");
	check_much('(', 1 << 21, "too many marks");
	check_prefixes("each prefix of values", good, sizeof(good) - 1);
	check_prefixes("each prefix of a tensor", tensor, sizeof(tensor) - 1);
	check_prefixes("each prefix of frames", framed, sizeof(framed) - 1);
	return check_done();
}
