# 22. Smaller students that learn from the inside (kd-train(1)): a small encoder
# over the encoder's own vocabulary, as it is drawn, and after general
# distillation (mlm-pretrain(1)), from inside the encoder on plain text, without
# a masked word and without a label.
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
# Weights of what is learned, and between which layers.
FEATURES ?= --feature-hidden 1 --feature-relation 1
INSIDE_EPOCHS ?= $(EPOCHS)
INSIDE_OPTIONS ?=
GENERAL_RECIPE ?= recipes/general.yml
GENERAL_OPTIONS ?=
GENERAL_TEXT = $(or $(TEXT),$(UNLABELLED))

inside-teacher = $(call encoder,$(STUDENT))

$(OUT)/inside/narrow/model.safetensors: $(inside-teacher)/model.safetensors
	$(call say,encoder)
	@mkdir -p $(@D)
	$Qmodel-new -v $(<D) --layers $(NARROW_LAYERS) \
	    --hidden $(NARROW_HIDDEN) --heads $(NARROW_HEADS) \
	    --positions $(MAX_LENGTH) $(addprefix --init-range ,$(PRETRAIN_RANGE)) \
	    --seed 1 -o $(@D)

$(OUT)/inside/general/model.safetensors: $(OUT)/inside/narrow/model.safetensors \
    $(inside-teacher)/model.safetensors $(GENERAL_RECIPE) $(GENERAL_TEXT)
	$(if $(GLUE_DIR)$(DATA),$(if $(GENERAL_TEXT),,$(error give TEXT=FILE, plain text to learn from)))
	$(call say,general)
	@mkdir -p $(@D)
	$Q$(if $(GENERAL_TEXT),$(call \
	    unpack,$(GENERAL_TEXT)),$(unlabelled)) | ./timed $(OUT)/minutes.tsv \
	    inside/general $(LAUNCH) mlm-pretrain -r $(GENERAL_RECIPE) $(running) \
	    --max-length $(MAX_LENGTH) --mask 0 $(FEATURES) $(GENERAL_OPTIONS) \
	    --teacher $(inside-teacher) -i $(<D) -o $(@D)

general:
	@$(MAKE) --no-print-directory tools
	@+$(call follow,$(OUT)/inside/general/model.safetensors)
	@echo; tail -n 1 $(OUT)/inside/general/log.tsv | \
	    awk -F '\t' '{ print "feature loss", $$7, "after", $$1, "updates: $(call \
	    shown,$(OUT))/inside/general" }'

.PHONY: general
