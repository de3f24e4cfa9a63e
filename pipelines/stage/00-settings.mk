# Settings that follow from those of conf/, the tables that the stages read,
# and how paths are made.

space := $() $()
comma := ,
quoted = '$(subst ','\'',$1)'

# One line for a rule, or with V=1 its commands.
Q = $(if $V,,@)
say = @printf '%-10s %s\n' '$1' '$(@:$(OUT)/%=%)'

# More jobs only if the caller has not said how many.
jobs = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

# Make files by a make of its own, saying how far it is; with V=1 or -n plainly.
# The steps are counted before the first of them: a file that is there already
# is none.
making = $(MAKE) --no-print-directory
follow = $(if $V$(findstring n,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),$(making) $(jobs) \
    $1,plan=$$($(making) -n $1 2> /dev/null) || :; $(making) $(jobs) $1 | \
    ./progress <(printf '%s\n' "$$plan"))

# --- tables ---

# What the tools know of tasks; those of another build serve as well.
export TASK_FILES ?=
own-tasks = $(addprefix --tasks ,$(TASK_FILES))
glue-tasks = PATH=$(programs):$$PATH glue-tasks $(own-tasks)

# models of-M from-M soft-M ...; rows-E pairs-E; columns-E ...; metrics-T ...
MODELS ?= models.tsv
TABLES ?= rows.tsv
definitions := $(shell { $(glue-tasks) $(if $(PREPARED),,2> /dev/null) || :; } | awk -f awk/tables.awk \
    encoders.tsv $(MODELS) $(TABLES) schools.tsv experiments.tsv /dev/stdin)
$(foreach d,$(definitions),$(eval $(subst ¦, ,$d)))

# Experiments whose rows are models; table2's are other people's.
experiments := $(foreach e,$(sort $(listed)),$(if $(filter \
    $(models),$(rows-$e)),$e))
$(foreach e,$(experiments),$(foreach r,$(filter-out $(models),$(rows-$e)),$(error \
    $(TABLES): $e: no model '$r' in $(MODELS))))

# Experiments that something else comes before: those of own tasks.
ifndef DATA
not-yet := own
endif

# The row that all of this is for, and what it is measured against.
final := $(lastword $(rows-table3))
vanilla := $(against-table3-$(final))
main-table := $(if $(DATA),own,table3)

# Targets that build the tools and then start make again.
whole-runs := $(experiments) table1 table2 submit costs hours serving choose peers tfidf report
starters := help tools clean demo encoder general $(whole-runs) $(if $(PREPARED),,own $(own-definitions))
ifeq ($(tasks),)
ifneq ($(filter-out $(starters),$(or $(MAKECMDGOALS),help)),)
$(error $(if $(shell PATH=$(programs):$$PATH command -v glue-tasks),no tasks: their \
    definitions cannot be read,no glue-tasks in $(BUILD)/bin: type make tools first))
endif
else ifneq ($(if $(unprepared),,$(filter-out $(tasks),$(TASKS))),)
$(error unknown task $(filter-out $(tasks),$(TASKS)), expected some of $(sort $(tasks)))
endif

# --- tasks ---

# Splits with labels beside train, those without; TASK/SPLIT of many tasks.
dev = $(or $(dev-$1),$(own-dev))
test = $(if $(DATA),$(own-test),$(test-$1))
dev-sets-of = $(foreach t,$1,$(addprefix $t/,$(call dev,$t)))
test-sets-of = $(foreach t,$1,$(addprefix $t/,$(call test,$t)))
dev-sets := $(call dev-sets-of,$(TASKS))

# Tasks that another's model answers.
guests := $(foreach t,$(tasks),$(if $(filter-out $t,$(head-$t)),$(if \
    $(filter $(head-$t),$(TASKS)),$t)))
answered-by = $(or $(head-$1),$1)

# In the order of tables: those with a place, whether among TASKS or not; of own
# tasks, all that there are.
ifdef DATA
placed :=
endif
in-order := $(if $(filter $(placed),$(TASKS)),$(placed)) $(filter-out \
    $(placed),$(if $(DATA),$(filter $(TASKS),$(tasks)),$(TASKS)))

# A part of a task, such as snli-549, goes by a name of its own: the task it is
# of, and TASK/SPLIT that it is trained on (stage 13).
whole = $(or $(whole-$1),$1)
training-set = $(or $(trained-on-$1),$1/train)
parts = $(foreach k,$(wordlist 1,$1,1 2 3 4 5 6 7 8 9 10),$kof$1)

# --- paths ---

# Below a folder of models or predictions a path is ROW/SEED/TASK/SPLIT, or
# begins so.  The seed of a member is its name, that of a teacher its rank.
row = $(word 1,$(subst /, ,$1))
seed = $(word 2,$(subst /, ,$1))
task = $(word 3,$(subst /, ,$1))

# The folder of a model: row, seed, task.  A row V-shared is a model of all
# tasks, V one fine-tuned on each.
model = $(OUT)/$(call folder-$(call shape,$1),$1,$2,$3)
shape = $(or $(filter members ranks,$(seeds-$1)),$(filter all \
    average,$(of-$1)),$(if $(filter $(models),$(from-$1)),fine,single))
folder-all = student/$(1:%-shared=%)/$2
folder-single = single/$1/$2$(addprefix /,$3)
folder-fine = fine/$1/$2$(addprefix /,$3)
folder-ranks = $1/$2/$3
folder-members = mtdnn/$(call member-of,$2)

# A member is ENCODER-SEED-DROPOUT; of a seed alone it is the student's.
member-of = $(if $(findstring -,$1),$1,$(STUDENT)-$1-$(dropout))
encoder-of = $(firstword $(subst -, ,$1))
dropout-of = $(lastword $(subst -, ,$1))
dropout = $(firstword $(DROPOUTS))

# Seeds that models may be asked for: of the tables, and those whose models are
# the teachers of averages of so many.
POOL ?= 1 2 3 4 5 6 7 8
every-seed := $(sort $(SEEDS) $(POOL))
# Whose answers an average is of: ranks, or seeds.
averaged-of = $(wordlist 1,$(or $(first-$1),99),$(if $(filter ranks,$(seeds-$(from-$1))),$(ranks),$(POOL)))

# The files that answer for a row: predictions of each of its seeds on a
# TASK/SPLIT; the labels of that.
seeds-of = $(if $(filter-out members ranks,$(seeds-$1)),$(seeds-$1),$(if \
    $(filter ranks,$(seeds-$1)),$(ranks),$(SEEDS)))
predictions-of = $(foreach s,$(call seeds-of,$1),$(OUT)/predict/$1/$s/$2.tsv)
gold-of = $(OUT)/data/$(call whole,$(patsubst %/,%,$(dir $1)))/$(notdir $1).tsv

# The encoder whose vocabulary a model has: the student's, or its own.
words-of = $(or $(filter $(made-import),$(from-$1)),$(if $(filter \
    $(models),$(from-$1)),$(call words-of,$(from-$1)),$(STUDENT)))

pack = $(OUT)/pack/$1/$2.st
packs-of = $(foreach t,$2,$(call pack,$1,$(call training-set,$t)))

# The tasks of a model: all but those that its line leaves out.
tasks-of = $(filter-out $(but-$1),$(TASKS))
