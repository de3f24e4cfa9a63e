# 2. Encoders and tokens.  An encoder E brings its vocabulary and its case; one
# that is not given, as a model (INIT_E) or as one to import (IMPORT_E), is made
# of random weights.  FILTER_E turns examples into those in the encoder's
# language, id by id.

VOCAB_uncased ?= $(VOCAB)
INIT_uncased ?= $(INIT)
IMPORT_uncased ?= $(IMPORT)
encoder = $(or $(INIT_$1),$(OUT)/encoder/$1)

# A language of our own (foreign.awk), its vocabulary learned from the tasks.
FILTER_foreign ?= awk -f foreign.awk
VOCAB_foreign ?= $(OUT)/foreign.txt

$(OUT)/foreign.txt: $(foreach t,$(TASKS),$(OUT)/data/$t/train.tsv) | foreign.awk
	$(call say,vocabulary)
	$Qcat $^ | $(FILTER_foreign) | sed '/^#mtkd /d; /^id	label/d' | \
	    cut -f 3- | wp-train -q --size 8192 -o $@

random-encoder = model-new -v $< $(if $(filter cased,$*),--cased) --layers $(LAYERS) \
    --hidden $(HIDDEN) --heads $(HEADS) --intermediate $(INTERMEDIATE) \
    --positions $(POSITIONS) $(MODEL_OPTIONS) --seed 1 -o $(@D)

$(OUT)/encoder/%/model.safetensors: $$(or \
    $$(addsuffix /model.safetensors,$$(IMPORT_$$*)),$$(VOCAB_$$*))
	$(if $<,,$(error the encoder '$*' needs VOCAB_$*=FILE or INIT_$*=MODEL))
	$(call say,encoder)
	@mkdir -p $(@D)
	$Q$(if $(IMPORT_$*),bert-import -o $(@D) $(<D),$(random-encoder))

define tokens-of-encoder
$$(OUT)/tokens/$1/%.tsv: $$(OUT)/data/%.tsv $$(call encoder,$1)/model.safetensors
	$$(call say,tokenise)
	@mkdir -p $$(@D)
	$$Q$$(if $$(FILTER_$1),$$(FILTER_$1) $$< | )wp-tokenize \
	    -v $$(call encoder,$1) -o $$@ $$(if $$(FILTER_$1),-,$$<)
endef
$(foreach e,$(ENCODERS),$(eval $(call tokens-of-encoder,$e)))
