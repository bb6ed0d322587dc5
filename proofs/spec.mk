# spec.mk: the specification as C. Included by Makefile; `make -f proofs/spec.mk spec` works too.
#
# $(SPEC_C) and its header are made from proofs/spec/*.acsl and the types in core/*.h. Who compiles
# $(SPEC_C) adds $(SPEC_TRAP): logic integers have no bounds, so a sum that leaves int64_t must end
# the run.

BUILD  ?= build
CLANG  ?= clang-19
PYTHON ?= /usr/bin/python3

SPEC         := $(BUILD)/spec
SPEC_C       := $(SPEC)/spec.c
SPEC_LOGIC   := $(sort $(wildcard proofs/spec/*.acsl))
SPEC_HEADERS := $(sort $(wildcard core/*.h))
SPEC_WARN    := -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
SPEC_TRAP    := -fsanitize=signed-integer-overflow,shift,integer-divide-by-zero \
  -fsanitize-undefined-trap-on-error
SPEC_VECTORS := $(sort $(wildcard corpus/vectors/*.jsonl))
SPEC_CHECK   := -fsanitize=address,undefined -fno-sanitize-recover=all

$(SPEC_C) $(SPEC)/spec.h &: $(SPEC_LOGIC) $(SPEC_HEADERS) core/clauses.def \
    $(wildcard proofs/spec2c/*.py)
	@$(PYTHON) -B proofs/spec2c --out $(SPEC) $(SPEC_HEADERS:%=--header %) $(SPEC_LOGIC)

$(SPEC)/spec.o: $(SPEC_C)
	@echo "  CC $@"
	@gcc $(SPEC_WARN) -O2 -g $(SPEC_TRAP) -c -o $@ $<

# The specification must stand on its own: it may call nothing of the core.
$(SPEC)/alone: $(SPEC)/spec.o
	@nm -u $< > $@.new
	@! grep -E ' (uph_|upheld_)' $@.new || \
	  { echo "proofs/spec.mk: the specification calls the core (above)" >&2; exit 1; }
	@mv $@.new $@

# By both compilers: gcc's one also ends at the first octet read outside the request.
$(SPEC)/vectors-gcc: proofs/spec_vectors.c $(SPEC_C) $(SPEC)/spec.h
	@echo "  LD $@"
	@gcc $(SPEC_WARN) -O1 -g $(SPEC_CHECK) -I$(SPEC) -o $@ $(filter %.c,$^) -ljansson
$(SPEC)/vectors-clang: proofs/spec_vectors.c $(SPEC_C) $(SPEC)/spec.h
	@echo "  LD $@"
	@$(CLANG) $(SPEC_WARN) -O2 -g $(SPEC_TRAP) -I$(SPEC) -o $@ $(filter %.c,$^) -ljansson

spec: $(SPEC)/alone $(SPEC)/vectors-gcc $(SPEC)/vectors-clang ## the specification on the vectors
	@$(SPEC)/vectors-clang $(SPEC_VECTORS) > $(SPEC)/clang.txt || \
	  { cat $(SPEC)/clang.txt; exit 1; }
	@$(SPEC)/vectors-gcc $(SPEC_VECTORS)

spec-selftest: # the translator on small specifications, its errors included
	@$(PYTHON) -B proofs/spec2c_test.py

spec-planted: # errors planted in the specification must fail some vector
	@$(PYTHON) -B proofs/spec_vectors_test.py

.PHONY: spec spec-selftest spec-planted
