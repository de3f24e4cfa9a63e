#include "train/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/group.h"
#include "base/num.h"
#include "base/progress.h"
#include "base/temporary.h"

void
run_refuse_same(const char *init, const char *out)
{
	char *best = file_join(out, "best");

	if (strcmp(init, out) == 0 || file_same(init, out))
		die("%s: is both -i and -o", init);
	if (file_same(init, best))
		die("%s: -i lies in -o, which is about to be replaced", init);
	free(best);
}

/* A log that begins with its header, or is cut to its length of then. */
static FILE *
open_log(
    const struct run *r, const char *name, size_t bytes, const char *header)
{
	char *path = file_join(r->out, name);
	FILE *f = fopen(path, bytes > 0 ? "r+" : "w");

	if (f == NULL)
		die("%s:", path);
	if (bytes > 0 && fseek(f, 0, SEEK_END) != 0)
		die("%s:", path);
	if (bytes > 0 && ftell(f) < (long)bytes)
		die("%s: has %ld bytes, but the unfinished run had written "
		    "%zu",
		    path, ftell(f), bytes);
	if (bytes > 0 && (ftruncate(fileno(f), (off_t)bytes) != 0 ||
			     fseek(f, 0, SEEK_END) != 0))
		die("%s:", path);
	if (bytes == 0)
		fputs(header, f);
	free(path);
	return f;
}

static void
close_log(const struct run *r, FILE *f, const char *name)
{
	bool bad = fflush(f) != 0 || ferror(f) || fsync(fileno(f)) != 0;

	if (fclose(f) != 0 || bad)
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

static void
open_files(struct run *r, struct model *m, struct optimizer *o, size_t total)
{
	r->resume_path = file_join(r->out, "resume.safetensors");
	file_make_directory(r->out);
	sweep(r);
	if (!resume_load(r->resume_path, &r->identity, &r->state, m, o))
		clear(r);
	else if (!r->quiet)
		note("%s: going on after update %zu of %zu", r->out,
		    r->state.updates, total);
	r->log = open_log(r, "log.tsv", r->state.log_bytes,
	    "#mtkd log 1\nstep\tepoch\ttask\tloss\thard\tsoft\tlr\t"
	    "grad_norm\ttokens\n");
	r->dev = open_log(r, "dev.tsv", r->state.dev_bytes, r->dev_header);
}

void
run_open(struct run *r, struct model *m, struct optimizer *o, size_t total)
{
	r->state.best = -1e9;
	if (group_rank() == 0)
		open_files(r, m, o, total);
	resume_send(&r->identity, &r->state, m, o);
	r->saved = progress_clock();
}

void
run_save(struct run *r, const struct model *m, const struct optimizer *o)
{
	bool bad;

	if (group_rank() > 0 || progress_clock() - r->saved < r->save_every)
		return;
	bad = fflush(r->log) != 0 || ferror(r->log) || fflush(r->dev) != 0 ||
	      ferror(r->dev);
	if (bad || fsync(fileno(r->log)) != 0 || fsync(fileno(r->dev)) != 0)
		die("%s: log.tsv, dev.tsv:", r->out);
	r->state.log_bytes = (size_t)ftell(r->log);
	r->state.dev_bytes = (size_t)ftell(r->dev);
	resume_save(r->resume_path, &r->identity, &r->state, m, o);
	r->saved = progress_clock();
}

void
run_log(struct run *r, const struct run_row *row)
{
	char loss[NUM_TEXT], hard[NUM_TEXT], soft[NUM_TEXT] = "-";
	char rate[NUM_TEXT], norm[NUM_TEXT];

	if (group_rank() > 0)
		return;
	num_put(loss, row->loss);
	num_put(hard, row->hard);
	num_put(rate, row->rate);
	num_put(norm, row->norm);
	if (!isnan(row->soft))
		num_put(soft, row->soft);
	fprintf(r->log, "%zu\t%zu\t%s\t%s\t%s\t%s\t%s\t%s\t%zu\n", row->step,
	    row->epoch, row->task, loss, hard, soft, rate, norm, row->tokens);
}

void
run_best(struct run *r, const struct model *m, double value)
{
	char *best;

	if (value <= r->state.best)
		return;
	r->state.best = value;
	if (group_rank() > 0)
		return;
	best = file_join(r->out, "best");
	model_save(m, best);
	free(best);
}

void
run_close(struct run *r, const struct model *m, const char *recipe_text)
{
	char *path;
	struct file_out *out;

	if (group_rank() > 0)
		return;
	path = file_join(r->out, "recipe.yml");
	out = file_write(path);
	fputs(recipe_text, out->stream);
	file_commit(out);
	close_log(r, r->log, "log.tsv");
	close_log(r, r->dev, "dev.tsv");
	model_save(m, r->out);
	file_remove(r->resume_path);
	sweep(r);
	free(path);
}
