/*
 * Every byte of a resume file, changed: the file is refused, or what is read
 * from it is what it was.  Nor does it help to change a value and the
 * checksums with it, where no run can have such a value.
 */
#include "check.h"
#include "refused.h"
#include "smallmodel.h"

#include "base/file.h"
#include "base/mem.h"
#include "train/recipe.h"
#include "train/resume.h"

/* A run that may be saved and loaded. */
struct fixture {
	struct model *m;
	struct optimizer *o;
	struct identity id;
	struct run_state state;
};

static const char *const files[] = { "vocab.txt", "a.st", "b.st" };
static const char vocab[] = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n";

static void
start(struct fixture *f, uint64_t seed)
{
	struct optimizer_options options;
	struct recipe r;

	*f = (struct fixture){ .m = small_model(7, 2, 4, seed) };
	recipe_start(&r);
	options = recipe_optimizer(&r);
	f->o = optimizer_new(f->m, &options, 1000);
	identity_add(&f->id, "recipe", mem_string("seed: 1\nepochs: 3\n"));
	identity_add(&f->id, "init", mem_string("crc32 0123abcd"));
}

static bool
same(const struct fixture *f, const struct fixture *g)
{
	size_t n = f->m->params.total * sizeof(real);

	return memcmp(&f->state, &g->state, sizeof(f->state)) == 0 &&
	       memcmp(f->m->value, g->m->value, n) == 0 &&
	       memcmp(f->o->first, g->o->first, n) == 0 &&
	       memcmp(f->o->second, g->o->second, n) == 0 &&
	       memcmp(f->o->touched, g->o->touched, 7) == 0 &&
	       f->o->head_step[0] == g->o->head_step[0];
}

/* Ends with status 3 where b.st is read as anything else than was saved. */
static void
load_same(const void *saved)
{
	struct fixture f;

	start(&f, 2);
	if (!resume_load("b.st", &f.id, 1000, &f.state, f.m, f.o) ||
	    !same(&f, saved))
		_exit(3);
}

/* b.st: as a.st with another value of one key, its checksums right. */
static void
save_with(const char *key, const char *value)
{
	struct st *s = st_open("a.st");
	struct st_writer *w = st_create("b.st");
	const char *name, *had;

	for (size_t i = 0; i < st_meta_count(s); i++) {
		st_meta_at(s, i, &name, &had);
		if (strstr(name, "crc32") == NULL)
			st_put_meta(
			    w, name, strcmp(name, key) == 0 ? value : had);
	}
	for (size_t i = 0; i < st_count(s); i++) {
		const struct st_tensor *t = st_at(s, i);

		st_add(w, t->name, t->type, t->rank, t->shape, t->data);
	}
	st_commit(w);
	st_close(s);
}

static void
test_values(const struct fixture *saved)
{
	static const char *const rows[][2] = { { "updates", "-1" },
		{ "updates", "-123" }, { "updates", "8.5" },
		{ "updates", "1001" }, { "updates", "99999999999999999999" },
		{ "updates", "1e2" }, { "updates", "" }, { "updates", " 123" },
		{ "updates", "0x7b" }, { "updates", "nan" },
		{ "updates", "16" }, /* less than a head has had */
		{ "tokens", "-1" }, { "tokens", "0.5" },
		{ "tokens", "9999999999999999999" }, { "best", "nan" },
		{ "best", "inf" }, { "best", "1e300" }, { "best", "" },
		{ "log", "-1" }, { "log", "1e9" }, { "log", "1.5" },
		{ "dev", "-50" }, { "dev", "9999999999999999999" } };
	struct fixture copy = *saved;

	for (size_t i = 0; i < COUNT(rows); i++) {
		char key[32];

		snprintf(key, sizeof(key), "state.%s", rows[i][0]);
		save_with(key, rows[i][1]);
		CHECK_NAMED(rows[i][1],
		    refused(load_same, saved,
			strcmp(rows[i][1], "16") == 0 ? "'head_step' has 17"
						      : key));
	}
	copy.o->head_step[0] = SIZE_MAX;
	resume_save("b.st", &copy.id, &copy.state, copy.m, copy.o);
	CHECK(refused(load_same, saved, "'head_step' has -1"));
	copy.o->head_step[0] = 17;
	save_with("state.updates", "123");
	CHECK_NAMED("the value that was saved",
	    refused_status(load_same, saved, (char[64]){ 0 }, 64) == 0);
}

int
main(void)
{
	char folder[] = "/tmp/t-damage.XXXXXX", message[1024], *bytes;
	struct fixture saved;
	size_t n, passed = 0, kept = 0;

	own_folder(folder);
	put_text_file("vocab.txt", vocab);
	start(&saved, 1);
	saved.state =
	    (struct run_state){ 123, 4567, 0.8125, 90, 100, 50, false };
	saved.o->head_step[0] = 17;
	for (size_t i = 0; i < saved.m->params.total; i++)
		saved.o->first[i] = saved.o->second[i] = (real)(i + 1);
	saved.o->touched[5] = 1;
	resume_save("a.st", &saved.id, &saved.state, saved.m, saved.o);
	bytes = file_slurp("a.st", &n);
	put_file("b.st", bytes, n);
	CHECK_NAMED("what was saved is loaded",
	    refused_status(load_same, &saved, message, sizeof(message)) == 0);
	for (size_t i = 0; i < n; i++) {
		char was = bytes[i];
		int status;

		bytes[i] ^= (char)(was >= '0' && was <= '9' ? 1 : 1 << i % 8);
		put_file("b.st", bytes, n);
		status =
		    refused_status(load_same, &saved, message, sizeof(message));
		if (status != 1 && status != 0)
			printf(
			    "# byte %zu, 0x%02x: status %d\n", i, was, status);
		passed += status != 1 && status != 0;
		kept += status == 0;
		bytes[i] = was;
	}
	printf("# %zu of %zu bytes are of no effect\n", kept, n);
	CHECK_NAMED(
	    "every byte changed: refused, or of no effect", passed == 0);
	CHECK_NAMED("and few are of no effect", kept < 64);
	free(bytes);
	test_values(&saved);
	remove_folder(folder, files, COUNT(files));
	return check_done();
}
