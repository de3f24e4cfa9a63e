/*
 * SIGHUP, SIGINT and SIGTERM at places of the program's choice: they wait until
 * it asks for them, so that it can keep its work and then end by the signal
 * itself, which tells shells and make what happened.
 */
#ifndef BASE_STOP_H
#define BASE_STOP_H

/* From here on the signals wait, for this thread and those of OpenMP. */
void stop_hold(void);

/*
 * The signal that waits, or 0.  All processes of a run (base/process.h) must
 * ask, and get the same answer: what one of them was sent counts for all.
 * Where the shell had SIGINT ignored, as for work in the background, Ctrl-C
 * at the terminal passes by, and only a signal from a process counts; where
 * SIGHUP is ignored, as under nohup, it never does.
 */
int stop_asked(void);

/* End by a signal. */
_Noreturn void stop_end(int signal);

/* What waits, and what comes later, ends the program. */
void stop_release(void);

#endif
