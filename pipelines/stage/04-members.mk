# 4. Train all, many times: the members, models of all tasks that differ in
# encoder, seed and dropout (the first step of distillation in mtkd(7)), counted
# in this order; among them those of the student's encoder that stand in a
# table.

members := $(foreach e,$(ENCODERS),$(foreach s,$(MEMBER_SEEDS),$(foreach \
    d,$(DROPOUTS),$e-$s-$d)))
member-rows := $(foreach m,$(models),$(if $(filter members,$(seeds-$m)),$m))

define train-members
$(foreach m,$(sort $(members) $(foreach s,$(every-seed),$(call \
    member-of,$s))),$(OUT)/mtdnn/$m/model.safetensors): \
    $(OUT)/mtdnn/%/model.safetensors: \
    $$$$(call packs-of,$$$$(call encoder-of,$$$$*),$(call tasks-of,$1)) \
    $$$$(call encoder,$$$$(call encoder-of,$$$$*))/model.safetensors $(call recipe-of,$1) \
    | $$$$(call watched,$$$$(call encoder-of,$$$$*))
	$$(call say,train)
	@mkdir -p $$(@D)
	$$Q$$(call train,$1,$$(call encoder,$$(call encoder-of,$$*)),$$(word \
	    2,$$(subst -, ,$$*)),$$(filter %.st,$$^))
endef
$(foreach m,$(member-rows),$(eval $(call train-members,$m)))
