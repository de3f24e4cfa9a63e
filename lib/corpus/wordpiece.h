/*
 * WordPiece: a word becomes the longest piece of the vocabulary that starts
 * it, then the longest "##" piece that continues it, and so on; one [UNK]
 * where that fails or the word is too long.  Pieces stand in a double-array
 * trie (Aoe 1989), so a word costs one step a byte in most texts.
 */
#ifndef CORPUS_WORDPIECE_H
#define CORPUS_WORDPIECE_H

#include <stddef.h>
#include <stdint.h>

#define WORDPIECE_POINTS 100 /* the longest word, in code points */
#define WORDPIECE_BYTES (4 * WORDPIECE_POINTS)

struct vocab;
struct wordpiece;

/* Reads the vocabulary now, does not keep it; unchanged once made. */
struct wordpiece *wordpiece_new(const struct vocab *v);
void wordpiece_free(struct wordpiece *w);

/*
 * Pieces of a word of n bytes, at most WORDPIECE_BYTES: ids, room for
 * WORDPIECE_POINTS.  Returns how many, 0 if the word cannot be cut.
 */
size_t wordpiece_cut(
    const struct wordpiece *w, const char *word, size_t n, int32_t *ids);

#endif
