# 11. Predict, score, compare: what the models of each row answer, their scores
# over the seeds, the tokens that were read in training, and comparisons.

# Written anew where SEEDS are others, so that what is over the seeds is too.
seeds := $(OUT)/seeds
$(seeds): always
	@mkdir -p $(@D)
	@echo '$(SEEDS)' | cmp -s - $@ || echo '$(SEEDS)' > $@
.PHONY: always

# ROW/SEED/TASK/SPLIT
$(OUT)/predict/%.tsv: $$(call model,$$(call row,$$*),$$(call seed,$$*),$$(call \
    answered-by,$$(call task,$$*)))/model.safetensors \
    $$(call pack,$$(call words-of,$$(call row,$$*)),$$(call whole,$$(call task,$$*))/$$(*F))
	$(call say,predict)
	@mkdir -p $(@D)
	$Q$(predict) -m $(<D) -o $@ $(word 2,$^)

# Of a part of a task the figures are those of a task of this name.
score = glue-score -t $(call whole,$1) $(own-tasks)
as-task = sed 's/^$(call whole,$1)	/$1	/' > $@.tmp

scores-on = $(foreach d,$2,$(OUT)/score/$1/$d.tsv)
scores-of = $(call scores-on,$1,$(call dev-sets-of,$(call tasks-of,$1)))

# What the models of a row read in training: row, seed, tasks; an average's are
# all those that it is of.
models-of = $(sort $(foreach t,$3,$(if $(filter average,$(of-$1)),$(foreach \
    r,$(call averaged-of,$1),$(call model,$(from-$1),$r,$t)),$(call model,$1,$2,$t))))
trained = $(foreach s,$(call seeds-of,$1),$(call models-of,$1,$s,$2))
runs-of = $(foreach s,$(call seeds-of,$1),run=$s $(addsuffix \
    /log.tsv,$(call models-of,$1,$s,$2)))

# Row, name of the file, tasks.
define count-tokens
$(OUT)/score/$1/$2.tsv: awk/runs.awk awk/tokens.awk $(seeds) \
    $$$$(addsuffix /model.safetensors,$$$$(call trained,$1,$3))
	$$(call say,count)
	@mkdir -p $$(@D)
	$$Qawk -f awk/runs.awk -f awk/tokens.awk $$(call runs-of,$1,$3) > $$@.tmp
	@mv $$@.tmp $$@
endef

# TASK/SPLIT below the row.
define score-row
$(OUT)/score/$1/%.tsv: $$$$(call gold-of,$$$$*) $$$$(call predictions-of,$1,$$$$*) $(seeds)
	$$(call say,score)
	@mkdir -p $$(@D)
	$$Q$$(call score,$$(*D)) $$(filter-out $(seeds),$$^) | $$(call as-task,$$(*D))
	@mv $$@.tmp $$@

$(OUT)/score/$1/glue.tsv: $$$$(call scores-of,$1)
	$$(call say,score)
	$$Qglue-score --glue --partial -s dev -o $$@ $$^

# The mean over the tasks whose pairs the encoder has not seen.
$(OUT)/score/$1/unseen.tsv: $$$$(call scores-on,$1,$$$$(call dev-sets-of,$$$$(call unseen-of,$1)))
	$$(call say,score)
	$$Qglue-score --glue --partial -s dev $$^ | $$(mean-of-unseen) > $$@.tmp
	@mv $$@.tmp $$@

$(call count-tokens,$1,tokens,$(call tasks-of,$1))
endef
unseen-of = $(filter $(call tasks-of,$1),$(UNSEEN))
mean-of-unseen = awk -F '\t' -v OFS='\t' '$$1 == "task" { print } \
    $$1 == "glue-partial" && $$4 != "-" { sub(/^glue/, "mean", $$3); print "unseen", $$2, $$3, $$4, $$5 }'
# A row of figures is another program's, which answers nothing here.
answering = $(foreach r,$1,$(if $(filter figures,$(of-$r)),,$r))
rows := $(call answering,$(sort $(foreach e,$(experiments),$(rows-$e))))
$(foreach r,$(rows),$(eval $(call score-row,$r)))

# TASK/SPLIT below ROW/AGAINST: over the seeds, and row by row of the first.
first-of = $(OUT)/predict/$1/$(firstword $(SEEDS))/$2.tsv
define compare-rows
$(OUT)/compare/seeds/$1/$2/%.tsv: $$$$(call gold-of,$$$$*) \
    $$$$(call predictions-of,$1,$$$$*) $$$$(call predictions-of,$2,$$$$*) $(seeds)
	$$(call say,compare)
	@mkdir -p $$(@D)
	$$Q$$(call score,$$(*D)) --compare --seeds $$< $$(call \
	    predictions-of,$2,$$*) -- $$(call predictions-of,$1,$$*) | \
	    $$(call as-task,$$(*D))
	@mv $$@.tmp $$@

$(OUT)/compare/paired/$1/$2/%.tsv: $$$$(call gold-of,$$$$*) \
    $$$$(call first-of,$2,$$$$*) $$$$(call first-of,$1,$$$$*) $(seeds)
	$$(call say,compare)
	@mkdir -p $$(@D)
	$$Q$$(call score,$$(*D)) --compare $$(filter-out $(seeds),$$^) | $$(call as-task,$$(*D))
	@mv $$@.tmp $$@
endef
pairs := $(sort $(foreach e,$(experiments),$(pairs-$e)))
$(foreach p,$(pairs),$(eval $(call \
    compare-rows,$(firstword $(subst /, ,$p)),$(lastword $(subst /, ,$p)))))
