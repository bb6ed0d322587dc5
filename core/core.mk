# The library: freestanding, no libc call. Included by the Makefile.
CORE_C := $(sort $(wildcard core/*.c))
CORE_O := $(CORE_C:core/%.c=$(BUILD)/core/%.o)

$(BUILD)/libupheld.a: $(CORE_O) ## the library
	@rm -f $@
	$(AR) rcs $@ $^

# No exception passes through the core and it calls nobody, so that tables for unwinding would serve
# profilers alone; with -g, debuggers have theirs.
CORE_FLAGS := -ffreestanding -fno-asynchronous-unwind-tables

$(BUILD)/core/%.o: core/%.c
	@mkdir -p $(@D)
	$(CC) $(STRICT) $(CORE_FLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(CORE_O:.o=.d)
