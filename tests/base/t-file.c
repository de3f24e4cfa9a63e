/*
 * file: an output appears whole or not at all; a program that dies leaves
 * what was there; a full disk is an error.
 */
#define _GNU_SOURCE /* setenv */
#include "check.h"

#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "refused.h"

static bool
holds(const char *path, const char *expected)
{
	size_t n;
	char *text = file_slurp(path, &n);
	bool good = n == strlen(expected) && memcmp(text, expected, n) == 0;

	free(text);
	return good;
}

/* Names in this folder, without "." and "..". */
static size_t
names_here(void)
{
	DIR *d = opendir(".");
	size_t n = 0;

	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n - 2;
}

static void
run_write(const void *path)
{
	struct file_out *out = file_write(path);

	fputs("new", out->stream);
	file_commit(out);
}

static void
run_die(const void *path)
{
	struct file_out *out = file_write(path);

	fputs("half of it", out->stream);
	fflush(out->stream);
	die("an end in the middle");
}

static void
run_killed(const void *path)
{
	struct file_out *out = file_write(path);

	fputs("half of it", out->stream);
	fflush(out->stream);
	raise(SIGKILL);
}

static void
check_write(void)
{
	struct file_out *out;
	struct stat st;
	char message[256];

	out = file_write("a");
	fputs("old", out->stream);
	CHECK_NAMED("not there before it is whole", !file_exists("a"));
	file_commit(out);
	CHECK(holds("a", "old"));
	CHECK(stat("a", &st) == 0 && (st.st_mode & 0777) == 0644);

	out = file_write("a");
	fputs("new", out->stream);
	fflush(out->stream);
	CHECK_NAMED("the old one until then", holds("a", "old"));
	file_commit(out);
	CHECK(holds("a", "new"));
	CHECK_NAMED("nothing else is left", names_here() == 1);

	CHECK(refused(run_die, "a", "an end in the middle"));
	CHECK_NAMED("die leaves the old one", holds("a", "new"));
	CHECK(refused(run_die, "b", "an end in the middle"));
	CHECK_NAMED("and no new one", !file_exists("b"));
	CHECK(refused_status(run_killed, "a", message, sizeof(message)) == -1);
	CHECK_NAMED("so does a kill", holds("a", "new"));

	CHECK(refused(run_write, "no/such", "no/such: No such file"));
	CHECK(refused(run_write, ".", "is a directory, expected a file"));
	out = file_write("/dev/null");
	fputs("gone", out->stream);
	file_commit(out);
	CHECK(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode));
	if (file_exists("/dev/full"))
		CHECK(refused(
		    run_write, "/dev/full", "/dev/full: No space left"));
}

static void
run_stdout(const void *path)
{
	if (freopen(path, "w", stdout) == NULL)
		abort();
	printf("text");
	file_finish();
}

static void
run_stdout_commit(const void *path)
{
	struct file_out *out;

	if (freopen(path, "w", stdout) == NULL)
		abort();
	out = file_write("-");
	fputs("text", out->stream);
	file_commit(out);
}

static void
run_slurp(const void *path)
{
	size_t n;

	free(file_slurp(path, &n));
}

static void
run_map(const void *path)
{
	size_t n;

	file_map(path, &n);
}

static void
check_stdout(void)
{
	char message[256];

	CHECK(refused_status(run_stdout, "b", message, 256) == 0);
	CHECK(holds("b", "text"));
	if (file_exists("/dev/full")) {
		CHECK(refused(run_stdout, "/dev/full", "<stdout>: No space"));
		CHECK(refused(
		    run_stdout_commit, "/dev/full", "<stdout>: No space"));
	}
}

static void
check_read(void)
{
	size_t n = 7;
	char *p;

	CHECK(refused(run_slurp, "none", "none: No such file"));
	CHECK(refused(run_slurp, ".", "is a directory"));
	CHECK(refused(run_map, "none", "none: No such file"));
	CHECK(refused(run_map, "/dev/null", "not a regular file"));
	put_text_file("b", "");
	CHECK(file_map("b", &n) == NULL && n == 0);
	CHECK(holds("b", ""));
	put_text_file("b", "bytes");
	p = file_map("b", &n);
	CHECK(n == 5 && memcmp(p, "bytes", 5) == 0);
	p[0] = 'x';
	CHECK_NAMED("a map is private", holds("b", "bytes"));
	file_unmap(p, n);
	CHECK_TEXT(file_name("-"), "<stdin>");
	CHECK_TEXT(file_name("b"), "b");
	CHECK(file_read("-") == stdin);
}

static void
run_share(const void *name)
{
	free(file_share(name));
}

static void
run_folder(const void *path)
{
	file_make_directory(path);
}

static void
check_folders(void)
{
	char *path;

	file_make_directory("x/y//z");
	file_make_directory("x/y/z");
	CHECK(file_is_directory("x/y/z") && !file_is_directory("a"));
	CHECK(refused(run_folder, "a", "a:"));
	CHECK(refused(run_folder, "a/b", "a/b: Not a directory"));
	path = file_join("x/y", "z");
	CHECK_TEXT(path, "x/y/z");
	free(path);
	setenv("MTKD_SHARE", "x", 1);
	path = file_share("y");
	CHECK_TEXT(path, "x/y");
	free(path);
	CHECK(refused(run_share, "none", "$MTKD_SHARE"));
	unsetenv("MTKD_SHARE");
	CHECK(refused(run_share, "no/such/file", "set $MTKD_SHARE"));
	rmdir("x/y/z");
	rmdir("x/y");
	rmdir("x");
	CHECK(!file_exists("x"));
	file_remove("b");
	file_remove("b");
	CHECK(!file_exists("b"));
}

static void
touch(const char *name)
{
	FILE *f = fopen(name, "w");

	if (f != NULL)
		fclose(f);
}

/* Only what a process that is gone has left goes. */
static void
check_sweep(void)
{
	char own[64];

	snprintf(own, sizeof(own), "z.tmp.%ld", (long)getpid());
	file_make_directory("swept");
	CHECK(chdir("swept") == 0);
	touch("z");
	touch("z.tmp.2147483646");
	touch("z.tmp.12a");
	touch("z.2147483646");
	touch(own);
	file_sweep(".");
	CHECK(!file_exists("z.tmp.2147483646"));
	CHECK(file_exists("z") && file_exists("z.tmp.12a"));
	CHECK(file_exists("z.2147483646") && file_exists(own));
	file_sweep("nowhere");
	file_remove("z");
	file_remove("z.tmp.12a");
	file_remove("z.2147483646");
	file_remove(own);
	CHECK(chdir("..") == 0 && rmdir("swept") == 0);
}

int
main(void)
{
	static const char *const files[] = { "a", "b" };
	char folder[] = "/tmp/t-file-XXXXXX";

	umask(022);
	own_folder(folder);
	check_write();
	check_stdout();
	check_read();
	check_folders();
	check_sweep();
	remove_folder(folder, files, 2);
	return check_done();
}
