# 1. Data check: glue-read refuses what is not the task's format and reports
# what it skips.  Without GLUE_DIR the files are those of the bundled corpus.

GLUE = $(or $(GLUE_DIR),$(if $(CORPUS_SEED)$(filter clean,$(MAKECMDGOALS)),$(OUT)/glue,$(error \
    CONF=$(CONF) needs GLUE_DIR=DIR, the folder that has CoLA, SST-2 and so on)))
CORPUS := ../share/corpus

ifndef GLUE_DIR
rows = $(or $(ROWS),$(ROWS_$(subst /,_,$1)),$(error no number of rows for $1))

$(OUT)/glue/%.tsv: $(wildcard $(CORPUS)/*)
	$(call say,generate)
	@mkdir -p $(@D)
	$Q$(CORPUS)/generate -s $(CORPUS_SEED) -n $(call rows,$*) $*.tsv > $@.tmp
	@mv $@.tmp $@
endif

# Only training rows are ever sampled: SAMPLE_sst2=20000.
sample = $(if $(filter train,$(*F)),$(if $(SAMPLE_$(*D)),--sample $(SAMPLE_$(*D)) --seed 1))

source = $(GLUE)/$(dir-$(patsubst %/,%,$(dir $1)))/$(if $(filter ax/%,$1),diagnostic,$(notdir $1)).tsv

$(foreach d,$(addsuffix /train,$(TASKS)) $(dev-sets) ax/test,$(OUT)/data/$d.tsv): \
    $(OUT)/data/%.tsv: $$(call source,$$*)
	$(call say,read)
	@mkdir -p $(@D)
	$Qglue-read -t $(*D) -s $(*F) $(sample) -o $@ $<
