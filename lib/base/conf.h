/*
 * YAML and JSON as trees, read through libyaml (the one file that knows it).
 *
 * JSON is first refused where it is not JSON: comments, anchors, tags, plain
 * keys, trailing text, duplicate keys, depth over 64; escaped surrogate pairs
 * are joined.  Of YAML, aliases and duplicate keys are refused.
 */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/kind.h"

enum conf_kind { CONF_SCALAR, CONF_LIST, CONF_MAP };

struct conf {
	enum conf_kind kind;
	bool quoted;	    /* scalar: it stood in quotes, so it is a string */
	char *text;	    /* scalar: its text, ended by '\0' */
	size_t line;	    /* where it stands, 1-based */
	size_t count;	    /* list, map: children */
	char **key;	    /* map: their names */
	struct conf **item; /* list, map: their values */
};

/* Parse n bytes; ends the program with path and line where they are bad. */
struct conf *conf_yaml(const char *path, const char *text, size_t n);
struct conf *conf_json(const char *path, const char *text, size_t n);

/* The same for JSON in a larger file, from its given line on. */
struct conf *conf_json_at(
    const char *path, size_t line, const char *text, size_t n);

/*
 * Read and parse a whole file.  wanted is KIND_TASKS or KIND_RECIPE, which YAML
 * is to be: what is known for no YAML, and no map of keys, ends the program
 * with its kind (base/kind.h).
 */
struct conf *conf_read_yaml(const char *path, enum file_kind wanted);
struct conf *conf_read_json(const char *path);

void conf_free(struct conf *c);

/* The value of a key, or NULL (also where map is NULL). */
const struct conf *conf_get(const struct conf *map, const char *key);

/* True if c is NULL, or null as in JSON. */
bool conf_is_null(const struct conf *c);

/* Typed values of a key: false if it is not there; bad types end it all. */
bool conf_get_text(const char *path, const struct conf *map, const char *key,
    const char **value);
bool conf_get_int(const char *path, const struct conf *map, const char *key,
    long long min, long long max, long long *value);
bool conf_get_real(const char *path, const struct conf *map, const char *key,
    double min, double max, double *value);
bool conf_get_bool(
    const char *path, const struct conf *map, const char *key, bool *value);

struct buf;

/* Append text, or n bytes of it, as a JSON string with its quotes. */
void conf_put_json(struct buf *out, const char *text);
void conf_put_json_bytes(struct buf *out, const char *text, size_t n);

/*
 * Append a key of a YAML map in block style and its ':': plain where every
 * reader takes it for that text, else in double quotes.  One that is longer
 * than readers look for a ':' becomes an explicit key, of two lines, whose
 * second is indented by so many spaces.
 */
void conf_put_key(struct buf *out, const char *key, size_t indent);

/* A scalar on the same terms, in one line. */
void conf_put_value(struct buf *out, const char *text);

#endif
