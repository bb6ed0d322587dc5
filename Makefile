# One entry for everything; `make` alone lists the verbs. Each room keeps its own rules.
BUILD  := build
PYTHON := /usr/bin/python3
CC     := $(if $(filter default,$(origin CC)),gcc,$(CC))
CLANG  ?= clang-19
CFLAGS ?= -O2 -g
STRICT := -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
# Seconds for each fuzz target, leg and engine.
TIME   ?= 60

help: ## list the verbs
	@cat $(MAKEFILE_LIST) | awk -F ':.*## ' '/^[a-z][a-z-]*:.*## /{printf "%-16s %s\n", $$1, $$2}'

include core/core.mk core/command.mk core/bench.mk core/dist.mk core/example.mk
include proofs/proofs.mk proofs/spec.mk
include fuzz/fuzz.mk fuzz/interop.mk
include ci/ci.mk

clean: ## remove everything that was built
	rm -rf $(BUILD)

.PHONY: help clean
.DELETE_ON_ERROR:
