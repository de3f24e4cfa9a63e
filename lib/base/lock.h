/*
 * Locks of the kernel's (fcntl): they go with their process, however that
 * ends, and hold on every host that has the file.  A process loses its lock
 * when it closes any descriptor of the file.
 */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

/*
 * Lock an open file that may be written.  0: done, or the file system knows no
 * locks; else the number of the process that has it, -1 if that is not known.
 */
long lock_take(int file);

/* Who has a file locked, as above; 0: nobody else, or it is not there. */
long lock_holder(const char *path);

#endif
