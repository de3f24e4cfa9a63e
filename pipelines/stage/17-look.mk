# 17. One file of each kind and the command that looks into it.
from := $(call shown,$(OUT))
first := $(firstword $(filter mnli,$(TASKS)) $(TASKS))
taught := $(firstword $(teachers))
ranked := $(firstword $(teacher-rows))
last := $(firstword $(SEEDS))
split := $(firstword $(call dev,$(first)))
member := $(firstword $(members))
# The folder of a model below that of the run.
below = $(patsubst $(OUT)/%,%,$(call model,$1,$2,$3))

look:
	@printf '\nWhat each stage made, and how to look into it:\n'
	@printf '%-14s %s\n' \
	    '1 task file' 'head -n 3 $(call shown,$(call source,$(first)/train))' \
	    '1 examples' 'head -n 4 $(from)/data/$(first)/train.tsv' \
	    '2 encoder' '$(bin)/tensor-cat $(call shown,$(call encoder,$(STUDENT)))/model.safetensors' \
	    '2 tokens' 'head -n 4 $(from)/tokens/$(STUDENT)/$(first)/train.tsv' \
	    '3 pack' '$(bin)/tensor-cat --head 2 $(from)/pack/$(STUDENT)/$(first)/train.st' \
	    '4 member' '$(bin)/tensor-cat --stats $(from)/mtdnn/$(member)/model.safetensors' \
	    '4 its training' 'tail -n 3 $(from)/mtdnn/$(member)/log.tsv' \
	    '4 its settings' 'cat $(from)/mtdnn/$(member)/recipe.yml' \
	    '5 scores' 'cat $(from)/score/member/$(member)/$(firstword $(judge-sets)).tsv' \
	    '5 selection' 'cat $(from)/selected.tsv'
ifneq ($(taught),)
	@printf '%-14s %s\n' \
	    '6 teacher' '$(bin)/tensor-cat $(from)/$(ranked)/1/$(taught)/model.safetensors' \
	    '7 predictions' 'head -n 4 $(from)/predict/$(ranked)/1/$(taught)/train.tsv' \
	    '8 soft targets' 'head -n 4 $(from)/soft/$(taught).tsv'
endif
	@printf '%-14s %s\n' \
	    '9 student' 'tail -n 3 $(from)/$(call below,$(from-$(final)),$(last))/log.tsv' \
	    '10 its tasks' '$(bin)/tensor-cat $(from)/$(call below,$(final),$(last),$(first))/model.safetensors' \
	    '11 predictions' 'head -n 4 $(from)/predict/$(final)/$(last)/$(first)/$(split).tsv' \
	    '11 scores' 'cat $(from)/score/$(final)/$(first)/$(split).tsv' \
	    '11 GLUE score' 'cat $(from)/score/$(final)/glue.tsv' \
	    '11 results' 'cat $(from)/table3.tsv'

.PHONY: look
