/*
 * A run that is killed at any step by which it changes a file, and once more
 * on its way from there, ends with the bytes of one that was not.
 *
 * The program runs itself as the trainer, whose calls into the file system
 * it counts: it is gone, as by kill -9, right before the one whose number
 * KILL_AT has.
 */
#define _GNU_SOURCE /* renameat2 */
#include "check.h"
#include "refused.h"

#ifdef __linux__

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "train/command.h"

static long long left = -1; /* calls until the end; below 0: no end */

static void
count(void)
{
	if (left > 0 && --left == 0)
		raise(SIGKILL);
}

/* In place of the C library's, in this program alone. */
int
fsync(int file)
{
	count();
	return fdatasync(file);
}

int
rename(const char *from, const char *to)
{
	count();
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
renameat2(
    int from_in, const char *from, int to_in, const char *to, unsigned how)
{
	count();
	return (int)syscall(SYS_renameat2, from_in, from, to_in, to, how);
}

int
linkat(int from_in, const char *from, int to_in, const char *to, int how)
{
	count();
	return (int)syscall(SYS_linkat, from_in, from, to_in, to, how);
}

int
unlink(const char *path)
{
	count();
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int
unlinkat(int in, const char *path, int how)
{
	count();
	return (int)syscall(SYS_unlinkat, in, path, how);
}

int
mkdir(const char *path, mode_t mode)
{
	count();
	return mkdirat(AT_FDCWD, path, mode);
}

static char *self, *fixture;

static void
shell(const char *command)
{
	if (system(command) != 0)
		abort();
}

/* True if the run ended by itself, false if it was killed. */
static bool
train(const char *out, size_t kill_at)
{
	char *command = mem_printf(
	    "KILL_AT=%zu exec %s -q -i %s/model -o %s --save-every 0 "
	    "--batch-size 7 --epochs 2 --train-on train --soft "
	    "%s/mnli-soft.tsv --dev "
	    "%s/mnli.st %s/mnli.st 2>err",
	    kill_at, self, fixture, out, fixture, fixture, fixture);
	int status = system(command);

	free(command);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return false;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		shell("sed 's/^/# /' err");
		abort();
	}
	return true;
}

static void
test_every_point(void)
{
	size_t points = 0, bad = 0;

	train("whole", 0);
	for (;; points++) {
		bool same;

		shell("rm -rf parts");
		if (train("parts", points + 1))
			break;
		train("parts", 1 + points * 7 % 13);
		train("parts", 0);
		same = system("diff -r whole parts") == 0;
		if (!same)
			printf("# killed before call %zu\n", points + 1);
		bad += !same;
	}
	printf("# %zu points\n", points);
	CHECK_NAMED("there are many points", points > 40);
	CHECK_NAMED("the same files from each, and no other", bad == 0);
	CHECK_NAMED("counting the calls changes nothing",
	    system("diff -r whole parts") == 0);
}

static char *
whole_path(const char *path)
{
	char here[4096];

	if (getcwd(here, sizeof(here)) == NULL)
		abort();
	return path[0] == '/' ? mem_string(path)
			      : mem_printf("%s/%s", here, path);
}

int
main(int argc, char **argv)
{
	char folder[] = "/tmp/mtkd-killed-XXXXXX";
	const char *at = getenv("KILL_AT");

	die_program("mtkd");
	if (at != NULL) {
		if (!num_int(at, 0, 1000000, &left))
			return 2;
		command_train(argc, argv, true, "a test");
		return 0;
	}
	self = whole_path(argv[0]);
	fixture = whole_path("tests/net/fixture");
	own_folder(folder);
	test_every_point();
	free(self);
	free(fixture);
	shell("rm -rf whole parts err");
	remove_folder(folder, NULL, 0);
	return check_done();
}

#else

/* It stands in the place of the system's own calls. */
int
main(void)
{
	puts("1..0 # SKIP not Linux");
}

#endif
