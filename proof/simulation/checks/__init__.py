"""The invariants, each checked at every step."""
