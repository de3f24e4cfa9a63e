# 20. Choose: settings of a recipe, tried on a fold of the training rows, so that
# dev stays unseen.  A candidate is RATE_EPOCHS_DROPOUT_SHUFFLE: rates with
# shuffles, and from CHOOSE_BASE other epochs, and other dropout.  Each trains
# one model for each task (one) and one of all (all) on the other folds.

CHOOSE_BASE ?= 1e-3 3 0.1 once
CHOOSE_RATES ?= 5e-4 1e-3 2e-3
CHOOSE_EPOCHS ?= 2 3 5
CHOOSE_DROPOUTS ?= 0 0.1 0.3
CHOOSE_SHUFFLES ?= once epoch
CHOOSE_SEEDS ?= 1
CHOOSE_OF ?= one all

based = $(word $1,$(CHOOSE_BASE))
candidates := $(sort $(foreach r,$(CHOOSE_RATES),$(foreach \
    s,$(CHOOSE_SHUFFLES),$r_$(call based,2)_$(call based,3)_$s)) \
    $(foreach e,$(CHOOSE_EPOCHS),$(call based,1)_$e_$(call based,3)_$(call based,4)) \
    $(foreach d,$(CHOOSE_DROPOUTS),$(call based,1)_$(call based,2)_$d_$(call based,4)))
setting = $(word $1,$(subst _, ,$2))
candidate-options = --learning-rate $(call setting,1,$1) --epochs $(call \
    setting,2,$1) --dropout $(call setting,3,$1) --shuffle $(call setting,4,$1)

# Below choose/: CANDIDATE/SEED/one/TASK and CANDIDATE/SEED/all are models,
# CANDIDATE/SEED/one-TASK.tsv and all-TASK.tsv what they answer on the fold.
outside = $(foreach t,$1,$(call pack,$(STUDENT),$t/train-not$(CHOOSE_FOLD)))
inside = $(call pack,$(STUDENT),$1/train-$(CHOOSE_FOLD))
define try
$(foreach t,$(TASKS),$(OUT)/choose/$1/$2/one/$t/model.safetensors): \
    $(OUT)/choose/$1/$2/one/%/model.safetensors: $$$$(call outside,$$$$*)
$(OUT)/choose/$1/$2/all/model.safetensors: $$$$(call outside,$$$$(TASKS))
$(OUT)/choose/$1/$2/all/model.safetensors $(foreach \
    t,$(TASKS),$(OUT)/choose/$1/$2/one/$t/model.safetensors): \
    $$$$(call encoder,$(STUDENT))/model.safetensors recipes/$(RECIPE).yml
	$$(call say,try)
	@mkdir -p $$(@D)
	$$Q./timed $(OUT)/minutes.tsv $$(@D:$(OUT)/%=%) $$(LAUNCH) mt-finetune \
	    -r recipes/$(RECIPE).yml $$(running) -i $$(call encoder,$(STUDENT)) \
	    -o $$(@D) --seed $2 $(call candidate-options,$1) $$(filter %.st,$$^)

$(OUT)/choose/$1/$2/one-%.tsv: $(OUT)/choose/$1/$2/one/%/model.safetensors $$$$(call inside,$$$$*)
	$$(call say,predict)
	$$Q$$(predict) -m $$(<D) -o $$@ $$(word 2,$$^)

$(OUT)/choose/$1/$2/all-%.tsv: $(OUT)/choose/$1/$2/all/model.safetensors $$$$(call inside,$$$$*)
	$$(call say,predict)
	$$Q$$(predict) -m $$(<D) -t $$* -o $$@ $$(word 2,$$^)
endef
ifneq ($(filter choose %/choose.tsv,$(MAKECMDGOALS)),)
$(foreach c,$(candidates),$(foreach s,$(CHOOSE_SEEDS),$(eval $(call try,$c,$s))))
endif

# CANDIDATE/scores/one-TASK.tsv
tried-task = $(patsubst one-%,%,$(patsubst all-%,%,$(*F)))
$(OUT)/choose/%.tsv: $$(call gold-of,$$(tried-task)/train-$(CHOOSE_FOLD)) \
    $$(foreach s,$(CHOOSE_SEEDS),$(OUT)/choose/$$(call row,$$*)/$$s/$$(*F).tsv)
	$(call say,score)
	@mkdir -p $(@D)
	$Q$(call score,$(tried-task)) -o $@ $^

tried = $(foreach c,$(candidates),$(foreach o,$(CHOOSE_OF),$(foreach t,$(TASKS),$c/scores/$o-$t)))
$(OUT)/choose.tsv: awk/runs.awk awk/choose.awk $(foreach t,$(tried),$(OUT)/choose/$t.tsv)
	$(call say,results)
	$Q{ printf '# %s\n' '$(call command,choose)' \
	    'Scored on fold $(subst of, of ,$(CHOOSE_FOLD)) of the training rows' \
	    $(call notes,choose); \
	    awk -f $< -f $(word 2,$^) $(foreach t,$(tried),tried=$t $(OUT)/choose/$t.tsv); } > $@.tmp
	@mv $@.tmp $@

choose: tools
	@+$(call follow,$(OUT)/choose.tsv)
	@mkdir -p $(RESULTS)
	@cp $(OUT)/choose.tsv $(RESULTS)/choose-$(CONF).tsv
	@echo; awk -F '\t' '!/^#/ && ($$1 == "of" || $$NF == "best")' $(OUT)/choose.tsv | \
	    awk -f awk/aligned.awk

.PHONY: choose
