#include "data/pack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/digest.h"
#include "base/kind.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "corpus/define.h"
#include "corpus/vocab.h"
#include "data/id.h"
#include "data/sequence.h"

enum { COPIES = 8 };

/* What pack_open hands out, and what it must free. */
struct opened {
	struct pack pack;
	void *copy[COPIES]; /* of tensors that were not aligned */
	size_t copies;
};

/* --- metadata --- */

static _Noreturn void
bad_meta(const struct pack *p, const char *key, const char *expected)
{
	die_at(p->path, 0, "%s is '%s', expected %s", key,
	    st_meta(p->file, key), expected);
}

/* A value without tabs or spaces, as provenance lines want it. */
static const char *
meta_word(const struct pack *p, const char *key)
{
	const char *text = st_need_meta(p->file, key);

	if (text[0] == '\0' || text[strcspn(text, " \t\n")] != '\0')
		bad_meta(p, key, "a word");
	return text;
}

/* True for the second of two words. */
static bool
meta_second(const struct pack *p, const char *key, const char *words)
{
	const char *text = st_need_meta(p->file, key);
	int i = text_word_find(words, text);

	if (i < 0)
		die_at(p->path, 0, "%s is '%s', expected %s", key, text,
		    text_word_list(words));
	return i == 1;
}

static size_t
meta_count(const struct pack *p, const char *key, long long min)
{
	long long n;

	if (!num_int(st_need_meta(p->file, key), min, INT32_MAX, &n))
		bad_meta(p, key, "a whole number");
	return (size_t)n;
}

static void
check_vocab(const struct pack *p)
{
	if (!digest_is_hex(p->vocab))
		bad_meta(p, "vocab", "64 hexadecimal digits");
}

static void
read_labels(struct pack *p)
{
	const char *text = st_need_meta(p->file, "labels");
	size_t which;

	if (p->labels.type != TASK_REGRESSION)
		labels_split(&p->labels, text);
	else if (text[0] != '\0')
		bad_meta(p, "labels", "nothing for a regression task");
	switch (labels_check(&p->labels, &which)) {
	case LABELS_NAME:
		bad_meta(p, "labels", "names joined by commas");
	case LABELS_TWICE:
		bad_meta(p, "labels", "each name once");
	case LABELS_COUNT:
	case LABELS_GOOD:
		break;
	}
	if (p->labels.type == TASK_RANKING && p->labels.classes != 2)
		bad_meta(p, "labels", "two names");
	if (p->labels.type != TASK_REGRESSION && p->labels.classes < 2)
		bad_meta(p, "labels", "at least two names");
}

static void
read_meta(struct pack *p)
{
	const char *kind = st_meta(p->file, "mtkd");
	int type;

	if (kind == NULL || !text_starts(kind, "pack "))
		st_refuse(p->file, KIND_PACK);
	kind = st_need_meta(p->file, "mtkd");
	if (strcmp(kind, "pack 1") != 0 && strcmp(kind, "pack 2") != 0)
		bad_meta(p, "mtkd", "'pack 1' or 'pack 2'");
	p->task = meta_word(p, "task");
	p->split = meta_word(p, "split");
	p->head = meta_word(p, "head");
	if (!define_name_is_good(p->head))
		bad_meta(p, "head", "letters, digits, - and _");
	type = labels_type_find(st_need_meta(p->file, "type"));
	if (type < 0)
		bad_meta(p, "type", labels_type_list());
	p->labels.type = (enum task_type)type;
	if (p->labels.type == TASK_MULTILABEL && strcmp(kind, "pack 1") == 0)
		bad_meta(p, "mtkd", "'pack 2' for multilabel");
	read_labels(p);
	p->vocab = st_need_meta(p->file, "vocab");
	check_vocab(p);
	p->cased = meta_second(p, "case", vocab_cases);
	p->reversed = meta_second(p, "order", sequence_orders);
	p->max_length = meta_count(p, "max_length", 1);
	p->truncated = meta_count(p, "truncated", 0);
}

/* --- tensors --- */

/* The data of a tensor, where the processor can read them. */
static const void *
data_of(struct opened *o, const char *name, enum st_type type, size_t *count)
{
	const struct st_tensor *t = st_need(o->pack.file, name, type, 1);
	size_t size = st_type_size(type);

	*count = t->count;
	if ((uintptr_t)t->data % size == 0)
		return t->data;
	return o->copy[o->copies++] = mem_copy(t->data, t->count * size);
}

/* The same of a tensor that must have count elements. */
static const void *
data_of_length(
    struct opened *o, const char *name, enum st_type type, size_t count)
{
	size_t found;
	const void *data = data_of(o, name, type, &found);

	if (found != count)
		die_at(o->pack.path, 0,
		    "tensor '%s' has %zu elements, expected %zu", name, found,
		    count);
	return data;
}

static _Noreturn void
bad_row(const struct pack *p, size_t row, const char *what)
{
	size_t n;
	const char *id = pack_id_bytes(p, row, &n);

	die_at(p->path, 0, "row %zu, id '%.*s': %s", row, (int)n, id, what);
}

static void
check_starts(
    const struct pack *p, const char *name, const int64_t *starts, size_t total)
{
	if (starts[0] != 0 || (uint64_t)starts[p->rows] != total)
		die_at(p->path, 0,
		    "%s runs from %lld to %lld, expected 0 to "
		    "%zu",
		    name, (long long)starts[0], (long long)starts[p->rows],
		    total);
	for (size_t r = 0; r < p->rows; r++)
		if (starts[r + 1] <= starts[r])
			die_at(p->path, 0,
			    "%s: row %zu is empty or starts "
			    "before the row before it",
			    name, r);
}

static void
check_set(const struct pack *p, size_t r)
{
	const uint8_t *row = p->applies + r * p->labels.classes;

	for (size_t c = 0; c < p->labels.classes; c++)
		if (isnan(p->label[r]) ? row[c] != PACK_UNLABELLED : row[c] > 1)
			bad_row(
			    p, r, "the labels are not all 0 or 1, or all 255");
}

static void
check_label(const struct pack *p, size_t r)
{
	float label = p->label[r];

	if (p->applies != NULL)
		check_set(p, r);
	if (p->applies != NULL || isnan(label))
		return;
	if (p->labels.type == TASK_REGRESSION) {
		if (!isfinite(label))
			bad_row(p, r, "the label is infinite");
	} else if (!(label >= 0 && label < (float)p->labels.classes) ||
		   label != truncf(label)) {
		bad_row(p, r, "the label is not the number of a class");
	}
}

static void
check_rows(const struct pack *p)
{
	for (size_t r = 0; r < p->rows; r++) {
		size_t n, length = (size_t)(p->starts[r + 1] - p->starts[r]);
		const char *id = pack_id_bytes(p, r, &n);
		const char *problem = id_problem(id, n);

		if (problem != NULL)
			die_at(p->path, 0, "row %zu: %s", r, problem);
		if (length > p->max_length)
			bad_row(p, r, "more tokens than max_length");
		if (p->segment_a[r] < 0 || (size_t)p->segment_a[r] > length)
			bad_row(p, r, "split is not within the row");
		check_label(p, r);
		if (p->labels.type != TASK_RANKING && (size_t)p->group[r] != r)
			bad_row(p, r, "group is not the row's own number");
		if (p->group[r] < 0 || (r > 0 && p->group[r] < p->group[r - 1]))
			bad_row(p, r,
			    "groups go down: rows of one question "
			    "must stand together");
	}
	for (size_t i = 0; i < p->tokens_total; i++)
		if (p->tokens[i] < 0)
			die_at(p->path, 0,
			    "token %zu is %d, expected an id "
			    "not below 0",
			    i, (int)p->tokens[i]);
}

/* Multilabel: a table, from which follows which rows are labelled. */
static void
read_sets(struct opened *o)
{
	struct pack *p = &o->pack;
	const struct st_tensor *t = st_need(p->file, "label", ST_U8, 2);
	size_t C = p->labels.classes;
	float *label;

	if (t->shape[0] != p->rows || t->shape[1] != C)
		die_at(p->path, 0,
		    "tensor 'label' has %zu row%s of %zu label%s, expected %zu "
		    "of %zu",
		    t->shape[0], num_s(t->shape[0]), t->shape[1],
		    num_s(t->shape[1]), p->rows, C);
	p->applies = t->data;
	o->copy[o->copies++] = label = mem_alloc(p->rows, sizeof(*label));
	for (size_t r = 0; r < p->rows; r++)
		label[r] = p->applies[r * C] == PACK_UNLABELLED ? NAN : 0;
	p->label = label;
}

static void
read_rows(struct opened *o)
{
	struct pack *p = &o->pack;
	size_t ends, id_bytes;

	p->starts = data_of(o, "starts", ST_I64, &ends);
	if (ends == 0 || ends - 1 > INT32_MAX)
		die_at(p->path, 0, "starts has %zu elements, expected rows + 1",
		    ends);
	p->rows = ends - 1;
	p->tokens = data_of(o, "tokens", ST_I32, &p->tokens_total);
	p->segment_a = data_of_length(o, "split", ST_I32, p->rows);
	if (p->labels.type == TASK_MULTILABEL)
		read_sets(o);
	else
		p->label = data_of_length(o, "label", ST_F32, p->rows);
	p->group = data_of_length(o, "group", ST_I32, p->rows);
	p->id_bytes = data_of(o, "id_bytes", ST_U8, &id_bytes);
	p->id_starts = data_of_length(o, "id_starts", ST_I64, ends);
	check_starts(p, "starts", p->starts, p->tokens_total);
	check_starts(p, "id_starts", p->id_starts, id_bytes);
	check_rows(p);
	if (p->truncated > p->rows)
		bad_meta(p, "truncated", "no more than the rows");
}

struct pack *
pack_take(struct st *file)
{
	struct opened *o = mem_zero(1, sizeof(*o));

	o->pack.file = file;
	o->pack.path = st_path(o->pack.file);
	if (st_meta(o->pack.file, "mtkd") == NULL)
		die_at(
		    o->pack.path, 0, "not a pack: no 'mtkd' in its metadata");
	st_check(o->pack.file);
	read_meta(&o->pack);
	read_rows(o);
	return &o->pack;
}

struct pack *
pack_open(const char *path)
{
	return pack_take(st_load(path, KIND_PACK));
}

void
pack_close(struct pack *p)
{
	struct opened *o = (struct opened *)p; /* pack is its first member */

	if (p == NULL)
		return;
	for (size_t i = 0; i < o->copies; i++)
		free(o->copy[i]);
	st_close(p->file);
	labels_free(&p->labels);
	free(o);
}

size_t
pack_metrics(enum metric *list, const struct pack *p)
{
	const char *names = st_meta(p->file, "metrics");
	char *copy, *word, *rest;
	size_t n = 0;

	if (names == NULL)
		return metric_usual(list, p->labels.type);
	copy = mem_string(names);
	for (word = strtok_r(copy, ",", &rest); word != NULL;
	     word = strtok_r(NULL, ",", &rest)) {
		int found = metric_find(word);

		if (found >= 0 && n < METRIC_COUNT &&
		    metric_suits((enum metric)found, &p->labels))
			list[n++] = (enum metric)found;
	}
	free(copy);
	return n;
}

const char *
pack_id_bytes(const struct pack *p, size_t row, size_t *length)
{
	*length = (size_t)(p->id_starts[row + 1] - p->id_starts[row]);
	return (const char *)p->id_bytes + p->id_starts[row];
}

void
pack_check_vocab(const struct pack *p, const char *digest, const char *path)
{
	if (strcmp(p->vocab, digest) != 0)
		die("%s: packed with vocabulary %.12s..., but %s has %.12s...",
		    p->path, p->vocab, path, digest);
}

char *
pack_id(const struct pack *p, size_t row)
{
	size_t n;
	const char *id = pack_id_bytes(p, row, &n);

	return mem_stringn(id, n);
}
