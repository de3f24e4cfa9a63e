#define _GNU_SOURCE /* sched_getaffinity */
#include "base/thread.h"

#include <omp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"

int
thread_allowed(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	return CPU_COUNT(&set);
}

/* Looks at what else runs: many programs end soon after they have started. */
enum { LOOKS = 10 };

/* Others that run at this moment; 0 where the system does not say. */
static int
others_running(void)
{
	FILE *f = fopen("/proc/loadavg", "r");
	char line[128], *word = NULL, *rest;
	long long running = 1;

	if (f == NULL)
		return 0;
	/* three averages, then "running/all" */
	if (fgets(line, sizeof(line), f) != NULL) {
		word = strtok_r(line, " ", &rest);
		for (int i = 0; i < 3 && word != NULL; i++)
			word = strtok_r(NULL, i < 2 ? " " : "/", &rest);
	}
	fclose(f);
	if (word == NULL || !num_int(word, 1, 1 << 20, &running))
		return 0;
	return (int)running - 1;
}

static bool
idle(void)
{
	for (int i = 0; i < LOOKS; i++) {
		if (others_running() * 8 <= thread_allowed())
			return true;
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	}
	return false;
}

/*
 * This program by its own name, under which others see it; by the system's
 * where that name leads elsewhere by now.
 */
static void
run_anew(char **argv)
{
	static const char *const self = "/proc/self/exe";
	char path[4096];
	ssize_t n = readlink(self, path, sizeof(path) - 1);

	if (n < 0)
		return;
	path[n] = '\0';
	execv(file_same(path, self) ? path : self, argv);
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
	run_anew(argv);
}

void
thread_use(int n)
{
	omp_set_num_threads(n > 0 ? n : thread_allowed());
}
