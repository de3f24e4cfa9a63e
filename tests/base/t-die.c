/*
 * die: the words of messages and the exit codes; threads: how many.
 */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <omp.h>
#include <setjmp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

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

static void
run_hidden(const void *unused)
{
	(void)unused;
	warn("a\x1b[2J\nb\tc\x7f\xc2\x9b \xe2\x80\xae \xff\\ caf\xc3\xa9");
}

static bool
says(void (*run)(const void *), const void *state, int status,
    const char *expected)
{
	char message[8192];

	return refused_status(run, state, message, sizeof(message)) == status &&
	       strcmp(message, expected) == 0;
}

struct caught {
	jmp_buf place;
	int status, undone;
	char text[100];
};

static void
go_on(int status, const char *text, void *place)
{
	struct caught *c = place;

	c->status = status;
	snprintf(c->text, sizeof(c->text), "%s", text);
	longjmp(c->place, 1);
}

static void
undo(void *state)
{
	++*(int *)state;
}

/* Caught twice, each time with the text that would have been printed. */
static void
check_caught(void)
{
	struct caught c = { .status = 0 };

	die_catch(go_on, &c);
	die_undo(undo, &c.undone);
	if (setjmp(c.place) == 0)
		die_at("a.tsv", 7, "label '%s'", "x");
	CHECK(c.status == 1 && c.undone == 1);
	CHECK_TEXT(c.text, "tool: a.tsv:7: label 'x'");
	if (setjmp(c.place) == 0)
		die_usage("--lr");
	CHECK(c.status == 2 && c.undone == 1);
	CHECK_TEXT(c.text, "tool: --lr");
	die_catch(NULL, NULL);
}

/* One thread fails beside another: the program ends as without a handler. */
static void
run_beside(const void *handler)
{
	die_catch((die_handler *)(uintptr_t)handler, NULL);
#pragma omp parallel num_threads(2)
	if (omp_get_thread_num() == 1)
		die("beside");
}

/* Two threads that die at once must not mix their messages. */
static void
test_at_once(void)
{
	char text[100] = "";
	int ends[2], status = 0;
	pid_t child;

	/* datagrams keep writes apart */
	CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
	child = fork();
	if (child == 0) {
		dup2(ends[1], 2);
		die_at_once("the end");
	}
	CHECK(read(ends[0], text, sizeof(text) - 1) > 0);
	CHECK_TEXT(text, "tool: the end\n");
	CHECK(waitpid(child, &status, 0) == child);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	close(ends[0]);
	close(ends[1]);
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
	test_at_once();
	CHECK(
	    says(run_errno, NULL, 1, "tool: a.tsv: No space left on device\n"));
	CHECK(
	    says(run_at, &seven, 1, "tool: a.tsv:7: label 'x', expected 5\n"));
	CHECK(says(run_at, &none, 1, "tool: a.tsv: label 'x', expected 5\n"));
	CHECK(says(
	    run_usage, NULL, 2, "tool: --lr: 'x'\nusage: see 'tool --help'\n"));
	CHECK(says(run_warn, NULL, 0, "tool: warning: 3 rows\ntool: done\n"));
	CHECK_NAMED("what steers a terminal is escaped",
	    says(run_hidden, NULL, 0,
		"tool: warning: a\\x1b[2J\\nb\tc\\x7f\\u009b \\u202e \\xff\\ "
		"caf\xc3\xa9\n"));
	CHECK(refused_status(run_long, NULL, message, sizeof(message)) == 1);
	CHECK_NAMED("a long message is one line",
	    strlen(message) < 5000 &&
		strchr(message, '\n') == message + strlen(message) - 1);
	check_caught();
	CHECK(says(
	    run_beside, (const void *)(uintptr_t)go_on, 1, "tool: beside\n"));
	CHECK(thread_allowed() >= 1);
	return check_done();
}
