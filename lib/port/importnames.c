#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "model/finite.h"
#include "port/import.h"

/* --- a parameter's name to its tensor --- */

struct fit {
	const struct model *model;
	const struct source *source;
	const struct config *from;
	const struct import *o;
	bool *used;	 /* [source->count] */
	struct buf line; /* what is said of a tensor that does not fit */
	size_t problems;
	bool unknown; /* a tensor is among them */
};

/* The layer of a name "bert.encoder.layer.N.rest"; false if it has none. */
static bool
layer_of(const char *name, size_t *layer, const char **rest)
{
	static const char head[] = "bert.encoder.layer.";
	char digits[8];
	long long value;
	size_t n;

	if (!text_starts(name, head))
		return false;
	name += strlen(head);
	n = strspn(name, "0123456789");
	if (n == 0 || n >= sizeof(digits) || name[n] != '.')
		return false;
	memcpy(digits, name, n);
	digits[n] = '\0';
	if (!num_int(digits, 0, 1000000, &value))
		return false;
	*layer = (size_t)value;
	*rest = name + n + 1;
	return true;
}

/* mt-dnn's names of a SAN head's parts, and ours. */
static const char *const answer_parts[][2] = {
	{ "san.query.", "query_wsum.att.linear." },
	{ "san.attention.", "attn.score_func.linear." },
	{ "san.gru.", "rnn." },
	{ "weight", "classifier.proj.weight" },
	{ "bias", "classifier.proj.bias" },
};

/* The tensor of the first name that is there, or -1; frees the names. */
static long long
find_first(const struct fit *f, char *name[], size_t count)
{
	long long found = -1;

	for (size_t i = 0; i < count; i++) {
		if (found < 0)
			found = source_find(f->source, name[i]);
		free(name[i]);
	}
	return found;
}

/* A head's parameter: of our own, Hugging Face's or mt-dnn's checkpoint. */
static long long
find_in_head(const struct fit *f, const char *task, const char *rest)
{
	char *name[4];
	size_t n = 0;

	for (size_t i = 0; i < sizeof(answer_parts) / sizeof(answer_parts[0]);
	     i++)
		if (text_starts(rest, answer_parts[i][0])) {
			name[n++] = mem_printf("scoring_list.%zu.%s%s",
			    f->o->head, answer_parts[i][1],
			    rest + strlen(answer_parts[i][0]));
			break;
		}
	name[n++] = mem_printf("heads.%s.%s", task, rest);
	name[n++] = mem_printf("classifier.%s", rest);
	name[n++] = mem_printf("scoring_list.%zu.%s", f->o->head, rest);
	return find_first(f, name, n);
}

static long long
find_tensor(const struct fit *f, const struct param *p)
{
	const struct config *c = &f->model->config;
	const char *rest;
	char *name[2];
	size_t layer, n = 0;

	if (p->head >= 0) {
		const char *task = c->head[p->head].name;

		return find_in_head(
		    f, task, p->name + strlen("heads.") + strlen(task) + 1);
	}
	if (f->o->layers > 0 && layer_of(p->name, &layer, &rest))
		name[n++] = mem_printf(
		    "bert.encoder.layer.%zu.%s", f->o->layer[layer], rest);
	else
		name[n++] = mem_string(p->name);
	if (strcmp(p->name, "cls.predictions.bias") == 0)
		name[n++] = mem_string("cls.predictions.decoder.bias");
	return find_first(f, name, n);
}

/* --- what does not fit --- */

static void
put_shape(struct buf *b, size_t rank, const size_t *shape)
{
	buf_byte(b, '[');
	for (size_t i = 0; i < rank; i++)
		buf_print(b, "%s%zu", i > 0 ? "," : "", shape[i]);
	buf_byte(b, ']');
}

/* What was said of a tensor is said. */
static void
end_line(struct fit *f)
{
	buf_byte(&f->line, '\0');
	f->problems++;
}

static void
missing(struct fit *f, const struct param *p)
{
	buf_print(&f->line, "missing: %s ", p->name);
	put_shape(&f->line, p->rank, p->shape);
	end_line(f);
}

static bool
is_float(enum st_type type)
{
	return type == ST_F32 || type == ST_F16 || type == ST_BF16 ||
	       type == ST_F64;
}

static void
check_fit(struct fit *f, const struct param *p, const struct st_tensor *t)
{
	bool same = t->rank == p->rank;

	for (size_t i = 0; same && i < p->rank; i++)
		same = t->shape[i] == p->shape[i];
	if (same && is_float(t->type))
		return;
	buf_print(&f->line, "other: %s is %s ", t->name, st_type_name(t->type));
	put_shape(&f->line, t->rank, t->shape);
	buf_text(&f->line, ", expected floats ");
	put_shape(&f->line, p->rank, p->shape);
	end_line(f);
}

/* --- what is left out --- */

/* Equal numbers in two tensors of one shape. */
static bool
equal(const struct source *s, size_t i, size_t k)
{
	const struct st_tensor *a = &s->item[i].is, *b = &s->item[k].is;
	bool same =
	    a->rank == b->rank && is_float(a->type) && is_float(b->type);
	real *x, *y;

	for (size_t d = 0; same && d < a->rank; d++)
		same = a->shape[d] == b->shape[d];
	if (!same)
		return false;
	x = mem_alloc(a->count, sizeof(*x));
	y = mem_alloc(a->count, sizeof(*y));
	source_get(x, s, i);
	source_get(y, s, k);
	same = a->count == 0 || memcmp(x, y, a->count * sizeof(*x)) == 0;
	free(x);
	free(y);
	return same;
}

/* The masked model's output weights must be the embeddings, as ours are. */
static const char *
tied(struct fit *f, size_t i, const char *to)
{
	long long k = source_find(f->source, to);

	if (k >= 0 && equal(f->source, i, (size_t)k))
		return "equal to its twin";
	buf_print(&f->line, "other: %s differs from %s",
	    f->source->item[i].is.name, to);
	end_line(f);
	return "";
}

static bool
is_known_in_layer(const struct fit *f, const char *rest)
{
	char *name = mem_printf("bert.encoder.layer.0.%s", rest);
	bool known = params_find(&f->model->params, name) != NULL;

	free(name);
	return known;
}

static const char not_chosen[] = "a layer that was not chosen";

/* Why a tensor that no parameter took is left out; NULL: it is unknown. */
static const char *
reason(struct fit *f, size_t i)
{
	static const struct {
		const char *head, *reason;
	} left[] = {
		{ "bert.embeddings.position_ids", "no parameter" },
		{ "qa_outputs.", "a head that answers with places of a text" },
		{ "cls.squad.", "a head that answers with places of a text" },
		{ "pre_classifier.", "a part of DistilBERT's head" },
		{ "discriminator_predictions.", "of ELECTRA's pre-training" },
		{ "generator_predictions.", "of ELECTRA's pre-training" },
		{ "generator_lm_head.", "of ELECTRA's pre-training" },
		{ "cls.predictions.", "of the masked LM, kept with --mlm" },
		{ "cls.seq_relationship.", "of the next-sentence task" },
		{ "classifier.", "a head, kept with -t" },
		{ "scoring_list.", "a head, kept with -t" },
		{ "heads.", "a head, kept with -t" },
	};
	const char *name = f->source->item[i].is.name, *rest;
	const struct config *c = &f->model->config;
	size_t layer;

	if (c->mlm && strcmp(name, "cls.predictions.decoder.weight") == 0)
		return tied(f, i, "bert.embeddings.word_embeddings.weight");
	if (c->mlm && strcmp(name, "cls.predictions.decoder.bias") == 0)
		return tied(f, i, "cls.predictions.bias");
	if (c->mlm && text_starts(name, "cls.predictions."))
		return NULL;
	if (!c->pooler && (strcmp(name, "bert.pooler.dense.weight") == 0 ||
			      strcmp(name, "bert.pooler.dense.bias") == 0))
		return "the pooler";
	if (layer_of(name, &layer, &rest) && layer < f->from->layers &&
	    f->o->layers > 0 && is_known_in_layer(f, rest))
		return not_chosen;
	for (size_t k = 0; k < sizeof(left) / sizeof(left[0]); k++)
		if (text_starts(name, left[k].head))
			return left[k].reason;
	return is_float(f->source->item[i].is.type) ? NULL : "a buffer";
}

static void
look_at_rest(struct fit *f)
{
	size_t layers = 0;

	for (size_t i = 0; i < f->source->count; i++) {
		const struct st_tensor *t = &f->source->item[i].is;
		const char *why;

		if (f->used[i])
			continue;
		why = reason(f, i);
		if (why == NULL) {
			f->unknown = true;
			buf_print(&f->line, "unknown: %s %s ", t->name,
			    st_type_name(t->type));
			put_shape(&f->line, t->rank, t->shape);
			end_line(f);
		} else if (why == not_chosen) {
			layers++;
		} else if (why[0] != '\0') {
			note("left out: %s (%s)", t->name, why);
		}
	}
	if (layers > 0)
		note("left out: %zu tensor%s of layers that were not chosen",
		    layers, num_s(layers));
	if (f->source->skipped > 0)
		note("left out: %zu tensor%s of the optimiser",
		    f->source->skipped, num_s(f->source->skipped));
}

static _Noreturn void
give_up(struct fit *f)
{
	const char *line = f->line.data;

	for (size_t i = 0; i < f->problems; i++, line += strlen(line) + 1)
		note("%s", line);
	if (f->model->config.pooler &&
	    source_find(f->source, "bert.pooler.dense.weight") < 0)
		note("without a pooler: --no-pooler makes a model whose heads "
		     "read [CLS] itself");
	if (f->unknown)
		note("--ignore PATTERN leaves out what no model needs");
	die_at(f->source->path, 0, "%zu tensor%s do not fit the config",
	    f->problems, num_s(f->problems));
}

/* What is left out is looked at too: a network that diverged is none. */
static void
check_left_out(const struct fit *f)
{
	for (size_t i = 0; i < f->source->count; i++) {
		const struct source_tensor *t = &f->source->item[i];
		real *x;

		if (f->used[i] || !is_float(t->is.type))
			continue;
		x = mem_alloc(t->is.count, sizeof(*x));
		source_get(x, f->source, i);
		finite_check(t->path, t->is.name, x, t->is.count);
		free(x);
	}
}

void
import_numbers(struct model *m, const struct source *s,
    const struct config *from, const struct import *o)
{
	struct fit f = { .model = m, .source = s, .from = from, .o = o };
	const struct params *p = &m->params;
	long long *at = mem_alloc(p->count, sizeof(*at));

	f.used = mem_zero(s->count, sizeof(*f.used));
	for (size_t i = 0; i < p->count; i++) {
		at[i] = find_tensor(&f, &p->item[i]);
		if (at[i] < 0) {
			missing(&f, &p->item[i]);
			continue;
		}
		check_fit(&f, &p->item[i], &s->item[at[i]].is);
		f.used[at[i]] = true;
	}
	look_at_rest(&f);
	if (f.problems > 0)
		give_up(&f);
	check_left_out(&f);
	for (size_t i = 0; i < p->count; i++) {
		real *x = m->value + p->item[i].offset;

		source_get(x, s, (size_t)at[i]);
		finite_check(s->item[at[i]].path, s->item[at[i]].is.name, x,
		    p->item[i].count);
	}
	buf_free(&f.line);
	free(f.used);
	free(at);
}
