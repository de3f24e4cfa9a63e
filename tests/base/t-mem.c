/*
 * mem and buf: sizes that overflow, alignment, growth, copies.
 */
#define _GNU_SOURCE /* madvise */
#include "check.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/system.h"
#include "refused.h"

struct want {
	size_t count, size;
};

static void
run_alloc(const void *state)
{
	const struct want *w = state;

	free(mem_alloc(w->count, w->size));
}

static void
run_align(const void *state)
{
	const struct want *w = state;

	free(mem_room(w->count, w->size));
}

static void
run_grow(const void *state)
{
	const struct want *w = state;
	size_t room = 0;

	free(mem_grow(NULL, &room, w->count, w->size));
}

static void
check_overflow(void)
{
	static const struct want product = { SIZE_MAX / 2 + 1, 2 };
	static const struct want edge = { SIZE_MAX, 1 };
	static const struct want large = { SIZE_MAX / 4, 1 };

	CHECK(refused(run_alloc, &product, "more than memory can hold"));
	CHECK(refused(run_alloc, &edge, "more than memory can hold"));
	CHECK(refused(run_align, &product, "more than memory can hold"));
	CHECK(refused(run_align, &edge, "more than memory can hold"));
	CHECK(refused(run_grow, &product, "more than memory can hold"));
#ifndef __SANITIZE_ADDRESS__ /* which ends the program by itself */
	CHECK(refused(run_alloc, &large, "out of memory"));
#else
	(void)large;
#endif
}

#ifdef SYSTEM_LINUX
/* Was the memory at p asked to be in large pages?  As Linux tells. */
static bool
asked(const void *p)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	char line[512];
	bool here = false, is = false;
	unsigned long from, to;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			here = from <= (uintptr_t)p && (uintptr_t)p < to;
		else if (here && strncmp(line, "VmFlags:", 8) == 0)
			is = strstr(line, " hg") != NULL;
	if (f != NULL)
		fclose(f);
	return is;
}

/* Does it, where it was asked? */
static bool
tells(void)
{
	size_t n = 4 * system_page();
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool does =
	    p != MAP_FAILED && madvise(p, n, MADV_HUGEPAGE) == 0 && asked(p);

	if (p != MAP_FAILED)
		munmap(p, n);
	return does;
}
#endif

static void
check_large(void)
{
	size_t n = 2 * system_page() + 1;
	unsigned char *p = mem_align(n, 1);

	CHECK_NAMED("mem_align: large memory begins with a page",
	    (uintptr_t)p % system_page() == 0 && p[0] == 0 && p[n - 1] == 0);
#ifdef SYSTEM_LINUX
	if (tells())
		CHECK_NAMED("and is asked to be in large ones", asked(p));
	else
		check_skip("large ones", "the system does not tell of them");
#endif
	free(p);
}

static void
check_memory(void)
{
	unsigned char *p = mem_zero(0, 8), *q = mem_alloc(3, 0);
	bool aligned = true, clear = true;
	size_t room = 0;
	int *grown = NULL;
	char *text;

	CHECK(p != NULL && q != NULL);
	free(p);
	free(q);
	for (size_t n = 0; n < 300; n++) {
		p = mem_align(n, 1);
		aligned &= (uintptr_t)p % 64 == 0;
		for (size_t i = 0; i < n; i++)
			clear &= p[i] == 0;
		free(p);
	}
	CHECK_NAMED("mem_align: on a cache line", aligned);
	CHECK_NAMED("mem_align: cleared", clear);
	check_large();
	for (int i = 0; i < 1000; i++) {
		grown = mem_grow(grown, &room, (size_t)i + 1, sizeof(*grown));
		grown[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		clear &= grown[i] == i;
	CHECK_NAMED("mem_grow: keeps what was there", clear && room >= 1000);
	CHECK(mem_grow(grown, &room, 1, sizeof(*grown)) == grown);
	free(grown);
	text = mem_printf("%s-%d", "abc", 42);
	CHECK_TEXT(text, "abc-42");
	free(text);
	text = mem_stringn("abcdef", 3);
	CHECK_TEXT(text, "abc");
	free(text);
	text = mem_string("");
	CHECK_TEXT(text, "");
	free(text);
	text = mem_copy("a\0b", 3);
	CHECK(memcmp(text, "a\0b", 3) == 0);
	free(text);
}

static void
check_buf(void)
{
	struct buf b = { 0 };

	CHECK_TEXT(buf_string(&b), "");
	buf_add(&b, NULL, 0);
	buf_byte(&b, 'a');
	buf_text(&b, "bc");
	buf_print(&b, "%d", 12345);
	CHECK(b.size == 8);
	CHECK_TEXT(buf_string(&b), "abc12345");
	CHECK(b.size == 8);
	for (int i = 0; i < 10000; i++)
		buf_print(&b, "%04d", i);
	CHECK(b.size == 40008);
	CHECK(memcmp(b.data + 8 + 4 * 7777, "7777", 4) == 0);
	buf_clear(&b);
	CHECK(b.size == 0);
	buf_text(&b, "x");
	CHECK_TEXT(buf_string(&b), "x");
	buf_free(&b);
	CHECK(b.data == NULL && b.size == 0 && b.room == 0);
	CHECK(buf_reserve(&b, 0) == NULL);
}

int
main(void)
{
	check_overflow();
	check_memory();
	check_buf();
	return check_done();
}
