/* Recipes, and JSON: the first byte says which. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "train/recipe.h"

static const unsigned uses[] = { RECIPE_FINETUNE, RECIPE_DISTIL,
	RECIPE_PRETRAIN };

void
fuzz_start(void)
{
}

static void
resolve(struct recipe *r, unsigned use, const char *path)
{
	struct opt table[RECIPE_ROWS + 16];
	struct opt_program p = { "x", "x", table, 0, 0, 1 };

	recipe_start(r);
	p.count = recipe_options(r, table, use);
	recipe_resolve(r, &p, path);
}

void
fuzz_one(const uint8_t *bytes, size_t n)
{
	struct recipe first, second;
	unsigned use;

	if (n < 1)
		return;
	if (bytes[0] % 4 == 3) {
		conf_free(conf_json("x", (const char *)bytes + 1, n - 1));
		return;
	}
	use = uses[bytes[0] % 4];
	fuzz_put("x.yml", bytes + 1, n - 1);
	resolve(&first, use, "x.yml");
	fuzz_put("y.yml", first.text, strlen(first.text));
	resolve(&second, use, "y.yml");
	if (strcmp(first.text, second.text) != 0)
		fuzz_wrong("a recipe's text is another recipe");
}
