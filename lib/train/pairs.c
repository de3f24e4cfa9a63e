#include "train/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"

enum { LAYERS = 1000 }; /* as many as a model has at most */

const char pairs_words[] = "expected even, or STUDENT:TEACHER,... in layers "
			   "from 0 to 1000, each pair once";

static bool
add(struct pairs *p, struct pair new)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->item[i].student == new.student &&
		    p->item[i].teacher == new.teacher)
			return false;
	p->item = mem_resize(p->item, p->count + 1, sizeof(*p->item));
	p->item[p->count++] = new;
	return true;
}

/* One number of text up to a byte; what comes after it, or NULL. */
static const char *
number(size_t *value, const char *text, size_t size)
{
	char digits[8];
	long long v;

	if (size >= sizeof(digits))
		return NULL;
	memcpy(digits, text, size);
	digits[size] = '\0';
	if (!num_int(digits, 0, LAYERS, &v))
		return NULL;
	*value = (size_t)v;
	return text + size;
}

/* The pairs of a list that is not empty. */
static bool
read_list(struct pairs *p, const char *at)
{
	for (;; at++) {
		struct pair new;

		at = number(&new.student, at, strcspn(at, ":,"));
		if (at == NULL || *at != ':')
			return false;
		at = number(&new.teacher, at + 1, strcspn(at + 1, ":,"));
		if (at == NULL || *at == ':' || !add(p, new))
			return false;
		if (*at == '\0')
			return true;
	}
}

bool
pairs_parse(struct pairs *p, const char *rule)
{
	pairs_free(p);
	if (strcmp(rule, "even") == 0)
		return true;
	if (read_list(p, rule))
		return true;
	pairs_free(p);
	return false;
}

void
pairs_even(struct pairs *p, size_t student, size_t teacher)
{
	*p = (struct pairs){ 0 };
	for (size_t s = 1; s <= student; s++) {
		size_t t = (2 * s * teacher + student) / (2 * student);

		add(p, (struct pair){ s, t > 0 ? t : 1 });
	}
}

void
pairs_copy(struct pairs *to, const struct pairs *from)
{
	*to = (struct pairs){ 0 };
	for (size_t i = 0; i < from->count; i++)
		add(to, from->item[i]);
}

void
pairs_free(struct pairs *p)
{
	free(p->item);
	*p = (struct pairs){ 0 };
}
