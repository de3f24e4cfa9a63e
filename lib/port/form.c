#include "port/form.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define END                                                                    \
	{                                                                      \
		NULL, NULL                                                     \
	}

/* --- DistilBERT: BERT's layers, without segments and pooler --- */

static const struct form_key distil_keys[] = { { "vocab_size", "vocab_size",
						   NULL, "30522" },
	{ "hidden_size", "dim", "hidden_size", "768" },
	{ "num_hidden_layers", "n_layers", "num_hidden_layers", "6" },
	{ "num_attention_heads", "n_heads", "num_attention_heads", "12" },
	{ "intermediate_size", "hidden_dim", "intermediate_size", "3072" },
	{ "max_position_embeddings", "max_position_embeddings", NULL, "512" },
	{ "hidden_act", "activation", "hidden_act", "gelu" },
	{ "hidden_dropout_prob", "dropout", "hidden_dropout_prob", "0.1" },
	{ "attention_probs_dropout_prob", "attention_dropout",
	    "attention_probs_dropout_prob", "0.1" },
	{ "initializer_range", "initializer_range", NULL, "0.02" },
	{ "type_vocab_size", "", NULL, "0" }, { NULL, NULL, NULL, NULL } };

static const struct form_name distil_names[] = {
	{ "bert.encoder.layer.", "distilbert.transformer.layer." },
	{ "bert.pooler.dense.", "pre_classifier." }, { "bert.", "distilbert." },
	{ "cls.predictions.transform.dense.", "vocab_transform." },
	{ "cls.predictions.transform.LayerNorm.", "vocab_layer_norm." },
	{ "cls.predictions.bias", "vocab_projector.bias" },
	{ "cls.predictions.decoder.weight", "vocab_projector.weight" }, END
};

static const struct form_name distil_layer[] = { { "attention.self.query.",
						     "attention.q_lin." },
	{ "attention.self.key.", "attention.k_lin." },
	{ "attention.self.value.", "attention.v_lin." },
	{ "attention.output.dense.", "attention.out_lin." },
	{ "attention.output.LayerNorm.", "sa_layer_norm." },
	{ "intermediate.dense.", "ffn.lin1." },
	{ "output.dense.", "ffn.lin2." },
	{ "output.LayerNorm.", "output_layer_norm." }, END };

/* --- ELECTRA: embeddings of their own width, no pooler --- */

static const struct form_key electra_keys[] = { { "vocab_size", "vocab_size",
						    NULL, "30522" },
	{ "embedding_size", "embedding_size", NULL, "128" },
	{ "hidden_size", "hidden_size", NULL, "256" },
	{ "num_hidden_layers", "num_hidden_layers", NULL, "12" },
	{ "num_attention_heads", "num_attention_heads", NULL, "4" },
	{ "intermediate_size", "intermediate_size", NULL, "1024" },
	{ "max_position_embeddings", "max_position_embeddings", NULL, "512" },
	{ "type_vocab_size", "type_vocab_size", NULL, "2" },
	{ "hidden_act", "hidden_act", NULL, "gelu" },
	{ "hidden_dropout_prob", "hidden_dropout_prob", NULL, "0.1" },
	{ "attention_probs_dropout_prob", "attention_probs_dropout_prob", NULL,
	    "0.1" },
	{ "initializer_range", "initializer_range", NULL, "0.02" },
	{ "layer_norm_eps", "layer_norm_eps", NULL, "1e-12" },
	{ "position_embedding_type", "position_embedding_type", NULL, NULL },
	{ "is_decoder", "is_decoder", NULL, NULL },
	{ "add_cross_attention", "add_cross_attention", NULL, NULL },
	{ NULL, NULL, NULL, NULL } };

static const struct form_name electra_names[] = { { "bert.pooler.dense.",
						      "classifier.dense." },
	{ "bert.", "electra." }, { "classifier.", "classifier.out_proj." },
	{ "cls.predictions.transform.", "generator_predictions." },
	{ "cls.predictions.bias", "generator_lm_head.bias" },
	{ "cls.predictions.decoder.weight", "generator_lm_head.weight" }, END };

/* --- all --- */

static const struct form_name none[] = { END };

/* In the order of enum network. */
static const struct form forms[] = {
	{ .type = "bert",
	    .prefix = "bert.",
	    .class = "Bert",
	    .tokenizer = "BertTokenizer",
	    .pooler = POOLER_TANH,
	    .has_pooler = true,
	    .has_segments = true,
	    .dropout = "classifier_dropout",
	    .name = none,
	    .layer = none },
	{ .type = "distilbert",
	    .prefix = "distilbert.",
	    .class = "DistilBert",
	    .tokenizer = "DistilBertTokenizer",
	    .is = "DistilBERT, a BERT without segment embeddings and pooler",
	    .pooler = POOLER_RELU,
	    .is_fixed = true,
	    .dropout = "seq_classif_dropout",
	    .key = distil_keys,
	    .name = distil_names,
	    .layer = distil_layer },
	{ .type = "electra",
	    .prefix = "electra.",
	    .class = "Electra",
	    .tokenizer = "BertTokenizer",
	    .is = "ELECTRA, a BERT without pooler",
	    .pooler = POOLER_GELU,
	    .has_segments = true,
	    .dropout = "classifier_dropout",
	    .key = electra_keys,
	    .name = electra_names,
	    .layer = none },
};

enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

const struct form *
form_of(enum network network)
{
	return &forms[network];
}

const struct form *
form_find(const char *type)
{
	for (size_t i = 0; i < FORMS; i++)
		if (strcmp(forms[i].type, type) == 0)
			return &forms[i];
	return NULL;
}

enum network
form_network(const struct form *f)
{
	return (enum network)(f - forms);
}

/* What stands for the beginning of a name; NULL: it stays. */
static const struct form_name *
seek(const struct form_name *list, const char *name, bool own)
{
	for (; list->bert != NULL; list++)
		if (text_starts(name, own ? list->own : list->bert))
			return list;
	return NULL;
}

/* A name with other words: all of it, or of a layer what stands last. */
static char *
translate(const struct form *f, const char *name, bool own)
{
	const struct form_name *head = seek(f->name, name, own), *part;
	const char *from, *to, *rest;
	size_t digits;

	if (head == NULL)
		return mem_string(name);
	from = own ? head->own : head->bert;
	to = own ? head->bert : head->own;
	rest = name + strlen(from);
	digits = strspn(rest, "0123456789");
	if (digits == 0 || rest[digits] != '.' ||
	    (part = seek(f->layer, rest + digits + 1, own)) == NULL)
		return mem_printf("%s%s", to, rest);
	return mem_printf("%s%.*s.%s%s", to, (int)digits, rest,
	    own ? part->bert : part->own,
	    rest + digits + 1 + strlen(own ? part->own : part->bert));
}

char *
form_own_name(const struct form *f, const char *bert)
{
	return translate(f, bert, false);
}

char *
form_bert_name(const struct form *f, const char *own)
{
	return translate(f, own, true);
}
