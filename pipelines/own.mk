# Tasks of one's own, with DATA=DIR (stage 19): each folder of DIR is a task and
# has train, perhaps dev, test and unlabelled, as .tsv, .csv or .jsonl, and
# perhaps task.yml.  Here is what other stages ask about them.

override DATA := $(patsubst %/,%,$(DATA))
ifeq ($(wildcard $(DATA)/.),)
$(error DATA=$(DATA) is no folder; a relative path starts $(starting))
endif
forms := tsv csv jsonl
own-file = $(firstword $(wildcard $(forms:%=$(DATA)/$1.%)))
owned := $(sort $(notdir $(patsubst %/,%,$(dir $(wildcard $(forms:%=$(DATA)/*/train.%))))))
ifeq ($(owned),)
$(error DATA=$(DATA): no folder in it has train.tsv, train.csv or train.jsonl)
endif
TASKS = $(owned)
TEACH = $(TASKS)

# Definitions are made first; then make starts again (PREPARED=1) and reads them.
# A school has those of its run.
OWN_TASKS ?= $(OUT)/tasks
own-definitions := $(TASKS:%=$(OWN_TASKS)/%.yml)
unprepared := $(filter-out $(wildcard $(own-definitions)),$(own-definitions))
TASK_FILES = $(if $(unprepared),,$(OWN_TASKS))
not-yet := $(if $(PREPARED),,own)
ifneq ($(if $(unprepared),$(filter-out own help clean tools $(own-definitions),$(MAKECMDGOALS))),)
$(error the tasks of $(DATA) are not defined yet: type make own DATA=$(DATA) first)
endif

# Scores on dev after each epoch, for the report.
CURVES = 1

# Splits, where task.yml names none.
own-dev = dev
own-test = $(foreach s,$(or $(test-$1),test),$(if $(call own-file,$1/$s),$s))
own-source = $(or $(call own-file,$(call file-of,$1)),$(DATA)/$(call file-of,$1).tsv)
file-of = $(patsubst %/,%,$(dir $1))/$(if $(call is-fold,$1)$(call is-rest,$1),train,$(call split-of,$1))
own-form = $(if $(filter %.csv,$<),--csv)$(if $(filter %.jsonl,$<),--jsonl) \
    $(if $(filter unlabelled,$(*F)),$(if $(call \
    is-rest,$*),--only-unlabelled,--label-column none))

# Without dev a fold of train takes its place, and train is the rest: alike in
# labels, and no text on both sides.
OWN_FOLD ?= 1of5
foldless := $(foreach t,$(TASKS),$(if $(wildcard $(DATA)/$t/dev*),,$t))
is-fold = $(filter $(foldless:%=%/dev),$1)
own-part = $(if $(call is-fold,$1),$(OWN_FOLD),$(if $(filter \
    $(foldless:%=%/train),$1),not$(OWN_FOLD)))
own-fold = --stratify
ifneq ($(and $(foldless),$(filter folds,$(MAKECMDGOALS))),)
$(error folds: no dev of $(strip $(foldless)), which a fold of train stands for already: give it one of its own)
endif
own-notes = $(foreach t,$(foldless),'$t: no dev; fold $(subst of, of ,$(OWN_FOLD)) of train takes its place')

# Text without labels, plain lines too: the student hears what the teachers say
# of it.  Where no file has it, those rows of train that have no label.
unlabelled-files := $(foreach t,$(TASKS),$(if $(call own-file,$t/unlabelled)$(wildcard \
    $(DATA)/$t/unlabelled.txt),$t))
rest-tasks := $(filter-out $(unlabelled-files),$(patsubst \
    $(OWN_TASKS)/%.rest,%,$(wildcard $(TASKS:%=$(OWN_TASKS)/%.rest))))
unlabelled-tasks := $(unlabelled-files) $(rest-tasks)
is-rest = $(filter $(rest-tasks:%=%/unlabelled),$1)
own-notes += $(foreach t,$(rest-tasks),'$t: rows of train without a label are for the student, who hears what its teachers say of them')
own-soft = $(if $(unlabelled-tasks),ensemble:$(subst $(space),$(comma),$(unlabelled-tasks:%=%-unlabelled)))
own-packs = $(unlabelled-tasks:%=%/unlabelled)
