#include "corpus/wordpiece.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "corpus/vocab.h"

#define SEARCH 512 /* nodes looked at for free ones */

/*
 * The child of node s by byte c is t = base + c if node t's parent is s.
 * Node 0 is the root; a node without parent is free.
 */
struct node {
	uint32_t base;
	uint32_t parent; /* s + 1; 0: free */
	int32_t id;	 /* of the piece that ends here, or -1 */
};

struct wordpiece {
	struct node *node;
	size_t count; /* nodes; 256 free ones stand at the end */
	size_t room;
	size_t search;	 /* no free node stands before it, but a few */
	size_t used;	 /* none but free nodes from here on */
	uint32_t inside; /* the node of "##", or 0 */
};

struct piece {
	const char *text;
	size_t size;
	int32_t id;
};

static void
grow(struct wordpiece *w, size_t need)
{
	w->node = mem_grow(w->node, &w->room, need, sizeof(*w->node));
	for (; w->count < need; w->count++)
		w->node[w->count] = (struct node){ 0, 0, -1 };
}

static bool
fits(const struct wordpiece *w, size_t base, const unsigned char *bytes,
    size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (w->node[base + bytes[i]].parent != 0)
			return false;
	return true;
}

/*
 * Where children by these bytes find free nodes; bytes ascend.  A short
 * search, then the end: building takes time in proportion to the pieces.
 */
static size_t
find_base(struct wordpiece *w, const unsigned char *bytes, size_t n)
{
	size_t least = (size_t)bytes[0] + 1;
	size_t at = w->search > least ? w->search : least, taken = 0;
	size_t stop = at + SEARCH;

	for (; at < stop; at++) {
		grow(w, at + 512);
		if (w->node[at].parent != 0)
			taken++;
		else if (fits(w, at - bytes[0], bytes, n))
			break;
	}
	if (at == stop) {
		/* Nearly full here: leave the rest free for good. */
		if (taken * 20 >= SEARCH * 19)
			w->search = stop;
		if (at < w->used)
			at = w->used;
		grow(w, at + 512);
	}
	if (at - bytes[0] + bytes[n - 1] >= w->used)
		w->used = at - bytes[0] + bytes[n - 1] + 1;
	return at - bytes[0];
}

/* The pieces from..to are alike in their first depth bytes, which lead to s. */
static void
insert(struct wordpiece *w, const struct piece *p, size_t from, size_t to,
    size_t depth, uint32_t s)
{
	unsigned char bytes[256];
	size_t start[257], n = 0, base;

	for (; from < to && p[from].size == depth; from++)
		w->node[s].id = p[from].id;
	for (size_t i = from; i < to; i++) {
		unsigned char c = (unsigned char)p[i].text[depth];

		if (n == 0 || bytes[n - 1] != c) {
			bytes[n] = c;
			start[n++] = i;
		}
	}
	if (n == 0)
		return;
	start[n] = to;
	base = find_base(w, bytes, n);
	w->node[s].base = (uint32_t)base;
	for (size_t i = 0; i < n; i++)
		w->node[base + bytes[i]].parent = s + 1;
	for (size_t i = 0; i < n; i++)
		insert(w, p, start[i], start[i + 1], depth + 1,
		    (uint32_t)(base + bytes[i]));
}

static int
compare(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;
	size_t n = x->size < y->size ? x->size : y->size;
	int c = memcmp(x->text, y->text, n);

	if (c != 0)
		return c;
	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* 0 stands for none: no node has the root for a child. */
static uint32_t
child(const struct wordpiece *w, uint32_t s, unsigned char c)
{
	size_t t = (size_t)w->node[s].base + c;

	return w->node[t].parent == s + 1 ? (uint32_t)t : 0;
}

struct wordpiece *
wordpiece_new(const struct vocab *v)
{
	struct wordpiece *w = mem_zero(1, sizeof(*w));
	struct piece *p = mem_alloc(v->lines, sizeof(*p));
	size_t n = 0;

	for (size_t i = 0; i < v->lines; i++) {
		size_t size = strlen(v->piece[i]);

		/* Longer ones match no word; empty ones are no pieces. */
		if (size > 0 && size <= WORDPIECE_BYTES + 2)
			p[n++] =
			    (struct piece){ v->piece[i], size, (int32_t)i };
	}
	qsort(p, n, sizeof(*p), compare);
	grow(w, 1024);
	w->node[0].parent = UINT32_MAX;
	w->search = w->used = 1;
	insert(w, p, 0, n, 0, 0);
	grow(w, w->count + 256);
	w->inside = child(w, 0, '#');
	if (w->inside != 0)
		w->inside = child(w, w->inside, '#');
	free(p);
	return w;
}

void
wordpiece_free(struct wordpiece *w)
{
	free(w->node);
	free(w);
}

size_t
wordpiece_cut(
    const struct wordpiece *w, const char *word, size_t n, int32_t *ids)
{
	const struct node *node = w->node;
	size_t count = 0, at = 0;
	uint32_t s = 0;

	while (at < n) {
		int32_t id = -1;
		size_t end = at;

		for (size_t i = at; i < n; i++) {
			size_t t =
			    (size_t)node[s].base + (unsigned char)word[i];

			if (node[t].parent != s + 1)
				break;
			s = (uint32_t)t;
			if (node[s].id >= 0) {
				id = node[s].id;
				end = i + 1;
			}
		}
		if (id < 0 || count == WORDPIECE_POINTS)
			return 0;
		ids[count++] = id;
		at = end;
		s = w->inside;
		if (s == 0 && at < n)
			return 0;
	}
	return count;
}
