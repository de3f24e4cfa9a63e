#include "curate/columns.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/near.h"
#include "corpus/layout.h"

enum { SHOWN = 12, WIDTH = 40 }; /* names in a message, and their bytes */

struct search {
	const struct columns_wanted *wanted;
	char *const *name;
	size_t count, line;
	const char *hint;
};

bool
column_choose(struct column_choice *c, const char *text)
{
	c->given = layout_column(&c->column, text);
	return c->given;
}

/* A task that nobody described: columns are looked for by usual names. */
static bool
is_draft(const struct columns_wanted *w)
{
	return labels_is_wide(&w->task->labels) && w->task->labels.classes == 0;
}

/*
 * The place of a name from 1, 0 if it is not there; twice is refused.  same
 * returns 0 for what is one name.
 */
static size_t
place_as(const struct search *s, const char *name,
    int (*same)(const char *, const char *))
{
	size_t at = 0;

	for (size_t i = 0; i < s->count; i++) {
		if (same(s->name[i], name) != 0)
			continue;
		if (at > 0)
			die_at(s->wanted->path, s->line,
			    "column '%s' stands twice in the header", name);
		at = i + 1;
	}
	return at;
}

static size_t
place_of(const struct search *s, const char *name)
{
	return place_as(s, name, strcmp);
}

/* "a, b, c": names that others chose, cut and without control characters. */
static void
add_found(struct buf *b, const struct search *s)
{
	for (size_t i = 0; i < s->count && i < SHOWN; i++) {
		const char *name = s->name[i];
		size_t n = strlen(name), keep = n > WIDTH ? WIDTH : n;

		while (keep < n && (name[keep] & 0xc0) == 0x80)
			keep--;
		buf_text(b, i > 0 ? ", " : "");
		for (size_t k = 0; k < keep; k++)
			buf_byte(
			    b, (char)((unsigned char)name[k] < ' ' ? '?'
								   : name[k]));
		if (keep < n)
			buf_text(b, "...");
	}
	if (s->count > SHOWN)
		buf_print(b, " and %zu more", s->count - SHOWN);
}

/* The names that a field may have in a header: *words [result]. */
static size_t
names_of(
    const struct columns_wanted *w, enum task_field field, char *const **words)
{
	const struct task_words *names = &w->task->names[field];
	const struct task_column *c = w->choice[field].given
					  ? &w->choice[field].column
					  : &w->split->column[field];

	*words = c->name != NULL ? &c->name : names->word;
	if (c->name == NULL && w->choice[field].given)
		return 0;
	return c->name != NULL ? 1 : names->count;
}

/* True if the program can do without a field that the header lacks. */
static bool
may_lack(const struct columns_wanted *w, enum task_field field)
{
	const struct task_column *c = &w->split->column[field];

	if (w->choice[field].given)
		return false;
	if ((field == TASK_TEXT_B && !w->task->pair) ||
	    (field == TASK_GROUP && w->task->labels.type != TASK_RANKING))
		return true;
	return c->name == NULL &&
	       (field == TASK_ID ||
		   (field == TASK_LABEL && !w->split->labelled));
}

static _Noreturn void
refuse_draft(const struct search *s, const char *fields)
{
	struct buf found = { 0 };

	add_found(&found, s);
	die_at(s->wanted->path, s->line,
	    "no column of a usual name for %s in the header; found %s%s%s "
	    "(--text-a-column, --label-column and so on name them)",
	    fields, buf_string(&found), s->hint != NULL ? ": " : "",
	    s->hint != NULL ? s->hint : "");
}

/* End the program if the header lacks a field; all of them are named. */
static void
check_there(const struct columns *c, const struct search *s)
{
	const struct columns_wanted *w = s->wanted;
	struct buf names = { 0 }, fields = { 0 };
	char *near = mem_string("");

	for (int f = 0; f < TASK_FIELDS; f++) {
		char *const *words;
		size_t n = names_of(w, (enum task_field)f, &words);

		if (c->at[f] != 0 || n == 0 || may_lack(w, (enum task_field)f))
			continue;
		if (fields.size > 0)
			buf_text(&names, ", nor ");
		for (size_t i = 0; i < n; i++)
			buf_print(
			    &names, "%s'%s'", i > 0 ? " or " : "", words[i]);
		for (size_t i = 0; i < n && near[0] == '\0' && s->hint == NULL;
		     i++)
			near = near_text(
			    words[i], (const char *const *)s->name, s->count);
		if (fields.size == 0)
			buf_text(&names, " in the header");
		buf_print(&fields, "%s%s", fields.size > 0 ? ", " : "",
		    layout_field_name((enum task_field)f));
	}
	if (fields.size == 0)
		return;
	if (is_draft(w))
		refuse_draft(s, buf_string(&fields));
	buf_print(&names, ", which %s split %s needs for %s; found ",
	    w->task->name, w->split->name != NULL ? w->split->name : "(any)",
	    buf_string(&fields));
	add_found(&names, s);
	die_at(w->path, s->line, "no column %s%s%s%s", buf_string(&names), near,
	    s->hint != NULL ? ": " : "", s->hint != NULL ? s->hint : "");
}

/* The first of the words that is there; of texts and labels the only one. */
static size_t
first_of(const struct search *s, enum task_field field,
    const struct task_words *words)
{
	size_t at = 0, which = 0;

	for (size_t i = 0; i < words->count; i++) {
		size_t found = place_of(s, words->word[i]);

		if (found == 0 && is_draft(s->wanted))
			found = place_as(s, words->word[i], strcasecmp);
		if (found == 0)
			continue;
		if (at > 0 && field != TASK_ID)
			die_at(s->wanted->path, s->line,
			    "both '%s' and '%s' could be %s; --%s-column "
			    "names one",
			    words->word[which], words->word[i],
			    layout_field_name(field),
			    field == TASK_LABEL	   ? "label"
			    : field == TASK_TEXT_A ? "text-a"
			    : field == TASK_TEXT_B ? "text-b"
						   : "group");
		if (at == 0) {
			at = found;
			which = i;
		}
	}
	return at;
}

/* A place as the layout counts, from the left or the right. */
static long long
as_layout(size_t at, size_t count, const struct task_column *layout)
{
	if (at > 0 && layout->number < 0)
		return (long long)at - (long long)count - 1;
	return (long long)at;
}

static long long
find_field(const struct search *s, enum task_field field)
{
	const struct columns_wanted *w = s->wanted;
	const struct task_column *layout = &w->split->column[field];
	const struct task_column *choice = &w->choice[field].column;
	const struct task_words *names = &w->task->names[field];
	size_t at = 0;

	if (w->choice[field].given)
		return choice->name != NULL
			   ? (long long)place_of(s, choice->name)
			   : choice->number;
	if (layout->name == NULL && names->count == 0)
		return layout->number;
	if (layout->name != NULL)
		at = place_of(s, layout->name);
	if (at == 0)
		at = first_of(s, field, names);
	return as_layout(at, s->count, layout);
}

static bool
has_any(const struct search *s, const struct task_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		if (place_of(s, words->word[i]) > 0)
			return true;
	return false;
}

bool
columns_are_named(
    const struct columns_wanted *w, char *const *field, size_t count)
{
	const struct task_words *names = &w->task->names[TASK_TEXT_A];
	const struct column_choice *choice = &w->choice[TASK_TEXT_A];

	for (size_t i = 0; i < count; i++) {
		if (choice->given) {
			if (choice->column.name != NULL &&
			    strcmp(choice->column.name, field[i]) == 0)
				return true;
			continue;
		}
		for (size_t k = 0; k < names->count; k++)
			if (strcmp(names->word[k], field[i]) == 0)
				return true;
	}
	return false;
}

/* The name of a column, unless it was found by its number. */
static void
keep_name(struct columns *c, const struct search *s, int f)
{
	long long at = c->at[f];
	char *const *words;
	size_t i = (size_t)(at < 0 ? at + (long long)s->count : at - 1);

	if (at != 0 && names_of(s->wanted, (enum task_field)f, &words) > 0)
		c->name[f] = mem_string(s->name[i]);
}

void
columns_free(struct columns *c)
{
	for (int f = 0; f < TASK_FIELDS; f++) {
		free(c->name[f]);
		c->name[f] = NULL;
	}
}

void
columns_by_name(struct columns *c, const struct columns_wanted *w,
    char *const *name, size_t count, size_t line, const char *hint)
{
	struct search s = { w, name, count, line, hint };

	columns_free(c);
	c->own = true;
	for (int f = 0; f < TASK_FIELDS; f++) {
		const struct task_column *layout = &w->split->column[f];

		c->at[f] = find_field(&s, (enum task_field)f);
		if (w->choice[f].given ||
		    (layout->name == NULL && c->at[f] != layout->number))
			c->own = false;
	}
	check_there(c, &s);
	for (int f = 0; f < TASK_FIELDS; f++)
		keep_name(c, &s, f);
	c->told = has_any(&s, &w->task->told_by);
}

void
columns_by_place(struct columns *c, const struct columns_wanted *w)
{
	*c = (struct columns){ .own = true };
	for (int f = 0; f < TASK_FIELDS; f++) {
		const struct task_column *layout = &w->split->column[f];
		const struct column_choice *choice = &w->choice[f];

		if (choice->given && choice->column.name != NULL)
			die("%s: column '%s' by name, but no header row",
			    w->path, choice->column.name);
		c->at[f] =
		    choice->given ? choice->column.number : layout->number;
		c->own = c->own && !choice->given;
	}
}
