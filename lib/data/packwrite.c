#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "corpus/vocab.h"
#include "data/id.h"
#include "data/pack.h"
#include "data/sequence.h"

enum part { TOKENS, STARTS, SPLIT, LABEL, GROUP, ID_BYTES, ID_STARTS, PARTS };

static const struct {
	const char *name;
	enum st_type type;
} parts[PARTS] = {
	[TOKENS] = { "tokens", ST_I32 },
	[STARTS] = { "starts", ST_I64 },
	[SPLIT] = { "split", ST_I32 },
	[LABEL] = { "label", ST_F32 },
	[GROUP] = { "group", ST_I32 },
	[ID_BYTES] = { "id_bytes", ST_U8 },
	[ID_STARTS] = { "id_starts", ST_I64 },
};

struct pack_writer {
	struct st_writer *file;
	char *path;
	FILE *part[PARTS];
	size_t count[PARTS]; /* elements written */
	enum task_type type;
	size_t classes, max_length, rows, truncated;
	int32_t group;	/* of the row before */
	uint64_t *hash; /* [rows] of the ids */
	size_t room;
	uint8_t *unlabelled; /* multilabel: [classes] */
};

static void
put_word(struct pack_writer *w, const char *key, const char *words, bool second)
{
	char *word = text_word(words, second);

	st_put_meta(w->file, key, word);
	free(word);
}

static void
put_head(struct pack_writer *w, const struct pack_head *h)
{
	struct buf labels = { 0 };
	char *length = mem_printf("%zu", h->max_length);

	for (size_t i = 0; i < h->labels.classes; i++) {
		if (!labels_name_is_good(h->labels.name[i]))
			die_at(w->path, 0,
			    "label '%s': expected a name "
			    "without comma, tab or newline",
			    h->labels.name[i]);
		buf_text(&labels, i > 0 ? "," : "");
		buf_text(&labels, h->labels.name[i]);
	}
	st_put_meta(w->file, "mtkd", "pack 2");
	st_put_meta(w->file, "task", h->task);
	st_put_meta(w->file, "split", h->split);
	st_put_meta(w->file, "head", h->head != NULL ? h->head : h->task);
	st_put_meta(w->file, "type", labels_type_name(h->labels.type));
	st_put_meta(w->file, "labels", buf_string(&labels));
	st_put_meta(w->file, "vocab", h->vocab);
	put_word(w, "case", vocab_cases, h->cased);
	st_put_meta(w->file, "max_length", length);
	put_word(w, "order", sequence_orders, h->reversed);
	if (h->metrics > 0) {
		buf_clear(&labels);
		for (size_t i = 0; i < h->metrics; i++)
			buf_print(
			    &labels, "%s%s", i > 0 ? "," : "", h->metric[i]);
		st_put_meta(w->file, "metrics", buf_string(&labels));
	}
	buf_free(&labels);
	free(length);
}

static enum st_type
type_of(const struct pack_writer *w, enum part part)
{
	bool set = part == LABEL && w->type == TASK_MULTILABEL;

	return set ? ST_U8 : parts[part].type;
}

static void
put(struct pack_writer *w, enum part part, const void *elements, size_t count)
{
	size_t size = st_type_size(type_of(w, part));

	if (fwrite(elements, size, count, w->part[part]) != count)
		die("%s:", w->path);
	w->count[part] += count;
}

struct pack_writer *
pack_create(const char *path, const struct pack_head *h)
{
	struct pack_writer *w = mem_zero(1, sizeof(*w));
	int64_t zero = 0;

	w->path = mem_string(strcmp(path, "-") == 0 ? "<stdout>" : path);
	w->file = st_create(path);
	w->type = h->labels.type;
	w->classes = h->labels.classes;
	w->max_length = h->max_length;
	w->unlabelled = mem_zero(w->classes, sizeof(*w->unlabelled));
	memset(w->unlabelled, PACK_UNLABELLED, w->classes);
	for (int i = 0; i < PARTS; i++)
		w->part[i] = file_scratch(path);
	put_head(w, h);
	put(w, STARTS, &zero, 1);
	put(w, ID_STARTS, &zero, 1);
	return w;
}

/* What a row is labelled with. */
struct row_label {
	float label;
	const uint8_t *applies; /* [classes] of multilabel, or NULL */
};

static const char *
set_problem(const struct pack_writer *w, const uint8_t *applies)
{
	if ((applies != NULL) != (w->type == TASK_MULTILABEL))
		return "labels of another type";
	if (applies == NULL || applies == w->unlabelled)
		return NULL;
	for (size_t c = 0; c < w->classes; c++)
		if (applies[c] > 1)
			return "the labels are not all 0 or 1";
	return NULL;
}

static const char *
label_problem(const struct pack_writer *w, float label)
{
	if (isnan(label))
		return NULL;
	if (w->type == TASK_REGRESSION)
		return isfinite(label) ? NULL : "the label is infinite";
	if (!(label >= 0 && label < (float)w->classes) ||
	    label != truncf(label))
		return "the label is not the number of a class";
	return NULL;
}

static const char *
row_problem(const struct pack_writer *w, const int32_t *tokens, size_t count,
    size_t segment_a, struct row_label l, int32_t group)
{
	const char *problem = set_problem(w, l.applies);

	if (problem != NULL)
		return problem;
	if (w->rows >= INT32_MAX)
		return "more rows than a pack holds";
	if (count == 0 || count > w->max_length)
		return "the number of tokens is not within max_length";
	if (segment_a > count)
		return "split is not within the row";
	if (group < w->group)
		return "groups go down: rows of one question must stand "
		       "together";
	for (size_t i = 0; i < count; i++)
		if (tokens[i] < 0)
			return "a token id is below 0";
	return label_problem(w, l.label);
}

static void
add_row(struct pack_writer *w, const char *id, const int32_t *tokens,
    size_t count, size_t segment_a, struct row_label l, int32_t group,
    bool truncated)
{
	size_t n = strlen(id);
	int32_t segment32 = (int32_t)segment_a;
	int64_t end, id_end;
	const char *problem = id_problem(id, n);

	if (w->type != TASK_RANKING)
		group = (int32_t)w->rows;
	if (isnan(l.label))
		l.label = NAN; /* one bit pattern of the many */
	if (problem == NULL)
		problem = row_problem(w, tokens, count, segment_a, l, group);
	if (problem != NULL)
		die_at(
		    w->path, 0, "row %zu, id '%s': %s", w->rows, id, problem);
	put(w, TOKENS, tokens, count);
	put(w, ID_BYTES, id, n);
	end = (int64_t)w->count[TOKENS];
	id_end = (int64_t)w->count[ID_BYTES];
	put(w, STARTS, &end, 1);
	put(w, ID_STARTS, &id_end, 1);
	put(w, SPLIT, &segment32, 1);
	if (l.applies != NULL)
		put(w, LABEL, l.applies, w->classes);
	else
		put(w, LABEL, &l.label, 1);
	put(w, GROUP, &group, 1);
	w->hash = mem_grow(w->hash, &w->room, w->rows + 1, sizeof(*w->hash));
	w->hash[w->rows++] = id_hash(id, n, 0);
	w->group = group;
	w->truncated += truncated;
}

void
pack_add(struct pack_writer *w, const char *id, const int32_t *tokens,
    size_t count, size_t segment_a, float label, int32_t group, bool truncated)
{
	add_row(w, id, tokens, count, segment_a,
	    (struct row_label){ label, NULL }, group, truncated);
}

void
pack_add_set(struct pack_writer *w, const char *id, const int32_t *tokens,
    size_t count, size_t segment_a, const uint8_t *applies, bool truncated)
{
	const uint8_t *row = applies != NULL ? applies : w->unlabelled;

	add_row(w, id, tokens, count, segment_a, (struct row_label){ NAN, row },
	    0, truncated);
}

/* --- ids that stand twice --- */

static int
by_hash(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

/* Element i of a part, from its stream. */
static int64_t
read_start(struct pack_writer *w, size_t i)
{
	int64_t start;

	if (fseeko(w->part[ID_STARTS], (off_t)(i * sizeof(start)), SEEK_SET) !=
		0 ||
	    fread(&start, sizeof(start), 1, w->part[ID_STARTS]) != 1)
		die("%s:", w->path);
	return start;
}

static char *
read_id(struct pack_writer *w, size_t row)
{
	int64_t start = read_start(w, row);
	size_t n = (size_t)(read_start(w, row + 1) - start);
	char *id = mem_zero(n + 1, 1);

	if (fseeko(w->part[ID_BYTES], (off_t)start, SEEK_SET) != 0 ||
	    fread(id, 1, n, w->part[ID_BYTES]) != n)
		die("%s:", w->path);
	return id;
}

/* Ids of one hash are compared themselves: the hash may deceive. */
static void
compare_ids(struct pack_writer *w, uint64_t hash)
{
	char **seen = NULL;
	size_t *row = NULL, count = 0, room = 0, rows_room = 0;

	for (size_t r = 0; r < w->rows; r++) {
		char *id = read_id(w, r);

		if (id_hash(id, strlen(id), 0) != hash) {
			free(id);
			continue;
		}
		for (size_t i = 0; i < count; i++)
			if (strcmp(seen[i], id) == 0)
				die_at(w->path, 0,
				    "row %zu: id '%s' stood in "
				    "row %zu already",
				    r, id, row[i]);
		seen = mem_grow(seen, &room, count + 1, sizeof(*seen));
		row = mem_grow(row, &rows_room, count + 1, sizeof(*row));
		row[count] = r;
		seen[count++] = id;
	}
	for (size_t i = 0; i < count; i++)
		free(seen[i]);
	free(seen);
	free(row);
}

static void
check_ids(struct pack_writer *w)
{
	if (w->rows == 0)
		return;
	qsort(w->hash, w->rows, sizeof(*w->hash), by_hash);
	for (size_t i = 1; i < w->rows; i++)
		if (w->hash[i] == w->hash[i - 1])
			compare_ids(w, w->hash[i]);
}

static void
add_part(struct pack_writer *w, enum part part)
{
	size_t shape[2] = { w->count[part], w->classes };
	bool table = part == LABEL && w->type == TASK_MULTILABEL;

	if (table)
		shape[0] = w->rows;
	st_add_stream(w->file, parts[part].name, type_of(w, part),
	    table ? 2 : 1, shape, w->part[part]);
}

void
pack_commit(struct pack_writer *w)
{
	char *truncated = mem_printf("%zu", w->truncated);

	check_ids(w);
	st_put_meta(w->file, "truncated", truncated);
	free(truncated);
	for (int i = 0; i < PARTS; i++)
		add_part(w, (enum part)i);
	st_commit(w->file);
	for (int i = 0; i < PARTS; i++)
		fclose(w->part[i]);
	free(w->hash);
	free(w->unlabelled);
	free(w->path);
	free(w);
}
