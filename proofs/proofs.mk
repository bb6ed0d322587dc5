# Proofs: Frama-C's WP over every function of the core, the gates on the proof, and EVA beside it.
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

eva: ## hold the proof against Frama-C's EVA, a second method (after `make prove`)
	@ci/setup eva
	@/usr/bin/python3 -B proofs/eva.py

eva-selftest: # faults in core, driver, proof and tools must turn the gate on EVA red
	@/usr/bin/python3 -B proofs/eva_test.py

.PHONY: prove gates ledger eva eva-selftest
