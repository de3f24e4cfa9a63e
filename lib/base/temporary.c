#include "base/temporary.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lock.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"

/* So that with its dot and tail a name of 255 bytes is one still. */
enum { NAME_ROOM = 230 };

#define TAIL ".mtkd-"

/* "folder/.name.mtkd-", without a process. */
static char *
stem(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	size_t n = strlen(name);

	return mem_printf("%.*s.%.*s" TAIL, (int)(name - path), path,
	    (int)(n < NAME_ROOM ? n : NAME_ROOM), name);
}

char *
temporary_name(const char *path, size_t nth)
{
	char *head = stem(path);
	char *name =
	    mem_printf("%s%lld", head, (long long)getpid() + (long long)nth);

	free(head);
	return name;
}

/* The process in ".NAME.mtkd-PID", or 0. */
static long long
owner_of(const char *name)
{
	const char *dash = strrchr(name, '-');
	size_t tail = strlen(TAIL);
	long long pid;

	if (name[0] != '.' || dash == NULL ||
	    (size_t)(dash + 1 - name) < 2 + tail ||
	    memcmp(dash + 1 - tail, TAIL, tail) != 0 ||
	    !num_int(dash + 1, 1, INT64_MAX, &pid))
		return 0;
	return pid;
}

bool
temporary_is(const char *name)
{
	return owner_of(name) > 0;
}

void
temporary_lock(int fd)
{
	struct stat st;
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	/* a folder is open for reading, which a lock for reading wants */
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		lock.l_type = F_RDLCK;
	(void)fcntl(fd, F_SETLK, &lock);
}

static void
remove_at(int folder, const char *name)
{
	struct dirent *entry;
	int fd;
	DIR *d;

	if (unlinkat(folder, name, 0) == 0)
		return;
	fd = openat(
	    folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	if ((d = fdopendir(fd)) == NULL) {
		close(fd);
		return;
	}
	while ((entry = readdir(d)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			remove_at(dirfd(d), entry->d_name);
	closedir(d);
	unlinkat(folder, name, AT_REMOVEDIR);
}

void
temporary_remove_tree(const char *path)
{
	remove_at(AT_FDCWD, path);
}

bool
temporary_clear(const char *path)
{
	if (lock_holder(path) != 0)
		return false;
	temporary_remove_tree(path);
	return true;
}

/* Those whose names start so; NULL: all. */
static void
sweep(const char *folder, const char *start)
{
	DIR *d = opendir(folder);
	struct dirent *entry;

	if (d == NULL)
		return;
	while ((entry = readdir(d)) != NULL) {
		long long pid = owner_of(entry->d_name);
		char *path;

		/* a lock of this process does not show */
		if (pid == 0 || pid == (long long)getpid() ||
		    (start != NULL && !text_starts(entry->d_name, start)))
			continue;
		path = file_join(folder, entry->d_name);
		temporary_clear(path);
		free(path);
	}
	closedir(d);
}

void
temporary_sweep(const char *folder)
{
	sweep(folder, NULL);
}

void
temporary_sweep_beside(const char *path)
{
	char *folder = file_directory(path), *head = stem(path);
	const char *slash = strrchr(head, '/');

	sweep(folder, slash != NULL ? slash + 1 : head);
	free(folder);
	free(head);
}
