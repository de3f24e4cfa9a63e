/*
 * Where an imported model's numbers come from: named tensors of a checkpoint,
 * whatever its format.  Files are mapped; nothing in them is trusted: every
 * length is checked before it is used, a cut file is an error.
 */
#ifndef PORT_SOURCE_H
#define PORT_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/real.h"
#include "data/st.h"

struct pickle_value;

enum source_kind { SOURCE_SAFETENSORS, SOURCE_TORCH, SOURCE_TENSORFLOW };

/* A tensor whose element [i,j] stands at data + i stride[0] + j stride[1]. */
struct source_tensor {
	struct st_tensor is;	    /* owns its name */
	size_t stride[ST_MAX_RANK]; /* in elements */
	const char *path;	    /* the file it stands in */
};

struct source {
	enum source_kind kind;
	char *path; /* for messages */
	struct source_tensor *item;
	size_t count, room;
	size_t skipped; /* tensors of an optimiser, passed over */
	/* An mt-dnn checkpoint's config, a dictionary, or NULL. */
	const struct pickle_value *config;
	struct source_keep *kept; /* what the tensors point into */
};

void source_free(struct source *s);

/* The index of a tensor by name, or -1. */
long long source_find(const struct source *s, const char *name);

/* Take tensor i out; those behind it move up. */
void source_remove(struct source *s, size_t i);

/* All numbers of tensor i in row-major order. */
void source_get(real *out, const struct source *s, size_t i);

/* --- for the readers --- */

/* A source without tensors; path is copied. */
struct source *source_new(enum source_kind kind, const char *path);

/* Something to release with the source. */
void source_keep(struct source *s, void *thing, void (*release)(void *thing));

/* Map a file that lives as long as the source. */
const unsigned char *source_map(
    struct source *s, const char *path, size_t *size);

/*
 * Add a tensor of row-major data, which lives as long as the source; name is
 * copied, path too.  Returned for changes of its strides.
 */
struct source_tensor *source_add(struct source *s, const char *path,
    const char *name, enum st_type type, size_t rank, const size_t *shape,
    const void *data);

/*
 * The product of a shape in *count; false where it, or its size in bytes,
 * overflows.
 */
bool source_count(const size_t *shape, size_t rank, size_t *count);

/* Ends the program if n bytes of path are known for no checkpoint. */
void source_refuse(const char *path, const void *bytes, size_t n);

/* Ends the program, naming it, if a tensor stands twice. */
void source_check_names(const struct source *s);

#endif
