"""Browsers of three engines, driven by what a person has: keys, a pointer and eyes."""
