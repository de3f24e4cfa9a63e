#include "base/provenance.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"

static void
add(struct provenance *p, const char *key, const char *value)
{
	p->key = mem_grow(p->key, &p->key_room, p->keys + 1, sizeof(*p->key));
	p->value =
	    mem_grow(p->value, &p->value_room, p->keys + 1, sizeof(*p->value));
	p->key[p->keys] = mem_string(key);
	p->value[p->keys++] = mem_string(value);
}

static bool
is_one_of(const char *kind, const char *kinds)
{
	for (const char *k = kinds;; k++) {
		size_t length = strcspn(k, "|");

		if (strlen(kind) == length && memcmp(kind, k, length) == 0)
			return true;
		k += length;
		if (*k == '\0')
			return false;
	}
}

void
provenance_read(struct provenance *p, const char *path, size_t line,
    const char *text, size_t n, const char *kinds)
{
	char *copy, *word, *rest;
	size_t nth = 0;

	if (strncmp(text, "#mtkd ", 6) != 0 || p->text != NULL)
		return;
	p->text = mem_stringn(text, n);
	copy = mem_string(p->text + 6);
	for (word = strtok_r(copy, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest), nth++) {
		char *equals = strchr(word, '=');

		if (nth == 0) {
			p->kind = mem_string(word);
			continue;
		}
		if (nth == 1 && strcmp(word, "1") != 0)
			die_at(path, line, "version %s of '%s', expected 1",
			    word, p->kind);
		if (nth == 1)
			continue;
		if (equals == NULL)
			die_at(path, line,
			    "provenance '%s', expected key=value", word);
		*equals = '\0';
		add(p, word, equals + 1);
	}
	free(copy);
	if (nth < 2)
		die_at(path, line, "a provenance line without version");
	if (kinds != NULL && !is_one_of(p->kind, kinds))
		die_at(path, line, "this is a table of kind '%s', expected %s",
		    p->kind, kinds);
}

const char *
provenance_value(const struct provenance *p, const char *key)
{
	for (size_t i = 0; i < p->keys; i++)
		if (strcmp(p->key[i], key) == 0)
			return p->value[i];
	return NULL;
}

void
provenance_free(struct provenance *p)
{
	for (size_t i = 0; i < p->keys; i++) {
		free(p->key[i]);
		free(p->value[i]);
	}
	free(p->key);
	free(p->value);
	free(p->kind);
	free(p->text);
	*p = (struct provenance){ 0 };
}
