"""Results as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Section:
    """One table, the same as data, what is over its budget, and what to know when reading it."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    data: Any
    faults: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()

    def as_text(self) -> str:
        """The table, aligned: names to the left, numbers to the right."""
        lines = [self.title, *aligned([self.header, *self.rows]), *self.notes]
        return "\n".join([*lines, *(f"OVER  {fault}" for fault in self.faults)])


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows with their columns one below the other; the first row is underlined."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return [lines[0], "-" * max(map(len, lines)), *lines[1:]]


def beside(measured: float | None, budget: float | None) -> str:
    """A number beside its budget."""
    shown = "-" if measured is None else f"{measured:,g}"
    return shown if budget is None else f"{shown} ≤ {budget:,g}"
