/*
 * The number of threads.  Work is cut into blocks of fixed size and handed
 * out by OpenMP; results never depend on how many threads there are.
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

/* The CPUs this process may run on. */
int thread_allowed(void);

/* Use n threads from here on; 0 means thread_allowed(). */
void thread_use(int n);

#endif
