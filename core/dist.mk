# dist.mk: what is handed out (make dist), measured (make size) and installed (make install).
# Included by Makefile, behind core.mk and command.mk. To hand out and to install, no package is
# installed: who embeds the core has a system of his own. A C compiler, make and Python 3 are
# enough; the command wants jansson.
DIST := $(BUILD)/dist
STAGE := $(BUILD)/install
DIST_PYTHON := PYTHONDONTWRITEBYTECODE=1 $(PYTHON)

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man
PKGCONFIGDIR ?= $(LIBDIR)/pkgconfig
CMAKEDIR ?= $(LIBDIR)/cmake/upheld
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d

# Mode, what is installed, and where: the one list for install and uninstall.
define INSTALL_LIBRARY
644 $(BUILD)/libupheld.a $(LIBDIR)/libupheld.a
644 $(STAGE)/upheld.h $(INCLUDEDIR)/upheld.h
644 $(STAGE)/upheld.pc $(PKGCONFIGDIR)/upheld.pc
644 $(STAGE)/upheldConfig.cmake $(CMAKEDIR)/upheldConfig.cmake
644 $(STAGE)/upheldConfigVersion.cmake $(CMAKEDIR)/upheldConfigVersion.cmake
644 $(STAGE)/upheld.3 $(MANDIR)/man3/upheld.3
endef
define INSTALL_COMMAND
755 $(BUILD)/upheld $(BINDIR)/upheld
644 $(STAGE)/upheld.1 $(MANDIR)/man1/upheld.1
644 $(STAGE)/upheld.bash $(BASHDIR)/upheld
644 $(STAGE)/upheld.zsh $(ZSHDIR)/_upheld
644 $(STAGE)/upheld.fish $(FISHDIR)/upheld.fish
endef
export INSTALL_LIBRARY INSTALL_COMMAND

dist: ## upheld.c and upheld.h, the release's archive and their checksums in build/dist/
	@$(CI_FIRST)
	@$(DIST_PYTHON) core/dist/release.py $(DIST)

size: ## text and deepest stack of the core, gcc and clang, and their limits (build/size.json)
	@ci/setup size
	@$(DIST_PYTHON) core/dist/size.py $(BUILD)/size.json gcc $(CLANG)

# What only the library needs, and what the command adds.
stage-library: $(BUILD)/libupheld.a
	@$(DIST_PYTHON) core/dist/two_files.py $(STAGE)
	@$(DIST_PYTHON) core/dist/package.py $(STAGE) --prefix '$(PREFIX)' --libdir '$(LIBDIR)' \
	--includedir '$(INCLUDEDIR)' --cmakedir '$(CMAKEDIR)'
	@$(DIST_PYTHON) core/dist/man.py 3 < core/upheld.h > $(STAGE)/upheld.3

stage-command: $(BUILD)/upheld
	@mkdir -p $(STAGE)
	@$(BUILD)/upheld --help > $(STAGE)/help
	@$(DIST_PYTHON) core/dist/man.py 1 < $(STAGE)/help > $(STAGE)/upheld.1
	@for shell in bash zsh fish; do \
	$(DIST_PYTHON) core/dist/completion.py $$shell < $(STAGE)/help > $(STAGE)/upheld.$$shell || exit; \
	done

# $(1): name of a list. A target may hold spaces, since it comes last.
INSTALL_EACH = printf '%s\n' "$$$(1)" | while read -r mode from to; do \
	mkdir -p "$(DESTDIR)$${to%/*}" && install -m "$$mode" "$$from" "$(DESTDIR)$$to" && \
	echo "$(DESTDIR)$$to" || exit; done
UNINSTALL_EACH = printf '%s\n' "$$$(1)" | while read -r mode from to; do \
	rm -f "$(DESTDIR)$$to" || exit; done

install-library: stage-library ## the library alone: header, pkg-config, CMake, upheld(3)
	@$(call INSTALL_EACH,INSTALL_LIBRARY)

install: install-library stage-command ## library, command, manual, completions (PREFIX= DESTDIR=)
	@$(call INSTALL_EACH,INSTALL_COMMAND)

uninstall: ## remove what install put there (same PREFIX= and DESTDIR=)
	@$(call UNINSTALL_EACH,INSTALL_LIBRARY)
	@$(call UNINSTALL_EACH,INSTALL_COMMAND)
	@if [ -d "$(DESTDIR)$(CMAKEDIR)" ]; then rmdir "$(DESTDIR)$(CMAKEDIR)"; fi

.PHONY: dist size stage-library stage-command install-library install uninstall
