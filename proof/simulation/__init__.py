"""Runs the simulation of a desk, seed by seed, with or without a deliberate defect."""
