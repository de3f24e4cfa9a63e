#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/text.h"
#include "port/form.h"
#include "port/import.h"

static const char word[] = "embeddings.word_embeddings.weight";

/* A name becomes head, and itself from at on. */
static void
rename_from(char **name, const char *head, size_t at)
{
	char *changed = mem_printf("%s%s", head, *name + at);

	free(*name);
	*name = changed;
}

static void
replace_end(char **name, const char *old, const char *new)
{
	char *longer;

	if (!text_ends(*name, old))
		return;
	longer = mem_printf(
	    "%.*s%s", (int)(strlen(*name) - strlen(old)), *name, new);
	free(*name);
	*name = longer;
}

/* --- what training put before the names --- */

/* Parts that wrappers of modules add, wherever one is wrapped. */
static const char *const wrappers[] = { "module.", "_orig_mod.",
	"_fsdp_wrapped_module.", "_checkpoint_wrapped_module.",
	"_forward_module." };

enum { COUNT_OF_WRAPPERS = sizeof(wrappers) / sizeof(wrappers[0]) };

/* Cut these parts out of a name; those met are marked. */
static void
unwrap(char *name, bool *met)
{
	char *at = name;

	while (*at != '\0') {
		bool cut = false;

		for (size_t i = 0; i < COUNT_OF_WRAPPERS && !cut; i++)
			if (text_starts(at, wrappers[i])) {
				size_t n = strlen(wrappers[i]);

				memmove(at, at + n, strlen(at + n) + 1);
				cut = met[i] = true;
			}
		if (cut)
			continue;
		at += strcspn(at, ".");
		at += *at == '.';
	}
}

/* Names of other networks, whose layers may be called as BERT's are. */
static void
refuse_network(const struct source *s, const char *prefix)
{
	static const char *const others[] = { "roberta.", "xlm_roberta.",
		"camembert.", "albert.", "deberta.", "mpnet.", "longformer.",
		"ernie.", "mobilebert.", "layoutlm." };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (text_ends(prefix, others[i]))
			die("%s: its names start with '%s': another network "
			    "than BERT",
			    s->path, prefix);
}

/*
 * What stands before "bert." or, in a network by itself, before the names of
 * its parts; owned.  "" if no word embeddings are there.
 */
static char *
find_prefix(const struct source *s)
{
	static const char *const networks[] = { "bert.", "distilbert.",
		"electra." };
	const char *found = NULL;
	char *prefix;

	for (size_t i = 0; i < s->count; i++) {
		const char *name = s->item[i].is.name;

		if (!text_ends(name, word) ||
		    (strlen(name) > strlen(word) &&
			name[strlen(name) - strlen(word) - 1] != '.'))
			continue;
		if (found != NULL)
			die("%s: two networks: %s and %s, expected one; "
			    "--ignore PATTERN leaves out the tensors of the "
			    "other",
			    s->path, found, name);
		found = name;
	}
	if (found == NULL)
		return mem_string("");
	prefix = mem_stringn(found, strlen(found) - strlen(word));
	refuse_network(s, prefix);
	for (size_t i = 0; i < sizeof(networks) / sizeof(networks[0]); i++) {
		char *at = prefix + strlen(prefix) - strlen(networks[i]);

		if (text_ends(prefix, networks[i]) &&
		    (at == prefix || at[-1] == '.')) {
			*at = '\0';
			break;
		}
	}
	return prefix;
}

/* The parts of wrappers that were cut out, and the prefix, in one note. */
static void
note_parts(const struct source *s, const bool *met, const char *prefix)
{
	struct buf b = { 0 };
	const char *between = "";

	for (size_t i = 0; i < COUNT_OF_WRAPPERS; i++)
		if (met[i]) {
			buf_print(&b, "%s'%s'", between, wrappers[i]);
			between = " and ";
		}
	if (prefix[0] != '\0')
		buf_print(&b, "%s'%s'", between, prefix);
	if (b.size > 0)
		note("%s: names are read without %s", s->path, buf_string(&b));
	buf_free(&b);
}

static void
strip_names(struct source *s)
{
	bool met[COUNT_OF_WRAPPERS] = { false };
	char *prefix;

	for (size_t i = 0; i < s->count; i++)
		if (!text_starts(s->item[i].is.name, "heads."))
			unwrap(s->item[i].is.name, met);
	prefix = find_prefix(s);
	for (size_t i = 0; prefix[0] != '\0' && i < s->count; i++)
		if (text_starts(s->item[i].is.name, prefix))
			rename_from(&s->item[i].is.name, "", strlen(prefix));
	note_parts(s, met, prefix);
	free(prefix);
}

/* --- the whole --- */

static bool
any_starts(const struct source *s, const char *head)
{
	for (size_t i = 0; i < s->count; i++)
		if (text_starts(s->item[i].is.name, head))
			return true;
	return false;
}

/* Whose names they are: the config's, or where that is BERT's by the names. */
static const struct form *
find_form(const struct source *s, const struct config *c)
{
	if (c->network == NETWORK_BERT &&
	    (any_starts(s, "distilbert.") || any_starts(s, "transformer.")))
		return form_of(NETWORK_DISTILBERT);
	if (c->network != NETWORK_ELECTRA && any_starts(s, "electra."))
		die("%s: its names start with 'electra.': another network than "
		    "that of its config.json",
		    s->path);
	return form_of(c->network);
}

/* Parts of an encoder by itself. */
static bool
is_bare(const char *name)
{
	static const char *const parts[] = { "embeddings.",
		"embeddings_project.", "encoder.", "transformer.", "pooler." };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (text_starts(name, parts[i]))
			return true;
	return false;
}

/* A classifier's own layer is the pooler, where there is one. */
static void
rename_part(char **name, const struct form *f, const struct config *c)
{
	char *bert = form_bert_name(f, *name);

	if (c->pooler == POOLER_NONE && text_starts(bert, "bert.pooler.")) {
		free(bert);
		return;
	}
	free(*name);
	*name = bert;
}

void
import_names(struct source *s, const struct config *c)
{
	const struct form *f;
	bool bare;

	strip_names(s);
	f = find_form(s, c);
	bare = source_find(s, word) >= 0;
	for (size_t i = 0; i < s->count; i++) {
		char **name = &s->item[i].is.name;

		if (is_bare(*name) && (bare || f->name->bert != NULL))
			rename_from(name, f->prefix, 0);
		rename_part(name, f, c);
		replace_end(name, ".gamma", ".weight");
		replace_end(name, ".beta", ".bias");
	}
	source_check_names(s);
}

bool
import_ignore(struct source *s, const char *pattern)
{
	bool any = false;

	for (size_t i = 0; i < s->count;) {
		if (fnmatch(pattern, s->item[i].is.name, 0) != 0) {
			i++;
			continue;
		}
		note("left out: %s (--ignore)", s->item[i].is.name);
		source_remove(s, i);
		any = true;
	}
	return any;
}
