#include "base/bus.h"

#include <signal.h>
#include <string.h>

#include "base/die.h"
#include "base/system.h"

/* All of this runs in a signal handler: no memory, no stdio. */

static void
on_bus(int number, siginfo_t *info, void *context)
{
	static const char text[] =
	    ": was cut, or cannot be read, while it was in use";
	char path[SYSTEM_PATH + sizeof(text)];

	(void)number;
	(void)context;
	if (!system_mapped(path, info->si_addr))
		strcpy(path, "a file");
	strcat(path, text);
	die_at_once(path);
}

void
bus_watch(void)
{
	struct sigaction action = { .sa_sigaction = on_bus,
		.sa_flags = SA_SIGINFO };

	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, NULL);
}
