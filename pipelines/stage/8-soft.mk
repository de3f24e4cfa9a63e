# 8. Soft targets: the mean of the teachers' probabilities (Equation 3), and
# the ensemble's dev predictions in the same way.  TASK, or TASK-SPLIT.

$(OUT)/soft/%.tsv: $$(foreach r,$(ranks),$(OUT)/predict/teacher/$$r/$$(call \
    dash,1,$$*)/$$(or $$(call dash,2,$$*),$(if $(HOLD),held,train)).tsv)
	$(call say,average)
	@mkdir -p $(@D)
	$Qens-average -o $@ $^

$(OUT)/predict/ensemble/1/%.tsv: \
    $$(foreach r,$(ranks),$(OUT)/predict/teacher/$$r/$$*.tsv)
	$(call say,average)
	@mkdir -p $(@D)
	$Qens-average -o $@ $^

soft-targets := $(foreach t,$(teachers),$(OUT)/soft/$t.tsv)

soft: $(soft-targets)

.PHONY: soft
