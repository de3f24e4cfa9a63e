# 10. Train one: a model for each task, from the encoder or from a model of all
# tasks of the same seed.  $* is SEED/TASK, or SEED/ a part of a task.

task-rows := $(foreach m,$(models),$(if $(filter single fine,$(call shape,$m)),$m))

# Row, tasks.
define train-one
$(foreach s,$(every-seed),$(foreach t,$2,$(call \
    model,$1,$s,$t)/model.safetensors)): \
    $(call model,$1,%)/model.safetensors: \
    $$$$(call packs-of,$(call words-of,$1),$$$$(*F)) \
    $$$$(call soft-targets,$1,$$$$(*D),$$$$(*F)) \
    $$$$(call start,$1,$$$$(*D))/model.safetensors $(call recipe-of,$1)
	$$(call say,$(if $(filter fine,$(call shape,$1)),fine-tune,train))
	@mkdir -p $$(@D)
	$$Q$$(call train,$1,$$(call start,$1,$$(*D)),$$(*D),$$<,$$(filter %.tsv,$$^))
endef
$(foreach m,$(task-rows),$(eval $(call train-one,$m,$(TASKS))))
