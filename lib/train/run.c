#define _XOPEN_SOURCE 700 /* realpath */
#include "train/run.h"

#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/process.h"
#include "base/lock.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/progress.h"
#include "base/temporary.h"

/* Lower than any value. */
static const double NO_BEST = -1e9;

static _Noreturn void
refuse_second(const char *out, long holder)
{
	if (holder > 0)
		die("%s: being trained by process %ld", out, holder);
	die("%s: being trained by another process", out);
}

/* One that was killed takes some time to end: look again for a while. */
enum { LOOKS = 20 };

static void
pause_between(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 50000000 }, NULL);
}

/* Is a folder free, but for a run of this process's own? */
static void
refuse_busy(const char *folder)
{
	char *log = file_join(folder, "log.tsv");
	long holder;

	for (int i = 0; (holder = lock_holder(log)) != 0; i++) {
		if (i == LOOKS)
			refuse_second(folder, holder);
		pause_between();
	}
	free(log);
}

/* The folder whose best model is in out, or would be; NULL: none. */
static char *
owner_of(const char *out)
{
	char *path = realpath(out, NULL), *last, *owner = NULL;
	size_t n;

	if (path == NULL)
		path = mem_string(out);
	for (n = strlen(path); n > 1 && path[n - 1] == '/'; n--)
		path[n - 1] = '\0';
	last = strrchr(path, '/');
	if (strcmp(last != NULL ? last + 1 : path, "best") == 0)
		owner = file_directory(path);
	free(path);
	return owner;
}

/* A run keeps its best model in a folder of its own, which it replaces. */
static void
refuse_related(const char *out)
{
	char *best = file_join(out, "best"), *owner = owner_of(out);

	refuse_busy(best);
	if (owner != NULL)
		refuse_busy(owner);
	free(best);
	free(owner);
}

void
run_refuse_busy(const char *out)
{
	if (process_rank() > 0) /* the first may have locked it by now */
		return;
	refuse_busy(out);
	refuse_related(out);
}

/* Keep others out; of two that begin at once one finds the other. */
static void
lock(const struct run *r)
{
	long holder;

	for (int i = 0; (holder = lock_take(fileno(r->log))) != 0; i++) {
		if (i == LOOKS)
			refuse_second(r->out, holder);
		pause_between();
	}
	refuse_related(r->out);
}

/* Open as it is, or new. */
static FILE *
open_log(const struct run *r, const char *name)
{
	char *path = file_join(r->out, name);
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	FILE *f = file >= 0 ? fdopen(file, "r+") : NULL;

	/* a line is there to be looked at once it is written */
	if (f == NULL || setvbuf(f, NULL, _IOLBF, BUFSIZ) != 0)
		die("%s:", path);
	free(path);
	return f;
}

/* What the unfinished run had written must be there. */
static void
check_length(const struct run *r, FILE *f, const char *name, size_t bytes)
{
	if (fseek(f, 0, SEEK_END) != 0)
		die("%s/%s:", r->out, name);
	if (ftell(f) < (long)bytes)
		die("%s/%s: has %ld bytes, but the unfinished run had written "
		    "%zu",
		    r->out, name, ftell(f), bytes);
}

/* Begin with the header, or cut to the length of then. */
static void
cut_log(const struct run *r, FILE *f, const char *name, size_t bytes,
    const char *header)
{
	check_length(r, f, name, bytes);
	if (ftruncate(fileno(f), (off_t)bytes) != 0 ||
	    fseek(f, 0, SEEK_END) != 0)
		die("%s/%s:", r->out, name);
	if (bytes == 0)
		fputs(header, f);
}

/* A row of log.tsv, up to its line's end: its first and its last number. */
static bool
row_numbers(char *line, long long *step, long long *tokens)
{
	char *first = strchr(line, '\t'), *last = strrchr(line, '\t');

	if (first == NULL)
		return false;
	*first = '\0';
	return num_int(line, 1, LLONG_MAX, step) &&
	       num_int(last + 1, 0, LLONG_MAX, tokens);
}

/* The rows must be those of the updates that the state counts. */
static void
check_log(const struct run *r)
{
	const struct run_state *s = &r->state;
	char *line = NULL;
	size_t room = 0, rows = 0, tokens = 0, at = 0;
	long long step, some;
	bool good = true;
	ssize_t n;

	check_length(r, r->log, "log.tsv", s->log_bytes);
	rewind(r->log);
	for (size_t i = 0; good && at < s->log_bytes &&
			   (n = getline(&line, &room, r->log)) > 0;
	     i++, at += (size_t)n) {
		line[n - 1] = '\0';
		if (i < 2) /* provenance and header */
			continue;
		good =
		    row_numbers(line, &step, &some) && (size_t)step == ++rows;
		tokens += good ? (size_t)some : 0;
	}
	free(line);
	if (!good || at != s->log_bytes || rows != s->updates ||
	    tokens != s->tokens)
		die("%s: %zu update%s of %zu token%s, but its log.tsv has "
		    "others",
		    r->resume_path, s->updates, num_s(s->updates), s->tokens,
		    num_s(s->tokens));
}

/* To the disk. */
static void
end_log(const struct run *r, FILE *f, const char *name)
{
	if (fflush(f) != 0 || ferror(f) || fsync(fileno(f)) != 0)
		die("%s/%s:", r->out, name);
}

/* What an earlier run left must not pass for this one's. */
static void
clear(const struct run *r)
{
	char *model = file_join(r->out, "model.safetensors");
	char *best = file_join(r->out, "best");

	file_remove(model);
	model_remove(best);
	free(model);
	free(best);
}

/* At the end again: what was killed just before may not have been gone yet. */
static void
sweep(const struct run *r)
{
	char *best = file_join(r->out, "best");

	temporary_sweep(r->out);
	temporary_sweep(best);
	free(best);
}

/* Nobody could make it again. */
static void
check_best(const struct run *r)
{
	char *best = file_join(r->out, "best/model.safetensors");

	if (r->state.best > NO_BEST && !file_exists(best))
		die("%s: is not there, but the unfinished run had made it",
		    best);
	free(best);
}

static void
say_resumed(const struct run *r, size_t total)
{
	char done[NUM_TEXT], all[NUM_TEXT];

	if (!r->quiet)
		note("%s: resumes at update %s of %s", r->out,
		    num_grouped(done, r->state.updates),
		    num_grouped(all, total));
}

/*
 * A disk that cannot take the model is found before it is trained.  The state
 * is larger, but a run may be over before it is saved.
 */
static void
check_room(const struct run *r, const struct model *m)
{
	size_t models = r->evaluates ? 2 : 1; /* the last and the best */
	size_t want = models * model_file_bytes(m), there = file_room(r->out);
	char room[NUM_TEXT], wanted[NUM_TEXT];

	if (there < want)
		die("%s: room for %s bytes, expected %s for %s", r->out,
		    num_grouped(room, there), num_grouped(wanted, want),
		    models > 1 ? "the model and the best one" : "the model");
}

static void
open_files(struct run *r, struct model *m, struct optimizer *o, size_t total)
{
	r->resume_path = file_join(r->out, "resume.safetensors");
	file_make_directory(r->out);
	r->log = open_log(r, "log.tsv");
	lock(r);
	if (resume_load(r->resume_path, &r->identity, total, &r->state, m, o)) {
		check_log(r);
		check_best(r);
		say_resumed(r, total);
	} else {
		clear(r);
	}
	sweep(r);
	check_room(r, m);
	r->dev = open_log(r, "dev.tsv");
	cut_log(r, r->log, "log.tsv", r->state.log_bytes,
	    r->feature ? "#mtkd log 1\nstep\tepoch\ttask\tloss\thard\tsoft\t"
			 "feature\tlr\tgrad_norm\ttokens\n"
		       : "#mtkd log 1\nstep\tepoch\ttask\tloss\thard\tsoft\t"
			 "lr\tgrad_norm\ttokens\n");
	cut_log(r, r->dev, "dev.tsv", r->state.dev_bytes, r->dev_header);
}

void
run_open(struct run *r, struct model *m, struct optimizer *o, size_t total)
{
	r->state.best = NO_BEST;
	if (process_rank() == 0)
		open_files(r, m, o, total);
	resume_send(&r->identity, &r->state, m, o);
	r->saved = progress_clock();
}

void
run_keep(struct run *r, const struct model *m, struct optimizer *o)
{
	bool bad;

	if (process_rank() > 0)
		return;
	bad = fflush(r->log) != 0 || ferror(r->log) || fflush(r->dev) != 0 ||
	      ferror(r->dev);
	if (bad || fsync(fileno(r->log)) != 0 || fsync(fileno(r->dev)) != 0)
		die("%s: log.tsv, dev.tsv:", r->out);
	r->state.log_bytes = (size_t)ftell(r->log);
	r->state.dev_bytes = (size_t)ftell(r->dev);
	optimizer_settle(o);
	resume_save(r->resume_path, &r->identity, &r->state, m, o);
	r->saved = progress_clock();
}

void
run_save(struct run *r, const struct model *m, struct optimizer *o)
{
	if (progress_clock() - r->saved >= r->save_every)
		run_keep(r, m, o);
}

void
run_log(struct run *r, const struct run_row *row)
{
	char loss[NUM_TEXT], hard[NUM_TEXT], soft[NUM_TEXT] = "-";
	char rate[NUM_TEXT], norm[NUM_TEXT], feature[NUM_TEXT + 1] = "";

	if (process_rank() > 0)
		return;
	num_put(loss, row->loss);
	num_put(hard, row->hard);
	num_put(rate, row->rate);
	num_put(norm, row->norm);
	if (!isnan(row->soft))
		num_put(soft, row->soft);
	if (r->feature) {
		feature[0] = '\t';
		num_put(feature + 1, row->feature);
	}
	/* a line is written at once, or never: no need to train on for it */
	if (fprintf(r->log, "%zu\t%zu\t%s\t%s\t%s\t%s%s\t%s\t%s\t%zu\n",
		row->step, row->epoch, row->task, loss, hard, soft, feature,
		rate, norm, row->tokens) < 0)
		die("%s/log.tsv:", r->out);
}

/* Something that could not be written; the program goes on for a while. */
struct failure {
	jmp_buf place;
};

static void
go_on(int status, const char *text, void *place)
{
	struct failure *f = place;

	(void)status;
	fprintf(stderr, "%s\n", text);
	longjmp(f->place, 1);
}

/* Keep what was learnt all the same, if that can be, and tell how to go on. */
static _Noreturn void
fail(struct run *r, const struct model *m, struct optimizer *o,
    struct failure *f)
{
	char done[NUM_TEXT];

	num_grouped(done, r->state.updates);
	if (setjmp(f->place) == 0) {
		run_keep(r, m, o);
		die_catch(NULL, NULL);
		die("%s: all up to update %s is kept; with that mended, the "
		    "same command goes on from there",
		    r->out, done);
	}
	die_catch(NULL, NULL);
	die("%s: what its %s update%s came to cannot be kept, either; with "
	    "that mended, the same command %s",
	    r->out, done, num_s(r->state.updates),
	    file_exists(r->resume_path) ? "goes on where it was saved last"
					: "begins anew");
}

void
run_judge(struct run *r)
{
	r->state.unjudged = true;
	if (r->dev != NULL)
		r->judged = (size_t)ftell(r->dev);
}

/* As if the evaluation had not been made. */
static void
unjudge(struct run *r)
{
	(void)fflush(r->dev);
	(void)ftruncate(fileno(r->dev), (off_t)r->judged);
	(void)fseek(r->dev, (long)r->judged, SEEK_SET);
}

static void
write_best(const struct run *r, const struct model *m, bool better)
{
	char *best = file_join(r->out, "best");

	if (fflush(r->dev) != 0)
		die("%s/dev.tsv:", r->out);
	if (better)
		model_save(m, best);
	free(best);
}

void
run_best(
    struct run *r, const struct model *m, struct optimizer *o, double value)
{
	bool better = value > r->state.best;
	struct failure f;

	if (process_rank() == 0) {
		die_catch(go_on, &f);
		if (setjmp(f.place) != 0) {
			unjudge(r);
			fail(r, m, o, &f);
		}
		write_best(r, m, better);
		die_catch(NULL, NULL);
	}
	r->state.unjudged = false;
	if (!better)
		return;
	r->state.best = value;
	r->state.best_at = r->state.updates;
}

static void
write_model(struct run *r, const struct model *m, const char *recipe_text)
{
	char *path = file_join(r->out, "recipe.yml");
	struct file_out *out = file_write(path);

	fputs(recipe_text, out->stream);
	file_commit(out);
	end_log(r, r->log, "log.tsv");
	end_log(r, r->dev, "dev.tsv");
	model_save_beside(m, r->out);
	free(path);
}

void
run_close(struct run *r, const struct model *m, struct optimizer *o,
    const char *recipe_text)
{
	struct failure f;

	if (process_rank() > 0)
		return;
	optimizer_settle(o);
	die_catch(go_on, &f);
	if (setjmp(f.place) != 0)
		fail(r, m, o, &f);
	write_model(r, m, recipe_text);
	die_catch(NULL, NULL);
	file_remove(r->resume_path);
	sweep(r);
	fclose(r->dev);
	fclose(r->log); /* and so gives back its lock */
}
