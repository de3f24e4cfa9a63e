/*
 * Row ids: hashes, and a set that takes 16 bytes a slot.
 */
#ifndef DATA_ID_H
#define DATA_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A hash of n bytes; another one for each seed. */
uint64_t id_hash(const char *id, size_t n, uint64_t seed);

/*
 * A set of 128-bit hashes instead of the ids: two ids among a billion collide
 * with a probability below 1e-20.
 */
struct id_set {
	uint64_t (*slot)[2]; /* owned; both 0: free */
	size_t slots, used;  /* slots is 0 or a power of two */
};

/* False if the id was there already.  Start with { 0 }. */
bool id_set_add(struct id_set *s, const char *id, size_t n);
bool id_set_has(const struct id_set *s, const char *id, size_t n);
void id_set_free(struct id_set *s);

/* Why an id cannot stand in a table, or NULL: empty, tab, newline, UTF-8. */
const char *id_problem(const char *id, size_t n);

#endif
