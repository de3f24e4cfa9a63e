/*
 * Progress of long work: one line on stderr, drawn over itself, with done and
 * total, rate and time left; only where stderr is a terminal or it was asked
 * for.  Never part of an output.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct progress {
	bool shown;
	const char *unit; /* "updates", "rows" */
	size_t total, first;
	double began, drawn; /* seconds */
};

/* force: also where stderr is no terminal; quiet wins over force. */
struct progress progress_start(
    const char *unit, size_t first, size_t total, bool force, bool quiet);

/* detail: a few words more, or NULL. */
void progress_show(struct progress *p, size_t done, const char *detail);

/* End the line. */
void progress_stop(struct progress *p);

/* Seconds of a clock that only goes forward, for rates. */
double progress_clock(void);

#endif
