/*
 * Standard input and output that do not block: whether they do belongs to the
 * open file, which other programs share and may change at any time.  What is
 * here waits in that case as it would in the other.
 */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <stddef.h>
#include <stdio.h>

/*
 * Read what there is, at most n bytes, waiting for the first; 0 at the end.
 * Ends the program, naming name, where that fails.
 */
size_t stream_read(int fd, const char *name, void *p, size_t n);

/*
 * A stream that reads (mode "r") or writes ("w") fd in this way, buffered
 * whole; fd stays open when it is closed, and fileno does not know it.  What a
 * write failed by is put into *failed, unless that is NULL.
 */
FILE *stream_open(int fd, const char *mode, int *failed);

#endif
