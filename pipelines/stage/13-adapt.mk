# 13. Domain adaptation (Liu et al. 2019, the base paper): the encoder, MT-DNN
# and MT-DNN_KD on SNLI with few rows and many, and on SciTail, of which we
# have the dev rows alone: five-fold, and both with MNLI's head untrained.

trained-sets := $(foreach s,$(SNLI_ROWS),snli-$s/dev) snli/dev scitail-folds/dev
adapt-sets := snli-none/dev scitail-none/dev $(trained-sets)
adapt-sets-of = $(if $(filter single,$1),$(trained-sets),$(adapt-sets))

with-mnli = $(predict) -m $(<D) -t mnli -
mnli-model = $(call model,$(call slash,1,$1)-shared,$(call slash,2,$1))/model.safetensors

$(OUT)/predict/%/snli-none/dev.tsv: $$(call mnli-model,$$*) $(OUT)/data/snli/dev.tsv
	$(call say,predict)
	@mkdir -p $(@D)
	$Q$(with-mnli) < $(word 2,$^) | sed '1s/task=mnli/task=snli/' > $@.tmp
	@mv $@.tmp $@

# What does not follow is neutral to SciTail.
$(OUT)/predict/%/scitail-none/dev.tsv: $$(call mnli-model,$$*) $(OUT)/data/scitail/dev.tsv
	$(call say,predict)
	@mkdir -p $(@D)
	$Q$(with-mnli) < $(word 2,$^) | awk -F '\t' -v OFS='\t' ' \
	    /^#/ { sub(/task=mnli/, "task=scitail"); print; next } \
	    $$1 == "id" { print $$1, "neutral", "entails"; next } \
	    { print $$1, 1 - $$4, $$4 }' > $@.tmp
	@mv $@.tmp $@

$(OUT)/predict/%/scitail-folds/dev.tsv: $$(foreach f,$(call \
    folds,$(CROSS)),$(OUT)/predict/$$*/scitail-not$$f/dev-$$f.tsv)
	$(call say,join)
	@mkdir -p $(@D)
	$Qawk 'NR == FNR || !/^(#|id	)/' $^ > $@.tmp
	@mv $@.tmp $@
