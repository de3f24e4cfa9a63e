# 2. Encoders and tokens.  An encoder E brings its vocabulary and its case.  It
# is INIT_E, a model of ours, or a BERT as Hugging Face's or Google's folders
# have it, which is imported; else IMPORT_E, as this was called before and as
# conf/ names what is bundled; else made of random weights.  FILTER_E turns
# examples into those in the encoder's language, id by id.

VOCAB_uncased ?= $(VOCAB)
INIT_uncased ?= $(INIT)
IMPORT_uncased ?= $(IMPORT)
encoders := $(sort $(ENCODERS) $(STUDENT) $(made-import))
$(foreach e,$(made-import),$(eval IMPORT_$e ?= $(what-of-$e)))
$(foreach e,$(encoders),$(eval ours-$e := $(if $(INIT_$e),$(shell \
    head -c 4096 '$(INIT_$e)/model.safetensors' 2> /dev/null | \
    grep -aq '"mtkd":"model' && echo yes))))
encoder = $(if $(ours-$1),$(INIT_$1),$(OUT)/encoder/$1)
imported = $(patsubst %/,%,$(or $(INIT_$1),$(IMPORT_$1)))
weights = $(addprefix $1/,$(or $(firstword $(foreach f,model.safetensors \
    pytorch_model.bin model.safetensors.index.json bert_model.ckpt.index,$(if $(wildcard \
    $1/$f),$f))),model.safetensors))

# A language of our own (awk/foreign.awk), its vocabulary learned from the tasks.
FILTER_foreign ?= awk -f awk/foreign.awk
VOCAB_foreign ?= $(OUT)/foreign.txt

$(OUT)/foreign.txt: $(foreach t,$(TASKS),$(OUT)/data/$t/train.tsv) | awk/foreign.awk
	$(call say,vocabulary)
	$Qcat $^ | $(FILTER_foreign) | sed '/^#mtkd /d; /^id	label/d' | \
	    cut -f 3- | wp-train -q --size 8192 -o $@

random-encoder = model-new -v $< $(if $(filter cased,$*),--cased) --layers $(LAYERS) \
    --hidden $(HIDDEN) --heads $(HEADS) --intermediate $(INTERMEDIATE) \
    --positions $(POSITIONS) $(MODEL_OPTIONS) --seed 1 -o $(@D)

$(encoders:%=$(OUT)/encoder/%/model.safetensors): \
    $(OUT)/encoder/%/model.safetensors: $$(if $$(call imported,$$*),$$(call \
    weights,$$(call imported,$$*)),$$(VOCAB_$$*))
	$(if $<,,$(error the encoder '$*' needs VOCAB_$*=FILE or INIT_$*=MODEL))
	$(call say,encoder)
	@mkdir -p $(@D)
	$Q$(if $(call imported,$*),bert-import -o $(@D) $(<D),$(random-encoder))

define tokens-of-encoder
$$(OUT)/tokens/$1/%.tsv: $$(OUT)/data/%.tsv $$(call encoder,$1)/model.safetensors
	$$(call say,tokenise)
	@mkdir -p $$(@D)
	$$Q$$(if $$(FILTER_$1),$$(FILTER_$1) $$< | )wp-tokenize \
	    -v $$(call encoder,$1) -o $$@ $$(if $$(FILTER_$1),-,$$<)
endef
$(foreach e,$(encoders),$(eval $(call tokens-of-encoder,$e)))
