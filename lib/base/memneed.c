/*
 * Apart from mem.c, so that what is done before main is in the programs that
 * call mem_need and in no others.
 */
#include "base/mem.h"

#include <stdio.h>

#include "base/die.h"
#include "base/system.h"

/* No memory, for it may be called before anything else is. */
void
mem_need(size_t n)
{
	char text[128];

	if (system_room(n))
		return;
	snprintf(text, sizeof(text),
	    "out of memory: %zu MB of address space are needed, "
	    "more than a limit (ulimit -v) leaves",
	    n >> 20);
	/* not by exit: OpenBLAS would wait for threads that wait for memory */
	die_at_once(text);
}

/*
 * Before the libraries set themselves up: OpenBLAS (0.3.29) asks for its
 * buffers there again and again until it has them.
 */
static void
before_libraries(int argc, char **argv, char **environment)
{
	(void)environment;
	if (argc > 0)
		die_program(argv[0]);
	mem_need(MEM_TO_COMPUTE);
}

static SYSTEM_FIRST void (*const first)(
    int, char **, char **) = before_libraries;
