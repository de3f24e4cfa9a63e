# 9. Students: multi-task models from the encoder with hard and soft targets.
# A variant V is what stands here of it: soft-V are its soft targets, which may
# be predictions of a row's model of seed $1; mix-V, options-V, recipe-V,
# packs-V (besides the tasks' own) depart from the student of the paper, kd.

tasks-of = $(if $(filter bam-%,$1),$(filter-out wnli,$(TASKS)),$(TASKS))
soft-of-all = $(foreach t,$(TASKS),$(OUT)/soft/$t.tsv)
# Predictions of a row's model on training rows: row, seed, tasks.
answers = $(foreach t,$3,$(OUT)/predict/$1/$2/$t/train.tsv)

soft-kd = $(soft-targets)

# What of the targets matters (ablation).
soft-soft = $(soft-targets)
mix-soft = const:0
soft-mix0.1 = $(soft-targets)
mix-mix0.1 = const:0.1
soft-mix0.9 = $(soft-targets)
mix-mix0.9 = const:0.9
soft-anneal = $(soft-targets)
mix-anneal = anneal
soft-warm = $(soft-targets)
options-warm = $(options) --temperature 2
soft-all = $(soft-of-all)
soft-all-soft = $(soft-of-all)
mix-all-soft = const:0
soft-all-anneal = $(soft-of-all)
mix-all-anneal = anneal

# Unlabelled text for one more teacher's task.
soft-taught = $(soft-targets) $(OUT)/soft/sst2.tsv
soft-unlabelled = $(soft-taught) $(OUT)/soft/sst2-unsup.tsv
packs-unlabelled = $(OUT)/pack/$(STUDENT)/sst2/unsup.st

# Born again: each generation learns from the one before, of its own seed.
soft-self-1 = $(call answers,mtdnn-shared,$1,$(TASKS))
soft-self-2 = $(call answers,self-1-shared,$1,$(TASKS))
soft-self-3 = $(call answers,self-2-shared,$1,$(TASKS))

# Soft targets of schools (stage 12).
soft-folds = $(foreach f,$(call folds,$(FOLDS)),$(call soft-of-school,fold$f))
soft-small = $(call soft-of-school,small)
soft-languages = $(call soft-of-school,languages)

# BAM (Clark et al. 2019): one teacher a task, its first seed for all students;
# stage 10 has those of one task.
bam-options = --epochs $(BAM_EPOCHS) --dropout $(firstword $(DROPOUTS)) $(BAM_OPTIONS)
bam-teacher = $(call answers,$1,$(firstword $(SEEDS)),$(call tasks-of,bam-))
define bam
recipe-$1 = bam
mix-$1 = $2
options-$1 = $$(bam-options) $4
soft-$1 = $(if $3,$$(call bam-teacher,$3))
endef
$(eval $(call bam,bam-multi,anneal,))
$(eval $(call bam,bam-multi-multi,anneal,bam-multi-shared))
$(eval $(call bam,bam-single-multi,anneal,bam-single))
$(eval $(call bam,bam-flat,anneal,bam-single,--layer-decay 1))
$(eval $(call bam,bam-size,anneal,bam-single,--sampling 1))
$(eval $(call bam,bam-soft,const:0,bam-single))
$(eval $(call bam,bam-half,const:0.5,bam-single))

soft-of = $(call soft-$(call slash,1,$1),$(call slash,2,$1))
student-packs = $(call packs-of,$(STUDENT),$(call tasks-of,$1)) $(packs-$1)

# VARIANT/SEED, named one by one, as make follows no rule of a pattern to itself
# again: from a student over its predictions to the next.
alone := single bam-single bam-single-single
variants := $(sort $(patsubst %-shared,%,$(filter-out ensemble mtdnn \
    mtdnn-shared $(alone),$(call rows,2))))
students := $(foreach v,$(variants),$(SEEDS:%=$v/%))

$(students:%=$(OUT)/student/%/model.safetensors): \
    $(OUT)/student/%/model.safetensors: $$(call student-packs,$$(*D)) \
    $$(call soft-of,$$*) $(call encoder,$(STUDENT))/model.safetensors \
    $$(call recipe-of,$$(*D)) | $$(if $$(filter kd,$$(*D)),$$(call watched,$(STUDENT)))
	$(call say,distil)
	@mkdir -p $(@D)
	$Q$(call train,$(*D),$(call encoder,$(STUDENT)),$(*F),$(filter \
	    %.st,$^),$(filter %.tsv,$^))
