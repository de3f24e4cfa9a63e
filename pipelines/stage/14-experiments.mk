# 14. Experiments: rows.tsv says which rows stand in the table of each, and
# which are tested against which.

experiments := $(filter-out table2,$(sort $(call rows,1)))
$(foreach e,$(experiments),$(eval rows-$e := $(call rows,2,$e)))
$(foreach e,$(experiments),$(eval pairs-$e := $(filter-out %/-,$(call rows,2 "/" $$3,$e))))

# The columns of each, TASK/SPLIT/METRIC; what results.awk has without them.
columns-bam := cola/dev/matthews sst2/dev/accuracy mrpc/dev/accuracy \
    stsb/dev/spearman qqp/dev/accuracy mnli/dev_matched/accuracy \
    qnli/dev/accuracy rte/dev/accuracy bam/dev/average train/-/tokens
columns-adapt := $(foreach s,$(adapt-sets),$s/accuracy) train/-/tokens

# The score tables of a row in an experiment.
tables-adapt = $(foreach s,$(call adapt-sets-of,$1),$(OUT)/score/$1/$s.tsv) \
    $(OUT)/score/$1/tokens-adapt.tsv
tables-bam = $(call scores-of,$1) $(OUT)/score/$1/bam.tsv $(OUT)/score/$1/tokens.tsv
tables-of = $(if $(tables-$1),$(call tables-$1,$2),$(call scores-of,$2) \
    $(OUT)/score/$2/glue.tsv $(OUT)/score/$2/tokens.tsv)
tables-in = $(foreach r,$(rows-$1),$(call tables-of,$1,$r))

# The bundled corpus has no published figures.
published = $(if $(GLUE_DIR),$(wildcard published/$1.tsv))
command = make -C pipelines $(if $(GLUE_DIR)$(filter-out table3,$1),$1,demo) \
    $(filter-out BUILD=% OUT=% JOBS=% V=% RESULTS=%,$(MAKEOVERRIDES))

# What a reader of the table must know beside it.
notes = $(if $(INIT_$(STUDENT))$(IMPORT_$(STUDENT)),,'Encoder: $(LAYERS)x$(HIDDEN), random weights') \
    $(foreach t,$(TASKS),$(if $(SAMPLE_$t),'$t: a sample of $(SAMPLE_$t) training rows')) \
    $(notes-$1)
notes-bam = 'Of 8: the mean over eight tasks as BAM has it, MNLI matched, STS-B Spearman' \
    'A figure with ? stands in no source that we could check'
notes-adapt = 'SNLI: $(SNLI_ROWS) and all training rows there are; none: MNLI'\''s head' \
    'SciTail: only its dev rows are public here: $(CROSS)-fold, and by MNLI'\''s head'
notes-unlabelled = 'Unlabelled: $(UNLABELLED_ROWS) sentences'
notes-small = 'Larger teachers: CONF=$(TEACHERS)'
notes-languages = 'Teachers of: $(LANGUAGES)'
notes-folds = 'Cross-fitted: $(FOLDS) folds'

$(experiments:%=$(OUT)/%.tsv): $(OUT)/%.tsv: results.awk \
    $$(call published,$$*) $$(call tables-in,$$*)
	$(call say,results)
	$Q{ printf '# %s\n' '$(call command,$*)' $(call notes,$*); \
	    awk -v columns='$(columns-$*)' -f results.awk $(call published,$*) \
	    $(foreach r,$(rows-$*),row=$r $(call tables-of,$*,$r)); } > $@.tmp
	@mv $@.tmp $@

# Tests of each pair, Holm's correction over the tasks; fewer than 4 seeds on a
# side cannot tell anything apart.
kinds := $(if $(word 4,$(SEEDS)),seeds) paired
sets-of = $(if $(filter adapt,$1),$(call adapt-sets-of,single),$(call dev-sets-of,$2))
both-tasks = $(filter $(call tasks-of,$(call slash,1,$1)),$(call tasks-of,$(call slash,2,$1)))
tests-of = $(foreach k,$(kinds),$(foreach d,$(call sets-of,$1,$(call \
    both-tasks,$2)),$(OUT)/compare/$k/$2/$d.tsv))

$(experiments:%=$(OUT)/%-tests.tsv): $(OUT)/%-tests.tsv: \
    $$(foreach p,$$(pairs-$$*),$$(call tests-of,$$*,$$p))
	$(call say,tests)
	$Q{ printf '# %s\n' '$(call command,$*)' \
	    'Paired tests: of seed $(firstword $(SEEDS))'; \
	    $(foreach p,$(pairs-$*),glue-score --holm $(call tests-of,$*,$p) | \
	    sed '/^#/d; s,^task	,row	against	&,; t; s,^,$(subst /,	,$p)	,';) } | \
	    awk '!/^row	/ || !head++' > $@.tmp
	@mv $@.tmp $@

$(experiments:%=$(OUT)/%.txt): $(OUT)/%.txt: table.awk rows.tsv $(OUT)/%.tsv
	$(call say,table)
	$Qawk -v experiment=$* -f $^ > $@.tmp
	@mv $@.tmp $@

$(experiments:%=$(OUT)/%-tests.txt): $(OUT)/%-tests.txt: tests.awk rows.tsv $(OUT)/%-tests.tsv
	$(call say,table)
	$Qawk -v experiment=$* -f $^ > $@.tmp
	@mv $@.tmp $@

# Minutes are of the clock: never part of a file that must be the same again.
$(experiments:%=$(OUT)/%-minutes.tsv): $(OUT)/%-minutes.tsv: minutes.awk $(OUT)/%.tsv
	$Q{ printf '# %s\n' '$(call command,$*)'; awk -f minutes.awk $(OUT)/minutes.tsv \
	    $(foreach r,$(rows-$*),row=$r models=$(subst $(space),$(comma),$(patsubst \
	    $(OUT)/%,%,$(call trained,$r,$(if $(filter adapt,$*),$(adapt-scopes),$(call \
	    tasks-of,$r)))))); } > $@.tmp
	@mv $@.tmp $@

RESULTS = results
tools:
	@$(MAKE) --no-print-directory -C .. BUILD=$(BUILD:../%=%) all

$(experiments): tools
	@+$(MAKE) --no-print-directory $(jobs) $(addprefix \
	    $(OUT)/$@,.txt -tests.txt -minutes.tsv)
	@mkdir -p $(RESULTS)
	@for what in '' -tests -minutes; do \
	    cp $(OUT)/$@$$what.tsv $(RESULTS)/$@-$(CONF)$$what.tsv; done
	@echo; cat $(OUT)/$@.txt $(OUT)/$@-tests.txt

.PHONY: tools $(experiments)
