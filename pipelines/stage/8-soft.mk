# 8. Soft targets: the mean of the teachers' probabilities (Equation 3), and
# the ensemble's dev predictions in the same way.

$(OUT)/soft/%.tsv: $$(foreach r,$(ranks),$(OUT)/predict/teacher/$$r/$$*/train.tsv)
	$(call say,average)
	@mkdir -p $(@D)
	$Qens-average -o $@ $^

$(OUT)/predict/ensemble/1/%.tsv: \
    $$(foreach r,$(ranks),$(OUT)/predict/teacher/$$r/$$*.tsv)
	$(call say,average)
	@mkdir -p $(@D)
	$Qens-average -o $@ $^
