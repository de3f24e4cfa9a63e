#define _GNU_SOURCE /* sched_getaffinity */
#include "base/thread.h"

#include <omp.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

int
thread_allowed(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	return CPU_COUNT(&set);
}

void
thread_settle(char **argv)
{
	if (getenv("OMP_WAIT_POLICY") != NULL ||
	    getenv("GOMP_SPINCOUNT") != NULL)
		return;
	setenv("OMP_WAIT_POLICY", "passive", 1);
	setenv("OPENBLAS_NUM_THREADS", "1", 0);
	/* Where it cannot be, the program goes on as it is. */
	execvp(argv[0], argv);
}

void
thread_use(int n)
{
	omp_set_num_threads(n > 0 ? n : thread_allowed());
}
