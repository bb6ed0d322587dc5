# oss_fuzz.mk: the targets as OSS-Fuzz has them built: by its compiler, flags and engine alone.
#
# Included by fuzz.mk, called by ci/oss-fuzz/build.sh. Takes CC, CXX, CFLAGS, CXXFLAGS,
# LIB_FUZZING_ENGINE, SANITIZER and ARCHITECTURE from the environment, and puts programs named after
# their targets into OUT, each with its seeds, dictionary and options beside it.

# accept is compared with OpenSSL, which is linked in whole because no other library is there when
# the target runs. There is none built with MSan, nor one for i386 in OSS-Fuzz's builder.
ifneq ($(filter memory,$(SANITIZER))$(filter i386,$(ARCHITECTURE)),)
FUZZ_OSS_FLAGS := -Ifuzz/standin
else
FUZZ_OSS_LIBS_accept := -l:libcrypto.a -ldl -lpthread
endif
FUZZ_OSS_OBJ := $(FUZZ_OBJ)/oss-fuzz
# Of the compiler's own choice: the image has a Python, which need not be Debian's.
FUZZ_OSS_PYTHON ?= python3

$(FUZZ_OSS_OBJ)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC $@"
	@$(CC) $(CFLAGS) -std=c11 -D_GNU_SOURCE $(FUZZ_OSS_FLAGS) -MMD -MP -c -o $@ $<

# OSS-Fuzz asks that CXX links, since its engines are C++.
define FUZZ_OSS_PROGRAM
$(OUT)/$(1): $(patsubst %.c,$(FUZZ_OSS_OBJ)/%.o,fuzz/$(1).c $(wildcard fuzz/$(1)_*.c) \
    $(FUZZ_HELP) $(FUZZ_MUTATOR_LIBFUZZER) $(FUZZ_CORE))
	@echo "  LD $$@"
	@$$(CXX) $$(CXXFLAGS) -o $$@ $$^ $$(LIB_FUZZING_ENGINE) $$(FUZZ_OSS_LIBS_$(1))
endef
$(if $(OUT),$(foreach t,$(FUZZ_TARGETS),$(eval $(call FUZZ_OSS_PROGRAM,$(t)))))

oss-fuzz-programs: $(FUZZ_TARGETS:%=$(OUT)/%) # ci/oss-fuzz/build.sh calls this
	@$(FUZZ_OSS_PYTHON) ci/oss-fuzz/pack.py "$(OUT)" $(FUZZ_TARGETS)

.PHONY: oss-fuzz-programs
