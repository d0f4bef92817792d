"""Conversations on their way to an agent, and back."""
