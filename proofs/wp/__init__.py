"""How the core is proved: running Frama-C's WP, reading what it reports, and the gates on it."""
