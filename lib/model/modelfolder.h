/*
 * The folder of a model: what may stand in it, and how it is replaced whole
 * (mtkd-model(5)).
 */
#ifndef MODEL_MODELFOLDER_H
#define MODEL_MODELFOLDER_H

#include <stdbool.h>

#include "base/file.h"
#include "base/folder.h"

enum { MODELFOLDER_FILES = 8 }; /* that make a model */

/* What a folder's names led to. */
struct modelfolder_seen {
	struct file_id id[MODELFOLDER_FILES];
};

/*
 * May path become a model?  Ends the program where it holds a name that no
 * model has, or a config.json that mtkd did not write; not if force.
 */
void modelfolder_claim(const char *path, bool force);

/*
 * End what folder_begin began.  Also what training left there goes, unless
 * history: then its logs and best/ stay.
 */
void modelfolder_commit(struct folder *f, bool history);

/*
 * The tensors of a model's folder, or path itself where it is none; owned by
 * the caller.  Ends the program where a folder has no such file.
 */
char *modelfolder_tensors(const char *path);

/*
 * Look before the first file of a model is opened, and check after the last:
 * ends the program if the model was replaced meanwhile.
 */
void modelfolder_look(struct modelfolder_seen *seen, const char *path);
void modelfolder_check(const struct modelfolder_seen *seen, const char *path);

#endif
