# mtkd: train, distil, serve and score multi-task BERT models on CPUs.
#
#	make		the tools, in build/bin (no root, no network)
#	make demo	the whole pipeline on the bundled corpus
#	make test	every check (TAP, under prove)
#	make deps	install the Debian packages that are missing, or name them
#	make bench	speed as ratios against peers and bounds
#	make lint	formatter, clang-tidy, cppcheck, mandoc
#	make install	PREFIX=/usr/local DESTDIR=
#
# Variants, each in a build folder of its own: SAN=1 (AddressSanitizer and
# UBSan), REAL=double, CC=clang.

PREFIX = /usr/local
CC = cc
REAL = float
variant := $(if $(filter clang%,$(CC)),-clang)$(if $(SAN),-san)$(if $(filter double,$(REAL)),-double)
BUILD = build$(variant)

CFLAGS = -O3 -g -fno-math-errno -fno-trapping-math
WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	-Wconversion
override CPPFLAGS += -Ilib -D_POSIX_C_SOURCE=200809L
override CFLAGS += -std=c11 -fopenmp $(WARN)
LDLIBS = -lopenblas -lcsv -lyaml -lutf8proc -lm
ifdef SAN
override CFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
endif
ifeq ($(REAL),double)
override CPPFLAGS += -DREAL_DOUBLE
endif

double := $(if $(filter double,$(REAL)),$(BUILD),$(BUILD)-double)

tools := $(patsubst tools/%.c,$(BUILD)/bin/%,$(wildcard tools/*.c))
lib := $(BUILD)/lib/libmtkd.a
objects := $(patsubst %.c,$(BUILD)/%.o,$(wildcard lib/*/*.c))
units := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/*/t-*.c))
gradients := $(foreach u,$(units),\
	$(if $(findstring /layer/,$u)$(findstring /t-grad,$u),$u))
sources := $(wildcard lib/*/*.c tools/*.c tests/*/*.c)
headers := $(wildcard lib/*/*.h tests/*.h tests/*/*.h)

all: $(tools)

$(BUILD)/bin/%: $(BUILD)/tools/%.o $(lib)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(lib) $(LDLIBS)

$(lib): $(objects)
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

units: $(foreach u,$(units),$(if $(findstring /t-grad,$u),,$u))

# Gradient checks need the tight bounds of double precision; layers and parity
# with PyTorch are checked in both.
gradients: $(gradients) $(filter %/t-parity,$(units))

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(lib)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(lib) $(LDLIBS)

$(BUILD)/tests/%.o: CPPFLAGS += -Itests

deps:
	tests/deps build test

demo:
	tests/deps build
	$(MAKE) all
	$(MAKE) -C pipelines demo

test:
	tests/deps build test
	$(MAKE) all units
	$(MAKE) REAL=double BUILD=$(double) gradients
	tests/run $(BUILD) $(double)

bench: all
	@for b in tests/bench/*.sh; do $$b $(BUILD) || exit; done

# Both compilers, warnings as errors; the formatter, two analysers, manuals.
lint:
	tests/deps build test lint
	$(MAKE) CC=gcc BUILD=build-lint/gcc CFLAGS='$(CFLAGS) -Werror' all units
	$(MAKE) CC=clang BUILD=build-lint/clang CFLAGS='$(CFLAGS) -Werror' \
		all units
	clang-format --dry-run -Werror $(sources) $(headers)
	cppcheck --quiet --std=c11 --enable=warning,portability \
		--inline-suppr --error-exitcode=1 -Ilib -Itests $(sources)
	clang-tidy --quiet $(sources) -- $(CPPFLAGS) -Itests -std=c11
	BUILD=$(BUILD) tests/docs/manual.t

installed_tools = $(tools:$(BUILD)/bin/%=$(DESTDIR)$(PREFIX)/bin/%)
installed_share = $(DESTDIR)$(PREFIX)/share/mtkd
installed_man = $(foreach p,$(wildcard man/*.[157]),\
	$(DESTDIR)$(PREFIX)/share/man/man$(subst .,,$(suffix $p))/$(notdir $p))

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(installed_share) \
		$(sort $(dir $(installed_man)))
	install $(tools) $(DESTDIR)$(PREFIX)/bin
	cp -R share/. $(installed_share)
	for s in 1 5 7; do install -m 644 man/*.$$s \
		$(DESTDIR)$(PREFIX)/share/man/man$$s || exit; done

uninstall:
	rm -f $(installed_tools) $(installed_man)
	rm -rf $(installed_share)

clean:
	rm -rf build build-*

-include $(objects:.o=.d) $(tools:$(BUILD)/bin/%=$(BUILD)/tools/%.d) \
	$(units:=.d)

.PHONY: all units gradients deps demo test bench lint install uninstall clean
.SECONDARY:
