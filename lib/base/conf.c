#include "base/conf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "base/yamlcheck.h"

enum { MAX_DEPTH = 64, PLAIN_KEY = 1000 };

/*
 * Strict JSON (RFC 8259) is copied to out, in a spelling that libyaml reads
 * the same way; line ends stay, so that line numbers do.
 */
struct json {
	const char *path, *text;
	size_t at, size, line;
	struct buf out;
};

static _Noreturn void
not_json(const struct json *j, const char *expected)
{
	if (j->at < j->size)
		die_at(j->path, j->line, "byte 0x%02x: expected %s",
		    (unsigned char)j->text[j->at], expected);
	die_at(j->path, j->line, "the text ends, expected %s", expected);
}

static int
peek(const struct json *j)
{
	return j->at < j->size ? (unsigned char)j->text[j->at] : -1;
}

static void
spaces(struct json *j)
{
	for (int c; (c = peek(j)) == ' ' || c == '\t' || c == '\n' || c == '\r';
	     j->at++)
		if (c == '\n') {
			j->line++;
			buf_byte(&j->out, '\n');
		}
}

static uint32_t
hex4(struct json *j)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++, j->at++) {
		int c = peek(j);

		if (c >= '0' && c <= '9')
			v = v << 4 | (uint32_t)(c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			v = v << 4 | (uint32_t)((c | 32) - 'a' + 10);
		else
			not_json(j, "four hexadecimal digits");
	}
	return v;
}

static void
escape(struct json *j)
{
	uint32_t point, low;
	int c;

	j->at++;
	c = peek(j);
	if (c != 'u') {
		if (c < 0 || strchr("\"\\/bfnrt", c) == NULL)
			not_json(j, "an escape");
		buf_byte(&j->out, '\\');
		buf_byte(&j->out, (char)c);
		j->at++;
		return;
	}
	j->at++;
	point = hex4(j);
	if (point >= 0xdc00 && point < 0xe000)
		not_json(j, "a high surrogate before a low one");
	if (point >= 0xd800 && point < 0xdc00) {
		if (peek(j) != '\\' || j->at + 1 >= j->size ||
		    j->text[j->at + 1] != 'u')
			not_json(j, "a low surrogate");
		j->at += 2;
		low = hex4(j);
		if (low < 0xdc00 || low >= 0xe000)
			not_json(j, "a low surrogate");
		point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
	}
	if (point == 0)
		not_json(j, "no NUL character");
	buf_print(&j->out, "\\U%08X", point);
}

/* The bytes of the string, quotes included, go to out. */
static void
string(struct json *j)
{
	int c;

	if (peek(j) != '"')
		not_json(j, "a string in double quotes");
	j->at++;
	buf_byte(&j->out, '"');
	while ((c = peek(j)) != '"') {
		if (c < 0x20)
			not_json(j, "the end of a string");
		if (c == '\\') {
			escape(j);
		} else if (c < 0x7f) {
			buf_byte(&j->out, (char)c);
			j->at++;
		} else {
			size_t n;
			uint32_t point = utf8_get(j->text + j->at, &n);

			/* libyaml folds or refuses some; escaped it does not */
			buf_print(&j->out, "\\U%08X", point);
			j->at += n;
		}
	}
	j->at++;
	buf_byte(&j->out, '"');
}

static void
digits(struct json *j)
{
	if (peek(j) < '0' || peek(j) > '9')
		not_json(j, "a digit");
	for (int c; (c = peek(j)) >= '0' && c <= '9'; j->at++)
		buf_byte(&j->out, (char)c);
}

static void
take(struct json *j)
{
	buf_byte(&j->out, j->text[j->at++]);
}

static void
number(struct json *j)
{
	if (peek(j) == '-')
		take(j);
	if (peek(j) == '0')
		take(j);
	else
		digits(j);
	if (peek(j) == '.') {
		take(j);
		digits(j);
	}
	if (peek(j) == 'e' || peek(j) == 'E') {
		take(j);
		if (peek(j) == '+' || peek(j) == '-')
			take(j);
		digits(j);
	}
}

static void
literal(struct json *j)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i]);

		if (j->size - j->at >= n &&
		    memcmp(j->text + j->at, words[i], n) == 0) {
			buf_add(&j->out, words[i], n);
			j->at += n;
			return;
		}
	}
	not_json(j, "a value");
}

/*
 * "key":, with the line ends before ':' after it, as libyaml wants them.  A
 * long key gets a '?' before it: others may have 1024 characters at most, of
 * which an escaped one is ten.
 */
static void
key(struct json *j)
{
	size_t start = j->out.size, end, lines;

	string(j);
	end = j->out.size;
	if (end - start > PLAIN_KEY) {
		buf_add(&j->out, "  ", 2);
		memmove(
		    j->out.data + start + 2, j->out.data + start, end - start);
		memcpy(j->out.data + start, "? ", 2);
		end += 2;
	}
	spaces(j);
	lines = j->out.size - end;
	if (peek(j) != ':')
		not_json(j, "':'");
	j->out.size = end;
	take(j);
	buf_byte(&j->out, ' ');
	for (; lines > 0; lines--)
		buf_byte(&j->out, '\n');
	spaces(j);
}

static void
value(struct json *j, int depth)
{
	int c = peek(j), close;
	bool map = c == '{';

	if (depth > MAX_DEPTH)
		not_json(j, "no more than 64 levels");
	if (c == '"') {
		string(j);
		return;
	}
	if (c == '-' || (c >= '0' && c <= '9')) {
		number(j);
		return;
	}
	if (c != '{' && c != '[') {
		literal(j);
		return;
	}
	close = map ? '}' : ']';
	take(j);
	spaces(j);
	while (peek(j) != close) {
		if (map)
			key(j);
		value(j, depth + 1);
		spaces(j);
		if (peek(j) == close)
			break;
		if (peek(j) != ',')
			not_json(j, map ? "',' or '}'" : "',' or ']'");
		take(j);
		buf_byte(&j->out, ' ');
		spaces(j);
		if (peek(j) == close)
			not_json(j, "another item");
	}
	take(j);
}

/* --- the tree, from libyaml's events --- */

struct parser {
	const char *path;
	size_t first; /* the number of the text's first line */
	const char *text;
	size_t size;
	yaml_parser_t yaml;
};

static void
next_event(struct parser *p, yaml_event_t *event)
{
	size_t line, key;

	if (yaml_parser_parse(&p->yaml, event))
		return;
	line = p->yaml.problem_mark.line;
	key = yamlcheck_long_key(p->text, p->size, line);
	if (key > 0)
		die_at(p->path, p->first + line,
		    "a key of %zu character%s, expected 1024 at most", key,
		    num_s(key));
	die_at(p->path, p->first + line, "%s",
	    p->yaml.problem != NULL ? p->yaml.problem : "not YAML");
}

static void
add_item(
    struct conf *c, size_t *room, size_t *keys, char *key, struct conf *item)
{
	c->item = mem_grow(c->item, room, c->count + 1, sizeof(*c->item));
	if (key != NULL) {
		c->key = mem_grow(c->key, keys, c->count + 1, sizeof(*c->key));
		c->key[c->count] = key;
	}
	c->item[c->count++] = item;
}

static struct conf *build(struct parser *p, yaml_event_t *event, int depth);

struct named {
	const char *key;
	size_t nth;
};

static int
by_key(const void *left, const void *right)
{
	const struct named *a = left, *b = right;
	int order = strcmp(a->key, b->key);

	return order != 0 ? order : (a->nth > b->nth) - (a->nth < b->nth);
}

/* Sorted first: a hostile file may have a million keys. */
static void
check_keys(const struct parser *p, const struct conf *c)
{
	struct named *n = mem_zero(c->count, sizeof(*n));

	for (size_t i = 0; i < c->count; i++)
		n[i] = (struct named){ c->key[i], i };
	if (c->count > 0)
		qsort(n, c->count, sizeof(*n), by_key);
	for (size_t i = 1; i < c->count; i++)
		if (strcmp(n[i - 1].key, n[i].key) == 0)
			die_at(p->path, c->item[n[i].nth]->line,
			    "key '%s' stands twice", n[i].key);
	free(n);
}

static void
build_children(struct parser *p, struct conf *c, int depth)
{
	yaml_event_type_t end = c->kind == CONF_MAP ? YAML_MAPPING_END_EVENT
						    : YAML_SEQUENCE_END_EVENT;
	size_t room = 0, keys = 0;
	yaml_event_t event;

	for (;;) {
		char *key = NULL;

		next_event(p, &event);
		if (event.type == end)
			break;
		if (c->kind == CONF_MAP) {
			size_t line = p->first + event.start_mark.line;

			if (event.type != YAML_SCALAR_EVENT)
				die_at(p->path, line, "a key must be a word");
			key = mem_string((char *)event.data.scalar.value);
			yaml_event_delete(&event);
			next_event(p, &event);
		}
		add_item(c, &room, &keys, key, build(p, &event, depth + 1));
	}
	yaml_event_delete(&event);
	if (c->kind == CONF_MAP)
		check_keys(p, c);
}

/* Takes over the event. */
static struct conf *
build(struct parser *p, yaml_event_t *event, int depth)
{
	struct conf *c = mem_zero(1, sizeof(*c));

	c->line = p->first + event->start_mark.line;
	if (depth > MAX_DEPTH)
		die_at(p->path, c->line, "more than %d levels", MAX_DEPTH);
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		c->kind = CONF_SCALAR;
		c->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
		if (strlen((char *)event->data.scalar.value) !=
		    event->data.scalar.length)
			die_at(p->path, c->line, "a NUL character");
		c->text = mem_string((char *)event->data.scalar.value);
		yaml_event_delete(event);
		return c;
	case YAML_SEQUENCE_START_EVENT:
		c->kind = CONF_LIST;
		break;
	case YAML_MAPPING_START_EVENT:
		c->kind = CONF_MAP;
		break;
	default:
		die_at(p->path, c->line, "an alias, expected a plain value");
	}
	yaml_event_delete(event);
	build_children(p, c, depth);
	return c;
}

static struct conf *
load(const char *path, size_t first, const char *text, size_t n)
{
	struct parser p = {
		.path = path, .first = first, .text = text, .size = n
	};
	yaml_event_t event;
	struct conf *c;

	if (!yaml_parser_initialize(&p.yaml))
		die("libyaml: cannot start");
	yaml_parser_set_input_string(&p.yaml, (const unsigned char *)text, n);
	yaml_parser_set_encoding(&p.yaml, YAML_UTF8_ENCODING);
	do {
		next_event(&p, &event);
		if (event.type == YAML_STREAM_END_EVENT)
			die_at(path, 0, "empty, expected a value");
	} while (event.type == YAML_STREAM_START_EVENT ||
		 event.type == YAML_DOCUMENT_START_EVENT);
	c = build(&p, &event, 0);
	do {
		next_event(&p, &event);
		if (event.type == YAML_DOCUMENT_START_EVENT)
			die_at(path, first + event.start_mark.line,
			    "a second document, expected one");
	} while (event.type != YAML_STREAM_END_EVENT);
	yaml_parser_delete(&p.yaml);
	return c;
}

struct conf *
conf_yaml(const char *path, const char *text, size_t n)
{
	size_t valid = utf8_check(text, n);

	if (valid < n)
		die_at(path, 0, "invalid UTF-8 at byte %zu", valid + 1);
	yamlcheck_tags(path, text, n);
	return load(path, 1, text, n);
}

struct conf *
conf_json_at(const char *path, size_t line, const char *text, size_t n)
{
	struct json j = { .path = path, .text = text, .size = n, .line = line };
	size_t valid = utf8_check(text, n);
	struct conf *c;

	if (valid < n)
		die_at(path, line > 1 ? line : 0, "invalid UTF-8 at byte %zu",
		    valid + 1);
	spaces(&j);
	value(&j, 0);
	spaces(&j);
	if (j.at < j.size)
		not_json(&j, "the end of the text");
	c = load(path, line, j.out.data, j.out.size);
	buf_free(&j.out);
	return c;
}

struct conf *
conf_json(const char *path, const char *text, size_t n)
{
	return conf_json_at(path, 1, text, n);
}

void
conf_free(struct conf *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->count; i++) {
		conf_free(c->item[i]);
		if (c->key != NULL)
			free(c->key[i]);
	}
	free(c->item);
	free(c->key);
	free(c->text);
	free(c);
}

const struct conf *
conf_get(const struct conf *map, const char *key)
{
	if (map == NULL || map->kind != CONF_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->key[i], key) == 0)
			return map->item[i];
	return NULL;
}

bool
conf_is_null(const struct conf *c)
{
	return c == NULL || (c->kind == CONF_SCALAR && !c->quoted &&
				strcmp(c->text, "null") == 0);
}

/* The scalar of a key, or NULL. */
static const struct conf *
scalar(const char *path, const struct conf *map, const char *key,
    const char *expected)
{
	const struct conf *c = conf_get(map, key);

	if (c != NULL && c->kind != CONF_SCALAR)
		die_at(path, c->line, "%s: expected %s", key, expected);
	return c;
}

bool
conf_get_text(const char *path, const struct conf *map, const char *key,
    const char **value)
{
	const struct conf *c = scalar(path, map, key, "text");

	if (c != NULL)
		*value = c->text;
	return c != NULL;
}

bool
conf_get_int(const char *path, const struct conf *map, const char *key,
    long long min, long long max, long long *value)
{
	const struct conf *c = scalar(path, map, key, "a whole number");

	if (c != NULL && (c->quoted || !num_int(c->text, min, max, value)))
		die_at(path, c->line,
		    "%s: '%s', expected a whole number from %lld to %lld", key,
		    c->text, min, max);
	return c != NULL;
}

bool
conf_get_real(const char *path, const struct conf *map, const char *key,
    double min, double max, double *value)
{
	const struct conf *c = scalar(path, map, key, "a number");

	if (c != NULL && (c->quoted || !num_real(c->text, min, max, value)))
		die_at(path, c->line,
		    "%s: '%s', expected a number from %g to %g", key, c->text,
		    min, max);
	return c != NULL;
}

bool
conf_get_bool(
    const char *path, const struct conf *map, const char *key, bool *value)
{
	const struct conf *c = scalar(path, map, key, "true or false");

	if (c == NULL)
		return false;
	if (c->quoted ||
	    (strcmp(c->text, "true") != 0 && strcmp(c->text, "false") != 0))
		die_at(path, c->line, "%s: '%s', expected true or false", key,
		    c->text);
	*value = c->text[0] == 't';
	return true;
}
