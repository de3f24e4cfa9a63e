# 16. What the flow will cost, stage by stage: mt-finetune --dry-run on the
# packs of each task, times how often and how long each is trained.  With
# RELEASE=1 each task counts with the rows of GLUE's release.  Dev packs are
# counted as if they were trained on.

GFLOPS = 100

$(OUT)/dry/%.tsv: $(OUT)/pack/$(STUDENT)/%.st $(call encoder,$(STUDENT))/model.safetensors
	$(call say,dry run)
	@mkdir -p $(@D)
	$Qmt-finetune --dry-run $(if $(filter dev%,$(notdir $*)),--train-on dev) \
	    -i $(call encoder,$(STUDENT)) -o $(@D) \
	    -r recipes/$(RECIPE).yml --epochs 1 $< | awk -v OFS='\t' -v \
	    part=$* '$$1 == "#" { print part, $$2, $$3 }' | \
	    grep -v here > $@.tmp
	@mv $@.tmp $@

# Of members, those with the first dropout stand in the table too.
more-seeds = $(filter-out $(MEMBER_SEEDS),$(SEEDS))
$(OUT)/costs.tsv: awk/costs.awk published/table1.tsv \
    $(foreach t,$(TASKS),$(OUT)/dry/$t/train.tsv) $(dev-sets:%=$(OUT)/dry/%.tsv)
	$(call say,results)
	$Q{ printf '# %s\n' '$(call command,costs)' \
	    'hours at $(GFLOPS) GFLOP/s; memory of one command; disk of the models'; \
	    awk -v gflops=$(GFLOPS) -v release=$(RELEASE) -v epochs=$(EPOCHS) \
	    -v fine=$(FINE_EPOCHS) -v members=$(words $(members)) -v top=$(TOP) \
	    -v seeds=$(words $(SEEDS)) -v more=$(words $(more-seeds)) \
	    -v teach='$(teachers)' -v judges='$(judges)' -f $^; } > $@.tmp
	@mv $@.tmp $@

costs: tools
	@+$(MAKE) --no-print-directory $(jobs) $(OUT)/costs.tsv
	@mkdir -p $(RESULTS)
	@cp $(OUT)/costs.tsv $(RESULTS)/costs-$(CONF).tsv
	@echo; awk -f awk/aligned.awk $(OUT)/costs.tsv

# What the trainings of each experiment will cost, from dry runs of what make
# says it would run; of all and of those that the first does not have.
HOURS_OF ?= $(main-table) $(filter-out $(main-table) own $(if $(TEACHERS_INIT)$(TEACHERS_IMPORT),,small),$(experiments))
hours: tools
	@mkdir -p $(OUT)/hours $(RESULTS)
	@+for e in $(HOURS_OF); do $(making) -n V=1 OUT=$(OUT)/planned \
	    $(addprefix $(OUT)/planned/$$e,.txt -tests.txt -minutes.tsv) > $(OUT)/hours/$$e.plan; done
	@+{ printf '# %s\n' '$(call command,hours)' \
	    'hours at $(GFLOPS) GFLOP/s, of trainings; more_hours: where those of $(firstword $(HOURS_OF)) are there'; \
	    MAKE_FILES='$(making) $(jobs)' ./hours $(OUT) $(GFLOPS) $(STUDENT) $(foreach e,$(HOURS_OF),$e=$(OUT)/hours/$e.plan); \
	    } > $(OUT)/hours.tsv.tmp
	@mv $(OUT)/hours.tsv.tmp $(OUT)/hours.tsv
	@cp $(OUT)/hours.tsv $(RESULTS)/hours-$(CONF).tsv
	@echo; awk -f awk/aligned.awk $(OUT)/hours.tsv

.PHONY: costs hours

# Serving: rows a second and memory of the ensemble, whose members all answer,
# and of the student, on the dev rows of the first task.  Of the clock: run it
# when the machine is idle.
served := $(firstword $(filter mnli,$(TASKS)) $(TASKS))
RUNS ?= $(if $(DATA),3,5)
$(OUT)/serving.tsv: $(OUT)/$(main-table).tsv
	$(call say,measure)
	@RUNS=$(RUNS) ./serve $(OUT) $(served) $(firstword $(call dev,$(served))) '$(call \
	    command,serving)' '$(STUDENT)' $(call \
	    model,$(final),$(firstword $(SEEDS)),$(served)) $(running) > $@.tmp
	@mv $@.tmp $@

serving: tools
	@rm -f $(OUT)/serving.tsv
	@+$(MAKE) --no-print-directory $(jobs) $(OUT)/serving.tsv
	@mkdir -p $(RESULTS)
	@$(if $(DATA),,cp $(OUT)/serving.tsv $(RESULTS)/serving-$(CONF).tsv)
	@echo; awk -f awk/aligned.awk $(OUT)/serving.tsv

.PHONY: serving
