# 15. Tables 1 and 2 of the paper: the rows of each file beside those printed,
# and the files for GLUE's server, which alone can score them; there the
# printed rows serve to check the GLUE score.

# TASK/SPLIT of every file that is there.
there = $(if $(GLUE_DIR),$(foreach d,$1,$(if $(wildcard $(call source,$d)),$d)),$1)
counted := $(call there,$(foreach t,$(TASKS),$t/train $(call dev-sets-of,$t) \
    $(call test-sets-of,$t)))
submitted := $(call there,$(call test-sets-of,$(TASKS) $(guests)))

# TASK/SPLIT: its rows.
count = glue-read -t $(patsubst %/,%,$(dir $1)) -s $(notdir $1) $(call source,$1) | \
    awk '!/^\#/ && NR > 1 { n++ } END { print "$(subst /,\t,$1)\t" n - 1 }';

$(OUT)/table1.tsv: awk/counts.awk published/table1.tsv \
    $(foreach d,$(counted),$(call source,$d))
	$(call say,results)
	$Q{ printf '# %s\n' '$(call command,table1)'; \
	    { $(foreach d,$(counted),$(call count,$d)) } | \
	    awk -f $< published/table1.tsv -; } > $@.tmp
	@mv $@.tmp $@

# The student of the first seed, fine-tuned on each task.
submission := $(submitted:%=$(OUT)/predict/$(final)/$(firstword $(SEEDS))/%.tsv)
$(OUT)/submission.made: $(submission)
	$(call say,submit)
	@rm -rf $(OUT)/submission
	$Qglue-score --submit $(OUT)/submission --partial $^
	@touch $@

# Of each model of one task in Table 3 and each seed the files for the server, and
# what it says of the tests of PUBLISH as predictions, which go to the results:
# whoever has the labels can score them.
PUBLISH ?= mrpc stsb ax
submitted-rows := $(call answering,$(filter-out %-shared,$(rows-table3)))
submissions := $(foreach r,$(submitted-rows),$(addprefix $r/,$(call seeds-of,$r)))
published-sets := $(foreach d,$(submitted),$(if $(filter $(PUBLISH),$(patsubst %/,%,$(dir $d))),$d))

$(submissions:%=$(OUT)/submissions/%.made): $(OUT)/submissions/%.made: \
    $$(foreach d,$(submitted),$(OUT)/predict/$$*/$$d.tsv)
	$(call say,submit)
	@mkdir -p $(@D)
	@rm -rf $(OUT)/submissions/$*
	$Qglue-score --submit $(OUT)/submissions/$* --partial $^
	@touch $@

# What stands below results/CONF: row, seed, task, split, rows.
$(OUT)/submit.tsv: $(submissions:%=$(OUT)/submissions/%.made)
	$(call say,results)
	$Q{ printf '# %s\n' '$(call command,submit)' $(call notes,submit); printf 'row\tseed\ttask\tsplit\trows\n'; \
	    for p in $(foreach s,$(submissions),$(addprefix $s/,$(published-sets))); do \
	        printf '%s\t%s\n' "$${p//\//$$'\t'}" $$(($$(grep -vc '^#' $(OUT)/predict/$$p.tsv) - 1)); done; } > $@.tmp
	@mv $@.tmp $@

submit: tools
	@+$(call follow,$(OUT)/submit.tsv)
	@mkdir -p $(RESULTS)
	@cp $(OUT)/submit.tsv $(RESULTS)/submit-$(CONF).tsv
	@for p in $(foreach s,$(submissions),$(addprefix $s/,$(published-sets))); do \
	    mkdir -p $(RESULTS)/$(CONF)/$${p%/*}; cp $(OUT)/predict/$$p.tsv $(RESULTS)/$(CONF)/$$p.tsv; done
	@echo; awk -f awk/aligned.awk $(OUT)/submit.tsv; echo "The server's files: $(call shown,$(OUT))/submissions"

.PHONY: submit

columns-table2 := $(call columns-on,test) glue/test/glue

$(OUT)/score/printed-%.tsv: published/table2.tsv
	$(call say,score)
	@mkdir -p $(@D)
	$Qawk -F '\t' -v OFS='\t' -v row=$* ' \
	    BEGIN { print "task", "split", "metric", "value", "n" } \
	    $$1 == row && $$2 != "glue" \
	    { print $$2, $$3, $$4, $$5 / 100, 1 }' $< | \
	    glue-score --glue --partial - | awk '/^(#|task|glue)	/' > $@.tmp
	@mv $@.tmp $@

$(OUT)/table2.tsv: awk/results.awk published/table2.tsv \
    $(rows-table2:%=$(OUT)/score/printed-%.tsv) $(OUT)/submission.made
	$(call say,results)
	$Q{ printf '# %s\n' '$(call command,table2)' \
	    'measured: the GLUE score of the printed figures, where none is missing' \
	    'the server'\''s files: $(notdir $(wildcard $(OUT)/submission/*.tsv))'; \
	    awk -v columns='$(columns-table2)' -f $(wordlist 1,2,$^) $(foreach \
	    r,$(rows-table2),row=$r $(OUT)/score/printed-$r.tsv); } > $@.tmp
	@mv $@.tmp $@

$(OUT)/table2.txt: $(OUT)/%.txt: awk/table.awk $(TABLES) $(OUT)/%.tsv
	$(call say,table)
	$Q$(table)
	@mv $@.tmp $@

$(OUT)/table1.txt: $(OUT)/table1.tsv
	$Qawk -F '\t' '!/^#/ { printf "%-6s%-17s%10s%10s%10s\n", $$1, $$2, $$3, $$4, $$5 }' $< > $@.tmp
	@mv $@.tmp $@

table1 table2: tools
	@+$(MAKE) --no-print-directory $(jobs) $(OUT)/$@.txt
	@mkdir -p $(RESULTS)
	@cp $(OUT)/$@.tsv $(RESULTS)/$@-$(CONF).tsv
	@echo; cat $(OUT)/$@.txt

.PHONY: table1 table2
