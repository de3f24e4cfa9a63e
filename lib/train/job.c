#include "train/job.h"

#include "base/die.h"
#include "model/modelfolder.h"

size_t
job_options(struct job *j, struct opt *table, const struct opt *own,
    size_t count, unsigned use)
{
	const struct opt files[] = {
		{ "init", 'i', OPT_READ, "MODEL", 0, 0, &j->init,
		    "the model to start from", false },
		{ "output", 'o', OPT_WRITE, "MODEL", 0, 0, &j->out,
		    "the model to make", false },
		{ "force", 0, OPT_FLAG, NULL, 0, 0, &j->force,
		    "also over files of other programs", false },
		{ "recipe", 'r', OPT_READ, "FILE", 0, 0, &j->recipe_path,
		    "settings, as YAML", false },
	};
	const struct opt ways[] = {
		{ "dry-run", 0, OPT_FLAG, NULL, 0, 0, &j->dry_run,
		    "print recipe and cost, train nothing", false },
		{ "quiet", 'q', OPT_FLAG, NULL, 0, 0, &j->quiet,
		    "no notes and no progress", false },
		{ "progress", 0, OPT_FLAG, NULL, 0, 0, &j->progress,
		    "progress also where stderr is no terminal", false },
	};
	size_t n = opt_append(table, 0, files, sizeof(files) / sizeof(*files));

	n = opt_append(table, n, own, count);
	n = opt_append(table, n, ways, sizeof(ways) / sizeof(*ways));
	return n + recipe_options(&j->recipe, table + n, use);
}

void
job_resolve(struct job *j, const struct opt_program *program)
{
	if (j->init == NULL || j->out == NULL)
		die_usage("needs -i MODEL and -o MODEL: %s %s", die_name(),
		    program->synopsis);
	recipe_resolve(&j->recipe, program, j->recipe_path);
	if (!j->dry_run)
		modelfolder_claim(j->out, j->force);
}
