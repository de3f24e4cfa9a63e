/*
 * The processes of one run, which mpirun(1) starts on one machine or many.
 * Built without MPI=1 there is one process and all of this does nothing.
 *
 * Until process_join, a program is alone: rank 0 of 1.  All processes must
 * make the same calls in the same order, from the thread that started.  Sums
 * have the same bytes on every process, and for one number of processes the
 * same in each run.
 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stddef.h>

#include "base/real.h"

/*
 * Join the others.  The processes part when the program exits; a verdict of
 * one (base/die.h) ends all.
 */
void process_join(void);

size_t process_rank(void); /* 0 writes files and messages */
size_t process_count(void);

/* Overwrite p [bytes] with what rank 0 has. */
void process_broadcast(void *p, size_t bytes);

/* Overwrite x [n] with its sum over the processes. */
void process_sum(double *x, size_t n);
void process_sum_floats(float *x, size_t n);

/* Sums of several arrays that go on while the processes compute. */
struct process_sums;

struct process_sums *process_sums_new(void); /* NULL in a build without MPI */

/* Begin to sum x [n], which belongs to the sums until process_sums_wait. */
void process_sums_begin(struct process_sums *s, real *x, size_t n);

/* Let sums under way advance: libraries may do so in calls alone. */
void process_sums_advance(struct process_sums *s);

/* Wait until all are done. */
void process_sums_wait(struct process_sums *s);

#endif
