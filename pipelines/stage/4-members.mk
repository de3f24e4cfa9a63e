# 4. The members: multi-task models on all tasks (METHOD 5, step 1), named
# ENCODER-SEED-DROPOUT and counted in this order.

members := $(foreach e,$(ENCODERS),$(foreach s,$(MEMBER_SEEDS),$(foreach \
    d,$(DROPOUTS),$e-$s-$d)))

train = $(LAUNCH) mt-finetune -r recipes/$(RECIPE).yml $(threads)

$(OUT)/mtdnn/%/model.safetensors: $$(call train-packs,$$(call dash,1,$$*)) \
    $$(call encoder,$$(call dash,1,$$*))/model.safetensors recipes/$(RECIPE).yml \
    | $$(call watched,$$(call dash,1,$$*))
	$(call say,train)
	@mkdir -p $(@D)
	$Q$(train) -i $(call encoder,$(call dash,1,$*)) -o $(@D) \
	    --epochs $(EPOCHS) --seed $(call dash,2,$*) \
	    --dropout $(call dash,3,$*) $(addprefix --dev ,$|) $(filter %.st,$^)
