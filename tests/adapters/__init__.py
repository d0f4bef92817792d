"""The adapters, on moto."""
