# Settings that follow from those of conf/, and what the stages share.

# Tasks: folder of each in GLUE's layout; splits with labels beside train.
tasks := cola sst2 mnli rte wnli qqp mrpc stsb qnli
dir-cola := CoLA
dir-sst2 := SST-2
dir-mnli := MNLI
dir-rte := RTE
dir-wnli := WNLI
dir-qqp := QQP
dir-mrpc := MRPC
dir-stsb := STS-B
dir-qnli := QNLI
dir-ax := AX
dir-snli := SNLI
dir-scitail := SciTail
dev = $(if $(filter mnli,$1),dev_matched dev_mismatched,dev)
test = $(if $(filter mnli,$1),test_matched test_mismatched,test)

ifneq ($(filter-out $(tasks),$(TASKS)),)
$(error unknown task $(filter-out $(tasks),$(TASKS)), expected some of $(tasks))
endif

comma := ,
space := $() $()

# Word N of a name a-b-c or a/b/c.
dash = $(word $1,$(subst -, ,$2))
slash = $(word $1,$(subst /, ,$2))

# Column N of rows.tsv, of one experiment or of all.
rows = $(shell awk -F '\t' '/^#/ || $$1 == "experiment" { next } \
    "$2" == "" || $$1 == "$2" { print $$$1 }' rows.tsv)

# Every TASK/SPLIT with dev labels; packs of one encoder.
dev-sets-of = $(foreach t,$1,$(addprefix $t/,$(call dev,$t)))
dev-sets := $(call dev-sets-of,$(TASKS))
packs-of = $(foreach t,$2,$(OUT)/pack/$1/$t/train.st)

# One line for a rule, or with V=1 its commands.
Q = $(if $V,,@)
say = @printf '%-10s %s\n' '$1' '$(@:$(OUT)/%=%)'

# More jobs only if the caller has not said how many.
jobs = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

# How programs compute and what they say; of those of which several run at a
# time, with how many threads.
manner = $(addprefix --matmul ,$(MATMUL)) $(if $(V),,-q)
running = $(if $(THREADS),--threads $(THREADS)) $(manner)

# The one way to train the model $(@D): kind of training, model to start from,
# seed, packs, soft targets.  Of a kind K are options-K and, where they depart
# from the rest, recipe-K and mix-K.  Packs that the rule needs for order
# alone are scored after each epoch.  What it took goes to minutes.tsv.
recipe-of = recipes/$(or $(recipe-$1),$(RECIPE)).yml
train = ./timed $(OUT)/minutes.tsv $(@D:$(OUT)/%=%) $(LAUNCH) \
    $(if $(strip $5),kd-train,mt-finetune) -r $(call recipe-of,$1) $(running) \
    -i $2 -o $(@D) --seed $3 $(or $(options-$1),$(options)) \
    $(if $(strip $5),--mix $(or $(mix-$1),$(MIX)) $(addprefix --soft ,$5)) \
    $(addprefix --dev ,$(filter %.st,$|)) $4
options = --epochs $(EPOCHS) --dropout $(firstword $(DROPOUTS))
fine-options = --epochs $(FINE_EPOCHS) $(FINE_OPTIONS)
