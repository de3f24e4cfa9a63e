/*
 * Signals that wait until they are asked for, and the end by one.
 */
#define _GNU_SOURCE /* F_SETSIG, which Linux has */
#include "check.h"
#include "refused.h"

#include <fcntl.h>
#include <signal.h>

#include "base/stop.h"
#include "base/system.h"

/* The status of a child, as wait has it. */
static int
status_of(void (*run)(void))
{
	pid_t child = fork();
	int status;

	if (child < 0)
		abort();
	if (child == 0) {
		run();
		_exit(0);
	}
	waitpid(child, &status, 0);
	return status;
}

static bool
ended_by(void (*run)(void), int number)
{
	int status = status_of(run);

	return WIFSIGNALED(status) && WTERMSIG(status) == number;
}

static void
end_by_term(void)
{
	stop_hold();
	kill(getpid(), SIGTERM);
	if (stop_asked() == SIGTERM)
		stop_end(SIGTERM);
}

/* One that was taken by another process of the run counts here too. */
static void
end_by_int(void)
{
	signal(SIGINT, SIG_IGN);
	stop_hold();
	stop_end(SIGINT);
}

static void
end_by_hup(void)
{
	signal(SIGHUP, SIG_DFL); /* nohup, if this runs under it */
	stop_hold();
	kill(getpid(), SIGHUP);
	if (stop_asked() == SIGHUP)
		stop_end(SIGHUP);
}

/* As under nohup. */
static void
ignore_hup(void)
{
	signal(SIGHUP, SIG_IGN);
	stop_hold();
	kill(getpid(), SIGHUP);
	if (stop_asked() != 0)
		_exit(1);
	stop_release();
}

static void
release(void)
{
	stop_hold();
	kill(getpid(), SIGINT);
	stop_release();
}

static void
nothing(void)
{
	stop_hold();
	if (stop_asked() != 0)
		_exit(1);
	stop_release();
}

#ifdef SYSTEM_LINUX
/* As from the keyboard: from the kernel, not from a process. */
static void
press(void)
{
	int ends[2];

	if (pipe(ends) != 0 || fcntl(ends[0], F_SETOWN, getpid()) != 0 ||
	    fcntl(ends[0], F_SETSIG, SIGINT) != 0 ||
	    fcntl(ends[0], F_SETFL, O_ASYNC) != 0 ||
	    write(ends[1], "x", 1) != 1)
		_exit(9);
}

static void
background(void)
{
	signal(SIGINT, SIG_IGN);
	stop_hold();
	press();
	if (stop_asked() != 0)
		_exit(1);
	kill(getpid(), SIGINT);
	if (stop_asked() != SIGINT)
		_exit(2);
}

static void
foreground(void)
{
	signal(SIGINT, SIG_DFL);
	stop_hold();
	press();
	if (stop_asked() != SIGINT)
		_exit(1);
}

static void
check_keys(void)
{
	CHECK_NAMED("in the background, a key passes by, a process does not",
	    status_of(background) == 0);
	CHECK_NAMED(
	    "in the foreground a key counts", status_of(foreground) == 0);
}
#else
static void
check_keys(void)
{
	check_skip("keys", "not Linux: who sent a signal is not known");
}
#endif

int
main(void)
{
	signal(SIGINT, SIG_DFL); /* a shell that runs it aside ignores it */
	CHECK_NAMED("TERM waits, and ends it", ended_by(end_by_term, SIGTERM));
	CHECK_NAMED("HUP too", ended_by(end_by_hup, SIGHUP));
	CHECK_NAMED("but not under nohup", status_of(ignore_hup) == 0);
	CHECK_NAMED(
	    "an end by INT that is ignored", ended_by(end_by_int, SIGINT));
	CHECK_NAMED(
	    "what waits takes effect when released", ended_by(release, SIGINT));
	CHECK_NAMED("nothing waits", status_of(nothing) == 0);
	check_keys();
	return check_done();
}
