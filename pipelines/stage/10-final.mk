# 10. Models of one task: the encoder fine-tuned on it alone (single/VARIANT);
# the vanilla multi-task model and the students, each fine-tuned on it
# (fine/ROW).  Paths end in SEED/TASK, or SEED/TASK-PART (domain adaptation).

options-single = $(options)
# BAM's, alone and born again.
recipe-bam-single = bam
options-bam-single = --epochs $(BAM_SINGLE_EPOCHS) \
    --dropout $(firstword $(DROPOUTS)) $(BAM_SINGLE_OPTIONS)
recipe-bam-single-single = bam
options-bam-single-single = $(options-bam-single)
mix-bam-single-single = anneal
soft-bam-single-single = $(call answers,bam-single,$(firstword $(SEEDS)),$2)

# Parts of the tasks of domain adaptation (stage 13).
adapt-scopes := $(addprefix snli-,$(SNLI_ROWS)) snli \
    $(addprefix scitail-not,$(call folds,$(CROSS)))

options-fine = $(fine-options) --dropout $(firstword $(DROPOUTS))

# Folder of the model of a row: row, seed, task.  The row V-shared is the
# multi-task model of a variant V, the row V the same fine-tuned on the task.
model = $(if $(filter $(alone),$1),$(OUT)/single/$1/$2/$3,$(if $(filter \
    %-shared,$1),$(call shared,$(1:%-shared=%),$2),$(OUT)/fine/$1/$2/$3))
shared = $(if $(filter mtdnn,$1),$(OUT)/mtdnn/$(STUDENT)-$2-$(firstword \
    $(DROPOUTS)),$(OUT)/student/$1/$2)

# The pack of a TASK-PART; SciTail has dev rows alone.
scope-pack = $(OUT)/pack/$(STUDENT)/$(call dash,1,$1)/$(if $(filter \
    scitail-%,$1),dev,train)$(patsubst $(call dash,1,$1)%,%,$1).st

# VARIANT/SEED/TASK
singles := $(foreach s,$(SEEDS),$(foreach a,$(alone),$(TASKS:%=$a/$s/%)) \
    $(adapt-scopes:%=single/$s/%))

$(singles:%=$(OUT)/single/%/model.safetensors): $(OUT)/single/%/model.safetensors: $$(call scope-pack,$$(*F)) \
    $$(call soft-$$(call slash,1,$$*),$$(call slash,2,$$*),$$(*F)) \
    $(call encoder,$(STUDENT))/model.safetensors \
    $$(call recipe-of,$$(call slash,1,$$*))
	$(call say,train)
	@mkdir -p $(@D)
	$Q$(call train,$(call slash,1,$*),$(call encoder,$(STUDENT)),$(call \
	    slash,2,$*),$<,$(filter %.tsv,$^))

$(OUT)/fine/%/model.safetensors: $$(call scope-pack,$$(*F)) \
    $$(call shared,$$(call slash,1,$$*),$$(call slash,2,$$*))/model.safetensors
	$(call say,fine-tune)
	@mkdir -p $(@D)
	$Q$(call train,fine,$(patsubst %/,%,$(dir $(word 2,$^))),$(call \
	    slash,2,$*),$<)
