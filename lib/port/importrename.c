#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/text.h"
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
		"camembert.", "electra.", "albert.", "deberta.", "mpnet.",
		"longformer.", "ernie.", "mobilebert.", "layoutlm." };

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
	static const char *const networks[] = { "bert.", "distilbert." };
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

/* --- DistilBERT's names --- */

static const char *const distil[][2] = {
	{ "attention.q_lin.", "attention.self.query." },
	{ "attention.k_lin.", "attention.self.key." },
	{ "attention.v_lin.", "attention.self.value." },
	{ "attention.out_lin.", "attention.output.dense." },
	{ "sa_layer_norm.", "attention.output.LayerNorm." },
	{ "ffn.lin1.", "intermediate.dense." },
	{ "ffn.lin2.", "output.dense." },
	{ "output_layer_norm.", "output.LayerNorm." },
};

static const char *const distil_mlm[][2] = {
	{ "vocab_transform.", "cls.predictions.transform.dense." },
	{ "vocab_layer_norm.", "cls.predictions.transform.LayerNorm." },
	{ "vocab_projector.bias", "cls.predictions.bias" },
	{ "vocab_projector.weight", "cls.predictions.decoder.weight" },
};

static void
rename_distil(char **name)
{
	static const char layer[] = "transformer.layer.";
	size_t at = strlen(layer);

	for (size_t i = 0; i < sizeof(distil_mlm) / sizeof(distil_mlm[0]); i++)
		if (text_starts(*name, distil_mlm[i][0])) {
			rename_from(
			    name, distil_mlm[i][1], strlen(distil_mlm[i][0]));
			return;
		}
	if (!text_starts(*name, layer))
		return;
	at += strspn(*name + at, "0123456789");
	for (size_t i = 0;
	     (*name)[at] == '.' && i < sizeof(distil) / sizeof(distil[0]); i++)
		if (text_starts(*name + at + 1, distil[i][0])) {
			char *head = mem_printf("encoder.layer.%.*s.%s",
			    (int)(at - strlen(layer)), *name + strlen(layer),
			    distil[i][1]);

			rename_from(name, head, at + 1 + strlen(distil[i][0]));
			free(head);
			return;
		}
}

/* --- the whole --- */

static void
prefix_name(char **name)
{
	static const char *const parts[] = { "embeddings.", "encoder.",
		"pooler." };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (text_starts(*name, parts[i])) {
			rename_from(name, "bert.", 0);
			return;
		}
}

void
import_names(struct source *s)
{
	bool bare, is_distil;

	strip_names(s);
	is_distil = source_find(s, "distilbert.embeddings.word_embeddings."
				   "weight") >= 0;
	for (size_t i = 0; i < s->count; i++) {
		char **name = &s->item[i].is.name;

		if (is_distil && text_starts(*name, "distilbert."))
			rename_from(name, "", strlen("distilbert."));
		rename_distil(name);
	}
	bare = source_find(s, word) >= 0;
	for (size_t i = 0; i < s->count; i++) {
		char **name = &s->item[i].is.name;

		replace_end(name, ".gamma", ".weight");
		replace_end(name, ".beta", ".bias");
		if (bare)
			prefix_name(name);
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
