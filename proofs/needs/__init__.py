"""Drops each `ensures` of the core in turn, to see what needs it."""
