# example.mk: the echo server and the client that show how the core is used, with OpenSSL and wslay.
# `make interop` talks to them, as shipped and with sanitizers; nothing else needs their libraries.

EXAMPLES := $(BUILD)/example
# Those of the two that are there.
EXAMPLE_PROGRAMS := $(filter echo client,$(basename $(notdir $(wildcard core/example/*.c))))
EXAMPLE_CLIENT_C := $(sort $(wildcard core/example/client*.c)) \
    $(patsubst %,core/example/%.c,frames stream)
EXAMPLE_ECHO_C := $(patsubst %,core/example/%.c,connection echo frames gate loop stream)
EXAMPLE_FLAGS := $(STRICT) -D_DEFAULT_SOURCE -Icore -MMD -MP
EXAMPLE_LIBS := -lwslay -lssl -lcrypto
EXAMPLE_SANITIZERS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
    -fno-sanitize-recover=all

# $(1): folder, $(2): compiler, $(3): flags
define EXAMPLE_BUILD
$(1)/%.o: core/example/%.c
	@mkdir -p $$(@D)
	$(2) $$(EXAMPLE_FLAGS) $(3) -c -o $$@ $$<

$(1)/core/%.o: core/%.c
	@mkdir -p $$(@D)
	@$(2) $$(STRICT) -ffreestanding -MMD -MP $(3) -c -o $$@ $$<

$(1)/echo: $(EXAMPLE_ECHO_C:core/example/%.c=$(1)/%.o) $(CORE_C:core/%.c=$(1)/core/%.o)
	$(2) $(3) $$(LDFLAGS) -o $$@ $$^ $$(EXAMPLE_LIBS)

$(1)/client: $(EXAMPLE_CLIENT_C:core/example/%.c=$(1)/%.o) $(CORE_C:core/%.c=$(1)/core/%.o)
	$(2) $(3) $$(LDFLAGS) -o $$@ $$^ $$(EXAMPLE_LIBS)

-include $(wildcard $(1)/*.d $(1)/core/*.d)
endef

$(eval $(call EXAMPLE_BUILD,$(EXAMPLES),$(CC),$(CFLAGS)))
$(eval $(call EXAMPLE_BUILD,$(EXAMPLES)/sanitize,$(CLANG),$(EXAMPLE_SANITIZERS)))

.PHONY: examples
examples: ## the echo server and the client of core/example/, into build/example/
	@ci/setup examples
	@$(MAKE) --no-print-directory $(EXAMPLE_PROGRAMS:%=$(EXAMPLES)/%)
