# 3. Packs: [CLS] a [SEP] b [SEP], at most MAX_LENGTH tokens.

$(OUT)/pack/%.st: $(OUT)/tokens/%.tsv
	$(call say,pack)
	@mkdir -p $(@D)
	$Qglue-pack -t $(call slash,2,$*) -s $(call split-of,$*) -L $(MAX_LENGTH) -o $@ $<
