# 13. Domain adaptation (Liu et al. 2019, the base paper): models that answer
# SNLI, trained with few of its rows and many, and SciTail, of which we have
# the dev rows alone: five-fold.  Both also by the head of MNLI, untrained, of
# the rows that start from a model of all tasks.

adapt-scopes := $(addprefix snli-,$(SNLI_ROWS)) snli \
    $(addprefix scitail-not,$(call parts,$(CROSS)))
define scope
whole-$1 := $(firstword $(subst -, ,$1))
trained-on-$1 := $2
endef
$(foreach n,$(SNLI_ROWS),$(eval $(call scope,snli-$n,snli/train-$n)))
$(foreach f,$(call parts,$(CROSS)),$(eval $(call scope,scitail-not$f,scitail/dev-not$f)))
whole-scitail-folds := scitail
whole-snli-none := snli
whole-scitail-none := scitail

$(foreach m,$(task-rows),$(eval $(call train-one,$m,$(adapt-scopes))))

# The training rows of one task as unlabelled rows of the other.
$(OUT)/data/mnli/snli.tsv: $(OUT)/data/snli/train.tsv
	$(call say,read)
	@mkdir -p $(@D)
	$Qawk -F '\t' -v OFS='\t' '/^#/ { sub(/task=snli split=train/, "task=mnli split=snli") } \
	    !/^#/ && $$1 != "id" { $$2 = "-" } { print }' $< > $@.tmp
	@mv $@.tmp $@

untrained-sets := snli-none/dev scitail-none/dev
adapt-sets := $(untrained-sets) $(foreach s,$(SNLI_ROWS),snli-$s/dev) snli/dev \
    scitail-folds/dev

with-mnli = $(predict) -m $(<D) -t mnli -
its-parent = $(call model,$(if $(filter all,$(of-$(call row,$1))),$(call row,$1),$(from-$(call row,$1))),$(call seed,$1))/model.safetensors

$(OUT)/predict/%/snli-none/dev.tsv: $$(call its-parent,$$*) $(OUT)/data/snli/dev.tsv
	$(call say,predict)
	@mkdir -p $(@D)
	$Q$(with-mnli) < $(word 2,$^) | sed '1s/task=mnli/task=snli/' > $@.tmp
	@mv $@.tmp $@

# What does not follow is neutral to SciTail.
$(OUT)/predict/%/scitail-none/dev.tsv: $$(call its-parent,$$*) $(OUT)/data/scitail/dev.tsv
	$(call say,predict)
	@mkdir -p $(@D)
	$Q$(with-mnli) < $(word 2,$^) | awk -F '\t' -v OFS='\t' ' \
	    /^#/ { sub(/task=mnli/, "task=scitail"); print; next } \
	    $$1 == "id" { print $$1, "neutral", "entails"; next } \
	    { print $$1, 1 - $$4, $$4 }' > $@.tmp
	@mv $@.tmp $@

$(OUT)/predict/%/scitail-folds/dev.tsv: $$(foreach f,$(call \
    parts,$(CROSS)),$(OUT)/predict/$$*/scitail-not$$f/dev-$$f.tsv)
	$(call say,join)
	@mkdir -p $(@D)
	$Qawk 'NR == FNR || !/^(#|id	)/' $^ > $@.tmp
	@mv $@.tmp $@
