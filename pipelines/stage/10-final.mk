# 10. The models of the table, for each seed: the encoder fine-tuned on each
# task alone; the vanilla multi-task model and the student, each fine-tuned
# likewise.  Paths end in SEED/TASK.

# Folder of the model of a row: seed, task.
model-single = $(OUT)/single/$1/$2
model-mtdnn = $(OUT)/fine/mtdnn/$1/$2
model-mtdnn-shared = $(OUT)/mtdnn/$(STUDENT)-$1-$(firstword $(DROPOUTS))
model-kd = $(OUT)/fine/kd/$1/$2
model-kd-shared = $(OUT)/student/$1

$(OUT)/single/%/model.safetensors: \
    $(OUT)/pack/$(STUDENT)/$$(call slash,2,$$*)/train.st \
    $(call encoder,$(STUDENT))/model.safetensors recipes/$(RECIPE).yml
	$(call say,train)
	@mkdir -p $(@D)
	$Q$(train) -i $(call encoder,$(STUDENT)) -o $(@D) \
	    --epochs $(EPOCHS) --seed $(call slash,1,$*) \
	    --dropout $(firstword $(DROPOUTS)) $<

$(OUT)/fine/%/model.safetensors: \
    $$(call model-$$(call slash,1,$$*)-shared,$$(call slash,2,$$*))/model.safetensors \
    $(OUT)/pack/$(STUDENT)/$$(call slash,3,$$*)/train.st
	$(call say,fine-tune)
	@mkdir -p $(@D)
	$Q$(fine) -i $(<D) -o $(@D) --seed $(call slash,2,$*) \
	    --dropout $(firstword $(DROPOUTS)) $(word 2,$^)
