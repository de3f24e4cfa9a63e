#include "check.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"

int
main(void)
{
	struct arena a = arena_count();
	char *block;

	CHECK(arena_take(&a, 3, 4) == NULL && a.used == 64);
	CHECK(arena_take(&a, 16, 4) == NULL && a.used == 128);
	CHECK(arena_take(&a, 65, 1) == NULL && a.used == 256);
	block = mem_align(a.used, 1);
	a = arena_in(block);
	CHECK(arena_take(&a, 3, 4) == block);
	CHECK(arena_take(&a, 16, 4) == block + 64);
	CHECK(arena_take(&a, 65, 1) == block + 128 && a.used == 256);
	free(block);
	return check_done();
}
