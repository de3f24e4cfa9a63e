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
 * are loaded: threads that wait should sleep, not spin (on a busy machine
 * spinning costs a hundredfold), and OpenBLAS needs no threads of its own.
 * Returns where nothing is to be changed or the user chose.  First in main.
 */
void thread_settle(char **argv);

/* Use n threads from here on; 0 means thread_allowed(). */
void thread_use(int n);

#endif
