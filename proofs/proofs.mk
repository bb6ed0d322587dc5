# Proofs: Frama-C's WP over every function of the core, and the gates on the proof.
PROVE := proofs/prove.py

prove: ## prove the core, judge the gates (FILE=core/x.c FN=name LEDGER=yes RESUME=1)
	@ci/setup prove
	@$(PROVE) $(FILE) $(if $(FN),--fn $(FN)) $(if $(LEDGER),--ledger) $(if $(RESUME),--resume)

gates: ## judge the gates on the last proof, and plant a fault for each
	@ci/setup gates
	@$(PROVE) --gates

ledger: ## make the goals of a whole proof the expected ones (proofs/ledger.json)
	@ci/setup ledger
	@$(PROVE) --resume --write-ledger

mutants: ## change the core in small ways, prove each anew (ALL=yes SAMPLE=n SEED= FILE= FN= ONLY=)
	@ci/setup mutants
	@$(PYTHON) -B proofs/mutate.py $(if $(ALL),--all) $(if $(SAMPLE),--sample $(SAMPLE)) \
	  $(if $(SEED),--seed $(SEED)) $(if $(FILE),--file $(FILE)) $(if $(FN),--fn $(FN)) \
	  $(if $(ONLY),--only $(ONLY)) $(if $(LOCK),--lock $(LOCK))

mutants-selftest: # mutants of small files, and of a contract that was gutted
	@ci/setup mutants
	@$(PYTHON) -B proofs/mutants_test.py

.PHONY: prove gates ledger mutants mutants-selftest
