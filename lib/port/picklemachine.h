/*
 * The machine that reads a pickle: a stack of values, marks on it, and a memo.
 * picklemachine.c has what opcodes do to it, pickle.c the opcodes of plain
 * values, pickletensor.c those that name globals and make tensors.
 */
#ifndef PORT_PICKLEMACHINE_H
#define PORT_PICKLEMACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/pickle.h"

enum {
	PICKLE_VALUES = 1 << 20, /* a large model and its optimiser: 20000 */
	PICKLE_TEXT_BYTES = 1 << 16,
	PICKLE_STORAGES = 1 << 14,
	PICKLE_BLOCK = 1024 /* values allocated at once */
};

struct pickle_block {
	struct pickle_block *next;
	size_t count;
	struct pickle_value value[PICKLE_BLOCK];
};

struct pickle {
	const char *path;
	const unsigned char *bytes;
	size_t at, start, end;
	struct pickle_block *block; /* all values */
	size_t values;
	struct pickle_value **stack;
	size_t depth, stack_room;
	size_t *mark; /* depths of the stack */
	size_t marks, marks_room;
	struct pickle_value **memo; /* NULL where nothing was put */
	size_t memos, memo_room, memo_next;
	struct pickle_value **storage;
	size_t storages, storage_room;
	bool stopped;
};

/* "pickle, byte N: what", and the end. */
_Noreturn void pickle_bad(const struct pickle *p, const char *what);

/* The next n bytes, which are there. */
const unsigned char *pickle_take(struct pickle *p, size_t n);

/* A new value without items. */
struct pickle_value *pickle_make(struct pickle *p, enum pickle_kind kind);

/* A new text, copied; it must be UTF-8 without a NUL. */
struct pickle_value *pickle_text(
    struct pickle *p, const unsigned char *bytes, size_t n);

void pickle_push(struct pickle *p, struct pickle_value *v);
void pickle_push_number(struct pickle *p, enum pickle_kind kind, long long n);
/* What is never made: text says what it was, copied. */
void pickle_push_object(struct pickle *p, const char *text);
void pickle_append(struct pickle_value *to, struct pickle_value *v);

/* The top of the stack above the last mark, of this kind. */
struct pickle_value *pickle_pop(struct pickle *p);
struct pickle_value *pickle_pop_kind(struct pickle *p, enum pickle_kind kind);

/*
 * What is filled with items: of this kind, or an object, whose items are
 * passed over.
 */
struct pickle_value *pickle_pop_filled(struct pickle *p, enum pickle_kind kind);

/* The opcodes of pickletensor.c; n is not used. */
void pickle_global(struct pickle *p, uint64_t n);
void pickle_stack_global(struct pickle *p, uint64_t n);
void pickle_reduce(struct pickle *p, uint64_t n);
void pickle_build(struct pickle *p, uint64_t n);
void pickle_binpersid(struct pickle *p, uint64_t n);
void pickle_newobj(struct pickle *p, uint64_t n);

#endif
