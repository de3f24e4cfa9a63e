#include "base/stop.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

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

/*
 * A library's threads, such as OpenBLAS's, do not block what ours do: where one
 * of them gets a signal, it blocks it, too, and sends it on.
 */
static void
send_on(int number, siginfo_t *info, void *context)
{
	int error = errno;

	(void)info;
	system_block_signal(context, number);
	kill(getpid(), number);
	errno = error;
}

/* Of a signal that the shell has ignored. */
static void
send_on_ignored(int number, siginfo_t *info, void *context)
{
	if (!system_from_kernel(info))
		send_on(number, info, context);
}

/* SIGHUP that is ignored, as under nohup, stays so, whoever sends it. */
static void
hold(int number)
{
	struct sigaction was, action = { .sa_flags = SA_SIGINFO | SA_RESTART };
	bool ignored;

	sigemptyset(&action.sa_mask);
	sigaction(number, NULL, &was);
	ignored = was.sa_handler == SIG_IGN;
	action.sa_sigaction = ignored ? send_on_ignored : send_on;
	if (!ignored || number != SIGHUP)
		sigaction(number, &action, NULL);
}

void
stop_hold(void)
{
	sigset_t set = set_of(held, HELD);

#pragma omp parallel
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	for (size_t i = 0; i < HELD; i++)
		hold(held[i]);
}

/*
 * Take a signal that waits; false where it came from an ignored keyboard, or is
 * one of a terminal that went, which nohup has ignored.
 */
static bool
counts(int number)
{
	struct sigaction action;
	bool from_kernel;

	if (!system_take_signal(number, &from_kernel))
		return false;
	sigaction(number, NULL, &action);
	return action.sa_sigaction == send_on ||
	       (action.sa_sigaction == send_on_ignored && !from_kernel);
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

static void
release(int number)
{
	struct sigaction action;

	sigaction(number, NULL, &action);
	if (action.sa_sigaction == send_on)
		signal(number, SIG_DFL);
	if (action.sa_sigaction == send_on_ignored)
		signal(number, SIG_IGN);
}

void
stop_release(void)
{
	sigset_t set = set_of(held, HELD);

	for (size_t i = 0; i < HELD; i++)
		release(held[i]);
#pragma omp parallel
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
