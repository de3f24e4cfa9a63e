#include "train/resume.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/process.h"
#include "base/mem.h"
#include "base/num.h"
#include "data/st.h"
#include "layer/product.h"

void
identity_add(struct identity *id, const char *key, char *value)
{
	id->key = mem_grow(id->key, &id->room, id->count + 1, sizeof(*id->key));
	id->value = mem_grow(
	    id->value, &id->value_room, id->count + 1, sizeof(*id->value));
	id->key[id->count] = mem_string(key);
	id->value[id->count++] = value;
}

void
identity_add_file(
    struct identity *id, const char *key, const char *words, const char *path)
{
	char block[1 << 16];
	FILE *f = file_read(path);
	uint32_t crc = 0;
	size_t n;

	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		crc = digest_crc32(crc, block, n);
	if (ferror(f))
		die("%s:", file_name(path));
	if (f != stdin)
		fclose(f);
	identity_add(id, key,
	    mem_printf("%s%scrc32 %08x", words != NULL ? words : "",
		words != NULL ? " " : "", crc));
}

void
identity_add_model(struct identity *id, const char *key, const char *config_key,
    const struct model *m)
{
	char *config = file_join(m->path, "config.json");
	char *tensors = file_join(m->path, "model.safetensors");

	if (m->stored != PRODUCT_FLOAT32)
		identity_add_file(id, key, "packed", tensors);
	else
		identity_add(id, key,
		    mem_printf("crc32 %08x, vocabulary %s",
			digest_crc32(
			    0, m->value, m->params.total * sizeof(*m->value)),
			m->vocab));
	identity_add_file(id, config_key, NULL, config);
	free(config);
	free(tensors);
}

void
identity_add_products(struct identity *id)
{
	char library[PRODUCT_NAME];

	product_library(library);
	identity_add(id, "products", mem_string(library));
}

void
identity_free(struct identity *id)
{
	for (size_t i = 0; i < id->count; i++) {
		free(id->key[i]);
		free(id->value[i]);
	}
	free(id->key);
	free(id->value);
	*id = (struct identity){ 0 };
}

static void
put_number(struct st_writer *w, const char *key, const char *format, double v)
{
	char *text = mem_printf(format, v);

	st_put_meta(w, key, text);
	free(text);
}

static enum st_type
real_type(void)
{
	return sizeof(real) == sizeof(float) ? ST_F32 : ST_F64;
}

void
resume_save(const char *path, const struct identity *id,
    const struct run_state *state, const struct model *m,
    const struct optimizer *o)
{
	struct st_writer *w = st_create(path);
	size_t total = m->params.total, heads = m->config.head_count;
	int64_t *steps = mem_alloc(heads, sizeof(*steps));

	st_put_meta(w, "mtkd", "resume 2");
	for (size_t i = 0; i < id->count; i++)
		st_put_meta(w, id->key[i], id->value[i]);
	put_number(w, "state.updates", "%.0f", (double)state->updates);
	put_number(w, "state.tokens", "%.0f", (double)state->tokens);
	put_number(w, "state.best", "%.17g", state->best);
	put_number(w, "state.best_at", "%.0f", (double)state->best_at);
	if (state->unjudged)
		put_number(w, "state.unjudged", "%.0f", 1);
	put_number(w, "state.log", "%.0f", (double)state->log_bytes);
	put_number(w, "state.dev", "%.0f", (double)state->dev_bytes);
	for (size_t i = 0; i < heads; i++)
		steps[i] = (int64_t)o->head_step[i];
	st_add(w, "head_step", ST_I64, 1, &heads, steps);
	st_add(w, "value", real_type(), 1, &total, m->value);
	st_add(w, "first", real_type(), 1, &total, o->first);
	st_add(w, "second", real_type(), 1, &total, o->second);
	st_add(w, "touched", ST_U8, 1, &m->config.vocab, o->touched);
	st_commit(w);
	free(steps);
}

static size_t
get_count(const struct st *s, const char *key, size_t most)
{
	const char *text = st_need_meta(s, key);
	long long v;

	if (!num_int(text, 0, (long long)most, &v))
		die("%s: metadata '%s' is '%s', expected a whole number from 0 "
		    "to %zu",
		    st_path(s), key, text, most);
	return (size_t)v;
}

static double
get_number(const struct st *s, const char *key)
{
	const char *text = st_need_meta(s, key);
	double v;

	if (!num_real(text, -1e15, 1e15, &v))
		die("%s: metadata '%s' is '%s', expected a number", st_path(s),
		    key, text);
	return v;
}

static void
get_state(struct run_state *state, const struct st *s, size_t total)
{
	const size_t most = (size_t)1 << 50; /* bytes, tokens */

	state->updates = get_count(s, "state.updates", total);
	state->tokens = get_count(s, "state.tokens", most);
	state->best = get_number(s, "state.best");
	if (st_meta(s, "state.best_at") != NULL) /* not of earlier versions */
		state->best_at = get_count(s, "state.best_at", total);
	if (st_meta(s, "state.unjudged") != NULL)
		state->unjudged = get_count(s, "state.unjudged", 1) == 1;
	state->log_bytes = get_count(s, "state.log", most);
	state->dev_bytes = get_count(s, "state.dev", most);
}

/* The first line in which two texts differ, to show. */
static void
show_difference(
    const char *path, const char *key, const char *had, const char *has)
{
	while (*had != '\0' && *has != '\0') {
		size_t n = strcspn(had, "\n"), k = strcspn(has, "\n");

		if (n != k || memcmp(had, has, n) != 0)
			break;
		had += n + (had[n] == '\n');
		has += k + (has[k] == '\n');
	}
	die("%s: the unfinished run had %s '%.*s', this one has '%.*s'; remove "
	    "the file to start anew",
	    path, key, (int)strcspn(had, "\n"), had, (int)strcspn(has, "\n"),
	    has);
}

static void
compare(const struct st *s, const struct identity *id)
{
	for (size_t i = 0; i < id->count; i++) {
		const char *had = st_meta(s, id->key[i]);

		if (had == NULL)
			had = "nothing";
		if (strcmp(had, id->value[i]) != 0)
			show_difference(
			    st_path(s), id->key[i], had, id->value[i]);
	}
}

static void
get_block(void *to, const struct st *s, const char *name, enum st_type type,
    size_t count)
{
	const struct st_tensor *t = st_need(s, name, type, 1);

	if (t->count != count)
		die("%s: '%s' has %zu numbers, expected %zu", st_path(s), name,
		    t->count, count);
	memcpy(to, t->data, count * st_type_size(type));
}

static void
check_kind(const struct st *s)
{
	const char *kind = st_need_meta(s, "mtkd");

	if (strcmp(kind, "resume 1") != 0 && strcmp(kind, "resume 2") != 0)
		die("%s: mtkd is '%s', expected 'resume 1' or 'resume 2'",
		    st_path(s), kind);
}

/* A head takes part in an update or does not. */
static void
get_head_steps(struct optimizer *o, const struct st *s, size_t updates)
{
	size_t heads = o->m->config.head_count;
	int64_t *steps = mem_alloc(heads, sizeof(*steps));

	get_block(steps, s, "head_step", ST_I64, heads);
	for (size_t i = 0; i < heads; i++) {
		if (steps[i] < 0 || (uint64_t)steps[i] > updates)
			die("%s: 'head_step' has %lld, expected 0 to %zu",
			    st_path(s), (long long)steps[i], updates);
		o->head_step[i] = (size_t)steps[i];
	}
	free(steps);
}

bool
resume_load(const char *path, const struct identity *id, size_t total,
    struct run_state *state, struct model *m, struct optimizer *o)
{
	size_t numbers = m->params.total;
	struct st *s;

	if (!file_exists(path))
		return false;
	s = st_open(path);
	check_kind(s);
	st_check(s);
	compare(s, id);
	get_state(state, s, total);
	get_head_steps(o, s, state->updates);
	get_block(m->value, s, "value", real_type(), numbers);
	get_block(o->first, s, "first", real_type(), numbers);
	get_block(o->second, s, "second", real_type(), numbers);
	get_block(o->touched, s, "touched", ST_U8, m->config.vocab);
	optimizer_index_touched(o);
	st_close(s);
	return true;
}

static void
send_identity(const struct identity *id)
{
	for (size_t i = 0; i < id->count; i++) {
		const char *value = id->value[i];
		uint32_t mine = digest_crc32(0, value, strlen(value));
		uint32_t first = mine;

		process_broadcast(&first, sizeof(first));
		if (first != mine)
			die("%s '%.*s' is not what rank 0 has", id->key[i],
			    (int)strcspn(value, "\n"), value);
	}
}

void
resume_send(const struct identity *id, struct run_state *state, struct model *m,
    struct optimizer *o)
{
	size_t bytes = m->params.total * sizeof(real);

	send_identity(id);
	process_broadcast(state, sizeof(*state));
	process_broadcast(m->value, bytes);
	if (state->updates == 0)
		return;
	process_broadcast(o->first, bytes);
	process_broadcast(o->second, bytes);
	process_broadcast(
	    o->head_step, m->config.head_count * sizeof(*o->head_step));
	process_broadcast(o->touched, m->config.vocab);
	optimizer_index_touched(o);
}
