#include "base/thread.h"

#include <omp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "base/system.h"

int
thread_allowed(void)
{
	return system_cpus();
}

/* Looks at what else runs: many programs end soon after they have started. */
enum { LOOKS = 10 };

static bool
idle(void)
{
	for (int i = 0; i < LOOKS; i++) {
		if (system_others() * 8 <= thread_allowed())
			return true;
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	}
	return false;
}

void
thread_settle(char **argv)
{
	bool waiting = getenv("OMP_WAIT_POLICY") != NULL ||
		       getenv("GOMP_SPINCOUNT") != NULL;

	if (waiting && getenv("OPENBLAS_NUM_THREADS") != NULL)
		return;
	if (!waiting)
		setenv("GOMP_SPINCOUNT", idle() ? "30000" : "1000", 1);
	setenv("OPENBLAS_NUM_THREADS", "1", 0);
	/* Where it cannot be, the program goes on as it is. */
	system_restart(argv);
}

void
thread_use(int n)
{
	omp_set_num_threads(n > 0 ? n : thread_allowed());
}
