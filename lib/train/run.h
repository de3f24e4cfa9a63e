/*
 * A training run's folder: its logs, its best model, and what an unfinished
 * run goes on from (mtkd-model(5)).  The trainers share it; what an update
 * is, they know.  Of several processes (base/process.h), rank 0 alone has
 * files; the others call the same functions.
 */
#ifndef TRAIN_RUN_H
#define TRAIN_RUN_H

#include <stdbool.h>
#include <stdio.h>

#include "model/model.h"
#include "train/optimizer.h"
#include "train/resume.h"

struct run {
	const char *out;	/* the folder */
	const char *dev_header; /* what dev.tsv begins with */
	double save_every;	/* least seconds between saves */
	bool quiet;
	bool evaluates; /* so that a best model is kept */
	bool feature;	/* log.tsv has a column for feature losses */
	struct identity identity;
	struct run_state state;
	FILE *log, *dev; /* NULL but on rank 0 */
	char *resume_path;
	size_t judged; /* length of dev.tsv before the last evaluation */
	double saved;  /* when the state was last saved */
};

/*
 * Ends the program if a run of another process writes the folder, its best or
 * the one whose best it is, naming it; not for a folder of one's own run, whose
 * lock it would lose.
 */
void run_refuse_busy(const char *out);

/*
 * Make the folder, lock log.tsv in it, which must be free as above, until the
 * run is closed, and open its logs, or go on where an unfinished run of the
 * same identity stopped: m, o and r->state are then that run's.  total is
 * how many updates there will be.
 */
void run_open(
    struct run *r, struct model *m, struct optimizer *o, size_t total);

/* Save the state; or only if the last save is save_every seconds ago. */
void run_keep(struct run *r, const struct model *m, struct optimizer *o);
void run_save(struct run *r, const struct model *m, struct optimizer *o);

/* One row of log.tsv; soft may be NaN: "-". */
struct run_row {
	size_t step, epoch; /* from 1 */
	const char *task;
	double loss, hard, soft, feature, rate, norm;
	size_t tokens;
};
void run_log(struct run *r, const struct run_row *row);

/*
 * An evaluation, written to dev, begins; and what it came to: m is kept in
 * best/ if that is the highest so far.  Where it cannot be written the state is
 * saved as it was when that began, if it can be, and the program ends.
 */
void run_judge(struct run *r);
void run_best(
    struct run *r, const struct model *m, struct optimizer *o, double value);

/*
 * Close the logs and write recipe.yml and the model, which ends the run.
 * Where that fails the state is saved, if it can be, and the program ends.
 */
void run_close(struct run *r, const struct model *m, struct optimizer *o,
    const char *recipe_text);

#endif
