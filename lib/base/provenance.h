/*
 * The line that may stand before the header of one of our tables:
 *
 *	#mtkd KIND VERSION key=value ...
 */
#ifndef BASE_PROVENANCE_H
#define BASE_PROVENANCE_H

#include <stddef.h>

/* Start with { 0 }. */
struct provenance {
	char *text; /* the line, or NULL: there is none */
	char *kind;
	char **key, **value; /* [keys] */
	size_t keys, key_room, value_room;
};

/*
 * Take a line of n bytes if it is one and the first of them.  Ends the
 * program, naming path and line, where its kind is not one of kinds
 * ("pred|soft"; NULL: any) or its version not 1.
 */
void provenance_read(struct provenance *p, const char *path, size_t line,
    const char *text, size_t n, const char *kinds);

/* The value of a key, or NULL. */
const char *provenance_value(const struct provenance *p, const char *key);

void provenance_free(struct provenance *p);

#endif
