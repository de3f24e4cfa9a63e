# 19. Own: the flow of table3 on tasks of one's own (own.mk), from their check to
# the student that answers them all.

ifndef DATA
own:
	@echo 'own needs DATA=DIR, a folder with a folder for each task' >&2; exit 2
else

# The definition of a task: its task.yml, else what glue-read makes of train; and
# whether train has rows without a label.
define-own = glue-read -t $* $(own-form) $(if $(filter $*,$(MULTILABEL)),--multilabel) --write-task
$(own-definitions): $(OWN_TASKS)/%.yml: $$(call own-source,$$*/train) $$(wildcard $(DATA)/$$*/task.yml)
	$(call say,define)
	@mkdir -p $(@D)
	$Qrm -f $@ $(@:.yml=.rest)
	$Q$(if $(filter %/task.yml,$^),cp $(lastword $^) $@,$(define-own) $@ $< > /dev/null || { \
	    printf '%s\n' '$*: tell which columns are what, once:' '  $(define-own) $(DATA)/$*/task.yml \
	    --text-a-column C --label-column C $< > /dev/null' >&2; exit 1; })
	$Qif glue-read -t $* --tasks $@ $(own-form) -s unlabelled --only-unlabelled $< > /dev/null 2>&1; then \
	    touch $(@:.yml=.rest); fi

# What a careful person looks at first; what would spoil a score ends the run,
# unless CHECK=warn.
looked-over = $(OUT)/data/$1/train.tsv $(foreach d,$(firstword $(call \
    dev,$1)) $(firstword $(call test,$1)),$(OUT)/data/$1/$d.tsv)
$(TASKS:%=$(OUT)/check/%.txt): $(OUT)/check/%.txt: $$(call looked-over,$$*) \
    $$(call encoder,$(STUDENT))/model.safetensors
	$(call say,check)
	@mkdir -p $(@D)
	$Qglue-check -t $* $(own-tasks) -v $(call encoder,$(STUDENT)) $(filter %.tsv,$^) > $@.tmp || \
	    [[ '$(CHECK)' == warn ]] || { sed 's/^/$*: /' $@.tmp >&2; \
	    echo '$*: CHECK=warn goes on in spite of problems' >&2; exit 1; }
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
	@$(if $(strip $(own-notes)),printf '%s\n' $(own-notes))
	@+$(MAKE) --no-print-directory $(jobs) $(TASKS:%=$(OUT)/check/%.txt)
	@$(foreach t,$(TASKS),sed 's/^/$t: /' $(OUT)/check/$t.txt;)

# The student that answers all tasks, and the line that serves it.
student := $(call model,$(from-$(final)),$(firstword $(SEEDS)))
own-served:
	@+$(MAKE) --no-print-directory $(jobs) $(answered)
	@+scores=$$($(with-labels)); [[ -z $$scores ]] || { \
	    $(MAKE) --no-print-directory $(jobs) $$scores; cat $$scores; } | awk -F '\t' ' \
	    $$3 ~ /^[a-z0-9_]+(.median)?$$/ && $$1 != "task" { sub(/\..*/, "", $$3); \
	    printf "%s, %s: %s %.1f\n", $$1, $$2, $$3, 100 * $$4 }'
	@+$(MAKE) --no-print-directory $(jobs) $(OUT)/serving.tsv
	@+$(if $(gnuplot),$(MAKE) --no-print-directory report,echo 'no report: gnuplot draws it')
	@printf '\nThe student: %s\nIt answers %s; to serve it:\n' $(call shown,$(student)) \
	    '$(TASKS)'
	@printf '  %s/mt-predict -m %s -t %s --lines --probability < TEXTS\n' $(foreach t,$(TASKS),$(bin) \
	    $(call shown,$(student)) $t)
	@printf 'Fine-tuned on each task it often scores higher, a model each:\n  %s\n' '$(call \
	    shown,$(call model,$(final),$(firstword $(SEEDS)),TASK))'
endif
.PHONY: own own-checked own-served
