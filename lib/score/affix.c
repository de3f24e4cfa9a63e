#include "score/affix.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"

static bool
is_there(char *const *name, size_t count, const char *wanted)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name[i], wanted) == 0)
			return true;
	return false;
}

/* True if there is a column for each answer. */
static bool
fits(const struct affix *a, const struct labels *l, char *const *name,
    size_t count)
{
	for (size_t c = 0; c < labels_width(l); c++) {
		char *wanted = affix_name(a, l, c);
		bool found = is_there(name, count, wanted);

		free(wanted);
		if (!found)
			return false;
	}
	return true;
}

/* Take what stands around the first label at a place of a name, if it fits. */
static bool
take(struct affix *a, const struct labels *l, char *const *name, size_t count,
    const char *whole, const char *at, const char *path)
{
	struct affix new = { mem_stringn(whole, (size_t)(at - whole)),
		mem_string(at + strlen(labels_column(l, 0))) };

	if (!fits(&new, l, name, count)) {
		affix_free(&new);
		return false;
	}
	if (a->before != NULL)
		die_at(path, 1,
		    "both '%sLABEL%s' and '%sLABEL%s' could be the columns of "
		    "the labels",
		    a->before, a->behind, new.before, new.behind);
	*a = new;
	return true;
}

bool
affix_find(struct affix *a, const struct labels *l, char *const *name,
    size_t count, const char *path)
{
	const char *first = labels_column(l, 0), *at;
	bool own = false, found = false;

	*a = (struct affix){ NULL, NULL };
	for (size_t c = 0; c < labels_width(l); c++)
		own = own || is_there(name, count, labels_column(l, c));
	for (size_t i = 0; i < count && !own; i++)
		for (at = strstr(name[i], first); at != NULL;
		     at = strstr(at + 1, first))
			found =
			    take(a, l, name, count, name[i], at, path) || found;
	if (!found)
		*a = (struct affix){ mem_string(""), mem_string("") };
	return found;
}

char *
affix_name(const struct affix *a, const struct labels *l, size_t c)
{
	return mem_printf("%s%s%s", a->before, labels_column(l, c), a->behind);
}

void
affix_free(struct affix *a)
{
	free(a->before);
	free(a->behind);
}
