# The kinds of step, of which each stage is one: how a model of models.tsv is
# trained, on what, and how it answers.

# How programs compute and what they say; of those of which several run at a
# time, with how many threads.
manner = $(addprefix --matmul ,$(MATMUL)) $(if $(V),,-q)
running = $(if $(THREADS),--threads $(THREADS)) $(manner)

# Options that models.tsv speaks of.
options = --epochs $(EPOCHS) --dropout $(dropout)
member-options = --epochs $(EPOCHS) --dropout $(call dropout-of,$(@D))
fine = --epochs $(FINE_EPOCHS) $(FINE_OPTIONS)
inside-with = --epochs $(INSIDE_EPOCHS) --dropout $(dropout) --answer-weight 0 \
    $1 $(INSIDE_OPTIONS)
LOWER_HALF = $(shell echo $$(($(LAYERS) / 2)))
frozen-half = $(shell echo $$(($(LOWER_HALF) + 1)))
frozen-all = $(shell echo $$(($(LAYERS) + 1)))
bam-all = --epochs $(BAM_EPOCHS) --dropout $(dropout) $(BAM_OPTIONS)
bam-one = --epochs $(BAM_SINGLE_EPOCHS) --dropout $(dropout) $(BAM_SINGLE_OPTIONS)

# Train the model $(@D): its line, the model to start from, seed, packs, soft
# targets.  Packs that the rule needs for order alone are scored after each
# epoch; parts of a development set (dev-not1of3) are trained on as such.  What
# it took goes to minutes.tsv.
recipe-of = $(if $(filter heads=%,$(recipe-$1)),$(patsubst heads=%,$(OUT)/recipe/%.yml,$(recipe-$1)),recipes/$(or \
    $(recipe-$1),$(RECIPE)).yml)
train = ./timed $(OUT)/minutes.tsv $(@D:$(OUT)/%=%) $(LAUNCH) \
    $(if $(strip $5)$(beside-$1),kd-train,mt-finetune) -r $(call recipe-of,$1) $(running) \
    -i $2 -o $(@D) --seed $3 $(or $(options-$1),$(options)) \
    $(if $(strip $5),--mix $(or $(mix-$1),$(MIX)) $(addprefix --soft ,$5)) \
    $(if $(beside-$1),--teacher $(call model,$(beside-$1),$3)) \
    $(if $(filter dev-%,$(notdir $4)),--train-on dev) \
    $(addprefix --dev ,$(filter %.st,$|)) $4

# What a model starts from: row, seed.
start = $(if $(filter $(models),$(from-$1)),$(call model,$(from-$1),$2),$(call first-model,$(from-$1)))
first-model = $(if $(filter encoder,$1),$(call encoder,$(STUDENT)),$(if $(filter \
    $(made-import),$1),$(call encoder,$1),$(OUT)/inside/$1))

# The soft targets of a model: row, seed, its tasks.  A word of its line is
# SOURCE[@SEED][:TASK,...]; the source is a row, of which averages stand in
# soft/, or a school.
soft-targets = $(foreach w,$(soft-$1),$(call soft-of,$(firstword $(subst @, ,$(subst \
    :, ,$w))),$(subst first,$(firstword $(SEEDS)),$(or $(word 2,$(subst @, ,$(firstword \
    $(subst :, ,$w)))),$2)),$(subst $(comma), ,$(word 2,$(subst :, ,$w))),$3))
soft-of = $(if $(schools-of-$1),$(call soft-of-school,$1,$4),$(if $(filter \
    average,$(of-$1)),$(foreach t,$(if $3,$(subst all,$4,$3),$(filter \
    $4,$(teachers))),$(call soft-file,$1,$t)),$(foreach t,$(or \
    $(filter-out all,$3),$4),$(OUT)/predict/$1/$2/$t/train.tsv)))

# Those of the first average stand in soft/ itself: average, TASK or TASK-SPLIT.
soft-file = $(OUT)/soft/$(if $(filter-out $(firstword $(averages)),$1),$1/)$2.tsv

# The settings' recipe with heads of another kind on tasks of two texts with
# labels.
pairs-with-labels = $(shell $(glue-tasks) 2> /dev/null | awk -F '\t' \
    '$$4 == "pair" && $$5 ~ /^(class|multil)/ { print $$1 }' | uniq)
$(OUT)/recipe/%.yml: recipes/$(RECIPE).yml awk/heads.awk
	$(call say,recipe)
	@mkdir -p $(@D)
	$Qawk -v kind=$* -v tasks='$(filter $(TASKS),$(pairs-with-labels))' -f awk/heads.awk $< > $@.tmp
	@mv $@.tmp $@

# Answers of the model $(<D).
predict = $(LAUNCH) mt-predict $(running)
