#define _GNU_SOURCE /* sched_getaffinity */
#include "base/thread.h"

#include <omp.h>
#include <sched.h>

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
thread_use(int n)
{
	omp_set_num_threads(n > 0 ? n : thread_allowed());
}
