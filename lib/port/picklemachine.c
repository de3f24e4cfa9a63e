#include "port/picklemachine.h"

#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/utf8.h"

static const char *const kinds[] = { "None", "a truth value", "a whole number",
	"a number", "text", "a list", "a tuple", "a dictionary", "a global",
	"a storage", "a tensor", "an object" };

const char *
pickle_kind_name(enum pickle_kind kind)
{
	return kinds[kind];
}

_Noreturn void
pickle_bad(const struct pickle *p, const char *what)
{
	die_at(p->path, 0, "pickle, byte %zu: %s", p->at - p->start, what);
}

const unsigned char *
pickle_take(struct pickle *p, size_t n)
{
	const unsigned char *here = p->bytes + p->at;

	if (n > p->end - p->at)
		die_at(p->path, 0,
		    "pickle, byte %zu: %zu bytes expected, %zu "
		    "are there: it is cut",
		    p->at - p->start, n, p->end - p->at);
	p->at += n;
	return here;
}

struct pickle_value *
pickle_make(struct pickle *p, enum pickle_kind kind)
{
	struct pickle_value *v;

	if (p->values++ == PICKLE_VALUES)
		pickle_bad(p, "more values than a model has");
	if (p->block == NULL || p->block->count == PICKLE_BLOCK) {
		struct pickle_block *b = mem_zero(1, sizeof(*b));

		b->next = p->block;
		p->block = b;
	}
	v = &p->block->value[p->block->count++];
	v->kind = kind;
	return v;
}

/* Texts are copied, so that they end in a NUL; PICKLE_VALUES bounds them. */
struct pickle_value *
pickle_text(struct pickle *p, const unsigned char *bytes, size_t n)
{
	struct pickle_value *v = pickle_make(p, PICKLE_TEXT);
	char *copy;

	if (memchr(bytes, '\0', n) != NULL ||
	    utf8_check((const char *)bytes, n) != n)
		pickle_bad(p, "text that is not UTF-8, or has a NUL in it");
	copy = mem_stringn((const char *)bytes, n);
	v->text = copy;
	return v;
}

void
pickle_push(struct pickle *p, struct pickle_value *v)
{
	p->stack =
	    mem_grow(p->stack, &p->stack_room, p->depth + 1, sizeof(*p->stack));
	p->stack[p->depth++] = v;
}

void
pickle_push_number(struct pickle *p, enum pickle_kind kind, long long n)
{
	struct pickle_value *v = pickle_make(p, kind);

	v->number = n;
	pickle_push(p, v);
}

/* The stack down to the last mark belongs to what stands above it. */
struct pickle_value *
pickle_pop(struct pickle *p)
{
	size_t floor = p->marks > 0 ? p->mark[p->marks - 1] : 0;

	if (p->depth <= floor)
		pickle_bad(p, "the stack is empty");
	return p->stack[--p->depth];
}

struct pickle_value *
pickle_pop_kind(struct pickle *p, enum pickle_kind kind)
{
	struct pickle_value *v = pickle_pop(p);

	if (v->kind != kind)
		die_at(p->path, 0, "pickle, byte %zu: %s, expected %s",
		    p->at - p->start, kinds[v->kind], kinds[kind]);
	return v;
}

struct pickle_value *
pickle_pop_filled(struct pickle *p, enum pickle_kind kind)
{
	struct pickle_value *v = pickle_pop(p);

	pickle_push(p, v);
	return v->kind == PICKLE_OBJECT ? pickle_pop(p)
					: pickle_pop_kind(p, kind);
}

void
pickle_append(struct pickle_value *to, struct pickle_value *v)
{
	to->item =
	    mem_grow(to->item, &to->room, to->count + 1, sizeof(*to->item));
	to->item[to->count++] = v;
}
