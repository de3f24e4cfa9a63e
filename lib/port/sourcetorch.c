#include "port/sourcetorch.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/text.h"
#include "port/pickle.h"
#include "port/zip.h"

enum { LEGACY_PROTOCOL = 1001 };

/* Storages by key; of the zip layout they are found when they are asked for. */
struct storage {
	const char *key;
	const unsigned char *data;
	size_t size;
};

struct torch {
	struct source *source;
	const char *path;
	const unsigned char *bytes;
	size_t size;
	struct zip *zip; /* NULL: the layout before it */
	char *folder;	 /* of the entries, with its slash */
	struct storage *storage;
	size_t count, room;
};

static void
free_pickle(void *thing)
{
	pickle_free(thing);
}

static const struct pickle *
read_pickle(struct torch *t, const unsigned char *bytes, size_t n, size_t *at)
{
	struct pickle *p = pickle_read(t->path, bytes, n, at);

	source_keep(t->source, p, free_pickle);
	return p;
}

/* --- the zip layout: FOLDER/data.pkl, FOLDER/data/KEY --- */

static const struct pickle_value *
open_zip(struct torch *t)
{
	const struct zip_entry *e;
	const struct pickle_value *root;
	size_t at = 0;
	char *order;

	t->zip = zip_open(t->path, t->bytes, t->size);
	for (size_t i = 0; i < t->zip->count && t->folder == NULL; i++) {
		const char *name = t->zip->entry[i].name;

		if (text_ends(name, "/data.pkl"))
			t->folder = mem_stringn(
			    name, strlen(name) - strlen("data.pkl"));
	}
	if (t->folder == NULL)
		die_at(t->path, 0,
		    "zip: no data.pkl, expected a file of "
		    "torch.save");
	order = mem_printf("%sbyteorder", t->folder);
	e = zip_find(t->zip, order);
	if (e != NULL && (e->size != 6 || memcmp(e->data, "little", 6) != 0))
		die_at(t->path, 0, "byteorder is '%.*s', expected 'little'",
		    e->size < 16 ? (int)e->size : 16, (const char *)e->data);
	free(order);
	order = mem_printf("%sdata.pkl", t->folder);
	e = zip_find(t->zip, order);
	free(order);
	root = pickle_root(read_pickle(t, e->data, e->size, &at));
	if (at != e->size)
		die_at(t->path, 0, "data.pkl: %zu bytes after the pickle",
		    e->size - at);
	return root;
}

/* --- the layout before it: pickles, then the storages --- */

static const unsigned char magic[] = { 0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c,
	0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, '.' };

static size_t
element_size(const struct pickle_value *storage)
{
	return st_type_size(storage->type);
}

static void
add_storage(
    struct torch *t, const char *key, const unsigned char *data, size_t size)
{
	t->storage =
	    mem_grow(t->storage, &t->room, t->count + 1, sizeof(*t->storage));
	t->storage[t->count++] = (struct storage){ key, data, size };
}

/* Eight bytes of count, then the numbers. */
static size_t
read_storage(struct torch *t, const char *key, size_t element, size_t at)
{
	size_t left = t->size - at;
	uint64_t count;

	if (left < sizeof(count))
		die_at(t->path, 0,
		    "storage '%s' at byte %zu is not there: the "
		    "file is cut",
		    key, at);
	memcpy(&count, t->bytes + at, sizeof(count));
	left -= sizeof(count);
	if (count > left / element)
		die_at(t->path, 0,
		    "storage '%s' at byte %zu: %llu numbers of "
		    "%zu bytes, but %zu bytes are left: the file is cut",
		    key, at, (unsigned long long)count, element, left);
	at += sizeof(count);
	add_storage(t, key, t->bytes + at, (size_t)count * element);
	return at + (size_t)count * element;
}

static void
check_legacy(struct torch *t, const struct pickle_value *protocol,
    const struct pickle_value *system)
{
	const struct pickle_value *little;

	if (protocol->kind != PICKLE_INT || protocol->number != LEGACY_PROTOCOL)
		die_at(t->path, 0, "torch protocol %lld, expected %d",
		    protocol->kind == PICKLE_INT ? protocol->number : -1,
		    LEGACY_PROTOCOL);
	little = pickle_get(system, "little_endian");
	if (little == NULL || little->kind != PICKLE_BOOL ||
	    little->number != 1)
		die_at(t->path, 0, "not written on a little-endian machine");
}

/* The size of a storage's elements is what the pickle says of it. */
static size_t
read_next(struct torch *t, const struct pickle *p,
    const struct pickle_value *key, size_t at)
{
	const struct pickle_value *storage = NULL;

	if (key->kind == PICKLE_TEXT)
		storage = pickle_storage(p, key->text);
	if (storage == NULL)
		die_at(t->path, 0, "storage '%s' belongs to no tensor",
		    key->kind == PICKLE_TEXT ? key->text : "?");
	return read_storage(t, key->text, element_size(storage), at);
}

static const struct pickle_value *
open_legacy(struct torch *t)
{
	const struct pickle *protocol, *system, *state;
	const struct pickle_value *keys;
	size_t at = sizeof(magic);

	protocol = read_pickle(t, t->bytes, t->size, &at);
	system = read_pickle(t, t->bytes, t->size, &at);
	check_legacy(t, pickle_root(protocol), pickle_root(system));
	state = read_pickle(t, t->bytes, t->size, &at);
	keys = pickle_root(read_pickle(t, t->bytes, t->size, &at));
	if (keys->kind != PICKLE_LIST)
		die_at(t->path, 0, "%s, expected a list of the storages' keys",
		    pickle_kind_name(keys->kind));
	for (size_t i = 0; i < keys->count; i++)
		at = read_next(t, state, keys->item[i], at);
	if (at != t->size)
		die_at(t->path, 0, "%zu bytes after the last storage",
		    t->size - at);
	return pickle_root(state);
}

/* --- tensors --- */

static const struct storage *
find_storage(struct torch *t, const char *key)
{
	const struct zip_entry *e;
	char *name;

	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->storage[i].key, key) == 0)
			return &t->storage[i];
	if (t->zip == NULL)
		return NULL;
	name = mem_printf("%sdata/%s", t->folder, key);
	e = zip_find(t->zip, name);
	free(name);
	if (e == NULL)
		return NULL;
	add_storage(t, key, e->data, e->size);
	return &t->storage[t->count - 1];
}

static size_t
get_sizes(const struct torch *t, const char *name, size_t *out,
    const struct pickle_value *tuple, const char *what)
{
	if (tuple->count > ST_MAX_RANK)
		die_at(t->path, 0, "tensor '%s': rank %zu, at most %d", name,
		    tuple->count, ST_MAX_RANK);
	for (size_t i = 0; i < tuple->count; i++) {
		const struct pickle_value *v = tuple->item[i];

		if (v->kind != PICKLE_INT || v->number < 0)
			die_at(t->path, 0,
			    "tensor '%s': %s of its %s is not a "
			    "whole number from 0",
			    name, pickle_kind_name(v->kind), what);
		out[i] = (size_t)v->number;
	}
	return tuple->count;
}

/* The last element of a tensor lies within count elements from its first. */
static bool
reaches_within(
    const size_t *shape, const size_t *stride, size_t rank, size_t count)
{
	for (size_t i = 0; i < rank; i++) {
		size_t steps = shape[i] - 1;

		if (steps > 0 && stride[i] > (count - 1) / steps)
			return false;
		count -= steps * stride[i];
	}
	return true;
}

static void
add_tensor(struct torch *t, const char *name, const struct pickle_value *v)
{
	const struct pickle_value *is = v->item[0];
	size_t shape[ST_MAX_RANK], stride[ST_MAX_RANK], rank, count, left;
	const struct storage *storage = find_storage(t, is->text);
	struct source_tensor *added;

	if (storage == NULL)
		die_at(t->path, 0, "tensor '%s': storage '%s' is not there",
		    name, is->text);
	if (storage->size / element_size(is) != (size_t)is->number ||
	    storage->size % element_size(is) != 0)
		die_at(t->path, 0,
		    "tensor '%s': storage '%s' has %zu bytes, "
		    "expected %lld numbers of %zu",
		    name, is->text, storage->size, is->number,
		    element_size(is));
	rank = get_sizes(t, name, shape, v->item[1], "shape");
	if (get_sizes(t, name, stride, v->item[2], "strides") != rank ||
	    !source_count(shape, rank, &count))
		die_at(t->path, 0,
		    "tensor '%s': its strides do not fit its "
		    "shape",
		    name);
	if (v->number < 0 || v->number > is->number)
		die_at(t->path, 0, "tensor '%s' starts at %lld of %lld numbers",
		    name, v->number, is->number);
	left = (size_t)(is->number - v->number);
	if (count > 0 &&
	    (left == 0 || !reaches_within(shape, stride, rank, left)))
		die_at(t->path, 0,
		    "tensor '%s' does not fit its storage of "
		    "%lld numbers",
		    name, is->number);
	added = source_add(t->source, t->path, name, is->type, rank, shape,
	    storage->data + (size_t)v->number * element_size(is));
	for (size_t i = 0; i < rank; i++)
		added->stride[i] = stride[i];
}

/* --- which part of the pickle is the state --- */

/* Dictionaries may stand in many places: all are not looked at. */
enum { NESTED = 4, VISITS = 1000 };

struct state {
	const struct pickle_value *dict, *parent;
	struct buf key; /* "'a', 'b'": where it stands */
	size_t found, visits;
};

static bool
has_embeddings(const struct pickle_value *dict)
{
	for (size_t i = 0; i < dict->count; i += 2)
		if (dict->item[i]->kind == PICKLE_TEXT &&
		    dict->item[i + 1]->kind == PICKLE_TENSOR &&
		    text_ends(dict->item[i]->text, "word_embeddings.weight"))
			return true;
	return false;
}

/* Dictionaries with word embeddings; of several, all keys are listed. */
static void
find_state(struct state *s, const struct pickle_value *dict,
    const struct pickle_value *parent, const char *key, size_t depth)
{
	if (dict == s->dict || s->visits++ == VISITS)
		return;
	if (has_embeddings(dict)) {
		s->dict = dict;
		s->parent = parent;
		buf_print(
		    &s->key, "%s'%s'", s->found++ > 0 ? " and " : "", key);
		return;
	}
	for (size_t i = 0;
	     depth < NESTED && s->visits < VISITS && i < dict->count; i += 2)
		if (dict->item[i]->kind == PICKLE_TEXT &&
		    dict->item[i + 1]->kind == PICKLE_DICT)
			find_state(s, dict->item[i + 1], dict,
			    dict->item[i]->text, depth + 1);
}

/* mt-dnn's {state, config, ...}. */
static void
take_config(struct torch *t, const struct pickle_value *root)
{
	t->source->config = pickle_get(root, "config");
	if (t->source->config != NULL && t->source->config->kind != PICKLE_DICT)
		die_at(t->path, 0, "config: %s, expected a dictionary",
		    pickle_kind_name(t->source->config->kind));
}

/* The state of a checkpoint, itself or a part of what training left. */
static const struct pickle_value *
choose_state(struct torch *t, const struct pickle_value *root)
{
	struct state s = { 0 };
	const struct pickle_value *state = pickle_get(root, "state");

	if (root->kind == PICKLE_OBJECT)
		die_at(t->path, 0,
		    "an object of %s, expected a dictionary of tensors: save "
		    "its state_dict() alone",
		    root->text);
	if (root->kind != PICKLE_DICT)
		die_at(t->path, 0, "%s, expected a dictionary of tensors",
		    pickle_kind_name(root->kind));
	find_state(&s, root, NULL, "", 0);
	if (s.found > 1)
		die_at(t->path, 0,
		    "%s are states of networks, expected one: save it alone",
		    buf_string(&s.key));
	if (s.found == 0 && state != NULL && state->kind == PICKLE_DICT) {
		s.dict = state;
		s.parent = root;
	}
	if (s.dict != NULL && s.dict == state)
		take_config(t, root);
	else if (s.found > 0 && s.parent != NULL)
		note("%s: of its parts, %s is read", t->path,
		    buf_string(&s.key));
	buf_free(&s.key);
	return s.dict != NULL ? s.dict : root;
}

static void
add_all(struct torch *t, const struct pickle_value *root)
{
	const struct pickle_value *state = choose_state(t, root);

	for (size_t i = 0; i < state->count; i += 2) {
		const struct pickle_value *key = state->item[i];
		const struct pickle_value *v = state->item[i + 1];

		if (key->kind == PICKLE_TEXT && v->kind == PICKLE_TENSOR)
			add_tensor(t, key->text, v);
		else
			note("left out: %s (%s, no tensor)",
			    key->kind == PICKLE_TEXT ? key->text : "a key",
			    pickle_kind_name(v->kind));
	}
	if (t->source->count == 0)
		die_at(t->path, 0, "no tensors, expected those of a model");
}

static _Noreturn void
refuse(const struct torch *t)
{
	source_refuse(t->path, t->bytes, t->size);
	die_at(t->path, 0,
	    "neither of torch.save's layouts: no zip archive, and not the "
	    "magic number of the one before it");
}

void
source_add_torch(struct source *s, const char *path)
{
	struct torch t = { .source = s, .path = path };
	const struct pickle_value *root;

	t.bytes = source_map(s, path, &t.size);
	if (kind_of_bytes(t.bytes, t.size).kind == KIND_FOREIGN &&
	    !kind_has_word(t.bytes, t.size, "data.pkl"))
		refuse(&t);
	if (zip_is(t.bytes, t.size))
		root = open_zip(&t);
	else if (t.size >= sizeof(magic) &&
		 memcmp(t.bytes, magic, sizeof(magic)) == 0)
		root = open_legacy(&t);
	else
		refuse(&t);
	add_all(&t, root);
	if (t.zip != NULL)
		zip_close(t.zip);
	free(t.folder);
	free(t.storage);
}

struct source *
source_torch(const char *path)
{
	struct source *s = source_new(SOURCE_TORCH, path);

	source_add_torch(s, s->path);
	source_check_names(s);
	return s;
}
