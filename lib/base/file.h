/*
 * Files: "-" is stdin or stdout; a named output appears whole or not at all.
 *
 * An output is written under no name (or as .FILE.mtkd-PID where the system
 * lacks that, base/temporary.h), flushed to disk and then renamed over FILE.
 * A program that ends early leaves FILE as it was.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Open for reading; "-" is stdin.  Ends the program where it cannot. */
FILE *file_read(const char *path);

/* The name for messages: "<stdin>" for "-". */
const char *file_name(const char *path);

struct file_out {
	FILE *stream;
	int fd, failed;	 /* errno of the first write that failed, or 0 */
	char *path;	 /* links followed; NULL: stdout */
	char *temporary; /* NULL: written under no name, or in place */
	bool in_place;	 /* a device or pipe: not renamed */
};

/*
 * path NULL or "-" is stdout.  A file that is there keeps its permissions, and
 * must be one that may be written; a link stays, what it leads to is replaced.
 */
struct file_out *file_write(const char *path);

/* The name for messages: "<stdout>" where it is that. */
const char *file_out_name(const struct file_out *out);

/* Flush, check, rename; frees out.  Full disk: message and exit 1. */
void file_commit(struct file_out *out);

/* All of it at once: a file of these bytes. */
void file_put(const char *path, const void *bytes, size_t n);

/*
 * A file without a name for what is too large for memory, beside path; where
 * that is stdout or a device, with the system's temporary files.
 */
FILE *file_scratch(const char *path);

/* Ends the program, by errno, for such a file that could not be used. */
_Noreturn void file_scratch_failed(const char *path);

/* Close stdout and report what went wrong: the last call of every main. */
void file_finish(void);

/*
 * All bytes of a file, owned by the caller; a '\0' stands after them.  A pipe
 * with a name, which may never end, is refused, and so are over FILE_MOST
 * bytes.
 */
#define FILE_MOST ((size_t)1 << 28)
char *file_slurp(const char *path, size_t *size);

/* The same of what is left of stdin, or the next most bytes. */
char *file_slurp_stdin(size_t most, size_t *size);

/*
 * Map a whole regular file, private and writable; NULL and 0 if empty.  If it
 * shrinks while it is in use, the program ends with a message.
 */
void *file_map(const char *path, size_t *size);
void file_unmap(void *p, size_t size);

/* The same read into memory, owned by the caller: it cannot change any more. */
void *file_load(const char *path, size_t *size);

/*
 * The first n bytes of a regular file, fewer where it has fewer; 0 where it
 * is none or cannot be read.  Never waits.
 */
size_t file_start(const char *path, void *start, size_t n);

bool file_exists(const char *path);
bool file_is_directory(const char *path);
bool file_is_regular(const char *path);

/* Do both names lead to one file or directory?  False if either is not there.
 */
bool file_same(const char *a, const char *b);

/* What tells if a name leads to the same bytes as before; 0: not there. */
struct file_id {
	uint64_t device, number, size;
	int64_t seconds, nanoseconds;
};
struct file_id file_identity(const char *path);
bool file_unchanged(const char *path, const struct file_id *was);

/*
 * The same of a file itself, whatever becomes of its name: open it, and look
 * if it was written to since.
 */
int file_watch(const char *path, struct file_id *id);
bool file_watched_same(int file, const struct file_id *was);

/* Bytes that a directory's disk has room for; SIZE_MAX where none says. */
size_t file_room(const char *directory);

/* Make a directory and its parents; fine if it is there. */
void file_make_directory(const char *path);

/* Remove if it is there. */
void file_remove(const char *path);

/* "directory/name", owned by the caller. */
char *file_join(const char *directory, const char *name);

/* The directory that a name is in, owned by the caller. */
char *file_directory(const char *path);

/*
 * A file of the project's share/: $MTKD_SHARE/name, else beside the
 * executable (../share/mtkd when installed, ../../share in the build tree),
 * else where "make install" puts it.  Owned by the caller; ends the program
 * if there is none.
 */
char *file_share(const char *name);

#endif
