#include "model/take.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"

size_t
take_parse(
    size_t **layer, const char *text, size_t least, size_t most, bool fresh)
{
	char *list = mem_string(text), *next = list, *word;
	size_t n = 0;
	bool good = true;

	*layer = mem_alloc(strlen(text) + 1, sizeof(**layer));
	while (good && (word = next) != NULL) {
		long long number = TAKE_NEW;

		if ((next = strchr(word, ',')) != NULL)
			*next++ = '\0';
		good = n < most && ((fresh && strcmp(word, "new") == 0) ||
				       num_int(word, (long long)least,
					   (long long)most, &number));
		(*layer)[n++] = (size_t)number;
	}
	free(list);
	if (!good) {
		free(*layer);
		*layer = NULL;
	}
	return good ? n : 0;
}

/* The array of from that p is made of, or NULL: it stays as drawn. */
static const struct param *
source_of(const struct model *from, const struct model *to,
    const struct param *p, const size_t *layer, bool new_pooler)
{
	const char *where, *rest;
	const struct param *found;
	char *name;

	if (p->depth > to->config.layers)
		return new_pooler ? NULL : params_find(&from->params, p->name);
	if (p->depth == 0)
		return params_find(&from->params, p->name);
	if (layer[p->depth - 1] == TAKE_NEW)
		return NULL;
	where = strstr(p->name, ".layer.") + strlen(".layer.");
	rest = strchr(where, '.');
	name = mem_printf("%.*s%zu%s", (int)(where - p->name), p->name,
	    layer[p->depth - 1] - 1, rest);
	found = params_find(&from->params, name);
	free(name);
	return found;
}

struct model *
model_take(const struct model *from, const size_t *layer, size_t count,
    bool new_pooler, double init_range, uint64_t seed)
{
	struct config c = from->config;
	struct model *m;

	for (size_t i = 0; i < count; i++)
		if (layer[i] > from->config.layers)
			die("%s: has %zu layer%s, no layer %zu", from->path,
			    from->config.layers, num_s(from->config.layers),
			    layer[i]);
	c.layers = count;
	c.init_range = init_range;
	c.mlm = c.next_sentence = false;
	c.head = NULL;
	c.head_count = 0;
	c.projections = 0;
	m = model_new(&c, from->path, from->cased, seed);
	for (size_t i = 0; i < m->params.count; i++) {
		const struct param *p = &m->params.item[i];
		const struct param *q =
		    source_of(from, m, p, layer, new_pooler);

		if (q != NULL)
			memcpy(m->value + p->offset, from->value + q->offset,
			    p->count * sizeof(real));
	}
	return m;
}
