#include "model/model.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/opt.h"
#include "base/rng.h"
#include "base/text.h"
#include "corpus/vocab.h"
#include "data/pack.h"
#include "model/modelfolder.h"
#include "model/packed.h"

/* The vocabulary of a file or a folder. */
static void
take_vocab(struct model *m, const char *path, bool cased)
{
	m->pieces = vocab_read_any(path, cased);
	m->vocab_path = vocab_file(path);
	memcpy(m->vocab, m->pieces->digest, sizeof(m->vocab));
	m->cased = m->pieces->cased;
}

/* The tensor of a parameter, its shape checked. */
static const struct st_tensor *
tensor_of(const struct st *s, const struct param *p)
{
	const struct st_tensor *t = st_find(s, p->name);
	bool same;

	if (t == NULL)
		die("%s: no tensor '%s'", st_path(s), p->name);
	same = t->rank == p->rank && t->shape[0] == p->shape[0] &&
	       (p->rank == 1 || t->shape[1] == p->shape[1]);
	if (!same)
		die("%s: tensor '%s' has %zu numbers in another shape than the "
		    "%zu x %zu of config.json",
		    st_path(s), p->name, t->count, p->shape[0],
		    p->rank == 2 ? p->shape[1] : 1);
	if (t->type != ST_F32 && t->type != ST_F16 && t->type != ST_BF16)
		die("%s: tensor '%s' is %s, expected F32, F16 or BF16",
		    st_path(s), p->name, st_type_name(t->type));
	return t;
}

static void
refuse_extra(const struct st *s, const struct params *p, const char *folder)
{
	for (size_t i = 0; i < st_count(s); i++)
		if (params_find(p, st_at(s, i)->name) == NULL &&
		    !packed_has(p, st_at(s, i)->name)) {
			kind_refuse_path(folder, KIND_MODEL);
			die("%s: tensor '%s' is not in a model of this "
			    "config.json",
			    st_path(s), st_at(s, i)->name);
		}
}

/* The file's own numbers, if they lie as the table says; else NULL. */
static real *
mapped(const struct st *s, const struct params *p)
{
	const char *base = NULL;

	if (sizeof(real) != sizeof(float))
		return NULL;
	for (size_t i = 0; i < p->count; i++) {
		const struct st_tensor *t;

		if (p->item[i].packed)
			continue;
		t = tensor_of(s, &p->item[i]);
		if (i == 0)
			base = t->data;
		if (t->type != ST_F32 || (uintptr_t)base % sizeof(real) != 0 ||
		    (const char *)t->data !=
			base + p->item[i].offset * sizeof(real))
			return NULL;
	}
	/* The map is private and writable. */
	return (real *)(uintptr_t)base;
}

static void *
take_bytes(size_t bytes)
{
	return mem_room(bytes, 1);
}

void
model_version(int argc, char **argv)
{
	char library[PRODUCT_NAME];

	product_library(library);
	opt_version(argc, argv, library);
}

static const char *const number_name[] = { "float32", "bf16", "int8" };

static struct product *
start_product(enum product_numbers numbers)
{
	static const struct product_memory memory = { take_bytes, free };
	struct product *p = mem_zero(1, product_size());
	const char *refusal = product_start(p, numbers, &memory);

	if (refusal != NULL)
		die("%s: %s", number_name[numbers], refusal);
	return p;
}

static void
end_products(struct model *m)
{
	if (m->product == NULL)
		return;
	if (m->float_product != m->product) {
		product_end(m->float_product);
		free(m->float_product);
	}
	product_end(m->product);
	free(m->product);
	m->product = m->float_product = NULL;
}

void
model_multiply(struct model *m, enum product_numbers numbers)
{
	if (m->stored != PRODUCT_FLOAT32 && numbers != m->stored)
		die("%s: its weights are stored in %s, and cannot be "
		    "multiplied in %s",
		    m->path, number_name[m->stored], number_name[numbers]);
	end_products(m);
	m->product = m->float_product = start_product(numbers);
	if (numbers != PRODUCT_FLOAT32)
		m->float_product = start_product(PRODUCT_FLOAT32);
	if (m->stored != PRODUCT_FLOAT32)
		packed_give(m);
}

void
model_changed(const struct model *m)
{
	product_changed(m->product);
	product_changed(m->float_product);
}

/* The parameters of the file, where they are or copied. */
static void
take_values(struct model *m)
{
	m->value = mapped(m->file, &m->params);
	if (m->value != NULL)
		return;
	m->value = m->own = mem_align(m->params.total, sizeof(real));
	for (size_t i = 0; i < m->params.count; i++) {
		const struct param *p = &m->params.item[i];

		if (!p->packed)
			st_get_real(m->value + p->offset, tensor_of(m->file, p),
			    0, p->count);
	}
	if (m->stored != PRODUCT_FLOAT32)
		return;
	st_close(m->file);
	m->file = NULL;
}

static void
check_folder(const char *path)
{
	struct kind_found found = kind_of_path(path);
	unsigned model = KIND_MODEL;

	if (!file_is_directory(path)) {
		if (file_exists(path)) {
			kind_refuse(&found, path, model);
			die("%s: is no directory, expected a model's folder",
			    path);
		}
		die("%s: not a model: no such directory", path);
	}
	/* another program's may have our names for all its tensors */
	if (found.kind != KIND_CHECKPOINT ||
	    !kind_holds(path, "model.safetensors") ||
	    !kind_holds(path, "config.json"))
		kind_refuse(&found, path, model);
}

struct model *
model_open(const char *path, bool check)
{
	struct model *m = model_open_packed(path, check);

	if (m->file != NULL)
		packed_refuse(m->file, path);
	return m;
}

static const char vocab_key[] = "vocab_sha256";

/* Of the file itself: added tokens are settings, and may change. */
static void
put_vocab(struct st_writer *w, const struct model *m)
{
	char digest[DIGEST_HEX];

	digest_sha256(digest, m->pieces->bytes, m->pieces->bytes_size);
	st_put_meta(w, vocab_key, digest);
}

/* Earlier versions did not tell which vocabulary a model has. */
static void
check_vocab(const struct model *m)
{
	const char *was = st_meta(m->file, vocab_key);
	char is[DIGEST_HEX];

	if (was == NULL)
		return;
	digest_sha256(is, m->pieces->bytes, m->pieces->bytes_size);
	if (strcmp(was, is) != 0)
		die("%s: %zu piece%s, but not those that the model was saved "
		    "with: it is cut or changed",
		    m->vocab_path, m->pieces->rows, num_s(m->pieces->rows));
}

struct model *
model_open_packed(const char *path, bool check)
{
	struct model *m = mem_zero(1, sizeof(*m));
	char *config = file_join(path, "config.json");
	char *tensors = file_join(path, "model.safetensors");
	struct modelfolder_seen seen;

	check_folder(path);
	m->path = mem_string(path);
	modelfolder_look(&seen, path);
	config_read(&m->config, config);
	take_vocab(m, path, false);
	vocab_check_rows(m->pieces, m->vocab_path, m->config.vocab);
	m->file = st_open(tensors);
	modelfolder_check(&seen, path);
	check_vocab(m);
	if (check)
		st_check(m->file);
	m->stored = packed_numbers(m->file);
	if (m->stored != PRODUCT_FLOAT32)
		params_build_packed(&m->params, &m->config);
	else
		params_build(&m->params, &m->config);
	refuse_extra(m->file, &m->params, path);
	take_values(m);
	model_multiply(m, m->stored);
	free(config);
	free(tensors);
	return m;
}

/* Numbers drawn for one parameter, from its name: order does not matter. */
static void
draw(real *out, const struct param *p, const struct config *c, uint64_t seed)
{
	struct rng r = rng_key(seed, rng_stream(p->name), 0);
	double bound = 1 / sqrt((double)c->hidden);

	for (size_t i = 0; i < p->count; i++)
		switch (p->init) {
		case INIT_NORMAL:
			out[i] = (real)(c->init_range * rng_normal(r, i));
			break;
		case INIT_UNIFORM:
			out[i] = (real)(bound * (2 * rng_uniform(r, i) - 1));
			break;
		case INIT_PROJECTION:
			out[i] = (real)(0.02 * rng_normal(r, i));
			break;
		case INIT_ZERO:
			out[i] = 0;
			break;
		case INIT_ONE:
			out[i] = 1;
			break;
		}
}

struct model *
model_blank(const struct config *c, const char *vocab, bool cased)
{
	struct model *m = mem_zero(1, sizeof(*m));

	model_multiply(m, PRODUCT_FLOAT32);
	config_copy(&m->config, c, true);
	params_build(&m->params, &m->config);
	take_vocab(m, vocab, cased);
	m->value = m->own = mem_align(m->params.total, sizeof(real));
	return m;
}

struct model *
model_new(const struct config *c, const char *vocab, bool cased, uint64_t seed)
{
	struct model *m = model_blank(c, vocab, cased);

	for (size_t i = 0; i < m->params.count; i++)
		draw(m->value + m->params.item[i].offset, &m->params.item[i], c,
		    seed);
	return m;
}

void
model_set_waves(struct model *m)
{
	const struct config *c = &m->config;
	real *x = m->value + m->params.embeddings.position;
	double size = c->init_range * sqrt(2);
	size_t E = config_embedding(c);

	for (size_t p = 0; p < c->positions; p++)
		for (size_t i = 0; i < E; i++) {
			size_t even = i - i % 2;
			double wave = pow(10000, -(double)even / (double)E);
			double at = (double)p * wave;

			x[p * E + i] =
			    (real)(size * (i % 2 == 0 ? sin(at) : cos(at)));
		}
}

struct model *
model_extend(const struct model *from, const struct config *c, bool keep,
    uint64_t seed, bool *fresh)
{
	struct model *m = mem_zero(1, sizeof(*m));

	model_multiply(m, PRODUCT_FLOAT32);
	config_copy(&m->config, c, true);
	params_build(&m->params, &m->config);
	m->path = from->path != NULL ? mem_string(from->path) : NULL;
	m->vocab_path = mem_string(from->vocab_path);
	m->pieces = vocab_copy(from->pieces);
	memcpy(m->vocab, from->vocab, sizeof(m->vocab));
	m->cased = from->cased;
	m->value = m->own = mem_align(m->params.total, sizeof(real));
	memset(fresh, 0, c->head_count * sizeof(*fresh));
	for (size_t i = 0; i < m->params.count; i++) {
		const struct param *p = &m->params.item[i];
		const struct param *q = params_find(&from->params, p->name);
		bool same = q != NULL && q->count == p->count &&
			    q->shape[0] == p->shape[0];

		if (same && (p->head < 0 || keep)) {
			memcpy(m->value + p->offset, from->value + q->offset,
			    p->count * sizeof(real));
			continue;
		}
		draw(m->value + p->offset, p, &m->config, seed);
		/* a kept head may get weights of its losses, which are 0 */
		if (p->head >= 0 && p->init != INIT_ZERO)
			fresh[p->head] = true;
	}
	return m;
}

static void
save_tokenizer(const struct model *m, const char *path)
{
	char *name = file_join(path, "tokenizer_config.json");
	char *vocab = file_join(path, "vocab.txt");
	struct buf text = { 0 };

	buf_text(&text, "{\n");
	vocab_put_added(&text, m->pieces);
	buf_print(&text,
	    "  \"do_lower_case\": %s,\n  \"model_max_length\": %zu,\n"
	    "  \"tokenizer_class\": \"BertTokenizer\"\n}\n",
	    m->cased ? "false" : "true", m->config.positions);
	file_put(name, text.data, text.size);
	file_put(vocab, m->pieces->bytes, m->pieces->bytes_size);
	buf_free(&text);
	free(vocab);
	free(name);
}

/* The numbers of one parameter in the type of the file; owned. */
static void *
narrow(const real *x, size_t n, enum st_type type)
{
	void *out = mem_alloc(n, st_type_size(type));

	for (size_t i = 0; i < n; i++)
		if (type == ST_F32)
			((float *)out)[i] = (float)x[i];
		else
			((uint16_t *)out)[i] = type == ST_F16
						   ? st_to_half((float)x[i])
						   : st_to_bfloat((float)x[i]);
	return out;
}

void
model_save_packed(
    const struct model *m, const char *path, enum product_numbers numbers)
{
	struct folder *f = folder_begin(path);
	char *config = file_join(f->at, "config.json");
	char *tensors = file_join(f->at, "model.safetensors");
	struct st_writer *w;
	void *packed;

	config_write(&m->config, config);
	save_tokenizer(m, f->at);
	w = st_create(tensors);
	st_put_meta(w, "format", "pt");
	st_put_meta(w, "mtkd", "model 2");
	put_vocab(w, m);
	packed = packed_put(w, m, numbers);
	st_commit(w);
	packed_free(packed);
	modelfolder_commit(f, false);
	free(config);
	free(tensors);
}

static void
save_all(const struct model *m, const char *path, enum st_type type)
{
	const struct params *p = &m->params;
	char *config = file_join(path, "config.json");
	char *tensors = file_join(path, "model.safetensors");
	void **copy = mem_zero(p->count, sizeof(*copy));
	bool direct = type == ST_F32 && sizeof(real) == sizeof(float);
	struct st_writer *w;

	config_write(&m->config, config);
	save_tokenizer(m, path);
	w = st_create(tensors);
	st_put_meta(w, "format", "pt");
	st_put_meta(w, "mtkd", "model 1");
	put_vocab(w, m);
	for (size_t i = 0; i < p->count; i++) {
		const struct param *q = &p->item[i];

		if (q->unsaved)
			continue;
		if (!direct)
			copy[i] = narrow(m->value + q->offset, q->count, type);
		st_add(w, q->name, type, q->rank, q->shape,
		    direct ? m->value + q->offset : copy[i]);
	}
	st_commit(w);
	for (size_t i = 0; i < p->count; i++)
		free(copy[i]);
	free(copy);
	free(config);
	free(tensors);
}

size_t
model_file_bytes(const struct model *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->params.count; i++)
		if (!m->params.item[i].unsaved)
			n += m->params.item[i].count;
	return n * st_type_size(ST_F32);
}

void
model_save_as(const struct model *m, const char *path, enum st_type type)
{
	struct folder *f = folder_begin(path);

	save_all(m, f->at, type);
	modelfolder_commit(f, false);
}

void
model_save(const struct model *m, const char *path)
{
	model_save_as(m, path, ST_F32);
}

void
model_save_beside(const struct model *m, const char *path)
{
	struct folder *f = folder_begin(path);

	save_all(m, f->at, ST_F32);
	modelfolder_commit(f, true);
}

void
model_remove(const char *path)
{
	static const char *const names[] = { "model.safetensors", "config.json",
		"tokenizer_config.json", "vocab.txt" };

	if (!file_is_directory(path))
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *name = file_join(path, names[i]);

		file_remove(name);
		free(name);
	}
	rmdir(path);
}

bool
model_embeds(const struct model *m, const int32_t *token, size_t count,
    size_t segment_a, struct buf *why)
{
	const struct config *c = &m->config;

	/* A model without segment embeddings tells no text from another. */
	if (c->types == 1 && segment_a < count) {
		buf_text(why, "two texts, but the model has one segment");
		return false;
	}
	for (size_t i = 0; i < count; i++)
		if (token[i] < 0 || (size_t)token[i] >= c->vocab) {
			buf_print(why, "token id %d, but the model has %zu",
			    token[i], c->vocab);
			return false;
		}
	return true;
}

void
model_match(const struct model *m, const struct pack *p)
{
	struct buf why = { 0 };
	const char *id;

	pack_check_vocab(p, m->vocab, m->vocab_path);
	if (m->cased != p->cased)
		die("%s: packed with case %s, but the model's is %s", p->path,
		    text_word(vocab_cases, p->cased),
		    text_word(vocab_cases, m->cased));
	for (size_t r = 0; r < p->rows; r++) {
		size_t start = (size_t)p->starts[r];
		size_t count = (size_t)p->starts[r + 1] - start, n;

		if (model_embeds(m, p->tokens + start, count,
			(size_t)p->segment_a[r], &why))
			continue;
		id = pack_id_bytes(p, r, &n);
		die("%s: row '%.*s': %s", p->path, (int)n, id,
		    buf_string(&why));
	}
}

void
model_close(struct model *m)
{
	end_products(m);
	if (m->file != NULL)
		st_close(m->file);
	free(m->own);
	params_free(&m->params);
	config_free(&m->config);
	vocab_free(m->pieces);
	free(m->vocab_path);
	free(m->path);
	free(m);
}
