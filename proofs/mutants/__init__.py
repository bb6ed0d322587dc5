"""Mutants of the core: made from the syntax tree, proved anew, run beside the core."""
