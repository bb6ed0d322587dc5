# fuzz.mk: the targets under both engines, every leg, and the replay of the corpus.
#
# Included by the Makefile; `make -f fuzz/fuzz.mk fuzz TARGET=list` works as well. Programs are
# build/fuzz/bin/TARGET-ENGINE-LEG, with `replay` as one more engine. To add a target x, write
# fuzz/x.c, put seeds in corpus/x/, and add it to the lists below and to TABLE in fuzz/table.py.

BUILD  ?= build
CLANG  ?= clang-19
PYTHON ?= /usr/bin/python3
AFL_CC ?= afl-clang-fast
# AFL++ is built on clang 14.
CLANG14 ?= clang-14
TARGET ?= request
ENGINE ?= libfuzzer
TIME   ?= 60

FUZZ_BIN  := $(BUILD)/fuzz/bin
FUZZ_OBJ  := $(BUILD)/fuzz/obj
FUZZ_MAKE  = $(MAKE) --no-print-directory -f $(firstword $(MAKEFILE_LIST))
FUZZ_CORE := $(wildcard core/*.c)
FUZZ_HELP := $(wildcard fuzz/naive/*.c fuzz/shared/*.c)
# The mutator, which libFuzzer's programs hold, and which AFL++ loads from a shared object.
FUZZ_MUTATOR := $(addprefix fuzz/,mutator.c mutator_lines.c mutator_text.c mutator_values.c \
  mutator_words.c)
FUZZ_MUTATOR_LIBFUZZER := $(FUZZ_MUTATOR) fuzz/mutator_libfuzzer.c
FUZZ_MUTATOR_AFL := $(FUZZ_BIN)/mutator-afl.so

# Targets whose contracts run as code; see E-ACSL below.
FUZZ_EACSL_TARGETS := list accept handshake reply

# Those that decide an input once, built for speed: what request and response are about.
FUZZ_ONCE := handshake reply

# What runs where. accept has no MSan leg, since OpenSSL is not built with MSan; it is compared
# with OpenSSL on its one leg. The others read octets, and are compared with the specification.
FUZZ_READERS := request head offer extension answer policy response round_trip connect list \
  access pieces
FUZZ_TARGETS := $(FUZZ_READERS) $(FUZZ_ONCE) accept
# Those whose words are long enough for CmpLog to be worth its time.
FUZZ_CMPLOG  := request response connect
FUZZ_PROGRAMS := \
  $(foreach e,libfuzzer afl,$(FUZZ_READERS:%=%-$(e)-plain) $(FUZZ_READERS:%=%-$(e)-spec)) \
  $(FUZZ_READERS:%=%-libfuzzer-msan) $(FUZZ_EACSL_TARGETS:%=%-libfuzzer-eacsl) \
  $(FUZZ_CMPLOG:%=%-afl-cmplog) $(FUZZ_ONCE:%=%-libfuzzer-plain) $(FUZZ_ONCE:%=%-libfuzzer-spec) \
  accept-libfuzzer-openssl accept-afl-openssl
FUZZ_REPLAYS := $(FUZZ_TARGETS:%=%-replay-asan) $(FUZZ_READERS:%=%-replay-msan) \
  $(FUZZ_EACSL_TARGETS:%=%-replay-eacsl)

FUZZ_WARN  := -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
# implicit-conversion: a value that changes when it is stored. Unsigned sums may wrap in SHA-1.
# local-bounds sees what a pointer into an array lost; it has no words, but traps.
FUZZ_UBSAN := undefined,alignment,pointer-overflow,bounds,local-bounds,implicit-conversion
FUZZ_ASAN  := -fsanitize=address,$(FUZZ_UBSAN) -fno-sanitize-recover=all
FUZZ_MSAN  := -fsanitize=memory -fsanitize-memory-track-origins -fno-sanitize-recover=all
FUZZ_BASE  := -O1 -g -fno-omit-frame-pointer -D_GNU_SOURCE
FUZZ_LIBS_accept := -lcrypto

# $(1) config  $(2) compiler  $(3) flags. Objects of one config lie in one folder.
define FUZZ_CONFIG
$(FUZZ_OBJ)/$(1)/%.o: %.c
	@mkdir -p $$(@D)
	@echo "  CC $$@"
	@$(2) $(FUZZ_WARN) $(FUZZ_BASE) $(3) -MMD -MP -c -o $$@ $$<
endef

# Engines watch the core alone: its branches are what is to be reached, not those of the oracles.
# trace-cmp would take most of the time, and the words it could find are in the dictionaries.
FUZZ_COVER := -fsanitize=fuzzer-no-link -fno-sanitize-coverage=trace-cmp
FUZZ_AFL   := AFL_QUIET=1 $(AFL_CC) -Wno-unused-command-line-argument
FUZZ_SPEC  := -DFUZZ_SPEC -I$(BUILD)/spec -I.
FUZZ_SPEC_O := $(FUZZ_OBJ)/spec/spec.o

$(eval $(call FUZZ_CONFIG,libfuzzer,$(CLANG),$(FUZZ_ASAN) $(FUZZ_COVER)))
$(eval $(call FUZZ_CONFIG,libfuzzer-msan,$(CLANG),$(FUZZ_MSAN) $(FUZZ_COVER)))
$(eval $(call FUZZ_CONFIG,afl,$(FUZZ_AFL),$(FUZZ_ASAN)))
$(eval $(call FUZZ_CONFIG,afl-cmplog,AFL_LLVM_CMPLOG=1 $(FUZZ_AFL),$(FUZZ_ASAN)))
$(eval $(call FUZZ_CONFIG,asan,$(CLANG),$(FUZZ_ASAN)))
$(eval $(call FUZZ_CONFIG,asan-spec,$(CLANG),$(FUZZ_ASAN) $(FUZZ_SPEC)))
$(eval $(call FUZZ_CONFIG,msan,$(CLANG),$(FUZZ_MSAN)))
$(eval $(call FUZZ_CONFIG,clang14,$(CLANG14),$(FUZZ_ASAN)))
$(eval $(call FUZZ_CONFIG,clang14-spec,$(CLANG14),$(FUZZ_ASAN) $(FUZZ_SPEC)))

# $(1) program  $(2) target  $(3) config of the core  $(4) config of the rest  $(5) to link with
# $(6) objects beside those
define FUZZ_PROGRAM
$(FUZZ_BIN)/$(1): $(FUZZ_CORE:%.c=$(FUZZ_OBJ)/$(3)/%.o) $(FUZZ_HELP:%.c=$(FUZZ_OBJ)/$(4)/%.o) \
    $(patsubst %.c,$(FUZZ_OBJ)/$(4)/%.o,fuzz/$(2).c $(wildcard fuzz/$(2)_*.c)) $(6)
	@mkdir -p $$(@D)
	@echo "  LD $$@"
	@$(5) -o $$@ $$^ $(FUZZ_LIBS_$(2))
endef

FUZZ_LD_LIBFUZZER := $(CLANG) $(FUZZ_ASAN) -fsanitize=fuzzer
FUZZ_LD_MSAN      := $(CLANG) $(FUZZ_MSAN)
FUZZ_LD_AFL       := $(FUZZ_AFL) $(FUZZ_ASAN)
FUZZ_AFL_MAIN     := $(FUZZ_OBJ)/afl/fuzz/afl_main.o

# $(1) config. The spec legs share the mutator of the plain ones.
FUZZ_MUTATOR_O = $(FUZZ_MUTATOR_LIBFUZZER:%.c=$(FUZZ_OBJ)/$(1)/%.o)
$(FUZZ_MUTATOR_AFL): $(FUZZ_MUTATOR) fuzz/mutator_afl.c fuzz/mutator.h
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CLANG) $(FUZZ_WARN) -O2 -g -fPIC -shared -o $@ $(filter %.c,$^)

# $(1) target  $(2) leg  $(3) config of the rest, clang 19  $(4) and clang 14  $(5) objects
define FUZZ_LEG
$(call FUZZ_PROGRAM,$(1)-libfuzzer-$(2),$(1),libfuzzer,$(3),$(FUZZ_LD_LIBFUZZER),\
  $(call FUZZ_MUTATOR_O,asan) $(5))
$(call FUZZ_PROGRAM,$(1)-afl-$(2),$(1),afl,$(4),$(FUZZ_LD_AFL),$(FUZZ_AFL_MAIN) $(5))
$(FUZZ_BIN)/$(1)-afl-$(2): | $(FUZZ_MUTATOR_AFL)
endef
# $(1) target
define FUZZ_LEG_MSAN
$(call FUZZ_PROGRAM,$(1)-libfuzzer-msan,$(1),libfuzzer-msan,msan,\
  $(FUZZ_LD_MSAN) -fsanitize=fuzzer,$(call FUZZ_MUTATOR_O,msan))
$(call FUZZ_PROGRAM,$(1)-replay-msan,$(1),msan,msan,$(FUZZ_LD_MSAN),\
  $(FUZZ_OBJ)/msan/fuzz/replay.o)
endef
define FUZZ_LEG_ASAN
$(call FUZZ_PROGRAM,$(1)-replay-asan,$(1),asan,asan,$(CLANG) $(FUZZ_ASAN),\
  $(FUZZ_OBJ)/asan/fuzz/replay.o)
endef
$(foreach t,$(FUZZ_READERS),$(eval $(call FUZZ_LEG,$(t),plain,asan,clang14)))
$(foreach t,$(FUZZ_READERS),\
  $(eval $(call FUZZ_LEG,$(t),spec,asan-spec,clang14-spec,$(FUZZ_SPEC_O))))
# CmpLog notes what the core compares; afl-fuzz puts it into inputs. One program is enough, -c 0.
$(foreach t,$(FUZZ_CMPLOG),$(eval $(call FUZZ_PROGRAM,$(t)-afl-cmplog,$(t),afl-cmplog,clang14,\
  AFL_LLVM_CMPLOG=1 $(FUZZ_LD_AFL),$(FUZZ_OBJ)/afl-cmplog/fuzz/afl_main.o)))
$(eval $(call FUZZ_LEG,accept,openssl,asan,clang14))
$(foreach t,$(FUZZ_READERS),$(eval $(call FUZZ_LEG_MSAN,$(t))))
$(foreach t,$(FUZZ_TARGETS),$(eval $(call FUZZ_LEG_ASAN,$(t))))

# handshake and reply are there for speed: they and their core are optimised, and the specification
# needs no more of the helpers than every asan leg has. empty does nothing: what libFuzzer costs.
FUZZ_FAST_CORE := $(FUZZ_CORE:%.c=$(FUZZ_OBJ)/fast/%.o)
FUZZ_FAST := $(FUZZ_ASAN) -O2 -fsanitize-address-use-after-return=never
$(eval $(call FUZZ_CONFIG,fast,$(CLANG),$(FUZZ_FAST) $(FUZZ_COVER)))
$(eval $(call FUZZ_CONFIG,fast-plain,$(CLANG),$(FUZZ_FAST)))
$(eval $(call FUZZ_CONFIG,fast-spec,$(CLANG),$(FUZZ_FAST) $(FUZZ_SPEC)))
$(FUZZ_ONCE:%=$(FUZZ_OBJ)/fast-spec/fuzz/%.o): $(BUILD)/spec/spec.h
$(FUZZ_ONCE:%=$(FUZZ_BIN)/%-libfuzzer-plain): $(FUZZ_BIN)/%-libfuzzer-plain: $(FUZZ_FAST_CORE) \
  $(FUZZ_OBJ)/fast-plain/fuzz/%.o
$(FUZZ_ONCE:%=$(FUZZ_BIN)/%-libfuzzer-spec): $(FUZZ_BIN)/%-libfuzzer-spec: $(FUZZ_FAST_CORE) \
  $(FUZZ_OBJ)/fast-spec/fuzz/%.o $(FUZZ_HELP:%.c=$(FUZZ_OBJ)/asan/%.o) $(FUZZ_SPEC_O)
$(FUZZ_BIN)/empty-libfuzzer-plain: $(FUZZ_OBJ)/fast-plain/fuzz/empty.o
$(addprefix $(FUZZ_BIN)/,$(FUZZ_ONCE:%=%-libfuzzer-plain) $(FUZZ_ONCE:%=%-libfuzzer-spec) \
  empty-libfuzzer-plain):
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(FUZZ_LD_LIBFUZZER) -o $@ $^

# The specification as C is an oracle: optimised, so that its tail calls become loops, and with
# no sanitizer. Integers of logic have no bounds: a sum that leaves 64 bits ends the run.
FUZZ_SPEC_TRAP := -fsanitize=signed-integer-overflow,shift,integer-divide-by-zero \
  -fsanitize-trap=all
$(foreach c,asan-spec clang14-spec,$(foreach t,$(FUZZ_READERS),$(FUZZ_OBJ)/$(c)/fuzz/$(t).o) \
  $(FUZZ_HELP:%.c=$(FUZZ_OBJ)/$(c)/%.o)): \
  $(BUILD)/spec/spec.h
$(FUZZ_SPEC_O): $(BUILD)/spec/spec.c
	@mkdir -p $(@D)
	@echo "  CC $@"
	@$(CLANG) -std=c11 -O2 -g -I. $(FUZZ_SPEC_TRAP) -MMD -MP -c -o $@ $<

# E-ACSL: the units of a target with their contracts as code; other units are compiled as they
# are, but their calls are checked. On head, framing, scan, respond and their like E-ACSL 25 does
# not end, or crashes; clang takes ten minutes for what it makes of accept beside the others.
FUZZ_EACSL          := $(BUILD)/fuzz/eacsl
FUZZ_EACSL_INC       = -isystem $(shell frama-c-config -print-share-path)/e-acsl
FUZZ_EACSL_list      := bytes list
FUZZ_EACSL_accept    := base64 bytes
FUZZ_EACSL_handshake := base64 bytes clause field list request status uri
FUZZ_EACSL_reply     := base64 bytes clause field list status

# An empty range at a null pointer is no error in a contract, but it is one in the C made of it.
FUZZ_EACSL_OFF := -fno-sanitize=pointer-overflow

# $(1) target. The calls of its files and of the other units go to the entries that check contracts,
# and the engine calls the target through the shim; what E-ACSL prints is C that no warning is asked
# of.
define FUZZ_EACSL_UNITS
$(FUZZ_EACSL)/$(1).c: $(FUZZ_EACSL_$(1):%=core/%.c) $(wildcard core/*.h core/*.def) \
    $(wildcard proofs/spec/*.acsl) fuzz/eacsl.py fuzz/fuzz.mk
	@mkdir -p $$(@D)
	@echo "  E-ACSL $$@"
	@$(PYTHON) fuzz/eacsl.py --out $(FUZZ_EACSL) --name $(1) $(FUZZ_EACSL_$(1):%=core/%.c)
endef
# $(1) target  $(2) "" or "-replay"  $(3) flags of the core  $(4) to link with  $(5) more objects
define FUZZ_EACSL_CONFIG
$(FUZZ_OBJ)/eacsl-$(1)$(2)/core.o: $(FUZZ_EACSL)/$(1).c
	@mkdir -p $$(@D)
	@echo "  CC $$@"
	@$(CLANG) -w $(FUZZ_BASE) -O2 $$(FUZZ_EACSL_INC) $(3) $(FUZZ_EACSL_OFF) -c -o $$@ $$<
$(FUZZ_OBJ)/eacsl-$(1)$(2)/%.o: %.c $(FUZZ_EACSL)/$(1).c
	@mkdir -p $$(@D)
	@echo "  CC $$@"
	@$(CLANG) $(FUZZ_WARN) $(FUZZ_BASE) -include $(FUZZ_EACSL)/$(1).h $(3) -MMD -MP -c -o $$@ $$<
$(FUZZ_BIN)/$(1)$(if $(2),-replay,-libfuzzer)-eacsl: $(FUZZ_OBJ)/eacsl-$(1)$(2)/core.o \
    $(patsubst %.c,$(FUZZ_OBJ)/eacsl-$(1)$(2)/%.o,$(filter-out $(FUZZ_EACSL_$(1):%=core/%.c),\
      $(FUZZ_CORE)) fuzz/$(1).c $(wildcard fuzz/$(1)_*.c)) \
    $(FUZZ_HELP:%.c=$(FUZZ_OBJ)/asan/%.o) $(FUZZ_OBJ)/asan/fuzz/eacsl_shim.o $(5)
	@mkdir -p $$(@D)
	@echo "  LD $$@"
	@$(4) -o $$@ $$^ -lgmp $(FUZZ_LIBS_$(1))
endef
$(FUZZ_OBJ)/asan/fuzz/eacsl_shim.o: fuzz/eacsl_shim.c
	@mkdir -p $(@D)
	@echo "  CC $@"
	@$(CLANG) -std=c11 $(FUZZ_BASE) $(FUZZ_EACSL_INC) $(FUZZ_ASAN) -MMD -MP -c -o $@ $<
$(foreach t,$(FUZZ_EACSL_TARGETS),$(eval $(call FUZZ_EACSL_UNITS,$(t))))
$(foreach t,$(FUZZ_EACSL_TARGETS),$(eval $(call FUZZ_EACSL_CONFIG,$(t),,\
  $(FUZZ_ASAN) $(FUZZ_COVER),$(FUZZ_LD_LIBFUZZER),\
  $(FUZZ_MUTATOR_LIBFUZZER:%.c=$(FUZZ_OBJ)/asan/%.o))))
$(foreach t,$(FUZZ_EACSL_TARGETS),$(eval $(call FUZZ_EACSL_CONFIG,$(t),-replay,$(FUZZ_ASAN),\
  $(CLANG) $(FUZZ_ASAN),$(FUZZ_OBJ)/asan/fuzz/replay.o)))

# MUTATOR=no and DICT=no leave the mutator and the dictionary out, to see what they are worth.
FUZZ_SWITCHES = $(if $(MUTATOR),--mutator "$(MUTATOR)") $(if $(DICT),--dictionary "$(DICT)")

fuzz: ## one target (TARGET=, ENGINE=libfuzzer|afl|honggfuzz, LEG=plain|spec|msan|eacsl|..., TIME=)
	@ci/setup fuzz $(filter honggfuzz,$(ENGINE))
	@$(call OF_COMMIT,fuzz.json,--fresh) \
	  $(PYTHON) fuzz/run.py --build $(BUILD) --make "$(FUZZ_MAKE)" --time "$(TIME)" \
	  $(if $(JOBS),--jobs "$(JOBS)") $(FUZZ_SWITCHES) one "$(TARGET)" "$(ENGINE)" "$(LEG)"

fuzz-all: ## fuzz every target under every engine and leg (TIME= seconds each, JOBS= at once)
	@ci/setup fuzz honggfuzz
	@$(call OF_COMMIT,fuzz.json,--fresh) \
	  $(PYTHON) fuzz/run.py --build $(BUILD) --make "$(FUZZ_MAKE)" --time "$(TIME)" \
	  $(if $(JOBS),--jobs "$(JOBS)") $(FUZZ_SWITCHES) all

replay: ## replay the corpus under ASan+UBSan, MSan and E-ACSL
	@ci/setup replay
	@$(PYTHON) fuzz/replay.py --build $(BUILD) --make "$(FUZZ_MAKE)" asan msan eacsl

replay-asan: # the quick part of replay
	@ci/setup replay
	@$(PYTHON) fuzz/replay.py --build $(BUILD) --make "$(FUZZ_MAKE)" asan

# TARGET has a default, for `make fuzz`; here it counts only if it is given.
FUZZ_GIVEN := $(if $(filter command line environment,$(origin TARGET)),--target "$(TARGET)")

repro: ## replay one input (FILE=, TARGET=) on every leg, print how it reads, verdict and clause
	@ci/setup repro
	@$(PYTHON) fuzz/replay.py --build $(BUILD) --make "$(FUZZ_MAKE)" --file "$(FILE)" $(FUZZ_GIVEN)

triage: ## sort what was found by bug, make it shorter, replay it on every leg
	@ci/setup repro
	@$(PYTHON) fuzz/triage.py --build $(BUILD) --make "$(FUZZ_MAKE)"

regression: ## keep an input (FILE=, TARGET=) in corpus/regressions/, where replay runs it
	@ci/setup repro
	@$(PYTHON) fuzz/regression.py --build $(BUILD) --make "$(FUZZ_MAKE)" $(FUZZ_GIVEN) "$(FILE)"

corpus: ## merge what was found into corpus/, minimised; twice is as good as once
	@ci/setup corpus
	@$(PYTHON) fuzz/merge.py --build $(BUILD) --make "$(FUZZ_MAKE)"

seeds: # write the seeds that come from the vectors anew
	@$(PYTHON) fuzz/seeds.py corpus/vectors/server.jsonl corpus/request
	@$(PYTHON) fuzz/seeds.py --role client corpus/vectors/client.jsonl \
	  corpus/vectors/upheld.jsonl corpus/response

fuzz-selftest: $(BUILD)/spec/spec.c # the harness goes red where it should
	@ci/setup fuzz honggfuzz
	@$(PYTHON) fuzz/test/selftest.py --build $(BUILD)

triage-selftest: # what sorts findings, keeps corpora whole and measures says what is wrong
	@$(PYTHON) fuzz/test/triage_test.py

throughput: $(BUILD)/spec/spec.c ## inputs a second, against floors (build/throughput.json)
	@ci/setup fuzz
	@$(PYTHON) fuzz/throughput.py --build $(BUILD) --make "$(FUZZ_MAKE)"

plants: ## plant bugs of other servers, take the time to find each (PLANT= MEANS= TRIALS= TIME=)
	@ci/setup fuzz build $(if $(findstring proof,$(MEANS)),prove)
	@$(call OF_COMMIT,plants.json) \
	  $(PYTHON) fuzz/plants.py --build $(BUILD) $(if $(MEANS),--means "$(MEANS)") \
	  $(if $(TRIALS),--trials "$(TRIALS)") --time "$(TIME)" run $(PLANT)

plants-check: # every planted bug is in order, and still applies to the core
	@$(PYTHON) fuzz/plants.py check

MUTATOR_TEST := $(BUILD)/fuzz/bin/mutator-test
$(MUTATOR_TEST): $(addprefix $(FUZZ_OBJ)/asan/,$(FUZZ_MUTATOR_LIBFUZZER:%.c=%.o) \
    fuzz/mutator_afl.o fuzz/test/mutator_test.o)
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CLANG) $(FUZZ_ASAN) -o $@ $^ -lcmocka

mutator-selftest: # each operation of the mutator makes what it says, and keeps to its room
	@ci/setup unit
	@$(FUZZ_MAKE) BUILD="$(BUILD)" $(MUTATOR_TEST)
	@$(MUTATOR_TEST)

plants-selftest: # what plants bugs says what is wrong
	@$(PYTHON) fuzz/test/planting_test.py

worth: ## what mutator and dictionaries are worth: edges, planted bugs (PLANT= TRIALS= SCALE=)
	@ci/setup worth
	@$(PYTHON) fuzz/worth.py --build $(BUILD) $(if $(TRIALS),--trials "$(TRIALS)") \
	  $(if $(SCALE),--scale "$(SCALE)") run $(PLANT)

worth-selftest: # its tables say what was measured
	@$(PYTHON) fuzz/test/worth_test.py

include fuzz/honggfuzz.mk

fuzz-programs: $(addprefix $(FUZZ_BIN)/,$(FUZZ_PROGRAMS) $(FUZZ_REPLAYS)) # all that fuzz-all runs

include fuzz/oss_fuzz.mk
include fuzz/peers.mk

-include $(shell [ -d $(FUZZ_OBJ) ] && find $(FUZZ_OBJ) -name '*.d')

.PHONY: fuzz fuzz-all replay replay-asan repro triage regression corpus seeds fuzz-selftest \
  fuzz-programs triage-selftest throughput plants plants-check plants-selftest \
  mutator-selftest worth worth-selftest
