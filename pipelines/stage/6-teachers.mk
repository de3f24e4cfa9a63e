# 6. Teachers: each of the TOP members fine-tuned on each task (shared layers
# kept, head fresh).  Those of the tasks in TEACH teach; the others only stand
# in the table's ensemble row.  Which member stands at a rank is known when
# stage 5 has run, so the recipe looks it up.

ranks := $(wordlist 1,$(TOP),1 2 3 4 5 6 7 8 9 10 11 12)
teachers := $(filter $(TASKS),$(TEACH))
lookup = $$(awk -v rank=$(call slash,1,$*) '$$1 == rank { print $$3 }' $(OUT)/selected.tsv)
options-teacher = $(fine-options)

$(OUT)/teacher/%/model.safetensors: $(OUT)/selected.tsv \
    $$(foreach e,$(ENCODERS),$(OUT)/pack/$$e/$$(call slash,2,$$*)/train.st)
	$(call say,teach)
	@mkdir -p $(@D)
	$Qmember=$(lookup); [[ -n $$member ]]; \
	$(call train,teacher,$(OUT)/mtdnn/$$member,$(call slash,1,$*),$(OUT)/pack/$\
	    $${member%%-*}/$(call slash,2,$*)/train.st)
