# 11. Dev predictions, scores over the seeds and the table.

rows-of-table := single mtdnn-shared mtdnn ensemble kd-shared kd
seeds-of = $(if $(filter ensemble,$1),1,$(SEEDS))

# ROW/SEED/TASK/SPLIT
$(OUT)/predict/%.tsv: $$(call model-$$(call slash,1,$$*),$$(call \
    slash,2,$$*),$$(call slash,3,$$*))/model.safetensors \
    $(OUT)/pack/$(STUDENT)/$$(call slash,3,$$*)/$$(*F).st
	$(call say,predict)
	@mkdir -p $(@D)
	$Q$(predict) -m $(<D) -o $@ $(word 2,$^)

# ROW/TASK/SPLIT
$(OUT)/score/%.tsv: $(OUT)/data/$$(call slash,2,$$*)/$$(*F).tsv \
    $$(foreach s,$$(call seeds-of,$$(call slash,1,$$*)),$(OUT)/predict/$$(call \
    slash,1,$$*)/$$s/$$(call slash,2,$$*)/$$(*F).tsv)
	$(call say,score)
	@mkdir -p $(@D)
	$Qglue-score -t $(call slash,2,$*) -o $@ $^

scores-of = $(foreach d,$(dev-sets),$(OUT)/score/$1/$d.tsv)
all-scores := $(foreach r,$(rows-of-table),$(call scores-of,$r) $(OUT)/score/$r/glue.tsv)

$(OUT)/score/%/glue.tsv: $$(call scores-of,$$*)
	$(call say,score)
	$Qglue-score --glue --partial -s dev -o $@ $^

# AX has no public labels: predictions only, with MNLI's head.
ax := $(if $(filter mnli,$(TASKS)),$(if $(GLUE_DIR),$(wildcard \
    $(GLUE_DIR)/AX/diagnostic.tsv),yes))
ax-predictions := $(if $(ax),$(OUT)/predict/kd-shared/$(firstword $(SEEDS))/ax/test.tsv)

by-row = $(foreach r,$(rows-of-table),row=$r $(call scores-of,$r) $(OUT)/score/$r/glue.tsv)
# The bundled corpus has no published figures.
published := $(if $(GLUE_DIR),published.tsv)
command = make -C pipelines $(if $(GLUE_DIR),table3,demo) $(filter-out \
    BUILD=% OUT=% JOBS=% V=%,$(MAKEOVERRIDES))

# What a reader of the table must know beside it.
notes = $(if $(INIT_$(STUDENT)),,'encoder: $(LAYERS)x$(HIDDEN), random weights') \
    $(foreach t,$(TASKS),$(if $(SAMPLE_$t),'$t: a sample of $(SAMPLE_$t) training rows'))

$(OUT)/table3.tsv: results.awk $(published) $(all-scores) $(ax-predictions)
	$(call say,results)
	$Q{ printf '# %s\n' '$(command)' $(notes); \
	    awk -f results.awk $(published) $(by-row); } > $@.tmp
	@mv $@.tmp $@

$(OUT)/table3.txt: table.awk $(OUT)/table3.tsv
	$(call say,table)
	$Qawk -f $^ > $@.tmp
	@mv $@.tmp $@

table:
	@echo; cat $(OUT)/table3.txt

.PHONY: table look

# One file of each kind and the command that looks into it.
from := $(OUT:../%=%)
bin := $(BUILD:../%=%)/bin
first := $(firstword $(filter mnli,$(TASKS)) $(TASKS))
taught := $(firstword $(teachers))
split := $(firstword $(call dev,$(first)))
member := $(firstword $(members))
look:
	@printf '\nWhat each stage made, and how to look into it:\n'
	@printf '%-14s %s\n' \
	    '1 task file' 'head -n 3 $(patsubst ../%,%,$(call source,$(first)/train))' \
	    '1 examples' 'head -n 4 $(from)/data/$(first)/train.tsv' \
	    '2 encoder' '$(bin)/tensor-cat $(patsubst ../%,%,$(call encoder,$(STUDENT)))/model.safetensors' \
	    '2 tokens' 'head -n 4 $(from)/tokens/$(STUDENT)/$(first)/train.tsv' \
	    '3 pack' '$(bin)/tensor-cat --head 2 $(from)/pack/$(STUDENT)/$(first)/train.st' \
	    '4 member' '$(bin)/tensor-cat --stats $(from)/mtdnn/$(member)/model.safetensors' \
	    '4 its training' 'tail -n 3 $(from)/mtdnn/$(member)/log.tsv' \
	    '4 its settings' 'cat $(from)/mtdnn/$(member)/recipe.yml' \
	    '5 scores' 'cat $(from)/score/member/$(member)/$(firstword $(judge-sets)).tsv' \
	    '5 selection' 'cat $(from)/selected.tsv'
ifneq ($(taught),)
	@printf '%-14s %s\n' \
	    '6 teacher' '$(bin)/tensor-cat $(from)/teacher/1/$(taught)/model.safetensors' \
	    '7 predictions' 'head -n 4 $(from)/predict/teacher/1/$(taught)/train.tsv' \
	    '8 soft targets' 'head -n 4 $(from)/soft/$(taught).tsv'
endif
	@printf '%-14s %s\n' \
	    '9 student' 'tail -n 3 $(from)/student/$(firstword $(SEEDS))/log.tsv' \
	    '10 its tasks' '$(bin)/tensor-cat $(from)/fine/kd/$(firstword $(SEEDS))/$(first)/model.safetensors' \
	    '11 predictions' 'head -n 4 $(from)/predict/kd/$(firstword $(SEEDS))/$(first)/$(split).tsv' \
	    '11 scores' 'cat $(from)/score/kd/$(first)/$(split).tsv' \
	    '11 GLUE score' 'cat $(from)/score/kd/glue.tsv' \
	    '11 results' 'cat $(from)/table3.tsv'
