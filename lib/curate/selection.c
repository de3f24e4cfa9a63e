#include "curate/selection.h"

#include <string.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/num.h"
#include "curate/stratify.h"

void
selection_check(struct selection *s)
{
	const char *fold = s->fold != NULL ? s->fold : s->not_fold;

	if (s->fold != NULL && s->not_fold != NULL)
		die_usage("--fold and --not-fold exclude each other");
	if (s->sample != NULL && !subset_parse_sample(&s->cut, s->sample))
		die_usage("--sample: '%s': expected a number of rows, or a "
			  "percentage as in 10%%",
		    s->sample);
	if (fold != NULL && !subset_parse_fold(&s->part, fold))
		die_usage("--%s: '%s': expected I/K, 1 <= I <= K, K >= 2",
		    s->fold != NULL ? "fold" : "not-fold", fold);
	if (s->stratify && fold == NULL)
		die_usage("--stratify: expected --fold or --not-fold with it");
	if (s->stratify && s->part.parts > STRATIFY_PARTS)
		die_usage("--stratify: %zu folds, expected %d at most",
		    s->part.parts, STRATIFY_PARTS);
	s->part.outside = s->not_fold != NULL;
}

static void
cut_strata(const struct selection *s, const struct gather *rows, bool *keep,
    const char *path)
{
	size_t share = gather_rows_read(rows) / s->part.parts;
	size_t largest =
	    gather_cut_strata(rows, keep, &s->part, (uint64_t)s->seed);

	if (largest > 1 && largest > share)
		warn("%s: texts tie %zu row%s together, and a fold has %zu: "
		     "folds are uneven",
		    path, largest, num_s(largest), share);
}

bool *
selection_make(
    const struct selection *s, const struct gather *rows, const char *path)
{
	size_t units = gather_units(rows);
	bool *keep = mem_alloc(units, sizeof(*keep));
	uint64_t seed = (uint64_t)s->seed;

	memset(keep, true, units * sizeof(*keep));
	if (s->stratify)
		cut_strata(s, rows, keep, path);
	else if (s->part.parts > 0)
		subset_cut_fold(keep, units, &s->part, seed);
	if (s->sample != NULL && !subset_cut_sample(keep, units, &s->cut, seed))
		die("%s: %zu %s, too few for a sample of %s", path, units,
		    gather_has_groups(rows) ? "groups" : "rows", s->sample);
	if (memchr(keep, 1, units) == NULL)
		die("%s: no %s is in that part", path,
		    gather_has_groups(rows) ? "group" : "row");
	return keep;
}

void
selection_put(FILE *out, const struct selection *s)
{
	if (s->fold != NULL)
		fprintf(out, " fold=%s", s->fold);
	if (s->not_fold != NULL)
		fprintf(out, " not_fold=%s", s->not_fold);
	if (s->stratify)
		fprintf(out, " stratify=yes");
	if (s->sample != NULL)
		fprintf(out, " sample=%s", s->sample);
	if (s->part.parts > 0 || s->sample != NULL)
		fprintf(out, " seed=%lld", s->seed);
}
