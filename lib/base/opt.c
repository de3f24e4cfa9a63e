#include "base/opt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/apart.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "base/text.h"
#include "base/version.h"

static char *
range_text(const struct opt *o, const char *what)
{
	char low[NUM_TEXT], high[NUM_TEXT];

	num_put(low, o->min);
	num_put(high, o->max);
	return mem_printf("expected %s from %s to %s", what, low, high);
}

size_t
opt_append(struct opt *table, size_t n, const struct opt *rows, size_t count)
{
	memcpy(table + n, rows, count * sizeof(*rows));
	return n + count;
}

void
opt_add(struct opt_list *list, const char *text)
{
	list->item = mem_grow(
	    list->item, &list->room, list->count + 1, sizeof(*list->item));
	list->item[list->count++] = text;
}

/* Store a value; returns what was expected instead, or NULL. */
static char *
store(struct opt *o, const char *text)
{
	long long whole;
	double number;
	int index;

	switch (o->kind) {
	case OPT_FLAG:
		if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
			return mem_string("expected true or false");
		*(bool *)o->value = text[0] == 't';
		break;
	case OPT_STRING:
	case OPT_READ:
	case OPT_WRITE:
		*(const char **)o->value = text;
		break;
	case OPT_LIST:
	case OPT_READS:
		opt_add(o->value, text);
		break;
	case OPT_INT:
		if (!num_int(
			text, (long long)o->min, (long long)o->max, &whole))
			return range_text(o, "a whole number");
		*(long long *)o->value = whole;
		break;
	case OPT_REAL:
		if (!num_real(text, o->min, o->max, &number))
			return range_text(o, "a number");
		*(double *)o->value = number;
		break;
	case OPT_WORD:
		if ((index = text_word_find(o->arg, text)) < 0)
			return mem_printf(
			    "expected %s%s", o->arg, near_words(text, o->arg));
		*(int *)o->value = index;
		break;
	}
	return NULL;
}

char *
opt_text(const struct opt *o)
{
	char text[NUM_TEXT];

	switch (o->kind) {
	case OPT_FLAG:
		return mem_string(*(bool *)o->value ? "true" : "false");
	case OPT_STRING:
	case OPT_READ:
	case OPT_WRITE:
		return mem_string(*(const char **)o->value != NULL
				      ? *(const char **)o->value
				      : "");
	case OPT_LIST:
	case OPT_READS:
		return mem_string("");
	case OPT_INT:
		return mem_printf("%lld", *(long long *)o->value);
	case OPT_REAL:
		num_put(text, *(double *)o->value);
		return mem_string(text);
	case OPT_WORD:
		return text_word(o->arg, *(int *)o->value);
	}
	return mem_string("");
}

struct opt *
opt_find(const struct opt_program *p, const char *name)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->table[i].name != NULL &&
		    strcmp(p->table[i].name, name) == 0)
			return &p->table[i];
	return NULL;
}

bool
opt_set(const struct opt_program *p, const char *name, const char *value,
    char **problem)
{
	struct opt *o = opt_find(p, name);

	*problem = NULL;
	if (o == NULL)
		return false;
	*problem = store(o, value);
	return true;
}

/* There is a default to show: text, and one that the option would take. */
static bool
has_default(const struct opt *o, const char *text)
{
	if (o->kind == OPT_INT && (double)*(long long *)o->value < o->min)
		return false;
	if (o->kind == OPT_REAL && *(double *)o->value < o->min)
		return false;
	return o->kind != OPT_FLAG && text[0] != '\0';
}

static void
print_row(const struct opt *o)
{
	char left[64], *value = opt_text(o);
	int n = 0;
	size_t used;

	if (o->letter != 0)
		n = snprintf(left, sizeof(left), "  -%c%s", o->letter,
		    o->name != NULL ? ", " : "");
	else
		n = snprintf(left, sizeof(left), "      ");
	used = (size_t)n;
	if (o->name != NULL)
		used += (size_t)snprintf(
		    left + used, sizeof(left) - used, "--%s", o->name);
	if (o->kind != OPT_FLAG && used < sizeof(left))
		snprintf(left + used, sizeof(left) - used, " %s", o->arg);
	printf(strlen(left) < 30 ? "%-30s" : "%s\n%30s", left, "");
	printf("%s", o->doc);
	if (has_default(o, value) && strlen(o->doc) + strlen(value) > 47)
		printf("\n%30s[%s]", "", value);
	else if (has_default(o, value))
		printf(" [%s]", value);
	printf("\n");
	free(value);
}

static _Noreturn void
help(const struct opt_program *p)
{
	printf("%s: %s\n\nusage: %s %s\n\n", die_name(), p->purpose, die_name(),
	    p->synopsis);
	for (size_t i = 0; i < p->count; i++)
		print_row(&p->table[i]);
	printf("  -h, --help                  this text\n"
	       "      --version               the release of mtkd\n");
	file_finish();
	exit(0);
}

static _Noreturn void
version(const char *more)
{
	printf("%s (mtkd) %s\n", die_name(), MTKD_VERSION);
	if (more != NULL)
		printf("%s\n", more);
	file_finish();
	exit(0);
}

void
opt_version(int argc, char **argv, const char *more)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--version") == 0)
			version(more);
}

static void
give(struct opt *o, const char *shown, const char *text)
{
	char *problem;

	if (o->given && o->kind != OPT_LIST && o->kind != OPT_READS)
		die_usage("%s: given twice", shown);
	o->given = true;
	if ((problem = store(o, text)) != NULL)
		die_usage("%s: '%s': %s", shown, text, problem);
}

char *
opt_near(const struct opt_program *p, const char *name)
{
	const char **names = mem_alloc(p->count + 1, sizeof(*names));
	size_t n = 0;
	char *text;

	for (size_t i = 0; i < p->count; i++)
		if (p->table[i].name != NULL)
			names[n++] = p->table[i].name;
	text = near_text(name, names, n);
	free(names);
	return text;
}

/* One long option at argv[i]; returns the arguments used up. */
static int
parse_long(const struct opt_program *p, int argc, char **argv, int i)
{
	size_t length = strcspn(argv[i] + 2, "=");
	char *name = mem_stringn(argv[i] + 2, length);
	const char *value =
	    argv[i][2 + length] == '=' ? argv[i] + 3 + length : NULL;
	struct opt *o = opt_find(p, name);
	int used = 1;

	if (strcmp(name, "help") == 0)
		help(p);
	if (strcmp(name, "version") == 0)
		version(NULL);
	if (o == NULL)
		die_usage("%s: unknown option%s", argv[i], opt_near(p, name));
	if (o->kind == OPT_FLAG) {
		if (value != NULL)
			die_usage("--%s: takes no value", name);
		value = "true";
	} else if (value == NULL) {
		if (i + 1 >= argc)
			die_usage("--%s: needs a value: %s", name, o->arg);
		value = argv[i + 1];
		used = 2;
	}
	argv[i][2 + length] = '\0';
	give(o, argv[i], value);
	free(name);
	return used;
}

/* A cluster of short options at argv[i]; returns the arguments used up. */
static int
parse_short(const struct opt_program *p, int argc, char **argv, int i)
{
	for (const char *c = argv[i] + 1; *c != '\0'; c++) {
		char shown[3] = { '-', *c, '\0' };
		struct opt *o = NULL;

		for (size_t k = 0; k < p->count; k++)
			if (p->table[k].letter == *c)
				o = &p->table[k];
		if (o == NULL && *c == 'h')
			help(p);
		if (o == NULL)
			die_usage("%s: unknown option", shown);
		if (o->kind == OPT_FLAG) {
			give(o, shown, "true");
			continue;
		}
		if (c[1] != '\0') {
			give(o, shown, c + 1);
			return 1;
		}
		if (i + 1 >= argc)
			die_usage("%s: needs a value: %s", shown, o->arg);
		give(o, shown, argv[i + 1]);
		return 2;
	}
	return 1;
}

/* "TASK=MODEL": what stands after '=', unless it is all a name. */
static const char *
path_in(const char *text)
{
	const char *equals = strchr(text, '=');

	return equals != NULL && !file_exists(text) ? equals + 1 : text;
}

/* One output against all that is read. */
static void
keep_apart(const struct opt_program *p, const char *out, char **operand,
    size_t operands)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct opt *o = &p->table[i];
		const struct opt_list *list = o->value;

		if (!o->given)
			continue;
		if (o->kind == OPT_READ)
			apart_check(out, path_in(*(const char **)o->value));
		for (size_t k = 0; o->kind == OPT_READS && k < list->count; k++)
			apart_check(out, path_in(list->item[k]));
	}
	for (size_t i = 0; i < operands; i++)
		apart_check(out, operand[i]);
	if (operands == 0)
		apart_check(out, "-");
}

/* With the synopsis in one line. */
static _Noreturn void
wrong_count(const char *what, const struct opt_program *p)
{
	char *line = mem_string(p->synopsis);

	for (char *at = line; (at = strchr(at, '\n')) != NULL;) {
		size_t blanks = strspn(at, "\n\t ");

		*at = ' ';
		memmove(at + 1, at + blanks, strlen(at + blanks) + 1);
	}
	die_usage("too %s operands: %s %s", what, die_name(), line);
}

size_t
opt_parse(const struct opt_program *p, int argc, char **argv)
{
	size_t operands = 0;
	int i = 1;

	while (i < argc) {
		if (strcmp(argv[i], "--") == 0) {
			for (i++; i < argc; i++)
				argv[1 + operands++] = argv[i];
		} else if (strncmp(argv[i], "--", 2) == 0) {
			i += parse_long(p, argc, argv, i);
		} else if (argv[i][0] == '-' && argv[i][1] != '\0') {
			i += parse_short(p, argc, argv, i);
		} else {
			argv[1 + operands++] = argv[i++];
		}
	}
	if (operands < p->min_operands)
		wrong_count("few", p);
	if (operands > p->max_operands)
		wrong_count("many", p);
	for (size_t k = 0; k < p->count; k++)
		if (p->table[k].kind == OPT_WRITE && p->table[k].given)
			keep_apart(p, *(const char **)p->table[k].value,
			    argv + 1, operands);
	return operands;
}
