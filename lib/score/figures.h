/*
 * Which figures of a task's predictions are asked for: metrics, and what is
 * known of each class.
 */
#ifndef SCORE_FIGURES_H
#define SCORE_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

#include "corpus/task.h"
#include "metric/resample.h"
#include "metric/rows.h"

struct figures {
	size_t metrics;
	enum metric metric[METRIC_COUNT];
	bool probabilities;		 /* a metric takes them */
	size_t classes;			 /* 0: no figures of each class */
	size_t curves;			 /* of each class, too: */
	enum metric curve[METRIC_COUNT]; /* metrics of one class */
	size_t count; /* of all figures: the metrics, then the classes' */
	char **name;  /* [count], as mtkd-scores(5) has them */
};

/*
 * Of each class, in this order, of which support alone is no share; then its
 * curves.
 */
enum figure {
	FIGURE_PRECISION,
	FIGURE_RECALL,
	FIGURE_F1,
	FIGURE_SUPPORT,
	FIGURES /* of one class, without curves */
};

/*
 * list, "NAME,NAME...", names the metrics, "all" those that suit the task;
 * NULL: the task's own.  A name that is not known is a mistake in the command
 * line; a metric that does not suit the task ends the program, as do figures
 * of each class where answers are no classes.  With classes the list's
 * metrics of one class are taken of each class, and may be such as suit two
 * classes alone.
 */
struct figures figures_choose(
    const struct task *t, const char *list, bool classes);
void figures_free(struct figures *f);

/* value [count] overwritten; nan: undefined. */
void figures_values(
    double *value, const struct figures *f, const struct rows *r);

/* Whether it is a count, which has no interval. */
bool figures_is_count(const struct figures *f, size_t i);

/*
 * out [count] overwritten: intervals by the bootstrap, in which all rows are
 * drawn with replacement (Efron 1979), the same ones for all figures.  A pure
 * function of the seed, whatever the number of threads.
 */
void figures_intervals(struct interval *out, const struct figures *f,
    const struct rows *r, const struct resampling *set);

#endif
