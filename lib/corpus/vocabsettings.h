/*
 * What the files beside a vocabulary say of its tokenizer:
 * tokenizer_config.json, special_tokens_map.json, added_tokens.json, and
 * the key tokenizer_class of config.json.
 */
#ifndef CORPUS_VOCABSETTINGS_H
#define CORPUS_VOCABSETTINGS_H

#include "corpus/vocab.h"
#include "corpus/vocabasked.h"

/*
 * Take them from a folder: how texts are prepared goes to v->rules and
 * v->told, added tokens to asked.  If v->told already, a tokenizer.json has
 * said how, and these files may not say otherwise.  Ends the program, naming
 * key and value, where another tokenizer than BERT's is meant.
 */
void vocabsettings_read(
    struct vocab *v, const char *folder, struct asked *asked);

#endif
