# 15. Tables 1 and 2 of the paper: the rows of each file beside those printed,
# and the files for GLUE's server, which alone can score them; there the
# printed rows serve to check the GLUE score.

# TASK/SPLIT of every file that is there.
there = $(if $(GLUE_DIR),$(foreach d,$1,$(if $(wildcard $(call source,$d)),$d)),$1)
test-sets-of = $(foreach t,$1,$(addprefix $t/,$(call test,$t)))
counted := $(call there,$(foreach t,$(TASKS),$t/train $(call dev-sets-of,$t) \
    $(call test-sets-of,$t)))
submitted := $(call there,$(call test-sets-of,$(TASKS)) $(if \
    $(filter mnli,$(TASKS)),ax/test))

$(OUT)/table1.tsv: counts.awk published/table1.tsv \
    $(foreach d,$(counted),$(call source,$d))
	$(call say,results)
	$Q{ printf '# %s\n' '$(call command,table1)'; \
	    { $(foreach d,$(counted),glue-read -t $(call slash,1,$d) -s $(notdir \
	    $d) $(call source,$d) | awk '!/^#/ && NR > 1 { n++ } END { print \
	    "$(call slash,1,$d)\t$(notdir $d)\t" n - 1 }';) } | \
	    awk -f counts.awk published/table1.tsv -; } > $@.tmp
	@mv $@.tmp $@

# The student of the first seed, fine-tuned on each task.
submission := $(submitted:%=$(OUT)/predict/kd/$(firstword $(SEEDS))/%.tsv)
$(OUT)/submission.made: $(submission)
	$(call say,submit)
	@rm -rf $(OUT)/submission
	$Qglue-score --submit $(OUT)/submission --partial $^
	@touch $@

rows-table2 := $(call rows,2,table2)
columns-table2 := cola/test/matthews sst2/test/accuracy mrpc/test/accuracy \
    mrpc/test/f1 stsb/test/pearson stsb/test/spearman qqp/test/accuracy \
    qqp/test/f1 mnli/test_matched/accuracy mnli/test_mismatched/accuracy \
    qnli/test/accuracy rte/test/accuracy wnli/test/accuracy ax/test/matthews \
    glue/test/glue

$(OUT)/score/printed-%.tsv: published/table2.tsv
	$(call say,score)
	@mkdir -p $(@D)
	$Qawk -F '\t' -v OFS='\t' -v row=$* ' \
	    BEGIN { print "task", "split", "metric", "value", "n" } \
	    $$1 == row && $$2 !~ /^(ax|glue)$$/ { print $$2, $$3, $$4, $$5 / 100, 1 }' $< | \
	    glue-score --glue --partial - | awk '/^(#|task|glue)	/' > $@.tmp
	@mv $@.tmp $@

$(OUT)/table2.tsv: results.awk published/table2.tsv \
    $(rows-table2:%=$(OUT)/score/printed-%.tsv) $(OUT)/submission.made
	$(call say,results)
	$Q{ printf '# %s\n' '$(call command,table2)' \
	    'measured: the GLUE score of the printed figures, where none is missing' \
	    'the server'\''s files: $(notdir $(wildcard $(OUT)/submission/*.tsv))'; \
	    awk -v columns='$(columns-table2)' -f $(wordlist 1,2,$^) $(foreach \
	    r,$(rows-table2),row=$r $(OUT)/score/printed-$r.tsv); } > $@.tmp
	@mv $@.tmp $@

$(OUT)/table2.txt: $(OUT)/%.txt: table.awk rows.tsv $(OUT)/%.tsv
	$(call say,table)
	$Qawk -v experiment=$* -f $^ > $@.tmp
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
