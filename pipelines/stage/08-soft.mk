# 8. Average: soft targets, the mean of the teachers' probabilities (Equation
# 3), of a TASK or TASK-SPLIT, and an ensemble's dev predictions likewise.

averages := $(foreach m,$(models),$(if $(filter average,$(of-$m)),$m))
answers-of = $(foreach r,$(call averaged-of,$1),$(OUT)/predict/$(from-$1)/$r/$2.tsv)
taught-split = $(if $(filter $1,$(tasks)),$1/$(if $(HOLD),held,train),$(lastword \
    $(foreach t,$(tasks),$(if $(filter $t-%,$1),$t/$(1:$t-%=%)))))

define average
$(OUT)/predict/$1/$(seeds-$1)/%.tsv: $$$$(call answers-of,$1,$$$$*)
	$$(call say,average)
	@mkdir -p $$(@D)
	$$Qens-average -o $$@ $$^

$(call soft-file,$1,%): $$$$(call answers-of,$1,$$$$(call taught-split,$$$$*))
	$$(call say,average)
	@mkdir -p $$(@D)
	$$Qens-average -o $$@ $$^
endef
$(foreach m,$(averages),$(eval $(call average,$m)))

soft: $(teachers:%=$(OUT)/soft/%.tsv)

.PHONY: soft
