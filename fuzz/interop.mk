# interop.mk: real clients against the answers of build/upheld, and their recordings; the examples
# against real clients and servers.

INTEROP_PACKAGES := $(BUILD)/interop
INTEROP_EXAMPLES := $(EXAMPLE_PROGRAMS:%=$(EXAMPLES)/%) $(EXAMPLE_PROGRAMS:%=$(EXAMPLES)/sanitize/%)

.PHONY: interop record interop-selftest

interop: ## real clients and servers over loopback must open a connection with ours
	ci/setup interop
	$(MAKE) --no-print-directory $(BUILD)/upheld $(INTEROP_EXAMPLES)
	PYTHONDONTWRITEBYTECODE=1 $(call OF_COMMIT,interop.json) \
	  $(PYTHON) fuzz/interop/interop.py --upheld $(BUILD)/upheld --examples $(EXAMPLES) \
	  --packages $(INTEROP_PACKAGES) --recorded corpus/request --out $(BUILD)/interop.json

record: ## record the handshakes of the real clients again, into corpus/request/
	ci/setup interop
	PYTHONDONTWRITEBYTECODE=1 $(PYTHON) fuzz/record/record.py --packages $(INTEROP_PACKAGES) \
	  --into corpus/request

interop-selftest:
	PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m unittest discover -q -s fuzz/interop
