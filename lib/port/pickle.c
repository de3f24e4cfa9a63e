#include "port/picklemachine.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "port/little.h"

enum { MOST_DEPTH = 64, LAST_PROTOCOL = 5 };

/* What a value that was met in the search for cycles is. */
enum { UNSEEN, OPEN, DONE };

/* A little-endian number of n bytes. */
static uint64_t
take_number(struct pickle *p, size_t n)
{
	return little_number(pickle_take(p, n), n);
}

/* The values above the last mark, which goes; they are off the stack. */
static struct pickle_value **
pop_mark(struct pickle *p, size_t *count)
{
	size_t floor;

	if (p->marks == 0)
		pickle_bad(p, "no mark");
	floor = p->mark[--p->marks];
	*count = p->depth - floor;
	p->depth = floor;
	return p->stack + floor;
}

/* --- opcodes --- */

/* Each takes its operand, or the constant of its row in the table. */

static void
op_proto(struct pickle *p, uint64_t n)
{
	if (n > LAST_PROTOCOL)
		pickle_bad(p, "a later protocol than 5");
}

static void
op_frame(struct pickle *p, uint64_t n)
{
	if (n > p->end - p->at)
		pickle_bad(p, "a frame longer than the file: it is cut");
}

static void
op_stop(struct pickle *p, uint64_t n)
{
	(void)n;
	p->stopped = true;
}

static void
op_mark(struct pickle *p, uint64_t n)
{
	(void)n;
	if (p->marks == PICKLE_VALUES)
		pickle_bad(p, "too many marks");
	p->mark =
	    mem_grow(p->mark, &p->marks_room, p->marks + 1, sizeof(*p->mark));
	p->mark[p->marks++] = p->depth;
}

static void
op_put(struct pickle *p, uint64_t n)
{
	struct pickle_value *v = pickle_pop(p);

	if (n >= PICKLE_VALUES)
		pickle_bad(p, "a memo beyond all values");
	if (n >= p->memos) {
		p->memo = mem_grow(
		    p->memo, &p->memo_room, (size_t)n + 1, sizeof(*p->memo));
		for (; p->memos <= n; p->memos++)
			p->memo[p->memos] = NULL;
	}
	p->memo[n] = v;
	p->memo_next++;
	pickle_push(p, v);
}

static void
op_memoize(struct pickle *p, uint64_t n)
{
	(void)n;
	op_put(p, p->memo_next);
}

static void
op_get(struct pickle *p, uint64_t n)
{
	if (n >= p->memos || p->memo[n] == NULL)
		pickle_bad(p, "a memo that was never put");
	/* Each use counts, since each takes room on the stack. */
	if (p->values++ == PICKLE_VALUES)
		pickle_bad(p, "more values than a model has");
	pickle_push(p, p->memo[n]);
}

static void
op_none(struct pickle *p, uint64_t n)
{
	(void)n;
	pickle_push(p, pickle_make(p, PICKLE_NONE));
}

static void
op_bool(struct pickle *p, uint64_t n)
{
	pickle_push_number(p, PICKLE_BOOL, (long long)n);
}

static void
op_int(struct pickle *p, uint64_t n)
{
	pickle_push_number(p, PICKLE_INT, (long long)n);
}

static void
op_signed_int(struct pickle *p, uint64_t n)
{
	pickle_push_number(p, PICKLE_INT, (int32_t)(uint32_t)n);
}

/* Two's complement in as few bytes as it takes. */
static void
op_long1(struct pickle *p, uint64_t n)
{
	uint64_t v;

	if (n > sizeof(v))
		pickle_bad(p, "a whole number over 64 bits");
	v = take_number(p, (size_t)n);
	if (n > 0 && n < sizeof(v) && (v >> (8 * n - 1) & 1) != 0)
		v |= UINT64_MAX << 8 * n;
	pickle_push_number(p, PICKLE_INT, (long long)v);
}

static void
op_binfloat(struct pickle *p, uint64_t n)
{
	struct pickle_value *v = pickle_make(p, PICKLE_REAL);
	uint64_t bits = __builtin_bswap64(n); /* the one big-endian operand */

	memcpy(&v->real, &bits, sizeof(v->real));
	pickle_push(p, v);
}

/* Protocol 2 has bytes, as of numbers of numpy, as text; no name has a NUL. */
static void
op_text(struct pickle *p, uint64_t n)
{
	const unsigned char *bytes;

	if (n > PICKLE_TEXT_BYTES)
		pickle_bad(p, "a text of more than 65536 bytes");
	bytes = pickle_take(p, (size_t)n);
	if (n > 0 && memchr(bytes, '\0', (size_t)n) != NULL)
		pickle_push_object(p, "bytes");
	else
		pickle_push(p, pickle_text(p, bytes, (size_t)n));
}

/* n: the kind */
static void
op_empty(struct pickle *p, uint64_t n)
{
	pickle_push(p, pickle_make(p, (enum pickle_kind)n));
}

static void
push_tuple(struct pickle *p, struct pickle_value **item, size_t n)
{
	struct pickle_value *v = pickle_make(p, PICKLE_TUPLE);

	for (size_t i = 0; i < n; i++)
		pickle_append(v, item[i]);
	pickle_push(p, v);
}

static void
op_tuple(struct pickle *p, uint64_t n)
{
	size_t count;
	struct pickle_value **item = pop_mark(p, &count);

	(void)n;
	push_tuple(p, item, count);
}

static void
op_short_tuple(struct pickle *p, uint64_t n)
{
	struct pickle_value *item[3];

	for (size_t i = (size_t)n; i-- > 0;)
		item[i] = pickle_pop(p);
	push_tuple(p, item, (size_t)n);
}

static void
op_append(struct pickle *p, uint64_t n)
{
	struct pickle_value *v = pickle_pop(p);
	struct pickle_value *list = pickle_pop_filled(p, PICKLE_LIST);

	(void)n;
	if (list->kind == PICKLE_LIST)
		pickle_append(list, v);
	pickle_push(p, list);
}

static void
op_appends(struct pickle *p, uint64_t n)
{
	size_t count;
	struct pickle_value **item = pop_mark(p, &count);
	struct pickle_value *list = pickle_pop_filled(p, PICKLE_LIST);

	(void)n;
	for (size_t i = 0; i < count && list->kind == PICKLE_LIST; i++)
		pickle_append(list, item[i]);
	pickle_push(p, list);
}

static void
set(struct pickle *p, struct pickle_value *dict, struct pickle_value *key,
    struct pickle_value *value)
{
	if (dict->kind == PICKLE_OBJECT)
		return;
	if (key->kind > PICKLE_TEXT && key->kind != PICKLE_TUPLE &&
	    key->kind != PICKLE_OBJECT)
		pickle_bad(p, "a key that is neither a number nor text");
	pickle_append(dict, key);
	pickle_append(dict, value);
}

static void
op_setitem(struct pickle *p, uint64_t n)
{
	struct pickle_value *value = pickle_pop(p), *key = pickle_pop(p);
	struct pickle_value *dict = pickle_pop_filled(p, PICKLE_DICT);

	(void)n;
	set(p, dict, key, value);
	pickle_push(p, dict);
}

static void
op_setitems(struct pickle *p, uint64_t n)
{
	size_t count;
	struct pickle_value **item = pop_mark(p, &count);
	struct pickle_value *dict = pickle_pop_filled(p, PICKLE_DICT);

	(void)n;
	if (count % 2 != 0)
		pickle_bad(p, "a key without a value");
	for (size_t i = 0; i < count; i += 2)
		set(p, dict, item[i], item[i + 1]);
	pickle_push(p, dict);
}

/* By byte: name, bytes of operand or a constant, meaning; NULL is refused. */
static const struct {
	const char *name;
	unsigned width;
	unsigned constant;
	void (*run)(struct pickle *p, uint64_t n);
} opcodes[256] = {
	['('] = { "MARK", 0, 0, op_mark },
	[')'] = { "EMPTY_TUPLE", 0, PICKLE_TUPLE, op_empty },
	['.'] = { "STOP", 0, 0, op_stop },
	['0'] = { "POP", 0, 0, NULL },
	['1'] = { "POP_MARK", 0, 0, NULL },
	['2'] = { "DUP", 0, 0, NULL },
	['B'] = { "BINBYTES", 0, 0, NULL },
	['C'] = { "SHORT_BINBYTES", 0, 0, NULL },
	['F'] = { "FLOAT", 0, 0, NULL },
	['G'] = { "BINFLOAT", 8, 0, op_binfloat },
	['I'] = { "INT", 0, 0, NULL },
	['J'] = { "BININT", 4, 0, op_signed_int },
	['K'] = { "BININT1", 1, 0, op_int },
	['L'] = { "LONG", 0, 0, NULL },
	['M'] = { "BININT2", 2, 0, op_int },
	['N'] = { "NONE", 0, 0, op_none },
	['P'] = { "PERSID", 0, 0, NULL },
	['Q'] = { "BINPERSID", 0, 0, pickle_binpersid },
	['R'] = { "REDUCE", 0, 0, pickle_reduce },
	['S'] = { "STRING", 0, 0, NULL },
	['T'] = { "BINSTRING", 4, 0, op_text },
	['U'] = { "SHORT_BINSTRING", 1, 0, op_text },
	['V'] = { "UNICODE", 0, 0, NULL },
	['X'] = { "BINUNICODE", 4, 0, op_text },
	[']'] = { "EMPTY_LIST", 0, PICKLE_LIST, op_empty },
	['a'] = { "APPEND", 0, 0, op_append },
	['b'] = { "BUILD", 0, 0, pickle_build },
	['c'] = { "GLOBAL", 0, 0, pickle_global },
	['d'] = { "DICT", 0, 0, NULL },
	['e'] = { "APPENDS", 0, 0, op_appends },
	['g'] = { "GET", 0, 0, NULL },
	['h'] = { "BINGET", 1, 0, op_get },
	['i'] = { "INST", 0, 0, NULL },
	['j'] = { "LONG_BINGET", 4, 0, op_get },
	['l'] = { "LIST", 0, 0, NULL },
	['o'] = { "OBJ", 0, 0, NULL },
	['p'] = { "PUT", 0, 0, NULL },
	['q'] = { "BINPUT", 1, 0, op_put },
	['r'] = { "LONG_BINPUT", 4, 0, op_put },
	['s'] = { "SETITEM", 0, 0, op_setitem },
	['t'] = { "TUPLE", 0, 0, op_tuple },
	['u'] = { "SETITEMS", 0, 0, op_setitems },
	['}'] = { "EMPTY_DICT", 0, PICKLE_DICT, op_empty },
	[0x80] = { "PROTO", 1, 0, op_proto },
	[0x81] = { "NEWOBJ", 0, 0, pickle_newobj },
	[0x82] = { "EXT1", 0, 0, NULL },
	[0x83] = { "EXT2", 0, 0, NULL },
	[0x84] = { "EXT4", 0, 0, NULL },
	[0x85] = { "TUPLE1", 0, 1, op_short_tuple },
	[0x86] = { "TUPLE2", 0, 2, op_short_tuple },
	[0x87] = { "TUPLE3", 0, 3, op_short_tuple },
	[0x88] = { "NEWTRUE", 0, 1, op_bool },
	[0x89] = { "NEWFALSE", 0, 0, op_bool },
	[0x8a] = { "LONG1", 1, 0, op_long1 },
	[0x8b] = { "LONG4", 0, 0, NULL },
	[0x8c] = { "SHORT_BINUNICODE", 1, 0, op_text },
	[0x8d] = { "BINUNICODE8", 8, 0, op_text },
	[0x8e] = { "BINBYTES8", 0, 0, NULL },
	[0x8f] = { "EMPTY_SET", 0, 0, NULL },
	[0x90] = { "ADDITEMS", 0, 0, NULL },
	[0x91] = { "FROZENSET", 0, 0, NULL },
	[0x92] = { "NEWOBJ_EX", 0, 0, NULL },
	[0x93] = { "STACK_GLOBAL", 0, 0, pickle_stack_global },
	[0x94] = { "MEMOIZE", 0, 0, op_memoize },
	[0x95] = { "FRAME", 8, 0, op_frame },
	[0x96] = { "BYTEARRAY8", 0, 0, NULL },
	[0x97] = { "NEXT_BUFFER", 0, 0, NULL },
	[0x98] = { "READONLY_BUFFER", 0, 0, NULL },
};

/* --- the whole --- */

/* Recursion is bounded by MOST_DEPTH; each value is entered once. */
static void
check_depth(const struct pickle *p, struct pickle_value *v, size_t depth)
{
	if (v->seen == DONE)
		return;
	if (v->seen == OPEN)
		die_at(p->path, 0, "pickle: %s holds itself",
		    pickle_kind_name(v->kind));
	if (depth > MOST_DEPTH)
		die_at(p->path, 0, "pickle: nested over %d levels", MOST_DEPTH);
	v->seen = OPEN;
	for (size_t i = 0; i < v->count; i++)
		check_depth(p, v->item[i], depth + 1);
	v->seen = DONE;
}

static void
step(struct pickle *p)
{
	unsigned char byte = *pickle_take(p, 1);
	unsigned width = opcodes[byte].width;

	if (opcodes[byte].run != NULL) {
		opcodes[byte].run(p,
		    width > 0 ? take_number(p, width) : opcodes[byte].constant);
		return;
	}
	p->at--;
	if (opcodes[byte].name == NULL)
		die_at(p->path, 0, "pickle, byte %zu: unknown opcode 0x%02x",
		    p->at - p->start, byte);
	die_at(p->path, 0,
	    "pickle, byte %zu: opcode %s refused: a model "
	    "needs none but tensors",
	    p->at - p->start, opcodes[byte].name);
}

struct pickle *
pickle_read(const char *path, const unsigned char *bytes, size_t n, size_t *at)
{
	struct pickle *p = mem_zero(1, sizeof(*p));

	p->path = path;
	p->bytes = bytes;
	p->start = p->at = *at;
	p->end = n;
	if (p->at == n || bytes[p->at] != 0x80)
		die_at(path, 0, "byte %zu: no pickle of protocol 2 or later",
		    p->start);
	while (!p->stopped)
		step(p);
	if (p->depth != 1 || p->marks != 0)
		pickle_bad(p, "it stops with other than one value");
	check_depth(p, p->stack[0], 0);
	*at = p->at;
	return p;
}

void
pickle_free(struct pickle *p)
{
	struct pickle_block *next;

	for (struct pickle_block *b = p->block; b != NULL; b = next) {
		next = b->next;
		for (size_t i = 0; i < b->count; i++) {
			free(b->value[i].item);
			/* A storage's key is the text of another value. */
			if (b->value[i].kind == PICKLE_TEXT)
				free((void *)(uintptr_t)b->value[i].text);
		}
		free(b);
	}
	free(p->stack);
	free(p->mark);
	free(p->memo);
	free(p->storage);
	free(p);
}

const struct pickle_value *
pickle_root(const struct pickle *p)
{
	return p->stack[0];
}

const struct pickle_value *
pickle_storage(const struct pickle *p, const char *key)
{
	for (size_t i = 0; i < p->storages; i++)
		if (strcmp(p->storage[i]->text, key) == 0)
			return p->storage[i];
	return NULL;
}

const struct pickle_value *
pickle_get(const struct pickle_value *v, const char *key)
{
	if (v->kind != PICKLE_DICT)
		return NULL;
	for (size_t i = 0; i < v->count; i += 2)
		if (v->item[i]->kind == PICKLE_TEXT &&
		    strcmp(v->item[i]->text, key) == 0)
			return v->item[i + 1];
	return NULL;
}
