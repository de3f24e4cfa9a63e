#include "predict/reply.h"

#include "base/die.h"
#include "data/pred.h"
#include "metric/metric.h"

void
reply_check(const struct reply *r)
{
	if (r->label && r->head->labels.type != TASK_CLASSIFICATION)
		die("head '%s' gives scores: it has no labels", r->head->name);
}

void
reply_head(const struct reply *r, const char *task, const char *split)
{
	const struct head *h = r->head;

	if (r->label)
		fprintf(r->out, "id\tlabel\n");
	else
		pred_write_head(r->out, task, split, &h->labels, 1);
}

void
reply_row(const struct reply *r, const char *id, size_t id_length,
    const float *value, const char *group)
{
	const struct head *h = r->head;

	if (r->label)
		fprintf(r->out, "%.*s\t%s\n", (int)id_length, id,
		    h->labels.name[metric_argmax(value, h->outputs)]);
	else
		pred_write_row(r->out, id, id_length, value, h->outputs, group);
}

void
reply_none(const struct reply *r, const char *id, size_t id_length)
{
	fwrite(id, 1, id_length, r->out);
	for (size_t c = 0; c < r->head->outputs && !r->label; c++)
		fputs("\tnan", r->out);
	fputs(r->label ? "\t-\n" : "\n", r->out);
}
