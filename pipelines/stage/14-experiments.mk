# 14. Table: rows.tsv says which rows stand in the table of each experiment and
# which are tested against which, experiments.tsv what else it has.

# Columns, TASK/SPLIT/METRIC: each metric of each task's splits of a kind.
columns-on = $(foreach t,$(in-order),$(foreach s,$(call $1,$t),$(foreach \
    m,$(metrics-$t),$t/$s/$m)))
columns = $(or $(columns-$1),$(call columns-on,dev) $(unseen-column) $(if \
    $(placed-here),glue/dev/glue glue-partial/dev/glue) train/-/tokens)
unseen-column := $(if $(filter $(TASKS),$(UNSEEN)),unseen/dev/mean)
placed-here := $(filter $(placed),$(TASKS))

# TASK/SPLIT that a row has answered: experiment, row; what it is tested on,
# experiment, ROW/AGAINST; what its models were trained on, experiment, row.
sets-of = $(if $(sets-$1),$(if $(filter single,$(call shape,$2)),$(filter-out \
    $(untrained-sets),$(sets-$1)),$(sets-$1)),$(call dev-sets-of,$(call tasks-of,$2)))
both-tasks = $(filter $(call tasks-of,$(firstword $(subst /, ,$1))),$(call \
    tasks-of,$(lastword $(subst /, ,$1))))
tested-sets = $(if $(sets-$1),$(filter-out $(untrained-sets),$(sets-$1)),$(call \
    dev-sets-of,$(call both-tasks,$2)))
scope-of = $(or $(tasks-$1),$(call tasks-of,$2))

# The mean of an experiment's columns: row, experiment.
averaged := $(foreach e,$(experiments),$(if $(filter $e/%/average,$(columns-$e)),$e))
define average-row
$(OUT)/score/$1/$2.tsv: awk/runs.awk awk/average.awk $$$$(call scores-of,$1)
	$$(call say,score)
	$$Qawk -v name=$2 -v columns='$(filter-out $2/% train/%,$(columns-$2))' \
	    $$(patsubst %.awk,-f %.awk,$$^) > $$@.tmp
	@mv $$@.tmp $$@
endef
$(foreach e,$(averaged),$(foreach r,$(rows-$e),$(eval $(call average-row,$r,$e))))
$(foreach e,$(experiments),$(if $(tasks-$e),$(foreach r,$(rows-$e),$(eval \
    $(call count-tokens,$r,tokens-$e,$(tasks-$e))))))

# The score tables of a row: experiment, row.
tables-of = $(if $(filter figures,$(of-$2)),$(OUT)/score/$2/figures.tsv,$(call tables-of-answers,$1,$2))
tables-of-answers = $(call scores-on,$2,$(call sets-of,$1,$2)) $(addprefix $(OUT)/score/$2/,$(if \
    $(filter $1,$(averaged)),$1.tsv) $(if $(and $(filter glue%,$(call columns,$1)),$(placed-here)),glue.tsv) $(if \
    $(filter unseen%,$(call columns,$1)),unseen.tsv) tokens$(if $(tasks-$1),-$1).tsv)
tables-in = $(foreach r,$(rows-$1),$(call tables-of,$1,$r))

# What has been measured of another program.
figures := $(foreach m,$(models),$(if $(filter figures,$(of-$m)),$m))
$(figures:%=$(OUT)/score/%/figures.tsv): $(OUT)/score/%/figures.tsv: $$(results)/$$(from-$$*)-$(CONF).tsv
	$(call say,score)
	@mkdir -p $(@D)
	$Q{ cat $<; glue-score --glue --partial -s dev $<; $(if $(unseen-column),$(unseen-alone) $< | \
	    glue-score --glue --partial -s dev - | $(mean-of-unseen)); } > $@.tmp
	@mv $@.tmp $@
unseen-alone = awk -F '\t' -v tasks=' $(UNSEEN) ' '$$1 == "task" || index(tasks, " " $$1 " ")'

# The bundled corpus has no published figures.
published = $(if $(GLUE_DIR),$(wildcard published/$1.tsv))
command = make -C $(self) $(if $(DATA)$(GLUE_DIR)$(filter-out table3,$1),$1,demo) \
    $(filter-out BUILD=% OUT=% JOBS=% V=% RESULTS=% PREPARED=%,$(MAKEOVERRIDES))

# What a reader of the table must know beside it.
notes = $(if $(INIT_$(STUDENT))$(IMPORT_$(STUDENT)),,'Encoder: $(LAYERS)x$(HIDDEN), random weights') \
    $(if $(NOTE),$(call quoted,$(NOTE))) \
    $(foreach t,$(TASKS),$(if $(SAMPLE_$t),'$t: a sample of $(SAMPLE_$t) training rows')) \
    $(own-notes) \
    $(foreach n,1 2 3 4 5 6 7 8 9,$(if $(note-$1-$n),$(call quoted,$(note-$1-$n))))

samples = $(if $(GLUE_DIR),awk -f awk/samples.awk published/table1.tsv $$(ls $(foreach t,$(TASKS),$(if \
    $(SAMPLE_$t),,$(OUT)/data/$t/train.tsv) $(patsubst %,$(OUT)/data/%.tsv,$(call dev-sets-of,$t))) 2> /dev/null || :);)

$(experiments:%=$(OUT)/%.tsv): $(OUT)/%.tsv: awk/results.awk \
    $$(call published,$$*) $$(call tables-in,$$*)
	$(call say,results)
	$Q{ printf '# %s\n' '$(call command,$*)' $(call notes,$*); $(samples) \
	    awk -v columns='$(call columns,$*)' -f $< $(call published,$*) \
	    $(foreach r,$(rows-$*),row=$r $(call tables-of,$*,$r)); } > $@.tmp
	@mv $@.tmp $@

# Tests of each pair, Holm's correction over the tasks; fewer than 4 seeds on a
# side cannot tell anything apart.
kinds := $(if $(word 4,$(SEEDS)),seeds) paired
tests-of = $(foreach k,$(kinds),$(foreach d,$(call \
    tested-sets,$1,$2),$(OUT)/compare/$k/$2/$d.tsv))

$(experiments:%=$(OUT)/%-tests.tsv): $(OUT)/%-tests.tsv: \
    $$(foreach p,$$(pairs-$$*),$$(call tests-of,$$*,$$p))
	$(call say,tests)
	$Q{ printf '# %s\n' '$(call command,$*)' \
	    'Paired tests: of seed $(firstword $(SEEDS))'; \
	    $(foreach p,$(pairs-$*),glue-score --holm $(call tests-of,$*,$p) | \
	    sed '/^#/d; s,^task	,row	against	&,; t; s,^,$(subst /,	,$p)	,';) } | \
	    awk '!/^row	/ || !head++' > $@.tmp
	@mv $@.tmp $@

# The last line of a table: the row that all is for, against MT-DNN.
table = awk -v experiment=$* -v final=$(final) -v vanilla=$(vanilla) \
    -f awk/table.awk <($(glue-tasks)) $(TABLES) $(OUT)/$*.tsv > $@.tmp
$(experiments:%=$(OUT)/%.txt): $(OUT)/%.txt: awk/table.awk $(TABLES) $(OUT)/%.tsv
	$(call say,table)
	$Q$(table)
	@mv $@.tmp $@

$(experiments:%=$(OUT)/%-tests.txt): $(OUT)/%-tests.txt: awk/tests.awk $(TABLES) $(OUT)/%-tests.tsv
	$(call say,table)
	$Qawk -v experiment=$* -f $^ > $@.tmp
	@mv $@.tmp $@

# Minutes are of the clock: never part of a file that must be the same again.
$(experiments:%=$(OUT)/%-minutes.tsv): $(OUT)/%-minutes.tsv: awk/minutes.awk $(OUT)/%.tsv
	$Q{ printf '# %s\n' '$(call command,$*)'; awk -f $< $(OUT)/minutes.tsv \
	    $(foreach r,$(call answering,$(rows-$*)),row=$r models=$(subst $(space),$(comma),$(patsubst \
	    $(OUT)/%,%,$(call trained,$r,$(call scope-of,$*,$r))))); } > $@.tmp
	@mv $@.tmp $@

RESULTS = $(if $(DATA),$(OUT),$(results))

$(filter-out $(not-yet),$(experiments)): tools
	@+$(call follow,$(addprefix $(OUT)/$@,.txt -tests.txt -minutes.tsv) $(call scores-measured,$@))
	@mkdir -p $(RESULTS)
	@for what in '' -tests -minutes; do \
	    cp $(OUT)/$@$$what.tsv $(RESULTS)/$@-$(CONF)$$what.tsv; done
	@echo; cat $(OUT)/$@.txt $(OUT)/$@-tests.txt
	@+$(if $(speed-$@),$(making) speed-of-$@)

# Models that stand in no table yet: make models MODEL='NAME ...'
models: $(foreach m,$(MODEL),$(addsuffix /model.safetensors,$(call \
    trained,$m,$(call tasks-of,$m))))

.PHONY: models $(experiments)
