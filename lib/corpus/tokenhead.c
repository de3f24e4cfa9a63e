#include "corpus/tokenhead.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/text.h"
#include "corpus/example.h"

/* Keys that are written anew. */
static bool
is_ours(const char *word)
{
	static const char *const keys[] = { "vocab=", "case=", "cls=", "sep=" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strncmp(word, keys[i], strlen(keys[i])) == 0)
			return true;
	return false;
}

void
tokenhead_refuse(const struct tokenhead *h)
{
	if (h->found.kind != KIND_TSV)
		kind_refuse(&h->found, h->path, KIND_EXAMPLES);
}

/* "; '...' makes examples" for a table that is no one of ours, or "". */
static char *
advice(const struct tokenhead *h)
{
	if (h->found.kind != KIND_TSV)
		return mem_string("");
	return kind_advice(&h->found, h->path, KIND_EXAMPLES);
}

/* "#mtkd examples 1 key=value ..." */
static void
take_provenance(struct tokenhead *h, const char *line, size_t n)
{
	char *text = mem_stringn(line, n), *rest, *word;
	size_t nth = 0;

	for (word = strtok_r(text, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest), nth++) {
		if (nth == 1 && h->found.kind != KIND_TABLE)
			tokenhead_refuse(h);
		if (nth == 1 && strcmp(word, "examples") != 0)
			die_at(h->path, h->line,
			    "this is a table of kind '%s', expected examples",
			    word);
		if (nth == 2 && strcmp(word, "1") != 0)
			die_at(h->path, h->line,
			    "version %s of 'examples', expected 1", word);
		if (nth > 2 && strchr(word, '=') == NULL)
			die_at(h->path, h->line,
			    "provenance '%s', expected key=value", word);
		if (nth > 2 && !is_ours(word))
			buf_print(&h->given, " %s", word);
	}
	if (nth < 3)
		die_at(h->path, h->line, "a provenance line without version");
	free(text);
}

static void
take_name(struct tokenhead *h, const char *name, size_t n, unsigned *seen)
{
	size_t i = 0;

	while (i < EXAMPLE_COLUMNS &&
	       (strlen(example_columns[i]) != n ||
		   memcmp(example_columns[i], name, n) != 0))
		i++;
	if (i == EXAMPLE_COLUMNS) {
		tokenhead_refuse(h);
		die_at(h->path, h->line, "column '%.*s', expected %s%s",
		    n < 40 ? (int)n : 40, name, example_expected, advice(h));
	}
	if ((*seen >> i & 1) != 0)
		die_at(h->path, h->line, "column '%s' stands twice",
		    example_columns[i]);
	*seen |= 1u << i;
	h->text[h->columns++] = i == EXAMPLE_TEXT_A || i == EXAMPLE_TEXT_B;
}

static void
take_names(struct tokenhead *h, const char *line, size_t n)
{
	const char *end = line + n, *tab;
	unsigned seen = 0;

	for (;; line = tab + 1) {
		tab = memchr(line, '\t', (size_t)(end - line));
		take_name(
		    h, line, (size_t)((tab != NULL ? tab : end) - line), &seen);
		if (tab == NULL)
			break;
	}
	for (size_t i = 0; i < EXAMPLE_NEEDED; i++)
		if ((seen >> i & 1) == 0)
			die_at(h->path, h->line,
			    "no column '%s' in the header%s",
			    example_columns[i], advice(h));
}

void
tokenhead_take(struct tokenhead *h, const char *line, size_t n, struct buf *out)
{
	const struct vocab *v = h->vocab;
	char *letter_case;

	h->line++;
	n = text_line(line, n);
	if (n >= 6 && memcmp(line, "#mtkd ", 6) == 0)
		take_provenance(h, line, n);
	if (n >= 1 && line[0] == '#')
		return;
	take_names(h, line, n);
	letter_case = text_word(vocab_cases, v->cased);
	buf_print(out, "#mtkd tokens 1 vocab=%s case=%s cls=%d sep=%d",
	    v->digest, letter_case, v->special[VOCAB_CLS],
	    v->special[VOCAB_SEP]);
	free(letter_case);
	buf_add(out, h->given.data, h->given.size);
	buf_byte(out, '\n');
	buf_add(out, line, n);
	buf_byte(out, '\n');
	buf_free(&h->given);
	h->complete = true;
}
