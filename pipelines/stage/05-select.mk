# 5. Selection: the TOP members by the mean of MNLI and RTE dev accuracy, or of
# what tasks there are; awk/select.awk says which.

judges := $(if $(filter 2,$(words $(filter mnli rte,$(TASKS)))),mnli rte,$(TASKS))
judge-sets := $(call dev-sets-of,$(judges))

$(OUT)/predict/member/%.tsv: \
    $(OUT)/mtdnn/$$(call row,$$*)/model.safetensors \
    $$(call pack,$$(call encoder-of,$$*),$$(notdir $$(*D))/$$(*F))
	$(call say,predict)
	@mkdir -p $(@D)
	$Q$(predict) -m $(<D) -o $@ $(word 2,$^)

$(OUT)/score/member/%.tsv: $(OUT)/predict/member/%.tsv \
    $(OUT)/data/$$(notdir $$(*D))/$$(*F).tsv
	$(call say,score)
	@mkdir -p $(@D)
	$Qglue-score -t $(notdir $(*D)) $(own-tasks) -o $@ $(word 2,$^) $<

$(OUT)/selected.tsv: $(foreach m,$(members),$(addprefix \
    $(OUT)/score/member/$m/,$(addsuffix .tsv,$(judge-sets)))) | awk/select.awk
	$(call say,select)
	$Qawk -f $| $(foreach m,$(members),member=$m $(filter \
	    $(OUT)/score/member/$m/%,$^)) > $@.tmp
	@mv $@.tmp $@
