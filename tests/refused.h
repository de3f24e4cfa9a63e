/*
 * What the library refuses: it ends the program, so it runs in a child.
 */
#ifndef REFUSED_H
#define REFUSED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

/*
 * Run in a child; its exit status, or -1 if a signal ended it.  message
 * [size] gets the first line of what it wrote to stderr.
 */
static inline int
refused_status(void (*run)(const void *state), const void *state, char *message,
    size_t size)
{
	int ends[2], status;
	size_t n = 0;
	pid_t child;
	ssize_t got;

	fflush(stdout);
	if (pipe(ends) != 0 || (child = fork()) < 0)
		abort();
	if (child == 0) {
		dup2(ends[1], 2);
		close(ends[0]);
		close(ends[1]);
		run(state);
		_exit(0);
	}
	close(ends[1]);
	while ((got = read(ends[0], message + n, size - 1 - n)) > 0)
		n += (size_t)got;
	message[n] = '\0';
	close(ends[0]);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* True if it ended with status 1 and a message that holds these words. */
static inline bool
refused(void (*run)(const void *state), const void *state, const char *words)
{
	char message[4096];
	int status = refused_status(run, state, message, sizeof(message));
	bool good = status == 1 && strstr(message, words) != NULL;

	if (!good)
		printf("# status %d, '%s', expected 1 and '%s'\n", status,
		    message, words);
	return good;
}

/* A file of these bytes. */
static inline void
put_file(const char *path, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fwrite(bytes, 1, n, f) != n || fclose(f) != 0)
		abort();
}

static inline void
put_text_file(const char *path, const char *text)
{
	put_file(path, text, strlen(text));
}

/* A folder of its own for the files of a test, which it moves into. */
static inline void
own_folder(char *path)
{
	if (mkdtemp(path) == NULL || chdir(path) != 0)
		abort();
}

static inline void
remove_folder(const char *path, const char *const *file, size_t count)
{
	for (size_t i = 0; i < count; i++)
		unlink(file[i]);
	if (chdir("/") != 0 || rmdir(path) != 0)
		printf("# files are left in %s\n", path);
}

/* Bytes that end with one that is not 0, and what is said of them. */
struct refused_bytes {
	char bytes[96];
	const char *words;
};

/* Each is refused by a reader, which is true if it was so with these words. */
static inline void
refused_each(const struct refused_bytes *cases, size_t count,
    bool (*reads)(const char *bytes, size_t n, const char *words))
{
	for (size_t i = 0; i < count; i++) {
		size_t n = sizeof(cases[i].bytes);

		while (cases[i].bytes[n - 1] == '\0')
			n--;
		CHECK_NAMED(
		    cases[i].words, reads(cases[i].bytes, n, cases[i].words));
	}
}

#endif
