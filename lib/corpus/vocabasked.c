#include "corpus/vocabasked.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "corpus/normal.h"
#include "corpus/vocab.h"

/* A special piece as every tokenizer has it. */
static struct added_token
special_token(const char *text)
{
	return (struct added_token){
		.text = (char *)(uintptr_t)text, .id = -1, .special = true
	};
}

/* Flags that change what becomes of a text. */
static const char *
other_flag(const struct added_token *a, const struct added_token *b)
{
	return a->normalized != b->normalized	  ? "normalized"
	       : a->single_word != b->single_word ? "single_word"
	       : a->lstrip != b->lstrip		  ? "lstrip"
	       : a->rstrip != b->rstrip		  ? "rstrip"
						  : NULL;
}

static void
agree(struct added_token *old, struct asked_from *from, const char *path,
    const struct added_token *t, bool flags)
{
	const char *other = flags && from->flags ? other_flag(old, t) : NULL;

	if (other != NULL)
		die("%s: the added token '%s' has another \"%s\" than in %s",
		    path, t->text, other, from->path);
	if (t->id >= 0 && old->id >= 0 && t->id != old->id)
		die("%s: the added token '%s' has the id %d, but %d in %s",
		    path, t->text, t->id, old->id, from->path);
	if (flags && !from->flags) {
		old->special = t->special;
		old->normalized = t->normalized;
		old->single_word = t->single_word;
		old->lstrip = t->lstrip;
		old->rstrip = t->rstrip;
		from->flags = true;
	}
	if (old->id < 0)
		old->id = t->id;
}

void
asked_put(
    struct asked *a, const char *path, const struct added_token *t, bool flags)
{
	struct added_token *own = added_find(&a->added, t->text);
	struct added_token plain = special_token(t->text);

	if (own == NULL && a->closed && vocab_special_find(t->text) < 0)
		die("%s: the added token '%s' is not in the "
		    "added_tokens_decoder of tokenizer_config.json",
		    path, t->text);
	if (own == NULL) {
		a->from = mem_grow(
		    a->from, &a->room, a->added.count + 1, sizeof(*a->from));
		a->from[a->added.count] =
		    (struct asked_from){ mem_string(path), flags };
		own = added_put(&a->added, t);
	} else {
		agree(own, &a->from[own - a->added.item], path, t, flags);
	}
	if (vocab_special_find(t->text) < 0 || other_flag(own, &plain) != NULL)
		a->any = true;
}

/* False if it is not told. */
static bool
take_flag(
    const char *path, const struct conf *json, const char *key, bool *flag)
{
	return !conf_is_null(conf_get(json, key)) &&
	       conf_get_bool(path, json, key, flag);
}

/* The flags that change what becomes of a text; false if none is told. */
static bool
take_flags(const char *path, const struct conf *json, struct added_token *t)
{
	bool told = take_flag(path, json, "normalized", &t->normalized);

	told |= take_flag(path, json, "single_word", &t->single_word);
	told |= take_flag(path, json, "lstrip", &t->lstrip);
	return take_flag(path, json, "rstrip", &t->rstrip) || told;
}

void
asked_take(struct asked *a, const char *path, const struct conf *json,
    long long id, bool special)
{
	struct added_token t = { .id = (int32_t)id, .special = special };
	const char *text = json->text;
	bool told;

	if (json->kind == CONF_LIST ||
	    (json->kind == CONF_SCALAR && !json->quoted))
		die_at(path, json->line,
		    "an added token that is neither text nor a map");
	if (json->kind == CONF_MAP) {
		if (!conf_get_text(path, json, "content", &text))
			die_at(path, json->line,
			    "an added token without \"content\"");
		t.special |= vocab_special_find(text) >= 0;
		take_flag(path, json, "special", &t.special);
	}
	t.normalized = !t.special;
	told = take_flags(path, json, &t);
	if (text[0] == '\0' || strpbrk(text, "\r\n") != NULL)
		die_at(path, json->line,
		    "an added token that is empty or has a line end in it");
	t.text = (char *)(uintptr_t)text;
	asked_put(a, path, &t, told);
}

void
asked_free(struct asked *a)
{
	for (size_t i = 0; i < a->added.count; i++)
		free((char *)(uintptr_t)a->from[i].path);
	free(a->from);
	added_free(&a->added);
	*a = (struct asked){ 0 };
}

/* --- ids --- */

struct piece {
	const char *text;
	size_t id;
};

static int
by_text(const void *left, const void *right)
{
	const struct piece *a = left, *b = right;
	int order = strcmp(a->text, b->text);

	return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

static int
find_text(const void *key, const void *piece)
{
	return strcmp(key, ((const struct piece *)piece)->text);
}

/* The pieces by their texts, of equal ones the last; *count of them. */
static struct piece *
sort_pieces(const struct vocab *v, size_t *count)
{
	struct piece *p = mem_alloc(v->lines, sizeof(*p));
	size_t n = 0;

	for (size_t i = 0; i < v->lines; i++)
		p[i] = (struct piece){ v->piece[i], i };
	if (v->lines > 0)
		qsort(p, v->lines, sizeof(*p), by_text);
	for (size_t i = 0; i < v->lines; i++) {
		if (n > 0 && strcmp(p[n - 1].text, p[i].text) == 0)
			n--;
		p[n++] = p[i];
	}
	*count = n;
	return p;
}

/* The special pieces that no file named, and the folder of an empty list. */
static void
ask_specials(struct asked *a, const struct vocab *v)
{
	for (int s = 0; s < VOCAB_SPECIALS; s++) {
		struct added_token t =
		    special_token(vocab_special_name((enum vocab_special)s));

		if (v->special[s] >= 0)
			asked_put(a, "", &t, false);
	}
}

static void
check_token(const struct added_token *t, const char *path, size_t id,
    struct unicode_rules rules)
{
	struct buf normal = { 0 };

	if (id >= INT32_MAX)
		die("%s: more tokens than ids", path);
	if (t->id >= 0 && (size_t)t->id != id)
		die("%s: the added token '%s' has the id %d, but tokenizers "
		    "gives it %zu",
		    path, t->text, t->id, id);
	if (!t->normalized)
		return;
	normal_text(&normal, t->text, strlen(t->text), rules);
	if (normal.size == 0)
		die("%s: nothing is left of the added token '%s' once it is "
		    "normalized, and \"normalized\" is true",
		    path, t->text);
	buf_free(&normal);
}

/* Make room for an id, and put a token's text there. */
static void
put_piece(struct vocab *v, size_t *room, size_t id, const char *text)
{
	if (id >= v->size) {
		v->piece = mem_grow(v->piece, room, id + 1, sizeof(*v->piece));
		for (; v->size <= id; v->size++)
			v->piece[v->size] = "";
	}
	if (id >= v->lines)
		v->piece[id] = text;
	if (v->rows <= id)
		v->rows = id + 1;
}

/* Of two that are one text tokenizers takes the one or the other by chance. */
static void
check_twins(const struct vocab *v, const char *path)
{
	struct added_finder *f = added_finder(&v->added, true, v->rules);
	const struct added_token *twin = NULL, *other;

	if (f != NULL)
		twin = added_finder_twin(f, &other);
	if (twin != NULL)
		die("%s: the added tokens '%s' and '%s' are one text once they "
		    "are normalized",
		    path, twin->text, other->text);
	added_finder_free(f);
}

void
asked_settle(struct asked *a, struct vocab *v)
{
	size_t count, room = v->size, last = 0;
	struct piece *sorted;

	if (!a->any)
		return;
	ask_specials(a, v);
	sorted = sort_pieces(v, &count);
	for (size_t i = 0; i < a->added.count; i++) {
		struct added_token *t = &a->added.item[i], *own;
		const struct piece *p =
		    bsearch(t->text, sorted, count, sizeof(*sorted), find_text);
		size_t id = last >= count ? last + 1 : count;

		if (p != NULL)
			id = p->id;
		check_token(t, a->from[i].path, id, v->rules);
		own = added_put(&v->added, t);
		own->id = (int32_t)id;
		put_piece(v, &room, id, own->text);
		if (last < id)
			last = id;
	}
	free(sorted);
	check_twins(v, a->from[0].path);
}
