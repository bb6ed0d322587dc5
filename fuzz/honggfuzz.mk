# honggfuzz.mk: the targets under honggfuzz, which is built of the sources in a crate, since Debian
# has none. Included by fuzz.mk.

HONGGFUZZ       := $(BUILD)/honggfuzz
HONGGFUZZ_LIBS  := $(HONGGFUZZ)/libhfuzz.a $(HONGGFUZZ)/libhfcommon.a
# What honggfuzz reads: edges, and what is compared.
HONGGFUZZ_COVER := -fsanitize-coverage=trace-pc-guard,trace-cmp,indirect-calls
# Its library is an archive: what only it defines has to be asked for.
HONGGFUZZ_LD    := $(CLANG) $(FUZZ_ASAN) -Wl,-u,LIBHFUZZ_module_instrument \
  -Wl,-u,LIBHFUZZ_module_memorycmp
FUZZ_HONGGFUZZ  := $(FUZZ_READERS:%=%-honggfuzz-plain)
FUZZ_PROGRAMS   += $(FUZZ_HONGGFUZZ)

$(HONGGFUZZ_LIBS) &: fuzz/honggfuzz/build.sh fuzz/honggfuzz/Cargo.lock
	@fuzz/honggfuzz/build.sh $(HONGGFUZZ)
	@touch $(HONGGFUZZ_LIBS)

$(eval $(call FUZZ_CONFIG,honggfuzz,$(CLANG),$(FUZZ_ASAN) $(HONGGFUZZ_COVER)))
$(eval $(call FUZZ_CONFIG,honggfuzz-plain,$(CLANG),$(FUZZ_ASAN) \
  -DLLVMFuzzerTestOneInput=fuzz_target))
# $(1) target
define HONGGFUZZ_PROGRAM
$(FUZZ_BIN)/$(1)-honggfuzz-plain: $(FUZZ_CORE:%.c=$(FUZZ_OBJ)/honggfuzz/%.o) \
    $(FUZZ_HELP:%.c=$(FUZZ_OBJ)/asan/%.o) \
    $(patsubst %.c,$(FUZZ_OBJ)/honggfuzz-plain/%.o,fuzz/$(1).c $(wildcard fuzz/$(1)_*.c)) \
    $(FUZZ_OBJ)/asan/fuzz/honggfuzz/main.o $(HONGGFUZZ_LIBS)
	@mkdir -p $$(@D)
	@echo "  LD $$@"
	@$(HONGGFUZZ_LD) -o $$@ $$^ -ldl -lm -lrt -pthread
endef
$(foreach t,$(FUZZ_READERS),$(eval $(call HONGGFUZZ_PROGRAM,$(t))))
