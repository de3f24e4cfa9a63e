#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/apart.h"
#include "base/die.h"
#include "base/file.h"
#include "base/opt.h"
#include "score/average.h"
#include "score/contradict.h"
#include "score/softstats.h"
#include "score/tally.h"

struct settings {
	const char *weights, *output;
	struct softitem_gold gold;
	const char *task, *split;
	struct tally_columns column;
	bool stats, contradictions, votes, probabilities, logs, csv, jsonl;
	bool missing;
	long long bins;
	const char *const *path;
	size_t count;
};

static void
check_tally(const struct settings *s)
{
	int forms = s->votes + s->probabilities + s->logs;
	bool look = s->stats || s->bins > 0 || s->contradictions;
	const struct tally_columns *c = &s->column;

	if (forms > 1 || s->csv + s->jsonl > 1)
		die_usage("give one of --votes, --probabilities, "
			  "--log-probabilities, and one of --csv, --jsonl");
	if (forms == 0 && (s->csv || s->jsonl || c->id != NULL ||
			      s->task != NULL || s->split != NULL))
		die_usage("-t, -s, --csv, --jsonl, --id-column go with "
			  "--votes and --probabilities");
	if (!s->votes &&
	    (c->label != NULL || c->weight != NULL || c->voter != NULL))
		die_usage("--label-column, --weight-column, --voter-column go "
			  "with --votes");
	if (look && (forms > s->votes || s->missing))
		die_usage("--stats, --bins and --contradictions look at "
			  "tables of predictions that have the same ids");
	if (s->votes && (s->bins > 0 || s->gold.path != NULL))
		die_usage("--bins and --gold look at tables of predictions; "
			  "make soft targets of the votes first");
}

static void
parse(struct settings *s, int argc, char **argv)
{
	struct opt table[] = {
		{ .name = "weights",
		    .letter = 'w',
		    .kind = OPT_STRING,
		    .arg = "W1,W2,...",
		    .value = &s->weights,
		    .doc = "one weight a table, scaled to sum to 1" },
		{ .name = "output",
		    .letter = 'o',
		    .kind = OPT_WRITE,
		    .arg = "FILE",
		    .value = &s->output,
		    .doc = "write FILE in place of stdout" },
		{ "stats", 0, OPT_FLAG, NULL, 0, 0, &s->stats,
		    "print statistics of the mean, not the mean", false },
		{ .name = "bins",
		    .kind = OPT_INT,
		    .arg = "N",
		    .max = 1000,
		    .value = &s->bins,
		    .doc = "print histograms of N bins, not the mean" },
		{ "contradictions", 0, OPT_FLAG, NULL, 0, 0, &s->contradictions,
		    "print the rows whose label the mean contradicts", false },
		{ .name = "gold",
		    .kind = OPT_READ,
		    .arg = "GOLD",
		    .value = &s->gold.path,
		    .doc = "with these: labels, of a pack or of examples" },
		{ "votes", 0, OPT_FLAG, NULL, 0, 0, &s->votes,
		    "of rows id, label, perhaps weight: a vote each", false },
		{ "probabilities", 0, OPT_FLAG, NULL, 0, 0, &s->probabilities,
		    "of rows id and a number a label", false },
		{ "log-probabilities", 0, OPT_FLAG, NULL, 0, 0, &s->logs,
		    "the same of their natural logarithms", false },
		{ "csv", 0, OPT_FLAG, NULL, 0, 0, &s->csv,
		    "these are CSV, whatever they look like", false },
		{ "jsonl", 0, OPT_FLAG, NULL, 0, 0, &s->jsonl,
		    "these are JSON lines", false },
		{ "id-column", 0, OPT_STRING, "C", 0, 0, &s->column.id,
		    "the column of their ids, in place of id", false },
		{ "label-column", 0, OPT_STRING, "C", 0, 0, &s->column.label,
		    "that of votes, in place of label", false },
		{ "weight-column", 0, OPT_STRING, "C", 0, 0, &s->column.weight,
		    "that of their weights, in place of weight", false },
		{ "voter-column", 0, OPT_STRING, "C", 0, 0, &s->column.voter,
		    "that of who votes, in place of voter", false },
		{ "task", 't', OPT_STRING, "TASK", 0, 0, &s->task,
		    "the task that these are of", false },
		{ "split", 's', OPT_STRING, "SPLIT", 0, 0, &s->split,
		    "the split that these are of", false },
		{ "missing-ids", 0, OPT_FLAG, NULL, 0, 0, &s->missing,
		    "a file may lack ids of others", false },
		{ "tasks", 0, OPT_READ, "FILE", 0, 0, &s->gold.tasks,
		    "look for the task there first", false },
	};
	struct opt_program program = {
		.purpose = "average predictions into soft targets",
		.synopsis = "[-w W1,W2,...] [-o FILE] "
			    "[--missing-ids]\n"
			    "\t[--stats | --bins N | --contradictions]\n"
			    "\t[--gold GOLD [--tasks FILE]] PRED [PRED...]\n"
			    "\t--votes | --probabilities | "
			    "--log-probabilities\n"
			    "\t[-t TASK [--tasks FILE]] [-s SPLIT] [options] "
			    "FILE [FILE...]",
		.table = table,
		.count = sizeof(table) / sizeof(table[0]),
		.min_operands = 1,
		.max_operands = SIZE_MAX,
	};

	s->count = opt_parse(&program, argc, argv);
	s->path = (const char *const *)argv + 1;
	check_tally(s);
	if (s->stats + (s->bins > 0) + s->contradictions > 1)
		die_usage("give one of --stats, --bins, --contradictions");
	if (s->gold.path != NULL && !s->stats && s->bins == 0 &&
	    !s->contradictions)
		die_usage("--gold needs --stats, --bins or --contradictions");
	if (s->gold.path == NULL && s->contradictions && !s->votes)
		die_usage("--contradictions needs --gold");
	if (s->gold.path == NULL && s->gold.tasks != NULL && s->task == NULL)
		die_usage("--tasks needs --gold or -t TASK");
}

/* What is asked for in place of the mean. */
static void
look(FILE *out, const struct settings *s, const double *weight)
{
	const char *gold = s->gold.path;
	struct softitems *t;

	/* a pipe is empty by the time that its texts are read */
	if (s->contradictions &&
	    (strcmp(gold, "-") == 0 ||
		(file_exists(gold) && !file_is_directory(gold) &&
		    !file_is_regular(gold))))
		die("%s: a pipe, but labels and then texts are read: expected "
		    "a file",
		    file_name(gold));
	t = softitem_open(s->path, s->count, weight, &s->gold);

	if (s->stats)
		softstats_print(out, t);
	else if (s->contradictions)
		contradict_print(out, t, &s->gold);
	else
		softstats_bins(out, t, (size_t)s->bins);
	softitem_close(t);
}

static void
mean(FILE *out, const struct settings *s, const double *weight)
{
	struct tally_options o = { .file = s->csv     ? RAW_CSV + 1
					   : s->jsonl ? RAW_JSONL + 1
						      : 0,
		.form = s->votes	   ? TALLY_VOTES
			: s->probabilities ? TALLY_PROBABILITIES
			: s->logs	   ? TALLY_LOGS
					   : TALLY_NONE,
		.look = s->stats	    ? TALLY_VOTERS
			: s->contradictions ? TALLY_DISSENT
					    : TALLY_MEAN,
		.column = s->column,
		.task =
		    s->task != NULL ? task_find(s->task, s->gold.tasks) : NULL,
		.split = s->split,
		.missing = s->missing };

	if (o.form != TALLY_NONE)
		tally_write(out, s->path, s->count, weight, &o);
	else if (s->missing)
		tally_tables(out, s->path, s->count, weight);
	else
		average_tables(out, s->path, s->count, weight);
}

static void
copy(FILE *to, FILE *from)
{
	char block[65536];
	size_t n;

	if (fflush(from) != 0 || fseek(from, 0, SEEK_SET) != 0)
		file_scratch_failed(NULL);
	while ((n = fread(block, 1, sizeof(block), from)) > 0)
		fwrite(block, 1, n, to);
	if (ferror(from))
		file_scratch_failed(NULL);
}

int
main(int argc, char **argv)
{
	struct settings s = { 0 };
	struct file_out *out;
	double *weight;
	FILE *whole;
	bool in_place;

	die_program(argv[0]);
	parse(&s, argc, argv);
	weight = average_weights(s.weights, s.count);
	apart_once(
	    s.path, s.count, "it would count as two members; -w weighs one");
	out = file_write(s.output);
	/* A table cut by an error would look whole: it is kept back. */
	in_place = out->path == NULL || out->in_place;
	whole = in_place ? file_scratch(NULL) : out->stream;
	if (!s.votes && (s.stats || s.contradictions || s.bins > 0))
		look(whole, &s, weight);
	else
		mean(whole, &s, weight);
	if (in_place) {
		copy(out->stream, whole);
		fclose(whole);
	}
	file_commit(out);
	free(weight);
	file_finish();
	return 0;
}
