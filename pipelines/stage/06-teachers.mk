# 6. Train one, from the TOP members: each fine-tuned on each task (shared
# layers kept, head fresh).  Those of the tasks in TEACH teach; the others only
# stand in a table's ensemble.  Which member stands at a rank is known when
# stage 5 has run, so the recipe looks it up.

ranks := $(wordlist 1,$(TOP),1 2 3 4 5 6 7 8 9 10 11 12)
teachers := $(filter $(TASKS),$(TEACH))
teacher-rows := $(foreach m,$(models),$(if $(filter ranks,$(seeds-$m)),$m))
# A pack of each encoder: one of them is the member's.
each-pack = $(foreach e,$(ENCODERS),$(call pack,$e,$1))
its-rank = $(firstword $(subst /, ,$*))
lookup = $$(awk -v rank=$(its-rank) '$$1 == rank { print $$3 }' $(OUT)/selected.tsv)

define train-teachers
$(OUT)/$1/%/model.safetensors: $(OUT)/selected.tsv \
    $$$$(call each-pack,$$$$(call training-set,$$$$(*F)))
	$$(call say,teach)
	@mkdir -p $$(@D)
	$$Qmember=$$(lookup); [[ -n $$$$member ]]; \
	$$(call train,$1,$(OUT)/mtdnn/$$$$member,$$(its-rank),$$(call \
	    pack,$$$${member%%-*},$$(call training-set,$$(*F))))
endef
$(foreach m,$(teacher-rows),$(eval $(call train-teachers,$m)))
