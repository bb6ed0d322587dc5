# Proofs: Frama-C's WP over every function of the core, the gates on the proof, and EVA beside it.
PROVE := proofs/prove.py

prove: ## prove the core, judge the gates (FILE= FN= LEDGER=yes RESUME=1 MACHDEP=gcc_x86_32)
	@ci/setup prove
	@$(call OF_COMMIT,proofs.json) \
	$(PROVE) $(FILE) $(if $(FN),--fn $(FN)) $(if $(LEDGER),--ledger) $(if $(RESUME),--resume) \
	$(if $(MACHDEP),--machdep $(MACHDEP))

stable: ## prove again under other circumstances (FILE= SAMPLE=n SEED= ONLY=par1,order,seed1,text)
	@ci/setup prove
	@proofs/stable.py $(FILE) $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) \
	$(if $(ONLY),--only $(ONLY))

prove-selftest: # a broken tool chain never ends in a green line
	@ci/setup prove
	@proofs/toolchain_test.py

families: ## measure which goals two families of solvers close (FILE= MOST=n; goes on where it was)
	@ci/setup prove
	@proofs/families.py $(FILE) $(if $(MOST),--most $(MOST))

families-check: ## gate G10: 90 % closed by both families, in every file as it is
	@ci/setup prove
	@proofs/families.py --check

families-selftest: # the gate on families fails when it should; no prover runs
	@/usr/bin/python3 -B proofs/families_test.py

# A reviewer's minute: is the core the program that was proved? Says so, and proves nothing.
prove-replay: ## say if the core is the program of the recorded proof; proves nothing (FILE=)
	@ci/setup prove
	@/usr/bin/python3 -B proofs/replay.py $(FILE)

prove-replay-selftest: # a replay tells what changed, and no gate takes it for a proof
	@ci/setup prove
	@/usr/bin/python3 -B proofs/replay_test.py

machdep: ## gate G16: the core as it is was proved for 32 bits too; proves nothing
	@ci/setup prove
	@proofs/machdep.py

machdep-record: ## keep the last `make prove MACHDEP=gcc_x86_32`, if all of it holds
	@proofs/machdep.py --record

machdep-selftest: # what holds on 64 bits alone is not recorded, a changed core is seen
	@ci/setup prove
	@proofs/machdep_test.py

gates: ## judge the gates on the last proof, and plant a fault for each
	@ci/setup gates
	@$(call OF_COMMIT,gates.txt proofs.json,--print) $(PROVE) --gates

ledger: ## make the goals of a whole proof the expected ones (ledger.json, replay.json)
	@ci/setup ledger
	@$(PROVE) --resume --write-ledger
	@$(PYTHON) proofs/claims.py
	@$(PYTHON) proofs/trace.py > /dev/null || echo "ledger: \`make trace\` names what is open"

claims: ## proofs/CLAIMS.md from the claims, the contracts and the ledger
	@ci/setup claims
	@$(PYTHON) proofs/claims.py

trace: ## from each clause to predicate, contract, goals, fuzz target, vectors; fails on a gap
	@ci/setup trace
	@$(call OF_COMMIT,trace.json) $(PYTHON) proofs/trace.py

# Both pages are current, and what makes them fails where it should.
evidence-selftest:
	@ci/setup claims
	@$(PYTHON) -B proofs/evidence_test.py

eva: ## hold the proof against Frama-C's EVA, a second method (after `make prove`)
	@ci/setup eva
	@$(call OF_COMMIT,eva.json) /usr/bin/python3 -B proofs/eva.py

eva-selftest: # faults in core, driver, proof and tools must turn the gate on EVA red
	@/usr/bin/python3 -B proofs/eva_test.py

mutants: ## change the core in small ways, prove each anew (ALL=yes SAMPLE=n SEED= FILE= FN= ONLY=)
	@ci/setup mutants
	@$(call OF_COMMIT,mutants.json) \
	  $(PYTHON) -B proofs/mutate.py $(if $(ALL),--all) $(if $(SAMPLE),--sample $(SAMPLE)) \
	  $(if $(SEED),--seed $(SEED)) $(if $(FILE),--file $(FILE)) $(if $(FN),--fn $(FN)) \
	  $(if $(ONLY),--only $(ONLY)) $(if $(LOCK),--lock $(LOCK))

mutants-selftest: # mutants of small files, and of a contract that was gutted
	@ci/setup mutants
	@$(PYTHON) -B proofs/mutants_test.py

needs: ## drop each ensures, see what falls (FILE= FN= SAMPLE=n SEED=)
	@ci/setup prove
	@proofs/needs.py $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) \
	  $(if $(FILE),--file $(FILE)) $(if $(FN),--fn $(FN))

needs-selftest: # a clause that nothing needs is found, one that is needed is told from it
	@ci/setup prove
	@proofs/needs_test.py

# For checkouts that have not measured it themselves. Each says how much of what it prints is of the
# record.
keep: ## check in what needs, mutants and plants found of the tree as it is (record.jsonl)
	@ci/setup mutants
	@$(PYTHON) -B proofs/needs.py --record
	@$(PYTHON) -B proofs/mutate.py --record
	@$(PYTHON) -B fuzz/plants.py --build $(BUILD) record

.PHONY: needs needs-selftest keep
.PHONY: families families-check families-selftest prove-replay prove-replay-selftest
.PHONY: machdep machdep-record machdep-selftest
.PHONY: prove stable prove-selftest gates ledger claims trace evidence-selftest eva eva-selftest
.PHONY: mutants mutants-selftest
