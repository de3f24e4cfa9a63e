#define _GNU_SOURCE /* memmem, fopencookie */
#include "fuzz.h"

#include <fcntl.h>
#include <sanitizer/allocator_interface.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"

enum { SLOTS = 1 << 22, FILES = 64, FDS = 64 };

/* What a reader holds when it ends the program. */
static struct {
	jmp_buf back;
	bool inside;
	void **slot; /* [SLOTS] blocks, hashed */
	uint32_t *used;
	size_t used_count;
	FILE *file[FILES];
	size_t files;
	int first_fd;
} run;

static size_t
slot_of(const volatile void *p)
{
	uint64_t x = (uint64_t)(uintptr_t)p >> 4;

	return (size_t)(x * 0x9e3779b97f4a7c15u >> 42) & (SLOTS - 1);
}

static void *const gone = (void *)1;

static void
on_malloc(const volatile void *p, size_t n)
{
	size_t i = slot_of(p);

	(void)n;
	if (!run.inside || p == NULL || run.used_count > SLOTS / 2)
		return;
	while (run.slot[i] != NULL && run.slot[i] != gone)
		i = (i + 1) & (SLOTS - 1);
	if (run.slot[i] == NULL)
		run.used[run.used_count++] = (uint32_t)i;
	run.slot[i] = (void *)(uintptr_t)p;
}

static void
on_free(const volatile void *p)
{
	if (p == NULL || run.used_count == 0)
		return;
	for (size_t i = slot_of(p); run.slot[i] != NULL;
	     i = (i + 1) & (SLOTS - 1))
		if (run.slot[i] == p) {
			run.slot[i] = gone;
			return;
		}
}

static void
free_all(void)
{
	size_t n = run.used_count;

	run.used_count = 0;
	for (size_t k = 0; k < n; k++) {
		void *p = run.slot[run.used[k]];

		run.slot[run.used[k]] = NULL;
		if (p != NULL && p != gone)
			free(p);
	}
}

/* --- in place of the C library's and of ours (the linker's --wrap) --- */

void __real_exit(int status) __attribute__((noreturn));
FILE *__real_fopen(const char *path, const char *mode);
FILE *__real_fdopen(int fd, const char *mode);
FILE *__real_fopencookie(
    void *cookie, const char *mode, cookie_io_functions_t calls);
FILE *__real_open_memstream(char **text, size_t *size);
int __real_fclose(FILE *f);

void __wrap_exit(int status) __attribute__((noreturn));
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__wrap_fdopen(int fd, const char *mode);
FILE *__wrap_fopencookie(
    void *cookie, const char *mode, cookie_io_functions_t calls);
FILE *__wrap_open_memstream(char **text, size_t *size);
int __wrap_fclose(FILE *f);
FILE *__wrap_tmpfile(void);
int __wrap_fsync(int fd);
void *__wrap_file_map(const char *path, size_t *size);
void __wrap_file_unmap(void *p, size_t size);
bool __wrap_st_check(const void *s);

void
__wrap_exit(int status)
{
	if (run.inside)
		longjmp(run.back, 1);
	__real_exit(status);
}

/* The C library's own blocks are freed by fclose: they are none of a run's. */
static bool
step_out(void)
{
	bool inside = run.inside;

	run.inside = false;
	return inside;
}

static FILE *
keep(FILE *f, bool inside)
{
	run.inside = inside;
	if (f != NULL && inside && run.files < FILES)
		run.file[run.files++] = f;
	return f;
}

FILE *
__wrap_fopen(const char *path, const char *mode)
{
	bool inside = step_out();

	return keep(__real_fopen(path, mode), inside);
}

FILE *
__wrap_fdopen(int fd, const char *mode)
{
	bool inside = step_out();

	return keep(__real_fdopen(fd, mode), inside);
}

FILE *
__wrap_fopencookie(void *cookie, const char *mode, cookie_io_functions_t calls)
{
	bool inside = step_out();

	return keep(__real_fopencookie(cookie, mode, calls), inside);
}

FILE *
__wrap_open_memstream(char **text, size_t *size)
{
	bool inside = step_out();

	return keep(__real_open_memstream(text, size), inside);
}

int
__wrap_fclose(FILE *f)
{
	if (f == stdin || f == stdout || f == stderr)
		return fflush(f);
	for (size_t i = 0; i < run.files; i++)
		if (run.file[i] == f) {
			run.file[i] = run.file[--run.files];
			break;
		}
	return __real_fclose(f);
}

FILE *
__wrap_tmpfile(void)
{
	return __wrap_fdopen(memfd_create("fuzz", 0), "w+");
}

int
__wrap_fsync(int fd)
{
	(void)fd;
	return 0;
}

/* Copies, so that reading past the end is seen. */
void *
__wrap_file_map(const char *path, size_t *size)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_NONBLOCK);
	void *p = NULL;

	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		die("%s: cannot be mapped", path);
	*size = (size_t)st.st_size;
	if (*size > 0 && (p = malloc(*size)) != NULL &&
	    read(fd, p, *size) != (ssize_t)*size)
		abort();
	close(fd);
	return p;
}

void
__wrap_file_unmap(void *p, size_t size)
{
	(void)size;
	free(p);
}

bool
__wrap_st_check(const void *s)
{
	(void)s;
	return true;
}

/* One thread: a reader must be able to leave from where it is. */
int omp_get_thread_num(void);
int omp_get_max_threads(void);
int omp_get_num_threads(void);
int omp_in_parallel(void);
void omp_set_num_threads(int n);

int
omp_get_thread_num(void)
{
	return 0;
}

int
omp_get_max_threads(void)
{
	return 1;
}

int
omp_get_num_threads(void)
{
	return 1;
}

int
omp_in_parallel(void)
{
	return 0;
}

void
omp_set_num_threads(int n)
{
	(void)n;
}

/* --- what the programs use --- */

size_t
fuzz_parts(struct fuzz_part *part, size_t most, const uint8_t *bytes, size_t n)
{
	static const uint8_t between[] = { 0xfe, 0xed, 0xfa, 0xce };
	size_t count = 0;

	while (count + 1 < most && n > 0) {
		const uint8_t *at = memmem(bytes, n, between, sizeof(between));

		if (at == NULL)
			break;
		part[count++] =
		    (struct fuzz_part){ bytes, (size_t)(at - bytes) };
		n -= (size_t)(at - bytes) + sizeof(between);
		bytes = at + sizeof(between);
	}
	part[count++] = (struct fuzz_part){ bytes, n };
	return count;
}

void
fuzz_put(const char *path, const void *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || (n > 0 && write(fd, bytes, n) != (ssize_t)n))
		abort();
	close(fd);
}

void
fuzz_put_part(const char *path, const struct fuzz_part *part)
{
	fuzz_put(path, part->bytes, part->n);
}

void
fuzz_put_vocab(const char *path)
{
	static const char pieces[] =
	    "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\nthe\n##s\n##ing\nplay\n"
	    ".\n";

	fuzz_put(path, pieces, strlen(pieces));
}

void
fuzz_wrong(const char *what)
{
	fprintf(stderr, "wrong: %s\n", what);
	abort();
}

FILE *
fuzz_nowhere(void)
{
	return __wrap_fopen("/dev/null", "w");
}

/* --- what libFuzzer calls --- */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void *
room(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		abort();
	return p;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *folder = getenv("FUZZ_FOLDER");

	(void)argc;
	(void)argv;
	if (folder == NULL || chdir(folder) != 0)
		abort();
	run.slot = room(SLOTS * sizeof(*run.slot));
	run.used = room(SLOTS * sizeof(*run.used));
	__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
	fuzz_start();
	run.first_fd = dup(0);
	close(run.first_fd);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	die_undo(NULL, NULL); /* of the run before */
	run.inside = true;
	if (setjmp(run.back) == 0)
		fuzz_one(bytes, n);
	run.inside = false;
	while (run.files > 0)
		__real_fclose(run.file[--run.files]);
	free_all();
	for (int fd = run.first_fd; fd < run.first_fd + FDS; fd++)
		close(fd);
	return 0;
}
