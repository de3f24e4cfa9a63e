# mtkd: train, distil, serve and score multi-task BERT models on CPUs.
#
#	make		the tools, in build/bin (no root, no network)
#	make demo	the whole pipeline on the bundled corpus
#	make test	every check (TAP, under prove)
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

tools := $(patsubst tools/%.c,$(BUILD)/bin/%,$(wildcard tools/*.c))
lib := $(BUILD)/lib/libmtkd.a
objects := $(patsubst %.c,$(BUILD)/%.o,$(wildcard lib/*/*.c))
units := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/*/t-*.c))

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

units: $(units)

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(lib)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(lib) $(LDLIBS)

$(BUILD)/tests/%.o: CPPFLAGS += -Itests

test: all units
	tests/run $(BUILD)

clean:
	rm -rf build build-*

-include $(objects:.o=.d) $(tools:$(BUILD)/bin/%=$(BUILD)/tools/%.d) \
	$(units:=.d)

.PHONY: all units test clean
.SECONDARY:
