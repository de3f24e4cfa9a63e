#include "base/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "base/process.h"

double
progress_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct progress
progress_start(
    const char *unit, size_t first, size_t total, bool force, bool quiet)
{
	struct progress p = { .unit = unit, .total = total, .first = first };

	p.shown = !quiet && process_rank() == 0 &&
		  (force || isatty(STDERR_FILENO) == 1);
	p.began = progress_clock();
	return p;
}

void
progress_show(struct progress *p, size_t done, const char *detail)
{
	double now, rate;

	if (!p->shown)
		return;
	now = progress_clock();
	if (done < p->total && now - p->drawn < 0.5)
		return;
	p->drawn = now;
	rate = (double)(done - p->first) / (now - p->began + 1e-9);
	fprintf(stderr, "\r%s: %zu/%zu %s, %.4g/s, %.0f s left%s%s  ",
	    die_name(), done, p->total, p->unit, rate,
	    (double)(p->total - done) / (rate + 1e-9),
	    detail != NULL ? ", " : "", detail != NULL ? detail : "");
}

void
progress_stop(struct progress *p)
{
	if (p->shown && p->drawn > 0)
		fputc('\n', stderr);
}
