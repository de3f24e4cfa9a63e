/*
 * The lines of a file as it arrives, and how long one is at most wherever
 * lines are read.
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Bytes of a line, or of a row that goes over several, in quotes. */
enum { LINES_MOST = 1 << 26 };

/* The end of the program, for one that is longer. */
_Noreturn void lines_too_long(const char *name, size_t line);

struct lines {
	FILE *stream;
	const char *path; /* for messages */
	bool forgiving;	  /* a line too long does not end the program */
	size_t number;	  /* of the last line, from 1 */
	bool complete;	  /* it had a '\n' at its end */
	bool too_long;	  /* it has only its first bytes */
	char *in;	  /* bytes read, of which [at, end) are not used yet */
	size_t room, at, end;
	bool ended;
};

/* "-" is stdin; ends the program where it cannot. */
void lines_open(struct lines *l, const char *path);
void lines_close(struct lines *l);

/* The first bytes, before a line is taken: n of them, 0 of an empty file. */
const char *lines_start(struct lines *l, size_t *n);

/*
 * The next line without its '\n', n bytes, valid until the next; NULL at the
 * end.
 */
const char *lines_next(struct lines *l, size_t *n);

/* True if lines_next would not wait. */
bool lines_ready(struct lines *l);

#endif
