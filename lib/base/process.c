#include "base/process.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/num.h"

/* How many processes a launcher says that it started, or 1. */
static long long
launched(void)
{
	static const char *const names[] = { "OMPI_COMM_WORLD_SIZE",
		"PMI_SIZE" };
	long long n;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *text = getenv(names[i]);

		if (text != NULL && num_int(text, 1, 1 << 30, &n))
			return n;
	}
	return 1;
}

#ifdef PROCESS_MPI

#include <limits.h>
#include <mpi.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"

/* The library knows whether it was started, so there is no state here. */
static bool
together(void)
{
	int begun = 0, ended = 0;

	MPI_Initialized(&begun);
	MPI_Finalized(&ended);
	return begun && !ended;
}

static void
part(void)
{
	if (together())
		MPI_Finalize();
}

/* Time for rank 0 to tell what fails on every process, and to end them. */
static void
let_first(void)
{
	nanosleep(&(struct timespec){ 0, 300000000 }, NULL);
}

static void
end_all(int status)
{
	if (process_count() > 1)
		MPI_Abort(MPI_COMM_WORLD, status);
}

void
process_join(void)
{
	sigset_t all, before;
	int level;

	/* Threads of the library leave signals to ours (base/stop.h). */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (level < MPI_THREAD_FUNNELED)
		die("MPI cannot be used beside threads");
	if (process_count() == 1 && launched() > 1)
		die("one of %lld processes, but built with another MPI than "
		    "that which started them",
		    launched());
	if (atexit(part) != 0)
		die("atexit:");
	die_among(process_rank(), process_count(), let_first, end_all);
}

size_t
process_rank(void)
{
	int rank = 0;

	if (together())
		MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	return (size_t)rank;
}

size_t
process_count(void)
{
	int size = 1;

	if (together())
		MPI_Comm_size(MPI_COMM_WORLD, &size);
	return (size_t)size;
}

/* MPI counts in int. */
static size_t
at_most(size_t n)
{
	return n < INT_MAX ? n : INT_MAX;
}

void
process_broadcast(void *p, size_t bytes)
{
	char *at = p;

	if (process_count() == 1)
		return;
	for (size_t n; bytes > 0; bytes -= n, at += n) {
		n = at_most(bytes);
		MPI_Bcast(at, (int)n, MPI_BYTE, 0, MPI_COMM_WORLD);
	}
}

static void
sum(void *x, size_t n, MPI_Datatype type, size_t size)
{
	char *at = x;

	if (process_count() == 1)
		return;
	for (size_t some; n > 0; n -= some, at += some * size) {
		some = at_most(n);
		MPI_Allreduce(
		    MPI_IN_PLACE, at, (int)some, type, MPI_SUM, MPI_COMM_WORLD);
	}
}

void
process_sum(double *x, size_t n)
{
	sum(x, n, MPI_DOUBLE, sizeof(*x));
}

void
process_sum_floats(float *x, size_t n)
{
	sum(x, n, MPI_FLOAT, sizeof(*x));
}

struct process_sums {
	MPI_Request *request;
	real **from; /* what each sends: from x itself, Open MPI would take
			the slower road that it has for that */
	size_t *room;
	size_t count, most, most_from, most_room;
};

struct process_sums *
process_sums_new(void)
{
	return mem_zero(1, sizeof(struct process_sums));
}

/* A copy of x in the buffer of the next request. */
static real *
copy(struct process_sums *s, const real *x, size_t n)
{
	size_t i = s->count, before = s->most_from;

	s->request = mem_grow(s->request, &s->most, i + 1, sizeof(*s->request));
	s->from = mem_grow(s->from, &s->most_from, i + 1, sizeof(*s->from));
	s->room = mem_grow(s->room, &s->most_room, i + 1, sizeof(*s->room));
	for (size_t k = before; k < s->most_from; k++) {
		s->from[k] = NULL;
		s->room[k] = 0;
	}
	s->from[i] = mem_grow(s->from[i], &s->room[i], n, sizeof(**s->from));
	return memcpy(s->from[i], x, n * sizeof(*x));
}

void
process_sums_begin(struct process_sums *s, real *x, size_t n)
{
	MPI_Datatype type =
	    sizeof(real) == sizeof(float) ? MPI_FLOAT : MPI_DOUBLE;

	if (process_count() == 1)
		return;
	for (size_t some; n > 0; n -= some, x += some) {
		real *from;

		some = at_most(n);
		from = copy(s, x, some);
		MPI_Iallreduce(from, x, (int)some, type, MPI_SUM,
		    MPI_COMM_WORLD, &s->request[s->count++]);
	}
}

void
process_sums_advance(struct process_sums *s)
{
	int all;

	if (s->count > 0)
		MPI_Testall(
		    (int)s->count, s->request, &all, MPI_STATUSES_IGNORE);
}

void
process_sums_wait(struct process_sums *s)
{
	if (s->count > 0)
		MPI_Waitall((int)s->count, s->request, MPI_STATUSES_IGNORE);
	s->count = 0;
}

#else

void
process_join(void)
{
	if (launched() > 1)
		die("one of %lld processes, but built for one: make MPI=1",
		    launched());
}

size_t
process_rank(void)
{
	return 0;
}

size_t
process_count(void)
{
	return 1;
}

void
process_broadcast(void *p, size_t bytes)
{
	(void)p;
	(void)bytes;
}

void
process_sum(double *x, size_t n)
{
	(void)x;
	(void)n;
}

void
process_sum_floats(float *x, size_t n)
{
	(void)x;
	(void)n;
}

struct process_sums *
process_sums_new(void)
{
	return NULL;
}

void
process_sums_begin(struct process_sums *s, real *x, size_t n)
{
	(void)s;
	(void)x;
	(void)n;
}

void
process_sums_advance(struct process_sums *s)
{
	(void)s;
}

void
process_sums_wait(struct process_sums *s)
{
	(void)s;
}

#endif
