# 19. Own: the flow of table3 on tasks of one's own (own.mk), from their check to
# the student that answers them all.

ifndef DATA
own:
	@echo 'own needs DATA=DIR, a folder with a folder for each task' >&2; exit 2
else

# The definition of a task: its task.yml, else what glue-read makes of train.
$(own-definitions): $(OUT)/tasks/%.yml: $$(or $$(wildcard \
    $(DATA)/$$*/task.yml),$$(call own-source,$$*/train))
	$(call say,define)
	@mkdir -p $(@D)
	$Qif [[ $(<F) == task.yml ]]; then cp $< $@.tmp; else \
	    rm -f $@.tmp; glue-read -t $* $(own-form) --write-task $@.tmp $< > /dev/null; fi
	@mv $@.tmp $@

# What a careful person looks at first.
$(TASKS:%=$(OUT)/check/%.txt): $(OUT)/check/%.txt: $(OUT)/data/%/train.tsv $(OUT)/data/%/dev.tsv
	$(call say,check)
	@mkdir -p $(@D)
	$Qif command -v glue-check > /dev/null; then \
	    glue-check -t $* $(own-tasks) -v $(call encoder,$(STUDENT)) $^ > $@.tmp || \
	    { cat $@.tmp; exit 1; }; else : > $@.tmp; fi
	@mv $@.tmp $@

$(OUT)/data/%/unlabelled.tsv: $(DATA)/%/unlabelled.txt
	$(call say,read)
	@mkdir -p $(@D)
	$Qglue-read -t lines -s unlabelled -o $@ $<

# What the student says of test rows, and how right it is where they have labels.
tests-of-own := $(call test-sets-of,$(TASKS))
answered := $(foreach d,$(tests-of-own),$(call first-of,$(final),$d))
with-labels = for d in $(tests-of-own); do awk -F '\t' \
    '!/^\#/ && $$1 != "id" && $$2 != "-" { exit 1 }' $(OUT)/data/$$d.tsv || \
    echo $(OUT)/score/$(final)/$$d.tsv; done

again = $(MAKE) --no-print-directory PREPARED=1
ifndef PREPARED
own: tools
	@+$(MAKE) --no-print-directory $(jobs) $(own-definitions)
	@+$(again) own-checked
	@+$(again) own
	@+$(again) own-served
endif

own-checked:
	@$(if $(foldless),printf '%s\n' $(own-notes))
	@+$(MAKE) --no-print-directory $(jobs) $(TASKS:%=$(OUT)/check/%.txt)
	@cat $(TASKS:%=$(OUT)/check/%.txt)

# The student that answers all tasks, and the line that serves it.
student := $(call model,$(from-$(final)),$(firstword $(SEEDS)))
own-served:
	@+$(MAKE) --no-print-directory $(jobs) $(answered)
	@+scores=$$($(with-labels)); [[ -z $$scores ]] || { \
	    $(MAKE) --no-print-directory $(jobs) $$scores; cat $$scores; } | awk -F '\t' ' \
	    $$3 ~ /^[a-z0-9]+(.median)?$$/ && $$1 != "task" { sub(/\..*/, "", $$3); \
	    printf "%s, %s: %s %.1f\n", $$1, $$2, $$3, 100 * $$4 }'
	@+$(if $(gnuplot),$(MAKE) --no-print-directory report,echo 'no report: gnuplot draws it')
	@printf '\nThe student: %s\nIt answers %s; to serve it:\n' $(student:../%=%) \
	    '$(TASKS)'
	@printf '  %s/mt-predict -m %s -t %s --label - < EXAMPLES.tsv\n' $(foreach t,$(TASKS),$(bin) \
	    $(student:../%=%) $t)
	@printf 'Fine-tuned on each task it often scores higher, a model each:\n  %s\n' '$(patsubst \
	    ../%,%,$(call model,$(final),$(firstword $(SEEDS)),TASK))'
endif
.PHONY: own own-checked own-served
