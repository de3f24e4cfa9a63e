/*
 * A model folder is replaced whole: killed at any step by which a file is
 * changed, it is the old model, the new one, or none; where nothing else is in
 * it, the old or the new one.
 */
#define _GNU_SOURCE /* renameat2 */
#include "check.h"
#include "refused.h"

#ifdef __linux__

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/system.h"
#include "base/temporary.h"
#include "model/model.h"
#include "model/modelfolder.h"

/* Can two folders change places? */
#ifdef SYSTEM_LINUX
enum { EXCHANGES = true };
#else
enum { EXCHANGES = false };
#endif

static long left = -1; /* steps until the end; below 0: no end */
static bool no_exchange;

static void
step(void)
{
	if (left > 0 && --left == 0)
		raise(SIGKILL);
}

/* In place of the C library's, in this program alone. */
int
fsync(int file)
{
	step();
	return fdatasync(file);
}

int
rename(const char *from, const char *to)
{
	step();
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
renameat2(int a, const char *from, int b, const char *to, unsigned how)
{
	step();
	if (no_exchange) {
		errno = EINVAL;
		return -1;
	}
	return (int)syscall(SYS_renameat2, a, from, b, to, how);
}

int
unlink(const char *path)
{
	step();
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int
unlinkat(int in, const char *path, int how)
{
	step();
	return (int)syscall(SYS_unlinkat, in, path, how);
}

/* --- two models, told apart by each of their files --- */

static const char old_pieces[] = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n";
static const char new_pieces[] = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nb\na\n";

static void
save(bool is_new, bool history)
{
	struct config c = { .vocab = 7,
		.hidden = 2,
		.layers = 1,
		.heads = 1,
		.inner = 2,
		.positions = is_new ? 5 : 4,
		.types = 2,
		.norm_eps = 1e-12,
		.init_range = 0.02,
		.pooler = true };
	struct model *m = model_new(
	    &c, is_new ? "new.txt" : "old.txt", is_new, is_new ? 2 : 1);

	if (history)
		model_save_beside(m, "d/m");
	else
		model_save(m, "d/m");
	model_close(m);
}

static bool
equal(const char *a, const char *b)
{
	size_t n, k;
	char *x = file_load(a, &n), *y = file_load(b, &k);
	bool same = n == k && memcmp(x, y, n) == 0;

	free(x);
	free(y);
	return same;
}

/* Is d/m this model, to the last file? */
static bool
is_model(const char *name)
{
	static const char *const files[] = { "config.json", "vocab.txt",
		"tokenizer_config.json", "model.safetensors" };
	bool same = true;

	for (size_t i = 0; i < COUNT(files); i++) {
		char *a = file_join("d/m", files[i]),
		     *b = file_join(name, files[i]);

		same = same && file_exists(a) && equal(a, b);
		free(a);
		free(b);
	}
	return same;
}

/* How the new model is saved over the old. */
struct way {
	const char *name;
	bool history, no_exchange, other;
	bool may_be_none; /* may a kill leave neither? */
};

static void
begin(const struct way *w)
{
	temporary_remove_tree("d");
	file_make_directory("d");
	save(false, false);
	if (w->other)
		put_text_file("d/m/notes", "mine");
	if (w->history)
		put_text_file("d/m/log.tsv", "rows");
}

static void
replace(const struct way *w, long steps)
{
	no_exchange = w->no_exchange;
	left = steps;
	save(true, w->history);
	left = -1;
	no_exchange = false;
}

/* Killed right before each step in turn, then saved once more. */
static void
check_way(const struct way *w)
{
	size_t bad = 0, lost = 0, unfinished = 0;
	long points = 0;

	for (;; points++) {
		pid_t child;
		int status;

		begin(w);
		fflush(stdout);
		if ((child = fork()) == 0) {
			replace(w, points + 1);
			_exit(0);
		}
		waitpid(child, &status, 0);
		if (!is_model("old") && !is_model("new")) {
			lost++;
			bad += !w->may_be_none ||
			       file_exists("d/m/model.safetensors");
		}
		if (w->other && !file_exists("d/m/notes"))
			bad++;
		if (WIFEXITED(status))
			break;
		replace(w, -1);
		unfinished += !is_model("new");
	}
	printf(
	    "# %s: %ld points, %zu without a model\n", w->name, points, lost);
	CHECK_NAMED(w->name, bad == 0 && points > 8);
	CHECK_NAMED(
	    "and the next one that writes there ends well", unfinished == 0);
	CHECK_NAMED("without litter",
	    is_model("new") && system("ls -A d | grep -vx m") != 0);
}

static void
claim(const void *path)
{
	modelfolder_claim(path, false);
}

static void
check_claims(void)
{
	modelfolder_claim("old", false);
	modelfolder_claim("nowhere", false);
	put_text_file("d/m/notes", "mine");
	CHECK(refused(claim, "d/m", "d/m: holds 'notes'"));
	modelfolder_claim("d/m", true);
	unlink("d/m/notes");
	modelfolder_claim("d/m", false);
	file_make_directory("d/m/best");
	put_text_file("d/m/best/x", "mine");
	CHECK(refused(claim, "d/m", "d/m/best: holds 'x'"));
	temporary_remove_tree("d/m/best");
	put_text_file("d/m/config.json", "{\"vocab_size\": 7}");
	CHECK(refused(claim, "d/m", "d/m/config.json: no key 'mtkd'"));
}

static void
check_old(const void *seen)
{
	modelfolder_check(seen, "d/m");
}

static void
check_seen(void)
{
	struct modelfolder_seen seen;

	modelfolder_look(&seen, "old");
	modelfolder_check(&seen, "old");
	modelfolder_look(&seen, "d/m");
	save(true, false);
	CHECK(refused(check_old, &seen, "d/m: was replaced while it was read"));
}

int
main(void)
{
	static const struct way ways[] = {
		{ "a model alone", false, false, false, !EXCHANGES },
		{ "where nothing changes places", false, true, false, true },
		{ "beside a file of the user's", false, false, true, true },
		{ "beside its history", true, false, false, true },
	};
	char folder[] = "/tmp/t-whole.XXXXXX";

	own_folder(folder);
	put_text_file("old.txt", old_pieces);
	put_text_file("new.txt", new_pieces);
	save(true, false);
	CHECK(rename("d/m", "new") == 0);
	save(false, false);
	CHECK(rename("d/m", "old") == 0);
	for (size_t i = 0; i < COUNT(ways); i++)
		check_way(&ways[i]);
	begin(&ways[0]);
	check_claims();
	check_seen();
	if (chdir("/") != 0)
		abort();
	temporary_remove_tree(folder);
	return check_done();
}

#else

/* It stands in the place of the system's own calls. */
int
main(void)
{
	puts("1..0 # SKIP not Linux");
}

#endif
