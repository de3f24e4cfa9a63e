# 22. Smaller students that learn from the inside (kd-train(1)).  encoders.tsv
# says what they start from: layers of the encoder, small encoders over its
# vocabulary as they are drawn, and after general distillation
# (mlm-pretrain(1)), from inside the encoder on plain text, without a masked word
# and without a label.
#
#	make general CONF=tiny GLUE_DIR=DIR TEXT=FILE
#	make features CONF=tiny GLUE_DIR=DIR TEXT=FILE
#
# What is made of the first, OUT/inside/general, can be given as INIT=FOLDER.
# `phases` tells whether the inside should be learned first or together with the
# answers.  TEXT, else UNLABELLED, as for stage 0; of the bundled corpus
# sentences of its own.

NARROW_LAYERS ?= $(or $(filter-out 0,$(shell echo $$(($(LAYERS) / 2)))),1)
NARROW_HIDDEN ?= $(shell echo $$(($(HIDDEN) / 2)))
NARROW_HEADS ?= $(HEADS)
LEAST_LAYERS ?= $(or $(filter-out 0,$(shell echo $$(($(NARROW_LAYERS) / 2)))),1)
LEAST_HIDDEN ?= $(shell echo $$(($(NARROW_HIDDEN) / 2)))
LEAST_HEADS ?= $(NARROW_HEADS)
# Weights of what is learned, and between which layers.
FEATURES ?= --feature-hidden 1 --feature-relation 1
BY_HIDDEN ?= --feature-hidden 1
BY_RELATION ?= --feature-relation 1
BY_ATTENTION ?= --feature-attention 1
INSIDE_EPOCHS ?= $(EPOCHS)
INSIDE_OPTIONS ?=
GENERAL_RECIPE ?= recipes/general.yml
GENERAL_OPTIONS ?=
GENERAL_TEXT = $(or $(TEXT),$(UNLABELLED))

# Layers: N, N - 2 and so on, in their order; all but the last.
layers-by = $(shell awk 'BEGIN { for (i = $1; i > 0; i -= $2) t = i (t == "" ? "" : ",") t; print t }')
every-second = $(call layers-by,$(LAYERS),2)
all-but-upper = $(call layers-by,$(LAYERS) - 1,1)
shapes-note = Half: layers $(every-second) of the encoder; narrow: $(NARROW_LAYERS)x$(NARROW_HIDDEN); \
    least: $(LEAST_LAYERS)x$(LEAST_HIDDEN)

inside-teacher = $(call encoder,$(STUDENT))

# What is drawn anew is not as an encoder of random weights, seed 1, has it.
define make-encoder
$(OUT)/inside/$1/model.safetensors: $(call first-model,$(source-of-$1))/model.safetensors
	$$(call say,encoder)
	@mkdir -p $$(@D)
	$$Qmodel-new $(if $(filter $1,$(made-take)),--from $$(<D),-v $$(<D) --positions \
	    $(MAX_LENGTH) $(addprefix --init-range ,$(PRETRAIN_RANGE))) $(what-of-$1) \
	    --seed $(if $(filter $1,$(made-take)),2,1) -o $$(@D)
endef
$(foreach e,$(made-new) $(made-take),$(eval $(call make-encoder,$e)))

define make-general
$(OUT)/inside/$1/model.safetensors: $(call first-model,$(source-of-$1))/model.safetensors \
    $(inside-teacher)/model.safetensors $(GENERAL_RECIPE) $(GENERAL_TEXT)
	$$(if $(GLUE_DIR)$(DATA),$$(if $(GENERAL_TEXT),,$$(error give TEXT=FILE, plain text to learn from)))
	$$(call say,general)
	@mkdir -p $$(@D)
	$$Q$(if $(GENERAL_TEXT),$(call \
	    unpack,$(GENERAL_TEXT)),$$(unlabelled)) | ./timed $(OUT)/minutes.tsv \
	    inside/$1 $(LAUNCH) mlm-pretrain -r $(GENERAL_RECIPE) $(running) \
	    --max-length $(MAX_LENGTH) --mask 0 $(FEATURES) $(GENERAL_OPTIONS) \
	    --teacher $(inside-teacher) -i $$(<D) -o $$(@D)
endef
$(foreach e,$(made-general),$(eval $(call make-general,$e)))

general:
	@$(MAKE) --no-print-directory tools
	@+$(call follow,$(OUT)/inside/general/model.safetensors)
	@echo; tail -n 1 $(OUT)/inside/general/log.tsv | \
	    awk -F '\t' '{ print "feature loss", $$7, "after", $$1, "updates: $(call \
	    shown,$(OUT))/inside/general" }'

.PHONY: general
