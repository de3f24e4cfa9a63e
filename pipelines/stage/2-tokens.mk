# 2. Encoders and tokens.  An encoder brings its vocabulary and its case; one
# that is not given (INIT_uncased, INIT_cased) is made of random weights.

VOCAB_uncased ?= $(VOCAB)
INIT_uncased ?= $(INIT)
encoder = $(or $(INIT_$1),$(OUT)/encoder/$1)

$(OUT)/encoder/%/model.safetensors: $$(VOCAB_$$*)
	$(if $<,,$(error the encoder '$*' needs VOCAB_$*=FILE or INIT_$*=MODEL))
	$(call say,encoder)
	@mkdir -p $(@D)
	$Qmodel-new -v $< $(if $(filter cased,$*),--cased) --layers $(LAYERS) \
	    --hidden $(HIDDEN) --heads $(HEADS) --intermediate $(INTERMEDIATE) \
	    --positions $(POSITIONS) $(MODEL_OPTIONS) --seed 1 -o $(@D)

define tokens-of-encoder
$$(OUT)/tokens/$1/%.tsv: $$(OUT)/data/%.tsv $$(call encoder,$1)/model.safetensors
	$$(call say,tokenise)
	@mkdir -p $$(@D)
	$$Qwp-tokenize -v $$(call encoder,$1) -o $$@ $$<
endef
$(foreach e,$(ENCODERS),$(eval $(call tokens-of-encoder,$e)))
