/*
 * The number of threads.  Work is cut into blocks of fixed size and handed
 * out by OpenMP; results never depend on how many threads there are.
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

/* The CPUs this process may run on. */
int thread_allowed(void);

/*
 * Start the program anew with what OpenMP and OpenBLAS read only when they
 * are loaded.  Threads that wait spin before they sleep, since waking a sleeper
 * costs as much as a small product: for about half a millisecond where the
 * machine is idle, and a thirtieth of that where others run, since it is their
 * time; OpenBLAS needs no threads of its own.  Returns where the user chose, by
 * OMP_WAIT_POLICY or GOMP_SPINCOUNT.  First in main.
 */
void thread_settle(char **argv);

/* Use n threads from here on; 0 means thread_allowed(). */
void thread_use(int n);

#endif
