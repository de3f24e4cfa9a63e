/*
 * die: the words of messages and the exit codes; threads: how many.
 */
#include "check.h"

#include <errno.h>

#include "base/die.h"
#include "base/thread.h"
#include "refused.h"

static void
run_errno(const void *unused)
{
	(void)unused;
	errno = ENOSPC;
	die("a.tsv:");
}

static void
run_at(const void *line)
{
	die_at(
	    "a.tsv", *(const size_t *)line, "label '%s', expected %d", "x", 5);
}

static void
run_usage(const void *unused)
{
	(void)unused;
	die_usage("--lr: '%s'", "x");
}

static void
run_warn(const void *unused)
{
	(void)unused;
	warn("%d rows", 3);
	note("done");
}

static void
run_long(const void *unused)
{
	static char text[10000];

	(void)unused;
	memset(text, 'x', sizeof(text) - 1);
	die_at(text, 1, "%s", text);
}

static bool
says(void (*run)(const void *), const void *state, int status,
    const char *expected)
{
	char message[8192];

	return refused_status(run, state, message, sizeof(message)) == status &&
	       strcmp(message, expected) == 0;
}

int
main(void)
{
	static const size_t none = 0, seven = 7;
	char message[16384];

	CHECK_TEXT(die_name(), "mtkd");
	die_program("build/bin/glue-read");
	CHECK_TEXT(die_name(), "glue-read");
	die_program("tool");
	CHECK(
	    says(run_errno, NULL, 1, "tool: a.tsv: No space left on device\n"));
	CHECK(
	    says(run_at, &seven, 1, "tool: a.tsv:7: label 'x', expected 5\n"));
	CHECK(says(run_at, &none, 1, "tool: a.tsv: label 'x', expected 5\n"));
	CHECK(says(
	    run_usage, NULL, 2, "tool: --lr: 'x'\nusage: see 'tool --help'\n"));
	CHECK(says(run_warn, NULL, 0, "tool: warning: 3 rows\ntool: done\n"));
	CHECK(refused_status(run_long, NULL, message, sizeof(message)) == 1);
	CHECK_NAMED("a long message is one line",
	    strlen(message) < 5000 &&
		strchr(message, '\n') == message + strlen(message) - 1);
	CHECK(thread_allowed() >= 1);
	return check_done();
}
