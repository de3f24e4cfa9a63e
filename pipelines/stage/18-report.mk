# 18. The report: see report/Makefile.

# With CURVES=1 stages 4 and 9 score their models on dev after each epoch.
watched = $(if $(CURVES),$(foreach d,$(dev-sets),$(OUT)/pack/$1/$d.st))

gnuplot = $(shell command -v gnuplot)

# What is missing is named with what the tools need, before they are built.
report:
	@$(if $(gnuplot),,$(if $(wildcard ../tests/deps),../tests/deps name build report))
	@$(MAKE) --no-print-directory tools > /dev/null
	@+$(MAKE) --no-print-directory $(jobs) -f report/Makefile CONF=$(CONF) \
	    OUT=$(OUT) V=$V TABLES=$(TABLES) EXPERIMENT=$(main-table) RESULTS=$(RESULTS) FINAL=$(final) \
	    VANILLA=$(vanilla) TITLE=$(call quoted,$(notdir $(abspath $(or $(DATA),$(CONF))))) STUDENT=$(patsubst %/,%,$(dir $(call \
	    below,$(from-$(final)),1))) page
	@echo '$(from)/report/report.html'

.PHONY: report
