# 21. Peers: the same single-task fine-tuning by PyTorch and Transformers
# (peers/finetune.py), and what people try first, TF-IDF and logistic regression
# (peers/tfidf.py).  PYTHON has torch, transformers, scikit-learn and scipy;
# nothing else here needs it.
#
# Below peers/: losses/TASK, the first updates of both sides from one head,
# without dropout; SIDE/TASK/SEED with dropout; tfidf/TASK/SPLIT.tsv.

PYTHON ?= python3
PEER_TASKS ?= cola mrpc rte stsb
PEER_SEEDS ?= $(SEEDS)
PEER_EPOCHS ?= 3
PEER_RATE ?= 1e-4
PEER_UPDATES ?= 50
# How far apart the means may be, in points.
PEER_BOUND_cola ?= 1.5
PEER_BOUND_rte ?= 1.5
PEER_BOUND ?= 0.7
peer-bound = $(or $(PEER_BOUND_$1),$(PEER_BOUND))

peers := $(OUT)/peers
peer-pack = $(call pack,$(STUDENT),$1)
peer-dev = $1/$(firstword $(call dev,$1))
ours-alike = mt-finetune -r recipes/$(RECIPE).yml $(running) --optimizer adamw \
    --schedule triangle --warmup 0.1 --clip 1 --batch-size 32 --learning-rate $(PEER_RATE)
theirs-alike = env OMP_NUM_THREADS=$(THREADS) PYTHONDONTWRITEBYTECODE=1 \
    $(PYTHON) peers/finetune.py --rate $(PEER_RATE)

# The encoder as Hugging Face's folders have it.
$(peers)/encoder/config.json: $(call encoder,$(STUDENT))/model.safetensors
	$(call say,export)
	@mkdir -p $(@D)
	$Qbert-export -o $(@D) $(<D)

# A head to start from: its first update, of rate 0, moves nothing.
$(peers)/head/%/model.safetensors: $(call encoder,$(STUDENT))/model.safetensors \
    $$(call peer-pack,$$*/train)
	$(call say,head)
	@mkdir -p $(@D)
	$Qmt-finetune $(running) -i $(<D) -o $(@D) --warmup 0.1 --max-updates 1 $(word 2,$^)

$(peers)/hf/%/config.json: $(peers)/head/%/model.safetensors
	$(call say,export)
	@mkdir -p $(@D)
	$Qbert-export -t $* -o $(@D) $(<D)

$(peers)/losses/%/model.safetensors: $(peers)/head/%/model.safetensors $$(call peer-pack,$$*/train)
	$(call say,train)
	@mkdir -p $(@D)
	$Q$(ours-alike) -i $(<D) -o $(@D) --keep-heads --dropout 0 --head-dropout 0 \
	    --shuffle none --max-updates $(PEER_UPDATES) $(word 2,$^)

$(peers)/losses/%.tsv: $(peers)/hf/%/config.json $$(call peer-pack,$$*/train) peers/finetune.py
	$(call say,peer)
	@mkdir -p $(@D)
	$Q$(theirs-alike) $(<D) $(word 2,$^) --dropout 0 --in-order \
	    --updates $(PEER_UPDATES) --losses $@.tmp
	@mv $@.tmp $@

# The largest difference of a loss, task by task.
$(peers)/losses.tsv: $(foreach t,$(PEER_TASKS),$(peers)/losses/$t.tsv $(peers)/losses/$t/model.safetensors)
	$(call say,results)
	$Q{ printf '# %s\n' '$(call command,peers)' $(call notes,peers); \
	    printf 'task\tupdates\tfirst_loss\tlast_loss\tlargest_difference\n'; \
	    for t in $(PEER_TASKS); do \
	        paste <(awk -F '\t' '!/^#/ { print $$4 }' $(@D)/losses/$$t/log.tsv) $(@D)/losses/$$t.tsv | \
	        awk -v task=$$t -v OFS='\t' 'NR == 2 { first = $$1 } NR > 1 { d = $$1 - $$3; if (d < 0) d = -d; \
	            if (d > most) most = d; last = $$1; n++ } END { print task, n, first, last, most }'; \
	    done; } > $@.tmp
	@mv $@.tmp $@

# With dropout: SEED of both sides.
define peer-seed
$(PEER_TASKS:%=$(peers)/ours/%/$1/model.safetensors): $(peers)/ours/%/$1/model.safetensors: \
    $(call encoder,$(STUDENT))/model.safetensors $$$$(call peer-pack,$$$$*/train) recipes/$(RECIPE).yml
	$$(call say,train)
	@mkdir -p $$(@D)
	$$Q./timed $(OUT)/minutes.tsv $$(@D:$(OUT)/%=%) $$(ours-alike) -i $$(<D) -o $$(@D) \
	    --seed $1 --epochs $(PEER_EPOCHS) --shuffle epoch --dropout 0.1 --head-dropout 0.1 $$(word 2,$$^)

$(PEER_TASKS:%=$(peers)/ours/%/$1.tsv): $(peers)/ours/%/$1.tsv: \
    $(peers)/ours/%/$1/model.safetensors $$$$(call peer-pack,$$$$(call peer-dev,$$$$*))
	$$(call say,predict)
	$$Q$$(predict) -m $$(<D) -o $$@ $$(word 2,$$^)

$(PEER_TASKS:%=$(peers)/theirs/%/$1.tsv): $(peers)/theirs/%/$1.tsv: \
    $(peers)/encoder/config.json $$$$(call peer-pack,$$$$*/train) \
    $$$$(call peer-pack,$$$$(call peer-dev,$$$$*)) | peers/finetune.py
	$$(call say,peer)
	@mkdir -p $$(@D)
	$$Q./timed $(OUT)/minutes.tsv $$(@:$(OUT)/%.tsv=%) $$(theirs-alike) $$(<D) $$(word 2,$$^) \
	    --seed $1 --epochs $(PEER_EPOCHS) --dev $$(word 3,$$^) -o $$@.tmp
	@mv $$@.tmp $$@
endef
$(foreach s,$(PEER_SEEDS),$(eval $(call peer-seed,$s)))

sides := ours theirs
$(foreach s,$(sides),$(PEER_TASKS:%=$(peers)/$s/%.tsv)): $(peers)/%.tsv: \
    $$(call gold-of,$$(call peer-dev,$$(*F))) $$(foreach s,$(PEER_SEEDS),$(peers)/$$*/$$s.tsv)
	$(call say,score)
	$Q$(call score,$(*F)) -o $@ $^

$(peers)/seeds.tsv: peers/interval.py $(foreach t,$(PEER_TASKS),$(sides:%=$(peers)/%/$t.tsv))
	$(call say,results)
	$Q{ printf '# %s\n' '$(call command,peers)' $(call notes,peers); \
	    $(PYTHON) $< $(foreach t,$(PEER_TASKS),$(sides:%=$(peers)/%/$t.tsv) \
	    $(call peer-bound,$t)); } > $@.tmp
	@mv $@.tmp $@

# TF-IDF: TASK/SPLIT.
$(peers)/tfidf/%.tsv: peers/tfidf.py $(OUT)/data/$$(*D)/train.tsv $(OUT)/data/%.tsv
	$(call say,peer)
	@mkdir -p $(@D)
	$Q$(PYTHON) $< $(word 2,$^) $(word 3,$^) --task $(*D) --split $(*F) \
	    $$($(glue-tasks) $(*D) | awk -F '\t' '$$1 == "$(*D)" && !n++ { print "--type", $$5, "--labels", $$7 }') \
	    -o $@.tmp
	@mv $@.tmp $@

$(peers)/tfidf.tsv: $(foreach d,$(dev-sets),$(peers)/tfidf/$d.tsv $(call gold-of,$d))
	$(call say,results)
	$Q{ printf '# %s\n' '$(call command,tfidf)' $(call notes,tfidf); \
	    $(foreach d,$(dev-sets),$(call score,$(patsubst %/,%,$(dir $d))) \
	    $(call gold-of,$d) $(peers)/tfidf/$d.tsv | sed '/^#/d';) } | \
	    awk '!/^task	/ || !head++' > $@.tmp
	@mv $@.tmp $@

peers: tools
	@+$(call follow,$(peers)/losses.tsv $(peers)/seeds.tsv)
	@mkdir -p $(RESULTS)
	@cp $(peers)/losses.tsv $(RESULTS)/peers-losses-$(CONF).tsv
	@cp $(peers)/seeds.tsv $(RESULTS)/peers-$(CONF).tsv
	@echo; awk -f awk/aligned.awk $(peers)/losses.tsv
	@echo; awk -f awk/aligned.awk $(peers)/seeds.tsv

tfidf: tools
	@+$(call follow,$(peers)/tfidf.tsv)
	@mkdir -p $(RESULTS)
	@cp $(peers)/tfidf.tsv $(RESULTS)/tfidf-$(CONF).tsv
	@echo; awk -f awk/aligned.awk $(peers)/tfidf.tsv

.PHONY: peers tfidf
