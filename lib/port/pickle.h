/*
 * Python pickles as torch.save writes them (protocol 2 and up), parsed as
 * data: nothing is executed.  Only the opcodes of plain values are known, and
 * only these globals: collections.OrderedDict, torch._utils'
 * _rebuild_tensor, _rebuild_tensor_v2 and _rebuild_parameter, and the storage
 * types of torch.  Objects of packages that training leaves beside a state
 * (mt-dnn's task definitions, arguments, numbers of numpy) are kept by their
 * names alone: what they are made of is passed over.  Every other opcode or
 * global ends the program by its name, and so do cycles, nesting over 64
 * levels, and whatever is too large.
 */
#ifndef PORT_PICKLE_H
#define PORT_PICKLE_H

#include <stdbool.h>
#include <stddef.h>

#include "data/st.h"

enum pickle_kind {
	PICKLE_NONE,
	PICKLE_BOOL,	/* number */
	PICKLE_INT,	/* number */
	PICKLE_REAL,	/* real */
	PICKLE_TEXT,	/* text */
	PICKLE_LIST,	/* item */
	PICKLE_TUPLE,	/* item */
	PICKLE_DICT,	/* item: key, value, key, value */
	PICKLE_GLOBAL,	/* number: which */
	PICKLE_STORAGE, /* text: its key; number: elements; type */
	PICKLE_TENSOR,	/* item: storage, shape, strides; number: offset */
	/*
	 * text: "module.Class", or the name of a member of an enumeration;
	 * number: a member's, where it is one that is told so, else -1
	 */
	PICKLE_OBJECT
};

struct pickle_value {
	enum pickle_kind kind;
	enum st_type type; /* of a storage */
	int seen;	   /* while looking for cycles */
	long long number;
	double real;
	const char *text; /* valid UTF-8 without a NUL, ended by one */
	struct pickle_value **item;
	size_t count, room;
};

struct pickle;

/*
 * Read the pickle that starts at bytes[*at] of n, and move *at behind it.
 * All values belong to the pickle.
 */
struct pickle *pickle_read(
    const char *path, const unsigned char *bytes, size_t n, size_t *at);
void pickle_free(struct pickle *p);

const struct pickle_value *pickle_root(const struct pickle *p);

/* A storage by its key, or NULL. */
const struct pickle_value *pickle_storage(
    const struct pickle *p, const char *key);

/* The value of a text key, or NULL (also where v is no dictionary). */
const struct pickle_value *pickle_get(
    const struct pickle_value *v, const char *key);

/* "a list", "a tensor" and so on, for messages. */
const char *pickle_kind_name(enum pickle_kind kind);

#endif
