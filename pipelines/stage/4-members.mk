# 4. The members: multi-task models on all tasks (METHOD 5, step 1), named
# ENCODER-SEED-DROPOUT and counted in this order.

members := $(foreach e,$(ENCODERS),$(foreach s,$(MEMBER_SEEDS),$(foreach \
    d,$(DROPOUTS),$e-$s-$d)))

options-member = --epochs $(EPOCHS) --dropout $(call dash,3,$*)

$(OUT)/mtdnn/%/model.safetensors: \
    $$(call packs-of,$$(call dash,1,$$*),$(TASKS)) \
    $$(call encoder,$$(call dash,1,$$*))/model.safetensors recipes/$(RECIPE).yml \
    | $$(call watched,$$(call dash,1,$$*))
	$(call say,train)
	@mkdir -p $(@D)
	$Q$(call train,member,$(call encoder,$(call dash,1,$*)),$(call \
	    dash,2,$*),$(filter %.st,$^))
