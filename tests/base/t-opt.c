/*
 * opt: every kind of option in every spelling, and every mistake.
 */
#include "check.h"

#include "base/opt.h"
#include "refused.h"

struct values {
	bool flag, other;
	const char *text;
	struct opt_list list;
	long long whole;
	double number;
	int word;
};

enum { ROWS = 7, MOST = 16 };

static void
table_of(struct opt table[ROWS], struct values *v)
{
	*v = (struct values){ .whole = 5, .number = 0.5, .word = 1 };
	table[0] = (struct opt){ "flag", 'f', OPT_FLAG, NULL, 0, 0, &v->flag,
		"a flag", false };
	table[1] = (struct opt){ "text", 't', OPT_STRING, "TEXT", 0, 0,
		&v->text, "some text", false };
	table[2] = (struct opt){ "item", 'i', OPT_LIST, "ITEM", 0, 0, &v->list,
		"items", false };
	table[3] = (struct opt){ "whole", 'n', OPT_INT, "N", -3, 9, &v->whole,
		"a whole number", false };
	table[4] = (struct opt){ "number", 'x', OPT_REAL, "X", 0, 1, &v->number,
		"a number", false };
	table[5] = (struct opt){ "word", 0, OPT_WORD, "one|two|three", 0, 0,
		&v->word, "a word", false };
	table[6] = (struct opt){ NULL, 'g', OPT_FLAG, NULL, 0, 0, &v->other,
		"a flag without a long name", false };
}

static struct opt_program
program_of(struct opt *table)
{
	return (
	    struct opt_program){ "a purpose", "[-f] A [B]", table, ROWS, 1, 2 };
}

/* A command line in one string, split at spaces into argv. */
struct line {
	char text[256];
	char *argv[MOST + 1];
	int argc;
};

static void
line_split(struct line *l, const char *text)
{
	char *rest, *word;

	l->argc = 0;
	l->argv[l->argc++] = l->text;
	snprintf(l->text, sizeof(l->text), "tool %s", text);
	strtok_r(l->text, " ", &rest);
	while (l->argc < MOST && (word = strtok_r(NULL, " ", &rest)) != NULL)
		l->argv[l->argc++] = word;
	l->argv[l->argc] = NULL;
}

static void
run_line(const void *text)
{
	struct opt table[ROWS];
	struct values v;
	struct opt_program p = program_of(table);
	struct line l;

	table_of(table, &v);
	line_split(&l, text);
	opt_parse(&p, l.argc, l.argv);
}

static const struct {
	const char *line, *words;
} bad[] = {
	{ "", "too few operands" },
	{ "-f", "too few operands" },
	{ "a b c", "too many operands" },
	{ "-- -a -b -c", "too many operands" },
	{ "--none a", "--none: unknown option" },
	{ "--fla a", "--fla: unknown option" },
	{ "--flags a", "--flags: unknown option" },
	{ "--=x a", "--=x: unknown option" },
	{ "-z a", "-z: unknown option" },
	{ "-fz a", "-z: unknown option" },
	{ "--flag=true a", "--flag: takes no value" },
	{ "a --text", "--text: needs a value: TEXT" },
	{ "a -t", "-t: needs a value: TEXT" },
	{ "a -ft", "-t: needs a value: TEXT" },
	{ "-f -f a", "-f: given twice" },
	{ "-f --flag a", "--flag: given twice" },
	{ "-t a --text=b a", "--text: given twice" },
	{ "--whole x a", "--whole: 'x': expected a whole number from -3 to 9" },
	{ "--whole 10 a", "'10': expected a whole number from -3 to 9" },
	{ "--whole=-4 a", "'-4': expected a whole number from -3 to 9" },
	{ "--whole= a", "'': expected a whole number" },
	{ "--whole 1.0 a", "'1.0': expected a whole number" },
	{ "-n5x a", "-n: '5x': expected a whole number" },
	{ "--number 1.01 a", "'1.01': expected a number from 0 to 1" },
	{ "--number -0.1 a", "'-0.1': expected a number" },
	{ "--number nan a", "'nan': expected a number" },
	{ "--number 0,5 a", "'0,5': expected a number" },
	{ "--word four a", "'four': expected one|two|three" },
	{ "--word on a", "'on': expected one|two|three" },
	{ "--word one|two a", "expected one|two|three" },
	{ "--word= a", "expected one|two|three" },
};

static void
check_bad(void)
{
	char message[1024];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int status = refused_status(
		    run_line, bad[i].line, message, sizeof(message));

		CHECK_NAMED(bad[i].words,
		    status == 2 && strstr(message, bad[i].words) != NULL &&
			strstr(message, "usage: ") != NULL);
	}
}

static void
check_good(void)
{
	struct opt table[ROWS];
	struct opt_program p = program_of(table);
	struct values v;
	struct line l;

	table_of(table, &v);
	line_split(&l, "a");
	CHECK(opt_parse(&p, l.argc, l.argv) == 1);
	CHECK_TEXT(l.argv[1], "a");
	CHECK(!v.flag && v.text == NULL && v.whole == 5 && v.number == 0.5);
	CHECK(v.word == 1 && v.list.count == 0 && !table[3].given);

	table_of(table, &v);
	line_split(&l, "a --flag --text=x=y -i 1 b --item 2 -i3 -n -3 "
		       "--number 1");
	CHECK(opt_parse(&p, l.argc, l.argv) == 2);
	CHECK_TEXT(l.argv[1], "a");
	CHECK_TEXT(l.argv[2], "b");
	CHECK(v.flag && v.whole == -3 && v.number == 1 && table[3].given);
	CHECK_TEXT(v.text, "x=y");
	CHECK(v.list.count == 3);
	CHECK_TEXT(v.list.item[0], "1");
	CHECK_TEXT(v.list.item[2], "3");
	free(v.list.item);

	table_of(table, &v);
	line_split(&l, "-gft- --word three - -- -f");
	CHECK(opt_parse(&p, l.argc, l.argv) == 2);
	CHECK_TEXT(l.argv[1], "-");
	CHECK_TEXT(l.argv[2], "-f");
	CHECK(v.flag && v.other && v.word == 2);
	CHECK_TEXT(v.text, "-");
}

static void
check_recipe(void)
{
	struct opt table[ROWS];
	struct opt_program p = program_of(table);
	struct values v;
	char *problem, *text;

	table_of(table, &v);
	CHECK(opt_set(&p, "whole", "9", &problem) && problem == NULL);
	CHECK(v.whole == 9 && !table[3].given);
	CHECK(opt_set(&p, "whole", "10", &problem) && problem != NULL);
	CHECK_TEXT(problem, "expected a whole number from -3 to 9");
	free(problem);
	CHECK(v.whole == 9);
	CHECK(opt_set(&p, "flag", "yes", &problem) && problem != NULL);
	free(problem);
	CHECK(opt_set(&p, "flag", "true", &problem) && v.flag);
	CHECK(opt_set(&p, "flag", "false", &problem) && !v.flag);
	CHECK(!opt_set(&p, "none", "1", &problem) && problem == NULL);
	CHECK(opt_find(&p, "word") == &table[5]);
	CHECK(opt_find(&p, "g") == NULL);
	for (size_t i = 0; i < ROWS; i++) {
		static const char *const expected[] = { "false", "", "", "9",
			"0.5", "two", "false" };

		CHECK_TEXT(text = opt_text(&table[i]), expected[i]);
		free(text);
	}
}

int
main(void)
{
	check_bad();
	check_good();
	check_recipe();
	return check_done();
}
