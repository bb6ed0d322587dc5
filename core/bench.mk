# bench.mk: the programs of the benchmark, ours in several layouts. Included by the Makefile.
BENCH := $(BUILD)/bench
# Layouts of the code of gcc -O2, and rounds in which everything is timed once.
LAYOUTS ?= 9
ROUNDS  ?= 41
# Whether a ratio above its target fails, or is told.
MISSED  ?= fail
BENCH_FLAGS := -D_DEFAULT_SOURCE -Icore -MMD -MP

# What `make dist` hands out is measured: one file, in which a compiler sees everything. The rooms
# compiled one by one, as in the library, are measured beside it.
$(BENCH)/two-files/upheld.c: $(CORE_C) $(wildcard core/*.h) core/clauses.def core/dist/two_files.py
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) core/dist/two_files.py $(@D)

# Objects of the core. Layout 0 is as anybody would build it; the others are linked from functions
# in an order of their own, and in turn aligned to the default, to 32 and to 64 octets.
# $(1): name, $(2): compiler, $(3): flags
define BENCH_CORE
BENCH_$(1) := $(BENCH)/core/$(1)/upheld.o
$(BENCH)/core/$(1)/upheld.o: $(BENCH)/two-files/upheld.c
	@mkdir -p $$(@D)
	@$(2) $$(STRICT) -ffreestanding $(3) -c -o $$@ $$<
endef

define BENCH_ROOMS
BENCH_$(1) := $$(CORE_C:core/%.c=$(BENCH)/core/$(1)/%.o)
BENCH_DEPENDS += $$(BENCH_$(1):.o=.d)
$(BENCH)/core/$(1)/%.o: core/%.c
	@mkdir -p $$(@D)
	@$(2) $$(STRICT) -ffreestanding $(3) -MMD -MP -c -o $$@ $$<
endef

$(eval $(call BENCH_CORE,gcc,gcc,-O2 -g))
$(eval $(call BENCH_ROOMS,rooms,gcc,-O2 -g -ffunction-sections))
$(eval $(call BENCH_CORE,gcc-0,gcc,-O2 -ffunction-sections))
$(eval $(call BENCH_CORE,gcc-1,gcc,-O2 -ffunction-sections -falign-functions=32))
$(eval $(call BENCH_CORE,gcc-2,gcc,-O2 -ffunction-sections -falign-functions=64))
$(eval $(call BENCH_CORE,clang,$(CLANG),-O2 -ffunction-sections))
$(eval $(call BENCH_CORE,native,gcc,-O3 -march=native -ffunction-sections))

BENCH_OURS := $(BENCH)/run.o $(BENCH)/subject_upheld.o
BENCH_PEERS := $(addprefix $(BENCH)/,run.o peers.o $(patsubst core/bench/%.c,%.o,\
    $(wildcard core/bench/peer_*.c)) $(patsubst core/bench/%.cpp,%.o,\
    $(wildcard core/bench/peer_*.cpp)))
BENCH_DEPENDS += $(BENCH_OURS:.o=.d) $(BENCH_PEERS:.o=.d)

$(BENCH)/%.o: core/bench/%.c
	@mkdir -p $(@D)
	@gcc $(STRICT) $(BENCH_FLAGS) $(BENCH_SYSTEM) -O2 -c -o $@ $<

# Boost where ci/setup unpacked it. Headers of others are no concern of our warnings.
BENCH_BOOST := build/debian/libboost1.81-dev/usr/include
$(BENCH)/%.o: core/bench/%.cpp
	@mkdir -p $(@D)
	@echo "bench: compiling $<"
	@g++ -std=c++17 -Wall -Wextra -Werror $(BENCH_FLAGS) -isystem $(BENCH_BOOST) -O2 -c -o $@ $<

$(BENCH)/peer_libsoup.o: BENCH_SYSTEM = $(subst -I,-isystem ,$(shell \
    pkg-config --cflags libsoup-2.4))

$(BENCH)/peers: $(BENCH_PEERS)
	@g++ -o $@ $^ -lh2o-evloop -lhttp_parser -lcrypto $$(pkg-config --libs libsoup-2.4)

$(BENCH)/ours/gcc-0: $(BENCH_OURS) $(BENCH_gcc)
	@mkdir -p $(@D)
	@gcc -o $@ $^

# $(1): build, $(2): number of the layout, $(3): objects
define BENCH_LAYOUT
BENCH_PROGRAMS += $(BENCH)/ours/$(1)-$(2)
$(BENCH)/ours/$(1)-$(2): $$(BENCH_OURS) $$(BENCH_$(3)) core/bench/order.py
	@mkdir -p $$(@D)
	@$$(PYTHON) core/bench/order.py $(2) $$(BENCH_$(3)) > $$@.order
	@gcc -fuse-ld=gold -Wl,--section-ordering-file=$$@.order -o $$@ $$(BENCH_OURS) $$(BENCH_$(3))
endef

# Layouts behind 0: number and objects. At most so many; another number is an error of make's.
BENCH_LAYOUTS := 0 1.1 2.2 3.0 4.1 5.2 6.0 7.1 8.2 9.0 10.1 11.2 12.0 13.1 14.2 15.0
$(if $(word $(LAYOUTS),$(BENCH_LAYOUTS)),,$(error LAYOUTS=$(LAYOUTS): expected 1 to 16))
BENCH_PROGRAMS := $(BENCH)/ours/gcc-0
$(foreach n,$(wordlist 2,$(LAYOUTS),$(BENCH_LAYOUTS)),\
    $(eval $(call BENCH_LAYOUT,gcc,$(basename $(n)),gcc-$(patsubst .%,%,$(suffix $(n))))))
$(foreach n,1 2 3,$(eval $(call BENCH_LAYOUT,rooms,$(n),rooms)))
$(foreach n,1 2 3,$(eval $(call BENCH_LAYOUT,clang,$(n),clang)))
$(foreach n,1 2 3,$(eval $(call BENCH_LAYOUT,native,$(n),native)))

bench: ## speed against peers in one run, about 2 minutes (LAYOUTS=9, ROUNDS=41, MISSED=told)
	@ci/setup bench
	@$(MAKE) --no-print-directory bench-run

bench-run: $(BENCH)/peers $(BENCH_PROGRAMS)
	@PYTHONDONTWRITEBYTECODE=1 $(call OF_COMMIT,bench.json bench-targets.json) \
	    $(PYTHON) core/bench/bench.py --rounds '$(ROUNDS)' --build $(BUILD) \
	    --missed '$(MISSED)' \
	    $(BENCH)/peers $(BENCH_PROGRAMS)

bench-profile: ## where ours spends its instructions, as `make bench` counted them (INPUT=mix)
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) core/bench/spent.py \
	    $(BENCH)/callgrind/gcc/callgrind.upheld.$(or $(INPUT),mix)

.PHONY: bench bench-run bench-profile
-include $(BENCH_DEPENDS)
