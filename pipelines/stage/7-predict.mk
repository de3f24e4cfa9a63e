# 7. Predictions of the teachers, on their training rows and on dev.

predict = $(LAUNCH) mt-predict $(running)

$(OUT)/predict/teacher/%.tsv: \
    $(OUT)/teacher/$$(call slash,1,$$*)/$$(call slash,2,$$*)/model.safetensors \
    $$(foreach e,$(ENCODERS),$(OUT)/pack/$$e/$$(call slash,2,$$*)/$$(*F).st)
	$(call say,predict)
	@mkdir -p $(@D)
	$Qmember=$(lookup); [[ -n $$member ]]; \
	$(predict) -m $(<D) -o $@ \
	    $(OUT)/pack/$${member%%-*}/$(call slash,2,$*)/$(*F).st
