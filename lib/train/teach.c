#include "train/teach.h"

#include <stdlib.h>
#include <string.h>

#include "base/apart.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "model/finite.h"
#include "predict/predict.h"
#include "train/teacher.h"

bool
teach_compares(const struct recipe *r)
{
	return r->feature.hidden > 0 || r->feature.cosine > 0 ||
	       r->feature.attention > 0 || r->feature.relation > 0;
}

bool
teacher_has(const struct teach *t, size_t k, size_t pack)
{
	return t->pack_count == 0 || t->teaches[k * t->pack_count + pack];
}

/* --- opening --- */

static void
check_pairs(const struct teacher *k, const struct model *student, bool scores)
{
	size_t mine = student->config.layers, its = k->m->config.layers;
	bool any = false;

	for (size_t i = 0; i < k->pairs.count; i++) {
		struct pair p = k->pairs.item[i];

		if (p.student > mine)
			die("feature-map: layer %zu, but %s has %zu", p.student,
			    student->path, mine);
		if (p.teacher > its)
			die("feature-map: layer %zu, but %s has %zu", p.teacher,
			    k->m->path, its);
		if (scores && p.student > 0 && p.teacher == 0)
			die("feature-map: %zu:0, but the teacher's embeddings "
			    "have no attention to learn from",
			    p.student);
		any |= p.student > 0;
	}
	if (scores && !any)
		die("feature-map: no pair has a layer of the student's that "
		    "has attention");
}

/* The heads that relations are made with: by default the student's own. */
static size_t
relation_heads(const struct recipe *r, const struct model *student)
{
	return r->relation_heads > 0 ? (size_t)r->relation_heads
				     : student->config.heads;
}

static void
check_heads(const struct recipe *r, const struct teacher *k,
    const struct model *student)
{
	const struct config *a = &student->config, *b = &k->m->config;
	size_t R = relation_heads(r, student);

	if (r->feature.attention > 0 && a->heads != b->heads)
		die("feature-attention: %s has %zu attention heads, but %s has "
		    "%zu; feature-relation compares any number",
		    student->path, a->heads, k->m->path, b->heads);
	if (r->feature.relation > 0 &&
	    (a->hidden % R != 0 || b->hidden % R != 0))
		die("feature-relation: %zu relation heads, which must divide "
		    "the %zu features of %s and the %zu of %s: "
		    "feature-relation-heads N",
		    R, a->hidden, student->path, b->hidden, k->m->path);
}

/* What is stored in others than float32 is multiplied as it is stored. */
static enum product_numbers
numbers_of(const struct recipe *r, const struct model *m)
{
	if (r->teacher_matmul > 0)
		return (enum product_numbers)(r->teacher_matmul - 1);
	return m->stored != PRODUCT_FLOAT32 ? m->stored
					    : (enum product_numbers)r->matmul;
}

static void
open_one(const struct teach *t, struct teacher *k, const struct model *student,
    const char *spec)
{
	const struct recipe *r = t->recipe;
	const char *equals = strchr(spec, '=');
	bool named = equals != NULL && !file_exists(spec);
	struct model *m = model_open_packed(named ? equals + 1 : spec, true);

	k->task = named ? mem_stringn(spec, (size_t)(equals - spec)) : NULL;
	k->m = m;
	model_check_finite(m, m->path);
	if (strcmp(m->vocab, student->vocab) != 0 || m->cased != student->cased)
		die("%s: its vocabulary or case is not that of %s", m->path,
		    student->path);
	model_multiply(m, numbers_of(r, m));
	if (!teach_compares(r))
		return;
	if (r->pairs.item != NULL)
		pairs_copy(&k->pairs, &r->pairs);
	else
		pairs_even(&k->pairs, student->config.layers, m->config.layers);
	check_pairs(
	    k, student, r->feature.attention > 0 || r->feature.relation > 0);
	check_heads(r, k, student);
}

struct teach *
teach_open(const struct recipe *recipe, const struct model *student,
    const char *const *spec, size_t count)
{
	struct teach *t = mem_zero(1, sizeof(*t));

	t->recipe = recipe;
	t->count = count;
	t->item = mem_zero(count, sizeof(*t->item));
	for (size_t i = 0; i < count; i++)
		open_one(t, &t->item[i], student, spec[i]);
	return t;
}

struct model *
teach_model(const struct teach *t)
{
	return t->item[0].m;
}

const struct encoder *
teach_encoder(const struct teach *t)
{
	return t->item[0].encoder;
}

/* --- who teaches what --- */

static bool
names(const struct teacher *k, const struct pack *p)
{
	return k->task != NULL &&
	       (strcmp(k->task, p->task) == 0 || strcmp(k->task, p->head) == 0);
}

static bool
is_named(const struct teach *t, size_t pack)
{
	for (size_t k = 0; k < t->count; k++)
		if (names(&t->item[k], t->packs[pack]))
			return true;
	return false;
}

static void
check_named(const struct teach *t, const struct teacher *k)
{
	for (size_t i = 0; i < t->pack_count; i++)
		if (k->task == NULL || names(k, t->packs[i]))
			return;
	die("--teacher %s=%s: no pack is of task '%s'", k->task, k->m->path,
	    k->task);
}

/* It must read all rows that the student may, and answer them if asked. */
static void
check_pack(struct teach *t, size_t k, size_t pack)
{
	const struct teacher *own = &t->item[k];
	const struct pack *p = t->packs[pack];

	model_match(own->m, p);
	if ((size_t)t->recipe->max_length > own->m->config.positions)
		predict_check_lengths(own->m, p);
	if (!t->recipe->teacher_soft)
		return;
	t->head[k * t->pack_count + pack] = predict_head(own->m, p, NULL);
	if (labels_width(&p->labels) > t->width)
		t->width = labels_width(&p->labels);
}

/* Has it the teachers of the pack before? */
static bool
as_before(const struct teach *t, size_t pack)
{
	if (pack == 0)
		return false;
	for (size_t k = 0; k < t->count; k++)
		if (teacher_has(t, k, pack) != teacher_has(t, k, pack - 1))
			return false;
	return true;
}

/* The mean of a model and itself is no ensemble's. */
static void
check_one(const struct teach *t, size_t pack)
{
	char **path = mem_alloc(t->count, sizeof(*path));
	size_t n = 0;

	for (size_t k = 0; k < t->count; k++)
		if (teacher_has(t, k, pack))
			path[n++] =
			    file_join(t->item[k].m->path, "model.safetensors");
	if (n != 1 && teach_compares(t->recipe))
		die("task '%s' has %zu teachers: feature losses take exactly "
		    "one for each task",
		    t->packs[pack]->task, n);
	if (!as_before(t, pack))
		apart_once((const char *const *)path, n,
		    "it would count as two teachers");
	while (n > 0)
		free(path[--n]);
	free(path);
}

void
teach_assign(struct teach *t, const struct pack *const *packs, size_t count)
{
	t->packs = packs;
	t->pack_count = count;
	t->teaches = mem_zero(t->count * count, sizeof(*t->teaches));
	t->head = mem_zero(t->count * count, sizeof(*t->head));
	for (size_t k = 0; k < t->count; k++)
		check_named(t, &t->item[k]);
	for (size_t i = 0; i < count; i++) {
		bool named = is_named(t, i);

		for (size_t k = 0; k < t->count; k++) {
			const struct teacher *own = &t->item[k];
			bool has =
			    named ? names(own, packs[i]) : own->task == NULL;

			t->teaches[k * count + i] = has;
			if (has)
				check_pack(t, k, i);
		}
		check_one(t, i);
	}
}

bool
teach_uses(const struct teach *t, size_t pack)
{
	for (size_t k = 0; k < t->count; k++)
		if (teacher_has(t, k, pack))
			return true;
	return false;
}

bool
teach_answers(const struct teach *t, size_t pack)
{
	return t->recipe->teacher_soft && teach_uses(t, pack);
}

/* --- the student's side --- */

void
teach_project(struct teach *t, struct config *c)
{
	bool states =
	    t->recipe->feature.hidden > 0 || t->recipe->feature.cosine > 0;

	for (size_t i = 0; i < t->count; i++) {
		struct teacher *k = &t->item[i];
		size_t H = k->m->config.hidden;

		k->pair = mem_alloc(k->pairs.count, sizeof(*k->pair));
		for (size_t p = 0; p < k->pairs.count; p++) {
			struct pair of = k->pairs.item[p];
			char *name = mem_printf("projection.%zu.%zu.%zu", i,
			    of.student, of.teacher);

			k->pair[p] = (struct feature_pair){ of.student,
				of.teacher, PARAMS_NONE };
			if (states && H != c->hidden)
				k->pair[p].projection =
				    config_add_projection(c, name, H);
			free(name);
		}
	}
}

static void
start_one(struct teach *t, struct teacher *k, const struct model *student)
{
	struct feature_options o = t->recipe->feature;

	k->encoder = encoder_new(k->m, false, false);
	k->answer = answer_new(k->m);
	k->alone = t->pack_count == 0 ? t->recipe->mask == 0
				      : !t->recipe->teacher_soft;
	if (!teach_compares(t->recipe))
		return;
	o.kind = (enum relation_kind)t->recipe->feature_kind;
	o.relation_heads = relation_heads(t->recipe, student);
	for (size_t p = 0; p < k->pairs.count; p++)
		if (k->pair[p].projection != PARAMS_NONE)
			k->pair[p].projection =
			    student->params.projection[k->pair[p].projection];
	k->feature = feature_new(student, k->m, &o, k->pair, k->pairs.count);
	k->taps = taps_new(&k->m->config, false);
	k->mine = taps_new(&student->config, true);
	feature_want(k->feature, t->taps, k->taps);
	feature_want(k->feature, k->mine, k->taps);
	encoder_tap(k->encoder, k->taps, k->alone);
	k->all = taps_highest(k->taps) == k->m->config.layers;
}

void
teach_start(struct teach *t, const struct model *student)
{
	t->student = student;
	t->taps = taps_new(&student->config, true);
	for (size_t i = 0; i < t->count; i++)
		start_one(t, &t->item[i], student);
}

void
teach_identify(const struct teach *t, struct identity *id)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct teacher *k = &t->item[i];
		char *key = mem_printf("teacher %zu", i + 1);
		char *config = mem_printf("%s's config.json", key);
		char *task = mem_printf("%s's task", key);

		identity_add_model(id, key, config, k->m);
		identity_add(
		    id, task, mem_string(k->task != NULL ? k->task : "any"));
		free(key);
		free(config);
		free(task);
	}
}

/* --- what it costs --- */

/* How many of a teacher's layers run. */
static size_t
layers_run(const struct teacher *k)
{
	return k->alone ? taps_highest(k->taps) : k->m->config.layers;
}

double
teach_flops(const struct teach *t, size_t pack, size_t tokens)
{
	double flops = 0, n = (double)tokens;

	for (size_t i = 0; i < t->count; i++) {
		struct teacher *k = &t->item[i];
		struct config c = k->m->config;

		if (!teacher_has(t, i, pack))
			continue;
		c.layers = layers_run(k);
		flops += encoder_flops(&c, n) * n;
		for (size_t p = 0; p < k->pairs.count; p++)
			if (k->pair[p].projection != PARAMS_NONE)
				flops += 6 * n * (double)c.hidden *
					 (double)t->student->config.hidden;
	}
	return flops;
}

size_t
teach_bytes(const struct teach *t, size_t tokens, size_t rows, size_t longest)
{
	size_t bytes = taps_bytes(t->taps, tokens);

	for (size_t i = 0; i < t->count; i++) {
		const struct teacher *k = &t->item[i];

		bytes += k->m->params.total * sizeof(real) +
			 encoder_bytes(&k->m->config, NULL, tokens, rows,
			     longest, false, false);
		if (k->feature != NULL)
			bytes +=
			    taps_bytes(k->taps, tokens) +
			    feature_bytes(k->feature, tokens, rows, longest);
	}
	return bytes;
}

void
teach_free(struct teach *t)
{
	for (size_t i = 0; t != NULL && i < t->count; i++) {
		struct teacher *k = &t->item[i];

		free(k->task);
		if (k->encoder != NULL)
			encoder_free(k->encoder);
		if (k->answer != NULL)
			answer_free(k->answer);
		feature_free(k->feature);
		pairs_free(&k->pairs);
		free(k->pair);
		taps_free(k->taps);
		taps_free(k->mine);
		batch_free(&k->part);
		free(k->from);
		free(k->token);
		model_close(k->m);
	}
	if (t == NULL)
		return;
	free(t->item);
	free(t->teaches);
	free(t->head);
	taps_free(t->taps);
	free(t->sum);
	free(t->soft);
	free(t->value);
	free(t->group);
	free(t->row);
	free(t->place);
	free(t->voices);
	free(t);
}
