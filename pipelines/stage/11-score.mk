# 11. Predictions of the rows' models, scores over the seeds, tokens read in
# training and comparisons.  A ROW's model of a SEED and a task: stage 10.

seeds-of = $(if $(filter ensemble,$1),1,$(SEEDS))
predictions-of = $(foreach s,$(call seeds-of,$1),$(OUT)/predict/$1/$s/$2.tsv)
gold-of = $(OUT)/data/$(call dash,1,$(call slash,1,$1))/$(notdir $1).tsv

# Written anew where SEEDS are others, so that what is over the seeds is too.
seeds := $(OUT)/seeds
$(seeds): always
	@mkdir -p $(@D)
	@echo '$(SEEDS)' | cmp -s - $@ || echo '$(SEEDS)' > $@
.PHONY: always

# ROW/SEED/TASK/SPLIT; AX is answered by MNLI's model.
$(OUT)/predict/%.tsv: $$(call model,$$(call slash,1,$$*),$$(call \
    slash,2,$$*),$$(patsubst ax,mnli,$$(call slash,3,$$*)))/model.safetensors \
    $(OUT)/pack/$(STUDENT)/$$(call dash,1,$$(call slash,3,$$*))/$$(*F).st
	$(call say,predict)
	@mkdir -p $(@D)
	$Q$(predict) -m $(<D) -o $@ $(word 2,$^)

# Of a TASK-PART the figures are those of a task of this name.
as-task = sed 's/^$(call dash,1,$1)	/$1	/' > $@.tmp

# ROW/TASK/SPLIT
task-split = $(call slash,2,$1)/$(call slash,3,$1)
$(OUT)/score/%.tsv: $$(call gold-of,$$(call task-split,$$*)) \
    $$(call predictions-of,$$(call slash,1,$$*),$$(call task-split,$$*)) $(seeds)
	$(call say,score)
	@mkdir -p $(@D)
	$Qglue-score -t $(call dash,1,$(call slash,2,$*)) $(filter-out $(seeds),$^) | $(call as-task,$(call slash,2,$*))
	@mv $@.tmp $@

scores-of = $(foreach d,$(call dev-sets-of,$(call tasks-of,$1)),$(OUT)/score/$1/$d.tsv)

$(OUT)/score/%/glue.tsv: $$(call scores-of,$$*)
	$(call say,score)
	$Qglue-score --glue --partial -s dev -o $@ $^

# BAM's mean of 8 tasks.
$(OUT)/score/%/bam.tsv: runs.awk bam.awk $$(call scores-of,$$*)
	$(call say,score)
	$Qawk -f runs.awk -f bam.awk $(filter-out %.awk,$^) > $@.tmp
	@mv $@.tmp $@

# What the models of a row read in training: row, seed, tasks.
models-of = $(sort $(foreach t,$3,$(if $(filter ensemble,$1),$(foreach \
    r,$(ranks),$(OUT)/teacher/$r/$t),$(call model,$1,$2,$t))))
trained = $(foreach s,$(call seeds-of,$1),$(call models-of,$1,$s,$2))
runs-of = $(foreach s,$(call seeds-of,$1),run=$s $(addsuffix \
    /log.tsv,$(call models-of,$1,$s,$2)))

$(OUT)/score/%/tokens.tsv: runs.awk tokens.awk \
    $$(addsuffix /model.safetensors,$$(call trained,$$*,$$(call tasks-of,$$*))) \
    $(seeds)
	$(call say,count)
	@mkdir -p $(@D)
	$Qawk -f runs.awk -f tokens.awk $(call runs-of,$*,$(call tasks-of,$*)) > $@.tmp
	@mv $@.tmp $@

$(OUT)/score/%/tokens-adapt.tsv: runs.awk tokens.awk \
    $$(addsuffix /model.safetensors,$$(call trained,$$*,$(adapt-scopes))) $(seeds)
	$(call say,count)
	@mkdir -p $(@D)
	$Qawk -f runs.awk -f tokens.awk $(call runs-of,$*,$(adapt-scopes)) > $@.tmp
	@mv $@.tmp $@

# ROW/AGAINST/TASK/SPLIT: over the seeds, and row by row of the first seed.
compared = $(call slash,3,$1)/$(call slash,4,$1)
compare = glue-score --compare -t $(call dash,1,$(call slash,3,$*))

$(OUT)/compare/seeds/%.tsv: $$(call gold-of,$$(call compared,$$*)) \
    $$(call predictions-of,$$(call slash,1,$$*),$$(call compared,$$*)) \
    $$(call predictions-of,$$(call slash,2,$$*),$$(call compared,$$*)) $(seeds)
	$(call say,compare)
	@mkdir -p $(@D)
	$Q$(compare) --seeds $< $(filter $(OUT)/predict/$(call slash,2,$*)/%,$^) \
	    -- $(filter $(OUT)/predict/$(call slash,1,$*)/%,$^) | \
	    $(call as-task,$(call slash,3,$*))
	@mv $@.tmp $@

$(OUT)/compare/paired/%.tsv: $$(call gold-of,$$(call compared,$$*)) \
    $(OUT)/predict/$$(call slash,2,$$*)/$(firstword $(SEEDS))/$$(call compared,$$*).tsv \
    $(OUT)/predict/$$(call slash,1,$$*)/$(firstword $(SEEDS))/$$(call compared,$$*).tsv \
    $(seeds)
	$(call say,compare)
	@mkdir -p $(@D)
	$Q$(compare) $(filter-out $(seeds),$^) | $(call as-task,$(call slash,3,$*))
	@mv $@.tmp $@
