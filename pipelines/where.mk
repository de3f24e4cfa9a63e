# Where things are.  In the source the tools are those of ../build, whose folder
# has the runs too; results stand here.  Installed, make -C
# PREFIX/share/mtkd/pipelines takes the tools of PREFIX/bin, else those on PATH,
# and writes into the folder that it was called from ($PWD, as the shell says):
# build/pipelines and results; there relative paths that are given begin.

ifeq ($(wildcard ../tasks/.),)

SHARE = ../share
BUILD = ../build
results = results
self = pipelines
bin = $(BUILD:../%=%)/bin
programs = $(BUILD)/bin:../build/bin
export PATH := $(abspath $(BUILD)/bin):$(PATH)
shown = $(1:../%=%)
starting = in pipelines/

tools:
	@$(MAKE) --no-print-directory -C .. BUILD=$(BUILD:../%=%) all

else

export MTKD_FROM ?= $(PWD)
SHARE := $(abspath ..)
BUILD = $(MTKD_FROM)/build
results = $(MTKD_FROM)/results
self := $(CURDIR)
bin := $(if $(wildcard ../../../bin/glue-tasks),$(abspath ../../../bin),$(patsubst \
    %/glue-tasks,%,$(shell command -v glue-tasks)))
programs = $(bin)
export PATH := $(bin):$(PATH)
shown = $(1:$(MTKD_FROM)/%=%)
starting = where make is called

ifneq ($(filter-out help,$(or $(MAKECMDGOALS),help)),)
ifeq ($(bin),)
$(error no glue-tasks, neither in $(abspath ../../../bin) nor on PATH)
endif
ifeq ($(MTKD_FROM),$(CURDIR))
$(error nothing is written here: type make -C $(CURDIR) where builds and results shall be)
endif
ifneq ($(words $(MTKD_FROM)),1)
$(error '$(MTKD_FROM)' has a blank in its name, which make cannot read)
endif
endif

# What was given on the command line or by the environment.
given := $(filter BUILD DATA EXPORT GLUE_DIR HELD_OUT IMPORT IMPORT_% INIT INIT_% \
    MODELS OUT PRETRAIN_INIT PRETRAIN_RECIPE RESULTS TABLES TEACHERS_IMPORT \
    TEACHERS_INIT TEXT UNLABELLED VOCAB VOCAB_%,$(.VARIABLES))
from-there = $(foreach p,$(value $1),$(if $(filter /%,$p),$p,$(MTKD_FROM)/$p))
$(foreach v,$(given),$(if $(findstring command,$(origin $v)),$(eval override \
    $v := $(call from-there,$v)),$(if $(findstring environment,$(origin \
    $v)),$(eval $v := $(call from-there,$v)))))

tools:

endif

.PHONY: tools
