#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/opt.h"
#include "corpus/vocab.h"
#include "data/pack.h"
#include "data/packrows.h"
#include "data/st.h"
#include "data/ststats.h"
#include "model/modelfolder.h"

struct settings {
	long long head; /* rows; below 0: none asked for */
	bool stats, check;
	const char *pieces, *path;
};

static void
parse(struct settings *s, int argc, char **argv)
{
	struct opt table[] = {
		{ .name = "head",
		    .kind = OPT_INT,
		    .arg = "N",
		    .min = 0,
		    .max = 1e15,
		    .value = &s->head,
		    .doc = "print the first N rows, not the table" },
		{ .name = "pieces",
		    .kind = OPT_READ,
		    .arg = "VOCAB|MODEL",
		    .value = &s->pieces,
		    .doc = "of a pack: pieces in place of ids" },
		{ .name = "stats",
		    .kind = OPT_FLAG,
		    .value = &s->stats,
		    .doc = "add minimum, maximum, mean, deviation, nan" },
		{ .name = "check",
		    .kind = OPT_FLAG,
		    .value = &s->check,
		    .doc = "compare the checksums with the data" },
	};
	struct opt_program program = {
		.purpose = "print a tensor file as text",
		.synopsis = "[--head N [--pieces VOCAB|MODEL]] [--stats] "
			    "[--check] FILE",
		.table = table,
		.count = sizeof(table) / sizeof(table[0]),
		.min_operands = 1,
		.max_operands = 1,
	};

	opt_parse(&program, argc, argv);
	if (s->pieces != NULL && s->head < 0)
		die_usage("--pieces: with --head N");
	s->path = argv[1];
}

/* As it is, or as a JSON string where it would break the line. */
static void
put_text(const char *text)
{
	struct buf b = { 0 };

	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f) {
			conf_put_json(&b, text);
			break;
		}
	fputs(b.size > 0 ? buf_string(&b) : text, stdout);
	buf_free(&b);
}

/* Exactly: whole numbers and doubles take more digits than floats. */
static void
put_number(double value, enum st_type type)
{
	char text[NUM_TEXT];
	bool few = type == ST_F32 || type == ST_F16 || type == ST_BF16;

	if (few || isnan(value)) {
		num_put(text, value);
		fputs(text, stdout);
	} else {
		printf("%.17g", value);
	}
}

static void
put_column(double value, enum st_type type)
{
	putchar('\t');
	put_number(value, type);
}

/* --- the table --- */

static void
put_stats(const struct st_tensor *t)
{
	struct st_stats stats = st_stats(t);

	put_column(stats.low, t->type);
	put_column(stats.high, t->type);
	put_column(stats.mean, ST_F32);
	put_column(stats.deviation, ST_F32);
	printf("\t%zu", stats.nans);
}

static void
put_table(const struct st *file, bool stats)
{
	const char *key, *value;

	for (size_t i = 0; i < st_meta_count(file); i++) {
		st_meta_at(file, i, &key, &value);
		fputs("# ", stdout);
		put_text(key);
		fputs(": ", stdout);
		put_text(value);
		putchar('\n');
	}
	printf("name\tdtype\tshape\toffset\tbytes%s\n",
	    stats ? "\tmin\tmax\tmean\tsd\tnan" : "");
	for (size_t i = 0; i < st_count(file); i++) {
		const struct st_tensor *t = st_at(file, i);

		put_text(t->name);
		printf("\t%s\t[", st_type_name(t->type));
		for (size_t k = 0; k < t->rank; k++)
			printf("%s%zu", k > 0 ? "," : "", t->shape[k]);
		printf("]\t%zu\t%zu", st_offset(file, i),
		    t->count * st_type_size(t->type));
		if (stats)
			put_stats(t);
		putchar('\n');
	}
}

/* --- rows --- */

static void
put_element(const struct st_tensor *t, size_t i)
{
	int64_t whole;
	double value;

	if (t->type == ST_I64) { /* a double holds but 53 bits */
		memcpy(&whole, (const char *)t->data + i * sizeof(whole),
		    sizeof(whole));
		printf("%lld", (long long)whole);
		return;
	}
	st_get_double(&value, t, i, 1);
	put_number(value, t->type);
}

static void
put_tensor_rows(const struct st *file, size_t head)
{
	fputs("name\trow\tvalues\n", stdout);
	for (size_t i = 0; i < st_count(file); i++) {
		const struct st_tensor *t = st_at(file, i);
		size_t rows = t->rank > 0 ? t->shape[0] : 1;
		size_t width = rows > 0 ? t->count / rows : 0;

		for (size_t r = 0; r < rows && r < head; r++) {
			put_text(t->name);
			printf("\t%zu\t", r);
			for (size_t k = 0; k < width; k++) {
				if (k > 0)
					putchar(' ');
				put_element(t, r * width + k);
			}
			putchar('\n');
		}
	}
}

static bool
is_pack(const struct st *file)
{
	const char *kind = st_meta(file, "mtkd");

	return kind != NULL && strncmp(kind, "pack ", 5) == 0;
}

static void
check(const struct st *file)
{
	if (st_check(file))
		printf("%s: ok\n", st_path(file));
	else
		warn("%s: no checksums to compare", st_path(file));
}

static void
put_pack_rows(const struct pack *p, const struct settings *s)
{
	struct vocab *v = NULL;

	if (s->pieces != NULL) {
		v = vocab_read_any(s->pieces, false);
		pack_check_vocab(p, v->digest, s->pieces);
	}
	pack_put_rows(stdout, p, (size_t)s->head, v);
	if (v != NULL)
		vocab_free(v);
}

int
main(int argc, char **argv)
{
	struct settings s = { .head = -1 };
	struct pack *pack = NULL;
	struct st *file;
	char *path;

	die_program(argv[0]);
	parse(&s, argc, argv);
	path = modelfolder_tensors(s.path);
	file = st_open(path);
	if (s.check)
		check(file);
	if (is_pack(file) && (s.check || s.head >= 0))
		pack = pack_take(file);
	if (pack == NULL && s.pieces != NULL)
		die("%s: --pieces: not a pack", path);
	if (s.stats || (s.head < 0 && !s.check))
		put_table(file, s.stats);
	if (s.head >= 0 && pack != NULL)
		put_pack_rows(pack, &s);
	else if (s.head >= 0)
		put_tensor_rows(file, (size_t)s.head);
	if (pack != NULL)
		pack_close(pack);
	else
		st_close(file);
	free(path);
	file_finish();
	return 0;
}
