/*
 * What the operating system is asked for beyond POSIX.  systemlinux.c has
 * Linux's answers, systemposix.c those of macOS and the BSDs, which are less:
 * each says here what then goes missing.  Nothing else in lib or tools depends
 * on the system; SYSTEM_POSIX (make POSIX=1, with libbsd) takes the latter on
 * Linux too.
 */
#ifndef BASE_SYSTEM_H
#define BASE_SYSTEM_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

#if defined(__linux__) && !defined(SYSTEM_POSIX)
#define SYSTEM_LINUX
/*
 * Of a pointer to a function of a program: the function is called before the
 * libraries that the program needs are set up; POSIX: it is not.
 */
#define SYSTEM_FIRST __attribute__((used, section(".preinit_array")))
#else
#define SYSTEM_FIRST __attribute__((unused))
#endif

enum { SYSTEM_PATH = 4352 }; /* a path of 4096 bytes and what is beside it */

/* The CPUs this process may run on; POSIX: those that OpenMP sees. */
int system_cpus(void);

/* Others that run at this moment; POSIX: 0, and so are all where that is not
 * known. */
int system_others(void);

/*
 * The path of the running program without links, at most n - 1 bytes; false
 * where the system does not say (POSIX: found as the shell does, by argv[0] and
 * PATH, from the folder that it was called in).
 */
bool system_self(char *path, size_t n);

/*
 * Start the running program anew, under the name that others see it by.
 * Returns where that cannot be (POSIX: always).
 */
void system_restart(char **argv);

/*
 * The path of the file that is mapped at an address; false if there is none or
 * the system does not say (POSIX).  For signal handlers: no memory, no stdio.
 */
bool system_mapped(char path[SYSTEM_PATH], const void *address);

/* Are there n bytes of address space? */
bool system_room(size_t n);

/*
 * Bytes that large memory is best aligned to, and a word before it is first
 * touched: as few pages as the system can have, since a walk from row to row
 * of a large matrix spends half its time on finding pages (POSIX: a cache
 * line, nothing).
 */
size_t system_page(void);
void system_large(void *p, size_t n);

/*
 * A file without a name, in a folder, open for reading and writing, which
 * system_name then gives one; -1 where that cannot be (POSIX: never).  A
 * killed program leaves nothing of it.
 */
int system_nameless(const char *folder);
bool system_name(int file, const char *path);

/*
 * Exchange two folders in one step; false with errno where that cannot be
 * (POSIX: never), and both are what they were.
 */
bool system_exchange(const char *a, const char *b);

/*
 * A stream that reads or writes a descriptor by these two, which answer as
 * read and write do; put writes all or fails, and *failed, unless NULL, is then
 * its errno, which a stream forgets.  Its end closes nothing.  NULL with errno.
 */
struct system_io {
	ssize_t (*get)(int fd, void *p, size_t n);
	ssize_t (*put)(int fd, const void *p, size_t n);
	int *failed;
};
FILE *system_stream(int fd, const char *mode, struct system_io io);

/*
 * Take a signal that is blocked and waits; false if none does.  from_kernel: as
 * the next says.
 */
bool system_take_signal(int number, bool *from_kernel);

/*
 * Whether a signal came from the keyboard, say, and not from a process (POSIX:
 * not known, false).
 */
bool system_from_kernel(const siginfo_t *info);

/* In a handler: block a signal in the thread that was interrupted. */
void system_block_signal(void *context, int number);

/* When a file was last changed, as exactly as the system says. */
struct timespec system_changed(const struct stat *st);

#endif
