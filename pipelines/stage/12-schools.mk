# 12. Schools: the flow up to the soft targets, run once more in a folder of
# its own with other settings.  A student of ours learns from them by id alone,
# whatever the size, vocabulary, language or training rows of the teachers.

# Teachers that never saw the rows they label: a school for each fold.
$(foreach f,$(call folds,$(FOLDS)),$(eval school-fold$f = HOLD=$f \
    MEMBER_SEEDS=$(firstword $(MEMBER_SEEDS))))
# Larger ones: those of CONF=$(TEACHERS), of which the folder may be there.
school-small = CONF=$(TEACHERS) INIT=$(TEACHERS_INIT) IMPORT=$(TEACHERS_IMPORT)
# One of each vocabulary, case and language.
school-languages = ENCODERS="$(LANGUAGES)" MEMBER_SEEDS=$(firstword \
    $(MEMBER_SEEDS)) DROPOUTS=$(firstword $(DROPOUTS)) TOP=$(words $(LANGUAGES))
LANGUAGES ?= uncased cased foreign

schools := $(if $(filter-out $(CONF),$(TEACHERS)),small) languages $(addprefix fold,$(call folds,$(FOLDS)))
folder = $(if $(filter small,$1),$(patsubst %/,%,$(dir $(OUT)))/$(TEACHERS),$(OUT)/school/$1)
soft-of-school = $(foreach t,$(teachers),$(call folder,$1)/soft/$t.tsv)

define school-rule
$(call soft-of-school,$1) &:
	+@$$(MAKE) --no-print-directory $$(jobs) $$(school-$1) OUT=$$(call folder,$1) soft
endef
ifndef HOLD
$(if $(teachers),$(foreach s,$(schools),$(eval $(call school-rule,$s))))
endif
