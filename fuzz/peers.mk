# peers.mk: the target `peers`, in which parsers of others see the same octets as the core, and the
# table that judges the differences. Included by fuzz.mk.

PEERS     := $(BUILD)/fuzz/peers
PEERS_OBJ := $(FUZZ_OBJ)/peers
# Boost where ci/setup unpacked it. Headers of others are no concern of our warnings.
PEERS_BOOST   := build/debian/libboost1.81-dev/usr/include
PEERS_SYSTEM   = $(subst -I,-isystem ,$(shell pkg-config --cflags libsoup-2.4)) -I$(PEERS)
PEERS_LIBS     = -lhttp_parser $$(pkg-config --libs libsoup-2.4) -lstdc++ -lm
PEERS_SHARED  := $(addprefix $(PEERS_OBJ)/fuzz/peers/,compare.o known.o http_parser.o \
                   libsoup.o beast.o)

$(eval $(call FUZZ_CONFIG,peers,$(CLANG),$(FUZZ_ASAN) $$(PEERS_SYSTEM)))
$(PEERS_OBJ)/fuzz/peers/known.o: $(PEERS)/table.h

$(PEERS)/table.h: fuzz/peers/peers.json fuzz/peers.py
	@$(PYTHON) fuzz/peers.py header $@

# Most of the time goes into Beast, which is not what is tested: no sanitizer, no debug information.
$(PEERS_OBJ)/fuzz/peers/beast.o: fuzz/peers/beast.cpp fuzz/peers/peers.h
	@mkdir -p $(@D)
	@echo "  CXX $@"
	@$(CLANG) -std=c++17 -Wall -Wextra -Werror -O1 -isystem $(PEERS_BOOST) -c -o $@ $<

# $(1) program  $(2) config of the core  $(3) objects beside  $(4) to link with
define PEERS_PROGRAM
$(FUZZ_BIN)/$(1): $(FUZZ_CORE:%.c=$(FUZZ_OBJ)/$(2)/%.o) $(PEERS_SHARED) $(3)
	@mkdir -p $$(@D)
	@echo "  LD $$@"
	@$(4) -o $$@ $$^ $$(PEERS_LIBS)
endef
$(eval $(call PEERS_PROGRAM,peers-classes,asan,$(PEERS_OBJ)/fuzz/peers/classes.o,\
  $(CLANG) $(FUZZ_ASAN)))
$(eval $(call PEERS_PROGRAM,peers-replay-asan,asan,$(PEERS_OBJ)/fuzz/peers/target.o \
  $(FUZZ_OBJ)/asan/fuzz/replay.o,$(CLANG) $(FUZZ_ASAN)))
$(eval $(call PEERS_PROGRAM,peers-libfuzzer-plain,libfuzzer,$(PEERS_OBJ)/fuzz/peers/target.o,\
  $(FUZZ_LD_LIBFUZZER)))

peers: ## compare http-parser, libsoup and Boost.Beast with the core; a new difference fails
	@ci/setup peers
	@$(FUZZ_MAKE) $(FUZZ_BIN)/peers-classes
	@$(PYTHON) fuzz/peers.py check $(FUZZ_BIN)/peers-classes

peers-selftest: # what judges the peers can fail
	@ci/setup peers
	@$(FUZZ_MAKE) $(FUZZ_BIN)/peers-classes $(FUZZ_BIN)/peers-replay-asan
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) fuzz/test/peers_test.py --build $(BUILD)

.PHONY: peers peers-selftest
