# The library: freestanding, no libc call. Included by the Makefile.
CORE_C := $(sort $(wildcard core/*.c))
CORE_O := $(CORE_C:core/%.c=$(BUILD)/core/%.o)

$(BUILD)/libupheld.a: $(CORE_O) ## the library
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/core/%.o: core/%.c
	@mkdir -p $(@D)
	$(CC) $(STRICT) -ffreestanding $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(CORE_O:.o=.d)
