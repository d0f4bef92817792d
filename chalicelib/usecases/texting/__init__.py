"""Texts: received, sent, and what became of them."""
