/*
 * file: an output appears whole or not at all; a program that dies leaves
 * what was there; a full disk is an error.
 */
#define _GNU_SOURCE /* setenv */
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/system.h"
#include "base/temporary.h"
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
	CHECK(refused(run_folder, "a/b", "a: not a directory"));
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

/* A file of that name which a child of this process keeps locked. */
static pid_t
touch_locked(const char *name, int end)
{
	pid_t child = fork();

	if (child == 0) {
		int fd = open(name, O_RDWR | O_CREAT, 0666);

		temporary_lock(fd);
		if (write(end, "", 1) != 1 || pause() == 0)
			abort();
		_exit(0);
	}
	return child;
}

/* Only what nobody has locked goes, files and folders. */
static void
check_sweep(void)
{
	char own[64], byte;
	pid_t child;
	int ends[2];

	snprintf(own, sizeof(own), ".z.mtkd-%ld", (long)getpid());
	file_make_directory("swept");
	CHECK(chdir("swept") == 0 && pipe(ends) == 0);
	touch("z");
	touch(".z.mtkd-2147483646");
	touch(".mtkd-12");
	touch(".z.mtkd-12a");
	touch("z.mtkd-2147483646");
	touch(own);
	file_make_directory(".m.mtkd-77/best");
	touch(".m.mtkd-77/best/x");
	child = touch_locked(".y.mtkd-5", ends[1]);
	CHECK(read(ends[0], &byte, 1) == 1);
	temporary_sweep_beside("./m");
	CHECK(!file_exists(".m.mtkd-77") && file_exists(".z.mtkd-2147483646"));
	temporary_sweep(".");
	CHECK(!file_exists(".z.mtkd-2147483646"));
	CHECK(file_exists("z") && file_exists(".z.mtkd-12a"));
	CHECK(file_exists(".mtkd-12") && file_exists("z.mtkd-2147483646"));
	CHECK(file_exists(own));
	CHECK_NAMED("a locked one stays", file_exists(".y.mtkd-5"));
	CHECK(!temporary_clear(".y.mtkd-5"));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	CHECK_NAMED("until its writer is gone", temporary_clear(".y.mtkd-5"));
	CHECK(!file_exists(".y.mtkd-5"));
	temporary_sweep("nowhere");
	CHECK(chdir("..") == 0);
	temporary_remove_tree("swept");
	CHECK(!file_exists("swept"));
}

/* Two systems may number their processes alike. */
static void
check_names(void)
{
	char *own = temporary_name("f/a", 0), *next = temporary_name("f/a", 1);
	char long_name[300], *cut;
	pid_t child;
	int ends[2];
	char byte;

	CHECK(strncmp(own, "f/.a.mtkd-", 10) == 0 && strcmp(own, next) != 0);
	CHECK(temporary_is(own + 2) && !temporary_is("a"));
	memset(long_name, 'x', 254);
	long_name[254] = '\0';
	cut = temporary_name(long_name, 0);
	CHECK_NAMED("a name is cut to what a folder takes", strlen(cut) <= 255);
	free(cut);
	free(own);
	free(next);
	own = temporary_name("a", 0);
	CHECK(pipe(ends) == 0);
	child = touch_locked(own, ends[1]);
	CHECK(read(ends[0], &byte, 1) == 1);
	run_write("a");
	CHECK_NAMED("written beside one of the same name", holds("a", "new"));
	CHECK_NAMED("which is left alone", file_exists(own));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	run_write("a");
	CHECK_NAMED("what is stale is taken over", !file_exists(own));
	free(own);
}

static void
check_links(void)
{
	struct stat st;

	CHECK(mkdir("d", 0777) == 0 && symlink("d/b", "l") == 0);
	run_write("l");
	CHECK_NAMED("a link to nothing: its file is made", holds("d/b", "new"));
	put_text_file("d/b", "old");
	CHECK(chmod("d/b", 0640) == 0);
	run_write("l");
	CHECK(lstat("l", &st) == 0 && S_ISLNK(st.st_mode));
	CHECK_NAMED("a link stays, its file is replaced", holds("d/b", "new"));
	CHECK_NAMED("and keeps who may read it",
	    stat("d/b", &st) == 0 && (st.st_mode & 0777) == 0640);
	temporary_remove_tree("d");
	CHECK(symlink("m", "m") == 0);
	CHECK(refused(run_write, "m", "Too many levels"));
	unlink("l");
	unlink("m");
}

static void
run_load(const void *path)
{
	size_t n;

	free(file_load(path, &n));
}

/* Nobody will ever write into it. */
static void
check_fifo(void)
{
	CHECK(mkfifo("p", 0666) == 0);
	CHECK(refused(run_map, "p", "p: not a regular file"));
	CHECK(refused(run_load, "p", "p: not a regular file"));
	CHECK(refused(run_slurp, "p", "p: not a regular file"));
	unlink("p");
}

static void
run_cut(const void *path)
{
	size_t n;
	volatile char *p = file_map(path, &n);

	if (truncate(path, 0) != 0)
		abort();
	(void)p[0];
}

static void
check_cut(void)
{
	struct file_id id;
	size_t n;
	char *p;

	put_text_file("b", "bytes");
#ifdef SYSTEM_LINUX
	CHECK(refused(run_cut, "b", "/b: was cut, or cannot be read"));
#else
	CHECK(refused(run_cut, "b", ": a file: was cut, or cannot be read"));
#endif
	put_text_file("b", "bytes");
	id = file_identity("b");
	p = file_load("b", &n);
	CHECK(file_unchanged("b", &id));
	put_text_file("b", "");
	CHECK(n == 5 && memcmp(p, "bytes", 5) == 0);
	CHECK(!file_unchanged("b", &id) && !file_unchanged("none", &id));
	free(p);
}

/* A scratch file beside an output that is being written takes nothing of it. */
static void
check_scratch(void)
{
	struct file_out *out = file_write("b");
	FILE *scratch = file_scratch("b"), *another = file_scratch("b");

	fputs("whole", out->stream);
	fputs("part", scratch);
	fclose(scratch);
	fclose(another);
	file_commit(out);
	CHECK(holds("b", "whole"));
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
	check_names();
	check_links();
	check_fifo();
	check_cut();
	check_scratch();
	remove_folder(folder, files, 2);
	return check_done();
}
