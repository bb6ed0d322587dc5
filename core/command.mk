# command.mk: the `upheld` command, the unit tests of the core and of the command, the vectors.
# Included by Makefile, which sets CC, CLANG, BUILD, STRICT and PYTHON.

COMMAND_SOURCES := $(wildcard core/command/*.c)
COMMAND_OBJECTS := $(COMMAND_SOURCES:core/command/%.c=$(BUILD)/command/%.o)
COMMAND_FLAGS := $(STRICT) -Icore -MMD -MP

$(BUILD)/upheld: $(COMMAND_OBJECTS) $(BUILD)/libupheld.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -ljansson

$(BUILD)/command/%.o: core/command/%.c
	@mkdir -p $(@D)
	$(CC) $(COMMAND_FLAGS) $(CFLAGS) -c -o $@ $<

# The unit tests run three times: as gcc and as clang build the core for release, and under clang's
# sanitizers, which also end a test at the first octet read or written too far.
UNIT := $(BUILD)/unit
UNIT_TESTS := $(basename $(notdir $(wildcard core/test/test_*.c)))
UNIT_CORE := $(wildcard core/*.c)
UNIT_FLAGS := $(COMMAND_FLAGS) -D_DEFAULT_SOURCE
UNIT_LIBS := -lcmocka -ljansson -lcrypto

# $(1): name of the build, $(2): compiler, $(3): flags
define UNIT_BUILD
$(UNIT)/$(1)/core/%.o: core/%.c
	@mkdir -p $$(@D)
	@$(2) $$(COMMAND_FLAGS) -ffreestanding $(3) -c -o $$@ $$<

$(UNIT)/$(1)/command/%.o: core/command/%.c
	@mkdir -p $$(@D)
	@$(2) $$(COMMAND_FLAGS) $(3) -c -o $$@ $$<

$(UNIT)/$(1)/%.o: core/test/%.c
	@mkdir -p $$(@D)
	@$(2) $$(UNIT_FLAGS) $(3) -c -o $$@ $$<

$(UNIT)/$(1)/libupheld.a: $(UNIT_CORE:core/%.c=$(UNIT)/$(1)/core/%.o)
	@rm -f $$@
	@$$(AR) rcs $$@ $$^

$(UNIT)/$(1)/upheld: $(COMMAND_SOURCES:core/command/%.c=$(UNIT)/$(1)/command/%.o) \
    $(UNIT)/$(1)/libupheld.a
	@$(2) $(3) -o $$@ $$^ -ljansson

$(UNIT_TESTS:%=$(UNIT)/$(1)/%): $(UNIT)/$(1)/%: $(UNIT)/$(1)/%.o $(UNIT)/$(1)/libupheld.a
	@$(2) $(3) -o $$@ $$^ $$(UNIT_LIBS)

UNIT_PROGRAMS += $(UNIT_TESTS:%=$(UNIT)/$(1)/%)
UNIT_DEPENDS += $(UNIT_TESTS:%=$(UNIT)/$(1)/%.d) $(UNIT_CORE:core/%.c=$(UNIT)/$(1)/core/%.d) \
    $(COMMAND_SOURCES:core/command/%.c=$(UNIT)/$(1)/command/%.d)
endef

UNIT_SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all
$(eval $(call UNIT_BUILD,gcc,gcc,-O2 -g))
$(eval $(call UNIT_BUILD,clang,$(CLANG),-O2 -g))
$(eval $(call UNIT_BUILD,sanitize,$(CLANG),-O1 -g -fno-omit-frame-pointer $(UNIT_SANITIZERS)))

unit: ## unit tests of core and command: gcc, clang, clang with sanitizers
	@ci/setup unit
	@$(MAKE) --no-print-directory unit-run

UNIT_COMMANDS := $(BUILD)/upheld $(UNIT)/sanitize/upheld
UNIT_LIBRARIES := $(BUILD)/libupheld.a $(UNIT)/gcc/libupheld.a $(UNIT)/clang/libupheld.a

unit-run: $(UNIT_PROGRAMS) $(UNIT_COMMANDS) $(UNIT_LIBRARIES)
	@UNIT_COMMANDS="$(UNIT_COMMANDS)" UNIT_LIBRARIES="$(UNIT_LIBRARIES)" \
	UNIT_COMPILERS="gcc $(CLANG)" UNIT_STRICT="$(STRICT)" PYTHONDONTWRITEBYTECODE=1 \
	$(PYTHON) core/test/unit.py $(BUILD)/unit.json $(UNIT_PROGRAMS)

# The C tests alone, as CLANG builds them: nothing but a compiler and the libraries is needed.
unit-c: $(UNIT_TESTS:%=$(UNIT)/clang/%)
	@for test in $^; do $$test || exit; done

clauses: ## core/CLAUSES.md from the table of clauses
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) core/clauses/document.py

vectors: ## the vectors of the corpus
	@ci/setup vectors
	@$(MAKE) --no-print-directory $(BUILD)/upheld
	@$(BUILD)/upheld vectors corpus/vectors/*.jsonl

.PHONY: unit unit-run unit-c clauses vectors
-include $(COMMAND_OBJECTS:.o=.d) $(UNIT_DEPENDS)
