/*
 * Folders that are replaced whole.  The new files are written into a
 * temporary folder beside (base/temporary.h), which then changes places with
 * what was there, in one step of the kernel's; so that files of one and of
 * the other never stand side by side, whatever fails when.
 *
 * Where the two cannot change places (a mount point, the folder one is in, a
 * file system without that step) or the old one holds files that stay, the
 * first of the replaced names, the seal, is removed before the others are
 * renamed one by one, and comes last: without it the folder is none.
 */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include <stddef.h>

struct folder {
	char *path; /* links followed */
	char *at;   /* where its files are written until the commit */
	int lock;   /* at, open */
};

/*
 * Begin to replace path, which may be there or not.  What killed programs
 * left beside it goes.
 */
struct folder *folder_begin(const char *path);

/*
 * Put what stands in at in the place of the names replaced [count], of which
 * the first that at has is the seal; those that it has not are removed.  Other
 * names stay.
 * Frees f.
 */
void folder_commit(struct folder *f, const char *const *replaced, size_t count);

#endif
