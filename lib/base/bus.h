/*
 * Mapped files that shrink: the kernel answers the access to what is not
 * there any more with SIGBUS.  The program then ends with a message that
 * names the file, and exit 1.
 */
#ifndef BASE_BUS_H
#define BASE_BUS_H

/* From here on; called by who maps a file. */
void bus_watch(void);

#endif
