/*
 * The label of a row of a task's file, as a table of examples has it: in the
 * task's own spelling; in multilabel the names of those that apply, with
 * commas between them.
 */
#ifndef CURATE_ROWLABEL_H
#define CURATE_ROWLABEL_H

#include <stdbool.h>

#include "corpus/example.h"
#include "corpus/numbering.h"
#include "corpus/task.h"

struct rowlabel;

/*
 * number as rawlabel_open has it.  found, or NULL: any label is taken, and
 * numbered there.  path is for messages.
 */
struct rowlabel *rowlabel_new(const struct task *task,
    const struct task_words *number, struct numbering *found, const char *path);
void rowlabel_free(struct rowlabel *r);

/*
 * False if a field that is there says that the row has none, as an empty one
 * does but in multilabel, where none applies then.  null: the file says that
 * there is none; told as rawlabel_find has it; may_lack: an empty field is
 * none even where the task has no key skip_label.
 */
bool rowlabel_is_there(struct rowlabel *r, struct example_text field, bool null,
    bool told, bool may_lack);

/*
 * Make the label of e, which is there, the task's own; what it cannot be ends
 * the program with line and id.  A comma within a label, which is none between
 * labels, is a semicolon in its name.  Valid until the next call.
 */
void rowlabel_take(struct rowlabel *r, struct example *e, bool told);

/* Count a row with a comma within a label, which became a semicolon. */
void rowlabel_commas(struct rowlabel *r, size_t line);

/*
 * Tell how many labels had commas; warn of scores that seem to be of another
 * scale than the task's.
 */
void rowlabel_report(const struct rowlabel *r);

#endif
