"""The proof that the desk keeps its promises: simulation, chaos and benchmarks.

All of them, and the tests, share the desk in one process, its people and what stands around it.
"""
