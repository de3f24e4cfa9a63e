/*
 * Which packs may be trained on beside which others.
 */
#include "check.h"
#include "refused.h"

#include "base/mem.h"
#include "train/roles.h"

enum { ROWS = 6, LENGTH = 3, PACKS = 2 };

/*
 * A pack of ROWS rows of LENGTH tokens, of which the first `own` are those of
 * number 1; ids are those of every pack, so that only tokens tell rows apart.
 */
static struct pack *
pack_of(const char *path, const char *task, const char *split, size_t own,
    bool turned)
{
	int32_t *tokens = mem_zero(ROWS * LENGTH, sizeof(*tokens));
	int64_t *starts = mem_zero(ROWS + 1, sizeof(*starts));
	float *label = mem_zero(ROWS, sizeof(*label));
	int64_t *id_starts = mem_zero(ROWS + 1, sizeof(*id_starts));
	struct pack p = { .path = path,
		.task = task,
		.split = split,
		.vocab = "one",
		.rows = ROWS,
		.tokens_total = ROWS * LENGTH,
		.tokens = tokens,
		.starts = starts,
		.label = label,
		.id_starts = id_starts,
		.id_bytes = (const uint8_t *)"0123456789" };

	for (size_t r = 0; r < ROWS; r++) {
		starts[r + 1] = (int64_t)((r + 1) * LENGTH);
		id_starts[r + 1] = (int64_t)r + 1;
		for (size_t i = 0; i < LENGTH; i++)
			tokens[r * LENGTH + (turned ? LENGTH - 1 - i : i)] =
			    (int32_t)(10 * r + i + (r < own ? 0 : 1000));
	}
	return mem_copy(&p, sizeof(p));
}

struct roles {
	const char *what; /* of the case */
	const char *split[PACKS];
	size_t own[PACKS]; /* rows of number 1 in each */
	bool turned;	   /* the second one has its texts in another order */
	bool dev;	   /* the second is a dev pack */
	const char *allowed;
	const char *refused; /* NULL: it is allowed */
	const char *task;    /* of the second; NULL: the same */
};

static void
run(const void *state)
{
	const struct roles *c = state;
	const struct pack *packs[PACKS] = { pack_of("a.st", "rte", c->split[0],
						c->own[0], false),
		pack_of("b.st", c->task != NULL ? c->task : "rte", c->split[1],
		    c->own[1], c->turned) };

	roles_check(packs, c->dev ? 1 : 2, packs + 1, c->dev, &c->allowed,
	    c->allowed != NULL);
}

static const struct roles cases[] = {
	{ "two parts of one split", { "train", "train" }, { ROWS, 0 }, false,
	    false, NULL, NULL, NULL },
	{ "a dev pack", { "train", "dev" }, { ROWS, 0 }, false, true, NULL,
	    NULL, NULL },
	{ "a dev pack as operand", { "train", "dev" }, { ROWS, 0 }, false,
	    false, NULL,
	    "b.st: its split is dev, but a PACK without --dev is trained on; "
	    "--train-on dev allows it",
	    NULL },
	{ "an allowed one", { "train", "dev" }, { ROWS, 0 }, false, false,
	    "dev", NULL, NULL },
	{ "another split allowed", { "train", "dev" }, { ROWS, 0 }, false,
	    false, "test", "--train-on dev allows it", NULL },
	{ "matched dev", { "train", "dev_matched" }, { ROWS, 0 }, false, false,
	    NULL, "--train-on dev_matched allows it", NULL },
	{ "matched dev as dev", { "train", "dev_matched" }, { ROWS, 0 }, false,
	    false, "dev", NULL, NULL },
	{ "matched dev by its name", { "train", "dev_matched" }, { ROWS, 0 },
	    false, false, "dev_matched", NULL, NULL },
	{ "dev is not devel", { "train", "devel" }, { ROWS, 0 }, false, false,
	    "dev", "--train-on devel allows it", NULL },
	{ "test", { "train", "test" }, { ROWS, 0 }, false, false, NULL,
	    "its split is test", NULL },
	{ "capitals", { "train", "Test-2" }, { ROWS, 0 }, false, false, NULL,
	    "its split is Test-2", NULL },
	{ "validation", { "train", "validation" }, { ROWS, 0 }, false, false,
	    NULL, "its split is validation", NULL },
	{ "another word", { "train", "extra" }, { ROWS, 0 }, false, false, NULL,
	    NULL, NULL },
	{ "a word that --dev has too", { "extra", "extra" }, { ROWS, 0 }, false,
	    true, NULL,
	    "a.st: its split is extra, as that of --dev b.st, but a PACK "
	    "without --dev is trained on; --train-on extra allows it",
	    NULL },
	{ "of another task", { "extra", "extra" }, { ROWS, 0 }, false, true,
	    NULL, NULL, "mnli" },
	{ "a word that --dev has too, allowed", { "extra", "extra" },
	    { ROWS, 0 }, false, true, "extra", NULL, NULL },
	{ "parts of train, one for dev", { "train", "train" }, { ROWS, 0 },
	    false, true, NULL, NULL, NULL },
	{ "twice", { "train", "train" }, { ROWS, ROWS }, false, false, NULL,
	    "b.st: 6 of its 6 rows are those of a.st; --train-on train allows "
	    "it",
	    NULL },
	{ "twice, of two splits", { "train", "more" }, { ROWS, ROWS }, false,
	    false, NULL, "--train-on more allows it", NULL },
	{ "twice, texts in another order", { "train", "train" }, { ROWS, ROWS },
	    true, false, NULL, "6 of its 6 rows", NULL },
	{ "half of it twice", { "train", "train" }, { ROWS / 2, ROWS }, false,
	    false, NULL, "b.st: 3 of its 6 rows are those of a.st", NULL },
	{ "less than half", { "train", "train" }, { ROWS / 2 - 1, ROWS }, false,
	    false, NULL, NULL, NULL },
	{ "twice, allowed", { "train", "train" }, { ROWS, ROWS }, false, false,
	    "train", NULL, NULL },
	{ "the rows of another task", { "train", "train" }, { ROWS, ROWS },
	    false, false, NULL, NULL, "mnli" },
	{ "both roles", { "train", "train" }, { ROWS, ROWS }, false, true, NULL,
	    "a.st: 6 of its 6 rows are those of --dev b.st; --train-on train "
	    "allows it",
	    NULL },
	{ "both roles under two names", { "train", "dev" }, { ROWS, ROWS },
	    false, true, NULL, "are those of --dev b.st", NULL },
	{ "both roles, allowed", { "train", "train" }, { ROWS, ROWS }, false,
	    true, "train", NULL, NULL },
	{ "dev in both roles, allowed", { "dev", "dev" }, { ROWS, ROWS }, false,
	    true, "dev", NULL, NULL },
	{ "dev in both roles", { "dev", "dev" }, { ROWS, ROWS }, false, true,
	    NULL, "--train-on dev allows it", NULL },
};

/* The same dev pack twice would count twice. */
static void
run_dev_twice(const void *state)
{
	const struct pack *packs[] = { pack_of(
					   "a.st", "rte", "train", ROWS, false),
		pack_of("b.st", "rte", "dev", 0, false),
		pack_of("c.st", "rte", "dev", 0, false) };

	(void)state;
	roles_check(packs, 1, packs + 1, 2, NULL, 0);
}

/* Nor is there a best one without labels; a few are enough. */
static void
run_unlabelled(const void *state)
{
	const size_t *labelled = state;
	float label[ROWS] = { 0 };
	struct pack *dev = pack_of("b.st", "rte", "dev", 0, false);
	const struct pack *packs[] = {
		pack_of("a.st", "rte", "train", ROWS, false), dev
	};

	for (size_t r = *labelled; r < ROWS; r++)
		label[r] = (float)NAN;
	dev->label = label;
	roles_check(packs, 1, packs + 1, 1, NULL, 0);
}

int
main(void)
{
	static const size_t none = 0, one = 1;
	char message[256];

	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK_NAMED(cases[i].what,
		    cases[i].refused != NULL
			? refused(run, &cases[i], cases[i].refused)
			: refused_status(
			      run, &cases[i], message, sizeof(message)) == 0);
	CHECK(refused(run_dev_twice, NULL,
	    "--dev c.st: its rows are those of --dev b.st"));
	CHECK(refused(run_unlabelled, &none,
	    "--dev b.st: no row has a label to evaluate by"));
	CHECK(refused_status(run_unlabelled, &one, message, sizeof(message)) ==
	      0);
	CHECK(roles_held_out("dev") && roles_held_out("VAL") &&
	      roles_held_out("heldout") && roles_held_out("eval-2"));
	CHECK(!roles_held_out("de") && !roles_held_out("train_dev") &&
	      !roles_held_out("all"));
	return check_done();
}
