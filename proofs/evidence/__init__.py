"""What is claimed and what carries it, read from texts alone: no prover and no compiler of ours."""
