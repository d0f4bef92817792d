"""A desk with its whole world in one process, under a scheduler that owns time and every fault."""
