#include "base/tableout.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

struct tableout *
tableout_begin(const char *path, bool json)
{
	struct tableout *t = mem_zero(1, sizeof(*t));

	t->file = file_write(path);
	t->stream = t->file->stream;
	if (json && (t->stream = open_memstream(&t->text, &t->size)) == NULL)
		die("out of memory");
	return t;
}

/* The fields of a line, cut in place; returns how many, at most n of them. */
static size_t
cut(char *line, char **field, size_t n)
{
	size_t count = 0;

	for (char *tab = line; tab != NULL && count < n; line = tab) {
		tab = strchr(line, '\t');
		if (tab != NULL)
			*tab++ = '\0';
		field[count++] = line;
	}
	return count;
}

static void
put_value(struct buf *b, const char *value, bool name)
{
	if (name)
		conf_put_json(b, value);
	else if (strcmp(value, "nan") == 0 || strcmp(value, "-") == 0 ||
		 value[0] == '\0')
		buf_text(b, "null");
	else if (value[strspn(value, "0123456789+-.e")] == '\0')
		buf_text(b, value);
	else
		conf_put_json(b, value);
}

static void
put_json(FILE *out, char *text, const char *names)
{
	size_t columns = 1, rows = 0;
	char **name = NULL, **value = NULL, *line, *rest;
	struct buf b = { 0 };

	fputs("[", out);
	for (line = strtok_r(text, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (name == NULL && line[0] == '#')
			continue;
		if (name == NULL) {
			for (const char *c = line; *c != '\0'; c++)
				columns += *c == '\t';
			name = mem_zero(columns, sizeof(*name));
			value = mem_zero(columns, sizeof(*value));
			cut(line, name, columns);
			continue;
		}
		buf_clear(&b);
		for (size_t i = 0, n = cut(line, value, columns); i < n; i++) {
			buf_text(&b, i > 0 ? ", " : "{");
			conf_put_json(&b, name[i]);
			buf_text(&b, ": ");
			put_value(
			    &b, value[i], text_word_find(names, name[i]) >= 0);
		}
		fprintf(out, "%s\n%s}", rows++ > 0 ? "," : "", buf_string(&b));
	}
	fputs("\n]\n", out);
	buf_free(&b);
	free(name);
	free(value);
}

void
tableout_end(struct tableout *t, const char *names)
{
	if (t->stream != t->file->stream) {
		if (fclose(t->stream) != 0)
			die("out of memory");
		put_json(t->file->stream, t->text, names);
		free(t->text);
	}
	file_commit(t->file);
	free(t);
}
