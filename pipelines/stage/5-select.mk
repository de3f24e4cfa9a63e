# 5. Selection: the TOP members by the mean of MNLI and RTE dev accuracy, or of
# what tasks there are; select.awk says which.

judges := $(if $(filter 2,$(words $(filter mnli rte,$(TASKS)))),mnli rte,$(TASKS))
judge-sets := $(foreach t,$(judges),$(addprefix $t/,$(call dev,$t)))

$(OUT)/predict/member/%.tsv: \
    $(OUT)/mtdnn/$$(call slash,1,$$*)/model.safetensors \
    $(OUT)/pack/$$(call dash,1,$$*)/$$(call slash,2,$$*)/$$(*F).st
	$(call say,predict)
	@mkdir -p $(@D)
	$Q$(predict) -m $(<D) -o $@ $(word 2,$^)

$(OUT)/score/member/%.tsv: $(OUT)/predict/member/%.tsv \
    $(OUT)/data/$$(call slash,2,$$*)/$$(*F).tsv
	$(call say,score)
	@mkdir -p $(@D)
	$Qglue-score -t $(call slash,2,$*) -o $@ $(word 2,$^) $<

$(OUT)/selected.tsv: $(foreach m,$(members),$(addprefix \
    $(OUT)/score/member/$m/,$(addsuffix .tsv,$(judge-sets)))) | select.awk
	$(call say,select)
	$Qawk -f $| $(foreach m,$(members),member=$m $(filter \
	    $(OUT)/score/member/$m/%,$^)) > $@.tmp
	@mv $@.tmp $@
