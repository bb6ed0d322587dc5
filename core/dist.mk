# dist.mk: what is handed out (make dist), measured (make size) and installed (make install).
# Included by Makefile, behind core.mk and command.mk. To hand out and to install, no package is
# installed: who embeds the core has a system of his own. A C compiler, make and Python 3 are
# enough; the command wants jansson.
DIST := $(BUILD)/dist
DIST_PYTHON := PYTHONDONTWRITEBYTECODE=1 $(PYTHON)

dist: ## upheld.c and upheld.h, the release's archive and their checksums in build/dist/
	@$(CI_FIRST)
	@$(DIST_PYTHON) core/dist/release.py $(DIST)

size: ## text and deepest stack of the core, gcc and clang, and their limits (build/size.json)
	@ci/setup size
	@$(DIST_PYTHON) core/dist/size.py $(BUILD)/size.json gcc $(CLANG)

.PHONY: dist size
