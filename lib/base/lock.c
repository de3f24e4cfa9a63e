#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static long
holder_of(int file)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(file, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK)
		return 0;
	return lock.l_pid > 0 ? (long)lock.l_pid : -1;
}

long
lock_take(int file)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	long holder;

	/* It may be given back between the two questions. */
	while (fcntl(file, F_SETLK, &lock) != 0) {
		if (errno != EACCES && errno != EAGAIN)
			return 0;
		if ((holder = holder_of(file)) != 0)
			return holder;
	}
	return 0;
}

long
lock_holder(const char *path)
{
	int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	long holder;

	if (file < 0)
		return 0;
	holder = holder_of(file);
	close(file);
	return holder;
}
