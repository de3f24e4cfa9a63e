# 1. Data check: glue-read refuses what is not the task's format and reports
# what it skips.  Without GLUE_DIR the files are those of the bundled corpus.

without-glue = clean report tools encoder encoder-files
GLUE = $(or $(GLUE_DIR),$(if $(DATA)$(CORPUS_SEED)$(filter $(without-glue),$(MAKECMDGOALS)),$(OUT)/glue,$(error \
    CONF=$(CONF) needs GLUE_DIR=DIR, the folder that has CoLA, SST-2 and so on)))
CORPUS := $(SHARE)/corpus

ifeq ($(GLUE_DIR)$(DATA),)
corpus-rows = $(or $(ROWS),$(ROWS_$(subst /,_,$(subst test,dev,$1))),$(error no number of rows for $1))

$(OUT)/glue/%.tsv: $(wildcard $(CORPUS)/*)
	$(call say,generate)
	@mkdir -p $(@D)
	$Q$(CORPUS)/generate -s $(CORPUS_SEED) -n $(call corpus-rows,$*) $*.tsv > $@.tmp
	@mv $@.tmp $@
endif

# TASK/SPLIT, or TASK/SPLIT-PART with a part 1of3 (a fold), not1of3 (all but
# that fold) or 549 (so many random rows).  With HOLD=1of3 the training rows
# are those outside that fold; `held' has those in it.
split-of = $(patsubst held,train,$(firstword $(subst -, ,$(notdir $1))))
part-of = $(or $(word 2,$(subst -, ,$(notdir $1))),$(call own-part,$1),$(if $(HOLD),$(if $(filter \
    %/train,$1),not$(HOLD))$(if $(filter %/held,$1),$(HOLD))))
part-option = $(if $(findstring of,$1),$(if $(filter not%,$1),--not-fold,--fold) \
    $(subst of,/,$(1:not%=%)) $(own-fold),--sample $1)
# Only training rows are ever sampled: SAMPLE_sst2=20000.
sample = $(if $(filter train,$(call split-of,$1)),$(if \
    $(SAMPLE_$(*D)),--sample $(SAMPLE_$(*D))))
read = glue-read -t $(*D) -s $(call split-of,$*) $(own-tasks) $(own-form) --seed 1 $1 $<

# The first of the places that the task's definition names, else the last.
places = $(addprefix $(GLUE)/,$(files-$(patsubst %/,%,$(dir $1))/$(call split-of,$1)))
source = $(if $(DATA),$(call own-source,$1),$(or $(firstword $(wildcard $(call places,$1))),$(if \
    $(GLUE_DIR),$(lastword $(call places,$1)),$(firstword $(call places,$1)))))

FOLDS ?= 3
# Domain adaptation (stage 13).
SNLI_ROWS = 549 5493
CROSS = 5
# Settings are chosen on this part of the training rows (stage 20).
CHOOSE_FOLD ?= 1of5
data-sets := $(dev-sets) $(call test-sets-of,$(TASKS) $(guests)) \
    $(foreach t,$(unlabelled-tasks),$(if $(call own-file,$t/unlabelled)$(filter $t,$(rest-tasks)),$t/unlabelled)) \
    $(foreach t,$(TASKS),$t/train $t/held $t/train-not$(CHOOSE_FOLD) \
    $t/train-$(CHOOSE_FOLD)) snli/dev scitail/dev snli/train \
    $(SNLI_ROWS:%=snli/train-%) $(foreach f,$(call \
    parts,$(CROSS)),scitail/dev-$f scitail/dev-not$f)

# Rows in both: the sample and the fold.  What is to be told of a file is told
# once, by the latter.
$(data-sets:%=$(OUT)/data/%.tsv): $(OUT)/data/%.tsv: $$(call source,$$*)
	$(call say,read)
	@mkdir -p $(@D)
	$Q$(call read,$(call sample,$*)) $(if $(call part-of,$*),$(if $(call sample,$*),,2> /dev/null) | \
	    awk -F '\t' 'NR == FNR { keep[$$1]; next } /^#/ || $$1 in keep' \
	    <($(call read,$(call part-option,$(call part-of,$*)))) -) > $@.tmp
	@mv $@.tmp $@

ifndef DATA
# Unlabelled rows of SST-2: sentences of the text UNLABELLED, one document or
# paragraph a line; of the bundled corpus, sentences of its own.
ifdef GLUE_DIR
unlabelled = $(if $(UNLABELLED),$(if $(filter %.xz,$(UNLABELLED)),xz -dc,cat) \
    $(UNLABELLED),$(error give UNLABELLED=FILE, text or text.xz))
else
unlabelled = $(CORPUS)/generate -p -s 2 -n $(UNLABELLED_ROWS) SST-2/train.tsv
endif

$(OUT)/data/sst2/unsup.tsv: awk/sentences.awk $(if $(GLUE_DIR),$(UNLABELLED))
	$(call say,read)
	@mkdir -p $(@D)
	$Q$(unlabelled) | awk -f $< | \
	    glue-read -t lines -s unsup --sample $(UNLABELLED_ROWS) -o $@
endif
