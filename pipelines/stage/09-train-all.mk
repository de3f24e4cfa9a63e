# 9. Train all: models of all their tasks from the encoder, most of them
# students, which learn from soft targets too, or from inside a teacher.  $* is
# the seed, named one by one, as make follows no rule of a pattern to itself
# again: from a student over its predictions to the next.

shared-rows := $(foreach m,$(models),$(if $(filter all,$(call shape,$m)),$m))

define train-all
$(foreach s,$(every-seed),$(call model,$1,$s)/model.safetensors): \
    $(call model,$1,%)/model.safetensors: \
    $(call packs-of,$(call words-of,$1),$(call tasks-of,$1)) \
    $(foreach p,$(packs-$1),$(call pack,$(call words-of,$1),$p)) \
    $$$$(call soft-targets,$1,$$$$*,$$(call tasks-of,$1)) \
    $$$$(call start,$1,$$$$*)/model.safetensors $(call recipe-of,$1) \
    $(if $(beside-$1),$$$$(call model,$(beside-$1),$$$$*)/model.safetensors) \
    | $(if $(filter $(from-$(final)),$1),$$$$(call watched,$(STUDENT)))
	$$(call say,distil)
	@mkdir -p $$(@D)
	$$Q$$(call train,$1,$$(call start,$1,$$*),$$*,$$(filter \
	    %.st,$$^),$$(filter %.tsv,$$^))
endef
$(foreach m,$(shared-rows),$(eval $(call train-all,$m)))
