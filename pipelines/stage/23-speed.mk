# 23. Score and speed: of an experiment with a line "speed" (experiments.tsv),
# what its rows score on dev in numbers of each kind that mt-predict --matmul
# knows, and rows a second and memory, as `serving` measures them: by the clock,
# one after the other, on the dev rows of one task.
#
# Below numbers/: KIND/ROW/SEED/TASK/SPLIT.tsv and KIND/ROW/glue.tsv.

NUMBERS ?= float32 bf16 int8

measured := $(foreach e,$(experiments),$(if $(speed-$e),$e))
kinds-measured := $(sort $(foreach e,$(measured),$(speed-$e)))
rows-measured := $(sort $(foreach e,$(measured),$(rows-$e)))

define answer-in
$(OUT)/numbers/$1/%.tsv: \
    $$$$(call model,$$$$(call row,$$$$*),$$$$(call seed,$$$$*),$$$$(call task,$$$$*))/model.safetensors \
    $$$$(call pack,$$$$(call words-of,$$$$(call row,$$$$*)),$$$$(call task,$$$$*)/$$$$(*F))
	$$(call say,predict)
	@mkdir -p $$(@D)
	$$Q$(LAUNCH) mt-predict $(if $(THREADS),--threads $(THREADS)) $(if $V,,-q) --matmul $1 -m $$(<D) -o $$@ $$(word 2,$$^)
endef
$(foreach k,$(kinds-measured),$(eval $(call answer-in,$k)))

# Kind, row.
answers-in = $(foreach s,$(call seeds-of,$2),$(OUT)/numbers/$1/$2/$s/$3.tsv)
define score-in
$(OUT)/numbers/$1/$2/glue.tsv: $(foreach d,$(call dev-sets-of,$(call tasks-of,$2)),$(call \
    gold-of,$d) $(call answers-in,$1,$2,$d)) $(seeds)
	$$(call say,score)
	$$Q{ $(foreach d,$(call dev-sets-of,$(call tasks-of,$2)),$(call score,$(patsubst %/,%,$(dir $d))) \
	    $(call gold-of,$d) $(call answers-in,$1,$2,$d);) } | awk '!/^\#/ && (!/^task	/ || !head++)' | \
	    $(if $(placed-here),glue-score --glue --partial -s dev -,cat) > $$@.tmp
	@mv $$@.tmp $$@
endef
$(foreach k,$(kinds-measured),$(foreach r,$(rows-measured),$(eval $(call score-in,$k,$r))))

# The encoder whose shape a row has.
shape-of = $(if $(filter $(models),$(from-$1)),$(call shape-of,$(from-$1)),$(if $(filter \
    $(made-general),$(from-$1)),$(source-of-$(from-$1)),$(from-$1)))
served-set = $(served)/$(firstword $(call dev,$(served)))
measured-rows = $(foreach r,$(rows-$1),$r '$(call shape-of,$r)' $(call \
    model,$r,$(firstword $(SEEDS)),$(served)) $(call pack,$(call words-of,$r),$(served-set)))

scores-measured = $(foreach k,$(speed-$1),$(foreach r,$(rows-$1),$(OUT)/numbers/$k/$r/glue.tsv))

# Measured anew each time, alone.
$(measured:%=speed-of-%): speed-of-%: $$(call scores-measured,$$*)
	$Q{ printf '# %s\n' '$(call command,$*)' $(call notes,$*); \
	    printf '%s\t%s\t%s\t%s\n' $(call measured-rows,$*) | RUNS=$(RUNS) ./speed $(subst /, ,$(served-set)) \
	    $(OUT)/numbers $(subst $(space),$(comma),$(strip $(speed-$*))) $(if $(THREADS),--threads $(THREADS)) -q; \
	    } > $(OUT)/$*-speed.tsv.tmp
	@mv $(OUT)/$*-speed.tsv.tmp $(OUT)/$*-speed.tsv
	@cp $(OUT)/$*-speed.tsv $(RESULTS)/$*-$(CONF)-speed.tsv
	@echo; awk -f awk/aligned.awk $(OUT)/$*-speed.tsv

.PHONY: $(measured:%=speed-of-%)
