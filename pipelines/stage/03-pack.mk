# 3. Packs: [CLS] a [SEP] b [SEP], at most MAX_LENGTH tokens.

$(OUT)/pack/%.st: $(OUT)/tokens/%.tsv
	$(call say,pack)
	@mkdir -p $(@D)
	$Qglue-pack -t $(notdir $(*D)) -s $(call split-of,$*) $(own-tasks) -L $(MAX_LENGTH) -o $@ $<
