#include "port/sourcetf.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"
#include "port/sstable.h"

/*
 * The messages in the index (tensorflow/core/protobuf/tensor_bundle.proto):
 * numbers of fields, and protobuf's wire types.
 */
enum { VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5 };
enum { HEADER_SHARDS = 1, HEADER_ENDIANNESS = 2 };
enum { DTYPE = 1, SHAPE, SHARD, OFFSET, SIZE, CRC, SLICES };
enum { SHAPE_DIM = 2, SHAPE_UNKNOWN = 3, DIM_SIZE = 1 };

enum { MOST_SHARDS = 1000 };

struct shard {
	char *path;
	const unsigned char *bytes; /* NULL: not mapped yet */
	size_t size;
};

/* A message being read. */
struct message {
	const char *path;
	const unsigned char *bytes;
	size_t size, at;
};

struct field {
	uint64_t number;
	unsigned wire;
	uint64_t value;	     /* VARINT, FIXED */
	struct message body; /* BYTES */
};

struct entry {
	uint64_t dtype, shard, offset, size, crc;
	size_t rank, shape[ST_MAX_RANK];
	bool sliced;
};

struct variable {
	char *name;
	struct entry entry;
};

struct bundle {
	struct source *source;
	const char *prefix;
	char *index;
	struct shard *shard;
	size_t shards;		   /* 0: the header has not been met */
	struct variable *variable; /* [count] in the order of the table */
	size_t count, room;
};

/* The next field; false at the end of the message. */
static bool
next(struct message *m, struct field *f)
{
	uint64_t tag;
	size_t fixed;

	if (m->at == m->size)
		return false;
	tag = sstable_varint(m->path, m->bytes, m->size, &m->at);
	*f = (struct field){ .number = tag >> 3, .wire = (unsigned)tag & 7 };
	if (f->wire == VARINT || f->wire == BYTES) {
		f->value = sstable_varint(m->path, m->bytes, m->size, &m->at);
		if (f->wire == VARINT)
			return true;
		if (f->value > m->size - m->at)
			die_at(m->path, 0,
			    "field %llu of %llu bytes, but %zu "
			    "are there",
			    (unsigned long long)f->number,
			    (unsigned long long)f->value, m->size - m->at);
		f->body = (struct message){ m->path, m->bytes + m->at,
			(size_t)f->value, 0 };
		m->at += (size_t)f->value;
		return true;
	}
	fixed = f->wire == FIXED32 ? 4 : 8;
	if ((f->wire != FIXED32 && f->wire != FIXED64) ||
	    fixed > m->size - m->at)
		die_at(m->path, 0,
		    "field %llu of wire type %u is not one of "
		    "a checkpoint",
		    (unsigned long long)f->number, f->wire);
	memcpy(&f->value, m->bytes + m->at, fixed);
	m->at += fixed;
	return true;
}

static void
read_header(struct bundle *b, struct message m)
{
	struct field f;

	b->shards = 1;
	while (next(&m, &f)) {
		if (f.number == HEADER_SHARDS) {
			if (f.value < 1 || f.value > MOST_SHARDS)
				die_at(b->index, 0,
				    "%llu shards, expected 1 "
				    "to %d",
				    (unsigned long long)f.value, MOST_SHARDS);
			b->shards = (size_t)f.value;
		}
		if (f.number == HEADER_ENDIANNESS && f.value != 0)
			die_at(b->index, 0, "a big-endian checkpoint");
	}
	b->shard = mem_zero(b->shards, sizeof(*b->shard));
}

static void
read_dim(struct entry *e, struct message m, const char *name)
{
	struct field f;
	uint64_t size = 0;

	while (next(&m, &f))
		if (f.number == DIM_SIZE && f.wire == VARINT)
			size = f.value;
	if (e->rank == ST_MAX_RANK || size > SIZE_MAX / 16)
		die_at(m.path, 0, "variable '%s': no shape of a model", name);
	e->shape[e->rank++] = (size_t)size;
}

static void
read_shape(struct entry *e, struct message m, const char *name)
{
	struct field f;

	while (next(&m, &f)) {
		if (f.number == SHAPE_DIM && f.wire == BYTES)
			read_dim(e, f.body, name);
		if (f.number == SHAPE_UNKNOWN && f.value != 0)
			die_at(m.path, 0, "variable '%s': unknown rank", name);
	}
}

static struct entry
read_entry(struct message m, const char *name)
{
	struct entry e = { 0 };
	struct field f;

	while (next(&m, &f))
		switch (f.number) {
		case DTYPE:
			e.dtype = f.value;
			break;
		case SHAPE:
			read_shape(&e, f.body, name);
			break;
		case SHARD:
			e.shard = f.value;
			break;
		case OFFSET:
			e.offset = f.value;
			break;
		case SIZE:
			e.size = f.value;
			break;
		case CRC:
			e.crc = f.value;
			break;
		case SLICES:
			e.sliced = true;
			break;
		default:
			break;
		}
	return e;
}

/* tensorflow/core/framework/types.proto */
static enum st_type
type_of(const struct bundle *b, const char *name, uint64_t dtype)
{
	static const struct {
		uint64_t dtype;
		enum st_type type;
	} types[] = { { 1, ST_F32 }, { 2, ST_F64 }, { 3, ST_I32 }, { 4, ST_U8 },
		{ 5, ST_I16 }, { 6, ST_I8 }, { 9, ST_I64 }, { 10, ST_BOOL },
		{ 14, ST_BF16 }, { 19, ST_F16 }, { 22, ST_U32 } };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].dtype == dtype)
			return types[i].type;
	die_at(b->index, 0, "variable '%s': type %llu, expected floats", name,
	    (unsigned long long)dtype);
}

static struct shard *
shard_of(struct bundle *b, uint64_t number)
{
	struct shard *s = &b->shard[number];

	if (s->path != NULL)
		return s;
	s->path = mem_printf(
	    "%s.data-%05d-of-%05d", b->prefix, (int)number, (int)b->shards);
	source_keep(b->source, s->path, free);
	s->bytes = source_map(b->source, s->path, &s->size);
	return s;
}

/* --- names --- */

static int
by_name(const void *key, const void *variable)
{
	return strcmp(key, ((const struct variable *)variable)->name);
}

static const struct variable *
find_variable(const struct bundle *b, const char *name)
{
	return bsearch(
	    name, b->variable, b->count, sizeof(*b->variable), by_name);
}

/*
 * What training leaves beside a model's variables: slots, whose names go on
 * behind a variable's, and single numbers (steps, rates, loss scales).
 */
static bool
is_of_optimizer(const struct bundle *b, const struct variable *v)
{
	char *name = mem_string(v->name), *slash;
	bool slot = v->entry.rank == 0 && !v->entry.sliced;

	while (!slot && (slash = strrchr(name, '/')) != NULL) {
		*slash = '\0';
		slot = find_variable(b, name) != NULL;
	}
	free(name);
	return slot;
}

/* Names whose last part is not the rule's. */
static const char *const renamed[][2] = {
	{ "bert/embeddings/word_embeddings",
	    "bert.embeddings.word_embeddings.weight" },
	{ "bert/embeddings/position_embeddings",
	    "bert.embeddings.position_embeddings.weight" },
	{ "bert/embeddings/token_type_embeddings",
	    "bert.embeddings.token_type_embeddings.weight" },
	{ "cls/predictions/output_bias", "cls.predictions.bias" },
	{ "cls/seq_relationship/output_weights",
	    "cls.seq_relationship.weight" },
	{ "cls/seq_relationship/output_bias", "cls.seq_relationship.bias" },
	{ "output_weights", "classifier.weight" },
	{ "output_bias", "classifier.bias" },
};

/* "layer_normalization" or "layer_normalization_N" at the start of a name. */
static size_t
counted_norm(const char *name)
{
	static const char norm[] = "layer_normalization";
	size_t n = strlen(norm);

	if (!text_starts(name, norm))
		return 0;
	if (name[n] == '_')
		n += 1 + strspn(name + n + 1, "0123456789");
	return name[n] == '/' ? n : 0;
}

/* The part of a name at *at, as PyTorch has it; moves behind it. */
static void
put_part(struct buf *out, const char **at)
{
	size_t norm = counted_norm(*at), n = strcspn(*at, "/");

	if (norm > 0)
		buf_text(out, "LayerNorm");
	else if (text_starts(*at, "layer_"))
		buf_print(out, "layer.%.*s", (int)(n - strlen("layer_")),
		    *at + strlen("layer_"));
	else if (n == strlen("kernel") && strcmp(*at, "kernel") == 0)
		buf_text(out, "weight");
	else
		buf_add(out, *at, n);
	*at += n;
	if (**at == '/') {
		buf_byte(out, '.');
		++*at;
	}
}

/*
 * The name in PyTorch: dots for slashes, layer_N as layer.N, kernel as
 * weight (true is returned: it lies transposed), layer_normalization_N as
 * LayerNorm.
 */
static bool
rename_variable(struct buf *out, const char *name)
{
	const char *at = name;

	for (size_t i = 0; i < sizeof(renamed) / sizeof(renamed[0]); i++) {
		size_t n = strlen(name) - strlen(renamed[i][0]);
		bool nested = strchr(renamed[i][0], '/') != NULL;

		if (!text_ends(name, renamed[i][0]) ||
		    (n > 0 && (!nested || name[n - 1] != '/')))
			continue;
		while (at < name + n)
			put_part(out, &at);
		buf_text(out, renamed[i][1]);
		buf_string(out);
		return false;
	}
	while (*at != '\0')
		put_part(out, &at);
	buf_string(out);
	return text_ends(name, "/kernel");
}

/* --- variables --- */

/* The shard of a variable, whose bytes are all there. */
static struct shard *
check_extent(struct bundle *b, const char *name, const struct entry *e)
{
	struct shard *s;

	if (e->shard >= b->shards)
		die_at(b->index, 0, "variable '%s': shard %llu of %zu", name,
		    (unsigned long long)e->shard, b->shards);
	s = shard_of(b, e->shard);
	if (e->offset > s->size || e->size > s->size - e->offset) {
		source_refuse(s->path, s->bytes, s->size);
		die_at(s->path, 0,
		    "variable '%s': %llu bytes at byte %llu of %zu: the file "
		    "is cut",
		    name, (unsigned long long)e->size,
		    (unsigned long long)e->offset, s->size);
	}
	return s;
}

static const unsigned char *
data_of(struct bundle *b, const char *name, const struct entry *e,
    enum st_type type)
{
	struct shard *s = check_extent(b, name, e);
	size_t count;

	if (!source_count(e->shape, e->rank, &count) ||
	    e->size != count * st_type_size(type))
		die_at(b->index, 0,
		    "variable '%s': %llu bytes, expected %zu from its shape",
		    name, (unsigned long long)e->size,
		    count * st_type_size(type));
	if (sstable_crc(s->bytes + e->offset, (size_t)e->size) != e->crc) {
		source_refuse(s->path, s->bytes, s->size);
		die_at(s->path, 0,
		    "variable '%s' is damaged: its checksum is another than "
		    "the index has",
		    name);
	}
	return s->bytes + e->offset;
}

static void
add_variable(struct bundle *b, const char *name, const struct entry *e)
{
	enum st_type type = type_of(b, name, e->dtype);
	size_t shape[ST_MAX_RANK], rows = e->shape[0];
	const unsigned char *data = data_of(b, name, e, type);
	char *path = b->shard[e->shard].path;
	struct buf torch = { 0 };
	struct source_tensor *t;

	memcpy(shape, e->shape, sizeof(shape));
	if (rename_variable(&torch, name) && e->rank == 2) {
		shape[0] = e->shape[1];
		shape[1] = rows;
		t = source_add(
		    b->source, path, torch.data, type, 2, shape, data);
		t->stride[0] = 1;
		t->stride[1] = shape[0];
	} else {
		source_add(
		    b->source, path, torch.data, type, e->rank, shape, data);
	}
	buf_free(&torch);
}

static void
take(void *state, const struct sstable_entry *e)
{
	struct bundle *b = state;
	struct message m = { b->index, e->value, e->value_size, 0 };

	if (e->key_size == 0 && b->shards == 0) {
		read_header(b, m);
		return;
	}
	if (b->shards == 0)
		die_at(b->index, 0, "a table without a checkpoint's header");
	if (e->key_size == 0 || strlen(e->key) != e->key_size ||
	    utf8_check(e->key, e->key_size) != e->key_size)
		die_at(b->index, 0, "a name of %zu bytes that is not UTF-8",
		    e->key_size);
	b->variable =
	    mem_grow(b->variable, &b->room, b->count + 1, sizeof(*b->variable));
	b->variable[b->count++] =
	    (struct variable){ mem_string(e->key), read_entry(m, e->key) };
}

/* The names are in order: the table is. */
static void
add_variables(struct bundle *b)
{
	for (size_t i = 0; i < b->count; i++) {
		const struct variable *v = &b->variable[i];

		if (strstr(v->name, "/.ATTRIBUTES/") != NULL ||
		    strcmp(v->name, "_CHECKPOINTABLE_OBJECT_GRAPH") == 0)
			die_at(b->index, 0,
			    "an object checkpoint of TensorFlow 2 or Keras, "
			    "whose variables have not the names of BERT's: "
			    "expected one of TensorFlow 1, or a model that "
			    "Transformers saved");
	}
	for (size_t i = 0; i < b->count; i++) {
		struct variable *v = &b->variable[i];

		if (is_of_optimizer(b, v)) {
			check_extent(b, v->name, &v->entry);
			b->source->skipped++;
			continue;
		}
		if (v->entry.sliced)
			die_at(b->index, 0,
			    "variable '%s' is cut into slices, "
			    "expected one piece",
			    v->name);
		add_variable(b, v->name, &v->entry);
	}
}

struct source *
source_tensorflow(const char *prefix)
{
	struct bundle b = { 0 };
	const unsigned char *bytes;
	size_t n;

	b.source = source_new(SOURCE_TENSORFLOW, prefix);
	b.prefix = b.source->path;
	b.index = mem_printf("%s.index", prefix);
	bytes = source_map(b.source, b.index, &n);
	sstable_read(b.index, bytes, n, take, &b);
	if (b.shards == 0)
		die_at(b.index, 0, "an empty table, expected a checkpoint");
	add_variables(&b);
	for (size_t i = 0; i < b.count; i++)
		free(b.variable[i].name);
	free(b.variable);
	source_check_names(b.source);
	free(b.index);
	free(b.shard);
	return b.source;
}
