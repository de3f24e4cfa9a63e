#include "base/stop.h"

#include <signal.h>
#include <stdbool.h>

#include "base/die.h"
#include "base/process.h"
#include "base/system.h"

/* A later one of these wins over those before it. */
static const int held[] = { SIGHUP, SIGINT, SIGTERM };

enum { HELD = sizeof(held) / sizeof(held[0]) };

static sigset_t
set_of(const int *signals, size_t n)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < n; i++)
		sigaddset(&set, signals[i]);
	return set;
}

void
stop_hold(void)
{
	sigset_t set = set_of(held, HELD);

#pragma omp parallel
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	for (size_t i = 0; i < HELD; i++)
		system_hold_signal(held[i]);
}

/*
 * Take a signal that waits; false where it came from an ignored keyboard, or is
 * one of a terminal that went, which nohup has ignored whoever sends it.
 */
static bool
counts(int number)
{
	struct sigaction action;
	bool from_kernel;

	if (!system_take_signal(number, &from_kernel))
		return false;
	return sigaction(number, NULL, &action) != 0 ||
	       action.sa_handler != SIG_IGN ||
	       (!from_kernel && number != SIGHUP);
}

int
stop_asked(void)
{
	double asked[HELD] = { 0 };
	sigset_t waiting;
	int number = 0;

	sigpending(&waiting);
	for (size_t i = 0; i < HELD; i++)
		if (sigismember(&waiting, held[i]) == 1 && counts(held[i]))
			asked[i] = 1;
	process_sum(asked, HELD);
	for (size_t i = 0; i < HELD; i++)
		if (asked[i] > 0)
			number = held[i];
	return number;
}

void
stop_end(int number)
{
	sigset_t set = set_of(&number, 1);

	signal(number, SIG_DFL);
	raise(number);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	die("signal %d did not end it", number);
}

void
stop_release(void)
{
	sigset_t set = set_of(held, HELD);

	for (size_t i = 0; i < HELD; i++)
		system_release_signal(held[i]);
#pragma omp parallel
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
