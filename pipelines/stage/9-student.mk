# 9. The student: a fresh multi-task model with hard and soft targets.

soft-targets := $(foreach t,$(teachers),$(OUT)/soft/$t.tsv)

$(OUT)/student/%/model.safetensors: $(call train-packs,$(STUDENT)) \
    $(soft-targets) $(call encoder,$(STUDENT))/model.safetensors \
    recipes/$(RECIPE).yml | $$(call watched,$(STUDENT))
	$(call say,distil)
	@mkdir -p $(@D)
	$Q$(LAUNCH) kd-train -r recipes/$(RECIPE).yml $(threads) \
	    -i $(call encoder,$(STUDENT)) -o $(@D) --epochs $(EPOCHS) --seed $* \
	    --dropout $(firstword $(DROPOUTS)) --mix $(MIX) \
	    $(addprefix --soft ,$(soft-targets)) $(addprefix --dev ,$|) \
	    $(filter %.st,$^)
