# Settings that follow from those of conf/, and what the stages share.

# Tasks: folder of each in GLUE's layout, splits with labels beside train.
tasks := cola sst2 mnli rte wnli qqp mrpc stsb qnli ax
dir-cola := CoLA
dir-sst2 := SST-2
dir-mnli := MNLI
dir-rte := RTE
dir-wnli := WNLI
dir-qqp := QQP
dir-mrpc := MRPC
dir-stsb := STS-B
dir-qnli := QNLI
dir-ax := AX
dev = $(if $(filter mnli,$1),dev_matched dev_mismatched,dev)

ifneq ($(filter-out $(tasks),$(TASKS)),)
$(error unknown task $(filter-out $(tasks),$(TASKS)), expected some of $(tasks))
endif

# Word N of a name a-b-c or a/b/c.
dash = $(word $1,$(subst -, ,$2))
slash = $(word $1,$(subst /, ,$2))

# Every TASK/SPLIT with dev labels; packs of one encoder.
dev-sets := $(foreach t,$(TASKS),$(addprefix $t/,$(call dev,$t)))
train-packs = $(foreach t,$(TASKS),$(OUT)/pack/$1/$t/train.st)

# One line for a rule, or with V=1 its commands.
Q = $(if $V,,@)
say = @printf '%-10s %s\n' '$1' '$(@:$(OUT)/%=%)'

# More jobs only if the caller has not said how many.
jobs = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

threads = $(if $(THREADS),--threads $(THREADS)) $(if $(V),,-q)
