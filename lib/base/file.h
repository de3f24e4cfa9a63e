/*
 * Files: "-" is stdin or stdout; a named output appears whole or not at all.
 *
 * An output is written under no name (or as FILE.tmp.PID where the file
 * system lacks that), flushed to disk and then renamed over FILE.  A program
 * that ends early leaves FILE as it was.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Open for reading; "-" is stdin.  Ends the program where it cannot. */
FILE *file_read(const char *path);

/* The name for messages: "<stdin>" for "-". */
const char *file_name(const char *path);

struct file_out {
	FILE *stream;
	char *path;	 /* NULL: stdout */
	char *temporary; /* NULL: written under no name, or in place */
	bool in_place;	 /* a device or pipe: not renamed */
};

/* path NULL or "-" is stdout. */
struct file_out *file_write(const char *path);

/* Flush, check, rename; frees out.  Full disk: message and exit 1. */
void file_commit(struct file_out *out);

/* Close stdout and report what went wrong: the last call of every main. */
void file_finish(void);

/* All bytes of a file, owned by the caller; a '\0' stands after them. */
char *file_slurp(const char *path, size_t *size);

/* Map a whole regular file, private and writable; NULL and 0 if empty. */
void *file_map(const char *path, size_t *size);
void file_unmap(void *p, size_t size);

/*
 * Remove what killed programs left in a directory: files NAME.tmp.PID where
 * no process PID is.
 */
void file_sweep(const char *directory);

bool file_exists(const char *path);
bool file_is_directory(const char *path);

/* Do both names lead to one file or directory?  False if either is not there.
 */
bool file_same(const char *a, const char *b);

/* Make a directory and its parents; fine if it is there. */
void file_make_directory(const char *path);

/* Remove if it is there. */
void file_remove(const char *path);

/* "directory/name", owned by the caller. */
char *file_join(const char *directory, const char *name);

/*
 * A file of the project's share/: $MTKD_SHARE/name, else beside the
 * executable (../share/mtkd when installed, ../../share in the build tree).
 * Owned by the caller; ends the program if there is none.
 */
char *file_share(const char *name);

#endif
