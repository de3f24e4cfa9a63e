/*
 * Names that are probably one: the same but for case, white space and
 * punctuation, or one letter away.
 *
 * Names that lack one letter each are looked up among one another, so that
 * the time is that of the letters, squared in a name's length alone.
 */
#ifndef CURATE_NEARNAME_H
#define CURATE_NEARNAME_H

#include <stddef.h>

enum nearname {
	NEARNAME_SAME_LETTERS, /* "Very good", "very-good" */
	NEARNAME_ONE_OFF       /* a letter more, less, other, or two swapped */
};

/*
 * Call take for pairs among names [n], each pair at most once.  Names under
 * four letters, and numbers, are never one off another; those over 60 bytes
 * are not looked at.
 */
void nearname_find(const char *const *names, size_t n,
    void (*take)(void *state, size_t a, size_t b, enum nearname how),
    void *state);

#endif
