/*
 * Recipes: defaults, files and options in their order, the text that is
 * written, and the mixture over a run.
 */
#include "check.h"
#include "counted.h"
#include "refused.h"

#include "base/buf.h"
#include "base/conf.h"
#include "train/recipe.h"

enum { MOST_ARGS = 12 };

/* A recipe as a command line makes it. */
struct made {
	struct recipe recipe;
	struct opt table[RECIPE_ROWS];
	struct opt_program program;
};

static void
make(struct made *m, bool soft, const char *file, const char *const *args)
{
	static char words[MOST_ARGS][64];
	char *argv[MOST_ARGS + 1] = { words[0] };
	int argc = 1;

	*m = (struct made){ 0 };
	snprintf(words[0], sizeof(words[0]), "test");
	for (; args != NULL && args[argc - 1] != NULL; argc++) {
		snprintf(words[argc], sizeof(words[0]), "%s", args[argc - 1]);
		argv[argc] = words[argc];
	}
	recipe_start(&m->recipe);
	m->program = (struct opt_program){ "test", "", m->table, 0, 0, 0 };
	m->program.count = recipe_options(
	    &m->recipe, m->table, soft ? RECIPE_DISTIL : RECIPE_FINETUNE);
	opt_parse(&m->program, argc, argv);
	recipe_resolve(&m->recipe, &m->program, file);
}

static void
test_defaults(void)
{
	struct made m;
	const struct recipe *r = &m.recipe;

	make(&m, true, NULL, NULL);
	CHECK(m.program.count <= RECIPE_ROWS);
	CHECK(r->learning_rate == 5e-5 && r->warmup == 0.1 && r->clip == 1);
	CHECK(r->batch_size == 32 && r->epochs == 5 && r->accumulate == 1);
	CHECK(r->dropout == 0.1 && r->head_dropout == 0.1);
	CHECK(r->optimizer == ADAMAX && r->schedule == SCHEDULE_TRIANGLE);
	CHECK(r->mix.kind == MIX_CONST && r->mix.value == 0.5);
	CHECK(r->temperature == 1 && r->soft_loss == SOFT_CE);
	CHECK(r->sampling == 1 && r->max_length == 512 && r->seed == 1);
	CHECK(recipe_task(r, "cola").weight == 1);
	CHECK(recipe_task(r, "cola").dropout == 0.1);
	CHECK(recipe_task(r, "cola").head == HEAD_LINEAR);
}

/* Option over recipe over default; an option overrides single tasks too. */
static void
test_order(void)
{
	static const char *const args[] = { "--epochs", "7", "--head-dropout",
		"0.4", NULL };
	struct made m;
	const struct recipe *r = &m.recipe;

	put_text_file("r.yml", "epochs: 3\nbatch-size: 8\nloss-sum: true\n"
			       "optimizer: bert-adam\nmix: anneal\n"
			       "tasks:\n"
			       "  mnli: {dropout: 0.3, weight: 2, head: san}\n"
			       "  cola: {dropout: 0.05}\n");
	make(&m, true, "r.yml", NULL);
	CHECK(r->epochs == 3 && r->batch_size == 8 && r->loss_sum);
	CHECK(r->optimizer == BERT_ADAM && r->mix.kind == MIX_ANNEAL);
	CHECK(recipe_task(r, "mnli").dropout == 0.3);
	CHECK(recipe_task(r, "cola").dropout == 0.05);
	CHECK(recipe_task(r, "rte").dropout == 0.1);
	CHECK(recipe_task(r, "mnli").weight == 2 &&
	      recipe_task(r, "cola").weight == 1);
	CHECK(recipe_task(r, "mnli").head == HEAD_SAN);
	CHECK(recipe_task(r, "cola").head == HEAD_LINEAR);
	make(&m, true, "r.yml", args);
	CHECK(r->epochs == 7 && r->batch_size == 8);
	CHECK(recipe_task(r, "mnli").dropout == 0.4);
	make(&m, false, "r.yml", NULL);
	CHECK_NAMED("a trainer without soft targets passes over mix",
	    r->epochs == 3 && r->mix.kind == MIX_CONST);
}

/* What is written reads back as the same, and leaves out what is silent. */
static void
test_text(void)
{
	static const char *const args[] = { "--learning-rate", "3e-4",
		"--threads", "3", "--save-every", "9", "--recompute", NULL };
	struct made m, again;
	char *text, *back;

	make(&m, true, "r.yml", args);
	text = m.recipe.text;
	put_text_file("again.yml", text);
	make(&again, true, "again.yml", NULL);
	back = again.recipe.text;
	CHECK_TEXT(back, text);
	CHECK(strstr(text, "learning-rate: 0.0003\n") != NULL);
	CHECK(strstr(text, "epochs: 3\n") != NULL);
	CHECK(strstr(text, "mix: anneal\n") != NULL);
	CHECK(strstr(text, "threads") == NULL);
	CHECK(strstr(text, "save-every") == NULL);
	CHECK(strstr(text, "recompute") == NULL);
	CHECK(strstr(text, "  mnli: {head: san, dropout: 0.3, weight: 2}\n") !=
	      NULL);
}

/* Names as another's recipe may have them: what is written reads back. */
static void
test_names(void)
{
	static const char *const names[] = { "cola", "x: y", "a#b", "- c", "",
		"a \"b\" \\c", "null", "Yes", "12", "1.5", "{d}", "e, f", "*g",
		"&h", "!i", "%j", "@k", "'l'", "m\tn", "o\np", " q ",
		"\xe6\x97\xa5", "\xc2\x85r", "\xe2\x80\xa8s", "\xef\xbb\xbft",
		"u:", "v-w_x.y",
		"longer-than-a-name-of-a-task-has-ever-been-and-longer-than-"
		"the-128-bytes-that-are-written-on-one-line-with-what-they-"
		"stand-for, and no word" };
	struct buf b = { 0 };
	struct made m, again;
	bool same = true;

	buf_text(&b, "tasks:\n");
	for (size_t i = 0; i < COUNT(names); i++) {
		buf_text(&b, "  ? ");
		conf_put_json(&b, names[i]);
		buf_print(&b, "\n  : {weight: %zu}\n", i);
	}
	put_text_file("names.yml", buf_string(&b));
	make(&m, true, "names.yml", NULL);
	put_text_file("again.yml", m.recipe.text);
	make(&again, true, "again.yml", NULL);
	CHECK(again.recipe.tasks == COUNT(names));
	for (size_t i = 0; i < again.recipe.tasks; i++)
		same = same && again.recipe.task[i].weight == (double)i &&
		       strcmp(again.recipe.task[i].name,
			   m.recipe.task[i].name) == 0;
	CHECK_NAMED("every name reads back", same);
	CHECK_TEXT(again.recipe.text, m.recipe.text);
	CHECK_NAMED("a plain name stands plain",
	    strstr(m.recipe.text, "\n  cola: {") != NULL &&
		strstr(m.recipe.text, "\n  v-w_x.y: {") != NULL);
	CHECK_NAMED("others in quotes",
	    strstr(m.recipe.text, "\n  \"x: y\": {") != NULL &&
		strstr(m.recipe.text, "\n  \"null\": {") != NULL &&
		strstr(m.recipe.text, "\n  \"12\": {") != NULL);
	buf_free(&b);
}

static size_t
comparisons(size_t tasks)
{
	struct buf b = { 0 };
	struct made m;

	buf_text(&b, "tasks:\n");
	for (size_t i = 0; i < tasks; i++)
		buf_print(&b, "  task%zu: {weight: 2}\n", i * 7919 % tasks);
	put_text_file("many.yml", buf_string(&b));
	compared = 0;
	make(&m, true, "many.yml", NULL);
	CHECK(m.recipe.tasks == tasks);
	buf_free(&b);
	return compared;
}

static double
hard_at(const char *mix, size_t step, double *sum)
{
	const char *const args[] = { "--mix", mix, NULL };
	struct made m;
	double hard, soft;

	make(&m, true, NULL, args);
	mix_weights(&m.recipe.mix, step, 8, &hard, &soft);
	*sum = hard + soft;
	return hard;
}

/* Updates 0, 2, 4 and 7 of 8. */
static void
test_mix(void)
{
	static const struct {
		const char *mix;
		double hard[4], sum;
	} rows[] = {
		{ "const:0.25", { 0.25, 0.25, 0.25, 0.25 }, 1 },
		{ "const:0", { 0, 0, 0, 0 }, 1 },
		{ "const:1", { 1, 1, 1, 1 }, 1 },
		{ "anneal", { 0, 0.25, 0.5, 0.875 }, 1 },
		{ "anneal:linear", { 0, 0.25, 0.5, 0.875 }, 1 },
		{ "anneal:cosine", { 0, 0.14644661, 0.5, 0.96193977 }, 1 },
		{ "step:2", { 0, 0, 1, 1 }, 1 },
		{ "step:3", { 0, 0, 0.5, 1 }, 1 },
		{ "sum", { 1, 1, 1, 1 }, 2 },
	};
	static const size_t steps[] = { 0, 2, 4, 7 };

	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t k = 0; k < COUNT(steps); k++) {
			double sum;

			CHECK_NEAR(rows[i].mix,
			    hard_at(rows[i].mix, steps[k], &sum),
			    rows[i].hard[k], 1e-7);
			CHECK_NEAR("hard and soft", sum, rows[i].sum, 1e-12);
		}
}

static void
read_bad(const void *state)
{
	struct made m;

	put_text_file("bad.yml", state);
	make(&m, true, "bad.yml", NULL);
}

static void
test_refused(void)
{
	static const char *const rows[][2] = {
		{ "speed: 1\n", "bad.yml:1: unknown key 'speed'" },
		{ "epochs: 1\nepochs: 2\n", "bad.yml:2" },
		{ "epochs: 0\n", "bad.yml:1: epochs: '0'" },
		{ "epochs: [1]\n", "bad.yml:1: epochs: expected one value" },
		{ "\nwarmup: 1.5\n", "bad.yml:2: warmup: '1.5'" },
		{ "optimizer: sgd\n", "bad.yml:1: optimizer: 'sgd'" },
		{ "mix: half\n", "bad.yml:1: mix: 'half': expected const:A" },
		{ "- epochs\n",
		    "bad.yml: this is plain text, expected a recipe" },
		{ "tasks: 3\n", "bad.yml:1: tasks: expected a map" },
		{ "tasks:\n  cola: 3\n", "bad.yml:2: task cola: expected" },
		{ "tasks:\n  cola: {head: tree}\n", "bad.yml:2: task cola" },
		{ "tasks:\n  cola: {lr: 3}\n", "bad.yml:2: task cola: key" },
		{ "output: x\n", "bad.yml:1: unknown key 'output'" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_NAMED(
		    rows[i][1], refused(read_bad, rows[i][0], rows[i][1]));
}

int
main(void)
{
	static const char *const files[] = { "r.yml", "again.yml", "bad.yml",
		"names.yml", "many.yml" };
	char folder[] = "/tmp/mtkd-recipe-XXXXXX";

	own_folder(folder);
	test_defaults();
	test_order();
	test_text();
	test_names();
	check_linear(
	    comparisons, "twice the tasks, about twice the comparisons");
	test_mix();
	test_refused();
	remove_folder(folder, files, COUNT(files));
	return check_done();
}
