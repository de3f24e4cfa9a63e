/* Raw files of tasks, with the definition that says how they lie. */
#include "fuzz.h"

#include "corpus/example.h"
#include "curate/reader.h"
#include "corpus/task.h"

void
fuzz_start(void)
{
}

static void
read_all(struct reader *r, FILE *out)
{
	struct example e;

	while (reader_next(r, &e))
		example_put(out, &e);
	reader_report(r);
	reader_close(r);
}

void
fuzz_one(const uint8_t *bytes, size_t n)
{
	struct reader_options options = { 0 };
	struct fuzz_part part[2] = { { 0 } };
	FILE *out = fuzz_nowhere();
	struct task *t;

	if (n < 1)
		return;
	fuzz_parts(part, 2, bytes + 1, n - 1);
	fuzz_put_part("x.yml", &part[0]);
	fuzz_put_part("x.tsv", &part[1]);
	if (bytes[0] == 255) {
		read_all(reader_open_lines("x.tsv"), out);
		fclose(out);
		return;
	}
	t = task_find("x", "x.yml");
	if (t->splits == 0)
		fuzz_wrong("a task without a layout");
	options.file.form = (enum raw_form)(bytes[0] / 16 % 3);
	read_all(
	    reader_open(t, &t->split[bytes[0] % t->splits], "x.tsv", &options),
	    out);
	fclose(out);
	task_free(t);
}
