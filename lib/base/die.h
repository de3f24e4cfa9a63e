/*
 * Messages and exits.  Every message is "program: text" on stderr, one line:
 * control characters in it become "\n", "\x1b" and so on, as do bytes that are
 * no UTF-8 and what turns the direction of writing.
 *
 * A format that ends in ':' gets the text of errno appended, as in
 * die("%s:", path).  The library reports through these functions alone; exit
 * 1 means bad input or failed I/O, exit 2 a mistake on the command line.
 */
#ifndef BASE_DIE_H
#define BASE_DIE_H

#include <stddef.h>

#define DIE_FORMAT(n) __attribute__((format(printf, n, n + 1)))

/*
 * Remember the last component of argv[0]; call first in main.  Standard
 * streams that are closed are given something that can neither be read nor
 * written, so that no file that is opened later gets what is meant for them.
 */
void die_program(const char *argv0);

/* The remembered name, "mtkd" before it was set. */
const char *die_name(void);

/* argv[0] as it was; "" before die_program. */
const char *die_called(void);

/*
 * Several processes share the run, and this one is rank of size: rank 0 alone
 * warns and notes, and the others say who they are.
 * wait	called before a verdict by the others: what fails on every process is
 *	told by rank 0, so they let it speak, and end them, first; or NULL
 * end	called with the exit status after a verdict: ends all processes, or
 *	returns where there is none but this; or NULL
 */
void die_among(
    size_t rank, size_t size, void (*wait)(void), void (*end)(int status));

/*
 * From here on undo(state) is called when the program ends by what follows;
 * NULL: nothing.  It must not end the program itself.
 */
void die_undo(void (*undo)(void *state), void *state);

/*
 * For programs that go on: from here on, what would end the program calls
 * handler with the exit status that it would have had and the text, instead of
 * printing it.  The handler may longjmp out; where it returns, the program
 * ends.  It is never called in a parallel region, where the program ends as
 * without it.  What the call that failed had opened and allocated is lost, and
 * an object that it was to change must not be used again.  NULL: end as before.
 */
typedef void die_handler(int status, const char *text, void *place);
void die_catch(die_handler *handler, void *place);

/* "program: text", exit 1. */
_Noreturn void die(const char *format, ...) DIE_FORMAT(1);

/* "program: file:line: text", exit 1; line 0 leaves the number out. */
_Noreturn void die_at(const char *file, size_t line, const char *format, ...)
    DIE_FORMAT(3);

/*
 * "program: text", exit 1 at once, as from a signal handler: nothing is
 * flushed, and no library is asked.
 */
_Noreturn void die_at_once(const char *text);

/* "program: text" and where to find help, exit 2. */
_Noreturn void die_usage(const char *format, ...) DIE_FORMAT(1);

/* "program: warning: text"; the program goes on. */
void warn(const char *format, ...) DIE_FORMAT(1);

/* "program: text" without a verdict: counts, settings, progress. */
void note(const char *format, ...) DIE_FORMAT(1);

#endif
