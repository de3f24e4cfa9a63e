# 12. Schools (schools.tsv): the flow up to the soft targets, run once more by a
# make of its own.

LANGUAGES ?= uncased cased foreign

# Folder of a school, of those that are many its Kth; their soft targets.
school = $(subst $(OUT)/../,$(patsubst %/,%,$(dir $(OUT)))/,$(OUT)/$(subst %,$2,$(folder-of-$1)))
soft-of-school = $(foreach k,$(schools-of-$1),$(foreach t,$(filter \
    $2,$(teachers)),$(call school,$1,$k)/soft/$t.tsv))

# No school goes to itself: the largest CONF has no TEACHERS.
schools := $(foreach s,$(taught-by),$(if $(filter-out $(OUT),$(call \
    school,$s,1)),$(if $(filter-out %/,$(call school,$s,1)),$s)))

define teach
$(foreach t,$(teachers),$(call school,$1,$2)/soft/$t.tsv) &:
	+@$$(MAKE) --no-print-directory $$(jobs) $$(subst %,$2,$$(settings-of-$1)) \
	    OUT=$(call school,$1,$2) $(if $(DATA),OWN_TASKS=$(OWN_TASKS)) soft
endef
ifndef HOLD
$(if $(teachers),$(foreach s,$(schools),$(foreach k,$(schools-of-$s),$(eval \
    $(call teach,$s,$k)))))
endif
