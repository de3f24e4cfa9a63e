# 7. Predict: the teachers, on their training rows and on dev.  TASK/SPLIT.

define predict-teachers
$(OUT)/predict/$1/%.tsv: \
    $(OUT)/$1/$$$$(its-rank)/$$$$(call answered-by,$$$$(notdir $$$$(*D)))/model.safetensors $$$$(call each-pack,$$$$(notdir $$$$(*D))/$$$$(*F))
	$$(call say,predict)
	@mkdir -p $$(@D)
	$$Qmember=$$(lookup); [[ -n $$$$member ]]; \
	$$(predict) -m $$(<D) -o $$@ \
	    $$(call pack,$$$${member%%-*},$$(notdir $$(*D))/$$(*F))
endef
$(foreach m,$(teacher-rows),$(eval $(call predict-teachers,$m)))
