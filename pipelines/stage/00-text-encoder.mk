# 0. An encoder that knows a language, made before any task is looked at:
# masked-LM training on plain text (mlm-pretrain(1)), one paragraph a line and
# a blank line between documents, plain or compressed by xz or gzip.
#
#	make encoder CONF=tiny TEXT=FILE HELD_OUT=FILE
#
# It starts from random weights, or goes on from PRETRAIN_INIT=MODEL.  Where
# there is a recipe for them, short sequences are read first: from these,
# attention learns much sooner where to look.  What is made is EXPORT, in the
# form in which BERT's encoders are published, and with its head for masks
# OUT/pretrain/run/best.

TEXT =
HELD_OUT =
PRETRAIN_RECIPE = recipes/encoder-$(CONF).yml
PRETRAIN_OPTIONS =
PRETRAIN_SHORT = $(wildcard recipes/encoder-$(CONF)-short.yml)
PRETRAIN_RANGE ?= 0.06
PRETRAIN_INIT = $(OUT)/pretrain/$(if $(PRETRAIN_SHORT),short,start)
EXPORT = $(OUT)/pretrain/export

unpack = $(if $(filter %.xz,$1),xz -dc,$(if $(filter %.gz,$1),gzip -dc,cat)) $1

$(OUT)/pretrain/start/model.safetensors: $$(VOCAB_uncased)
	$(call say,encoder)
	@mkdir -p $(@D)
	$Qmodel-new -v $< --layers $(LAYERS) --hidden $(HIDDEN) \
	    --heads $(HEADS) --intermediate $(INTERMEDIATE) \
	    --positions $(MAX_LENGTH) --init-range $(PRETRAIN_RANGE) --waves \
	    --seed 1 -o $(@D)

# Recipe and model to start from.
pretrain = $(call unpack,$(TEXT)) | $(LAUNCH) mlm-pretrain -r $1 -i $2 \
    -o $(@D) $(manner)

$(OUT)/pretrain/short/model.safetensors: \
    $(OUT)/pretrain/start/model.safetensors $(TEXT) $(PRETRAIN_SHORT)
	$(call say,pretrain)
	@mkdir -p $(@D)
	$Q$(call pretrain,$(PRETRAIN_SHORT),$(<D))

$(OUT)/pretrain/run/model.safetensors: $(PRETRAIN_INIT)/model.safetensors \
    $(TEXT) $(HELD_OUT) $(PRETRAIN_RECIPE)
	$(call say,pretrain)
	@mkdir -p $(@D)
	$Q$(call pretrain,$(PRETRAIN_RECIPE),$(<D)) $(PRETRAIN_OPTIONS) \
	    --dev <($(call unpack,$(HELD_OUT)))

# The better of best and last on the held-out text, in half the bytes.
$(EXPORT)/model.safetensors: $(OUT)/pretrain/run/model.safetensors
	$(call say,export)
	@mkdir -p $(@D)
	$Qbert-export --dtype float16 -o $(@D) $(<D)/best

$(OUT)/encoder.tsv: $(OUT)/pretrain/run/model.safetensors awk/encoder.awk
	$Q{ printf '# %s\n' '$(encoder-command)'; awk -f awk/encoder.awk \
	    $(addsuffix /log.tsv,$(filter $(OUT)/pretrain/short,$(PRETRAIN_INIT))) \
	    $(<D)/dev.tsv; } > $@.tmp
	@mv $@.tmp $@

encoder-command = make -C $(self) encoder $(filter-out \
    BUILD=% OUT=% RESULTS=% JOBS=% V=%,$(MAKEOVERRIDES))

encoder:
	@for f in TEXT='$(TEXT)' HELD_OUT='$(HELD_OUT)'; do \
	    [[ -f $${f#*=} ]] || { echo "encoder needs $${f%%=*}=FILE" >&2; exit 2; }; done
	@$(MAKE) --no-print-directory tools
	@$(MAKE) --no-print-directory encoder-files
	@mkdir -p $(RESULTS)
	@cp $(OUT)/encoder.tsv $(RESULTS)/encoder-$(CONF).tsv
	@echo; cat $(OUT)/encoder.tsv

encoder-files: $(EXPORT)/model.safetensors $(OUT)/encoder.tsv

.PHONY: encoder encoder-files
