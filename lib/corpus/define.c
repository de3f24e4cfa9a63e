#include "corpus/define.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/text.h"

bool
define_name_is_good(const char *name)
{
	return name[0] != '\0' && name[0] != '-' &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")] ==
		   '\0';
}

void
define_check(const char *path, const struct conf *c, const char *what,
    const char *const *keys)
{
	if (c->kind != CONF_MAP)
		die_at(path, c->line, "%s: expected a map", what);
	for (size_t i = 0; i < c->count; i++)
		if (text_find(keys, c->key[i]) < 0)
			die_at(path, c->item[i]->line,
			    "%s: unknown key '%s', expected one of %s%s", what,
			    c->key[i], text_list(keys, SIZE_MAX, ", "),
			    near_text(c->key[i], keys, SIZE_MAX));
}

int
define_word(const char *path, const struct conf *map, const char *key,
    const char *const *words, int otherwise)
{
	const char *text;
	int i;

	if (!conf_get_text(path, map, key, &text))
		return otherwise;
	if ((i = text_find(words, text)) < 0)
		die_at(path, conf_get(map, key)->line,
		    "%s: '%s', expected one of %s%s", key, text,
		    text_list(words, SIZE_MAX, ", "),
		    near_text(text, words, SIZE_MAX));
	return i;
}

char **
define_words(
    const char *path, const struct conf *map, const char *key, size_t *n)
{
	const struct conf *c = conf_get(map, key);
	char **list;
	size_t twice;

	*n = 0;
	if (c == NULL)
		return NULL;
	if (c->kind == CONF_SCALAR && !c->quoted && strchr(c->text, ','))
		die_at(path, c->line,
		    "%s: '%s' is one word; a list is [%s], a word with a comma "
		    "stands in quotes",
		    key, c->text, c->text);
	*n = c->kind == CONF_LIST ? c->count : 1;
	list = mem_zero(*n + 1, sizeof(*list));
	for (size_t i = 0; i < *n; i++) {
		const struct conf *item = c->kind == CONF_LIST ? c->item[i] : c;

		if (item->kind != CONF_SCALAR || item->text[0] == '\0')
			die_at(path, item->line, "%s: expected words", key);
		list[i] = mem_string(item->text);
	}
	twice = text_find_twice((const char *const *)list, *n);
	if (twice < *n)
		die_at(path, c->item[twice]->line, "%s: '%s' stands twice", key,
		    list[twice]);
	return list;
}

void
define_free(char **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(list[i]);
	free(list);
}
