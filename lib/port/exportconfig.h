/*
 * The files of text that an exported model has: config.json and those of its
 * tokenizer, as Hugging Face Transformers reads them.
 */
#ifndef PORT_EXPORTCONFIG_H
#define PORT_EXPORTCONFIG_H

#include <stdbool.h>

#include "data/st.h"
#include "model/model.h"
#include "port/form.h"

enum { EXPORT_SEGMENTS = 2 }; /* of 0, where a network cannot be without */

/* What an export holds. */
struct exported {
	const struct form *form;
	const struct head *head; /* of a ForSequenceClassification, or NULL */
	bool mlm;		 /* of a ForMaskedLM; else a Model alone */
	bool onnx, int8;	 /* as a graph, and one in 8 bits */
	enum st_type type;	 /* of the tensors */
};

/* What the config of m becomes; owned by the caller. */
void exportconfig_make(
    struct config *c, const struct model *m, const struct exported *e);

/* Write folder/config.json of it. */
void exportconfig_write(
    const struct config *c, const char *folder, const struct exported *e);

/* Write vocab.txt, tokenizer_config.json and special_tokens_map.json. */
void exportconfig_write_tokenizer(
    const struct model *m, const char *folder, const struct form *f);

#endif
