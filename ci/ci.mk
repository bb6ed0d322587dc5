# The tests, the audit and what both are made of. Plans: ci/plan.py, ci/audit.py.
CI_PYTHON := PYTHONDONTWRITEBYTECODE=1 $(PYTHON)
# The plans set up what they need; on a fresh machine Python itself comes first.
CI_FIRST := $(PYTHON) -c 'import json, subprocess' 2> /dev/null || ci/setup build
# What writes a result stands behind this: its commit is noted. $(1): files in build/, $(2): flags
OF_COMMIT = $(PYTHON) -B ci/provenance.py $(2) $(addprefix build/,$(1)) --

test: ## the tests: builds, unit tests, vectors, replay, lint, the whole proof and its gates
	@$(CI_FIRST)
	@$(CI_PYTHON) ci/plan.py test

check: ## the quick loop: build, unit tests, vectors, replay, lint
	@$(CI_FIRST)
	@$(CI_PYTHON) ci/plan.py check

lint: ## layout, format, cppcheck, clang-tidy, Python syntax
	@$(CI_FIRST)
	@$(CI_PYTHON) ci/plan.py lint

audit: ## prove, fuzz, replay, cover, report in build/audit/ (TIME=60 s a target, PDF=yes)
	@$(CI_FIRST)
	@$(CI_PYTHON) ci/audit.py --time '$(TIME)' $(if $(PDF),--pdf '$(PDF)')

report: ## build/audit/ of what lies in build/: every part has to be there, of this commit
	@ci/setup report build
	@$(CI_PYTHON) ci/audit.py --stored $(if $(PDF),--pdf '$(PDF)')

HOURS ?= 8
nightly: ## all of it within HOURS=8, and what changed since the last night (ONLY=fuzz,coverage)
	@ci/setup nightly
	@$(CI_PYTHON) ci/nightly --hours '$(HOURS)' --only '$(ONLY)'

coverage: ## the checked-in corpus alone reaches every line, branch and condition of the core
	@ci/setup coverage
	@$(call OF_COMMIT,coverage.json) $(PYTHON) -B ci/coverage.py --whole

# On this machine's compilers and without docker; NAME= some of the builds (ci/oss-fuzz/check.py).
oss-fuzz: ## build as OSS-Fuzz does, engine by sanitizer, and check what comes of it
	@ci/setup oss-fuzz
	@$(CI_PYTHON) ci/oss-fuzz/check.py $(NAME)

# Go fetches it. `make lint` has a check of our own for what must hold here, without network.
ACTIONLINT ?= go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.7
workflows: ## actionlint on .github/workflows (wants go and network)
	@$(ACTIONLINT)

# The runner and the report themselves, on small trees of their own.
ci-selftest:
	@ci/setup report coverage unit spec
	@$(CI_PYTHON) ci/test/run.py

.PHONY: test check lint audit report nightly coverage oss-fuzz workflows ci-selftest
