"""Breaking the application on purpose.

A defect replaces a piece of the application's source as it is imported. Where the source no longer
has that piece, planting it raises, so that no defect goes stale unnoticed.
"""

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

from proof.simulation.defects import DEFECTS

Replacements = list[tuple[str, str]]
"""What stands in a module, and what takes its place."""


def plant(name: str) -> None:
    """Break the application, before it is imported."""
    if any(module.startswith("chalicelib") for module in sys.modules):
        raise RuntimeError("The application is imported already.")
    sys.meta_path.insert(0, _Finder(edits_of(name)))


def edits_of(name: str) -> dict[str, Replacements]:
    """What the defect replaces, by module."""
    edits: dict[str, Replacements] = {}
    for module, old, new in DEFECTS[name].edits:
        edits.setdefault(module, []).append((old, new))
    return edits


def broken(source: str, replacements: Replacements) -> str:
    """The source with its defect. Raises LookupError for a defect that went stale."""
    for old, new in replacements:
        if source.count(old) != 1:
            raise LookupError(f"There are {source.count(old)} of {old!r}, not one.")
        source = source.replace(old, new)
    return source


class _Finder(MetaPathFinder):
    """Finds the modules to be broken before Python does."""

    def __init__(self, edits: dict[str, Replacements]) -> None:
        self._edits = edits

    def find_spec(
        self, fullname: str, path: Any, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module with its defect."""
        if fullname not in self._edits:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = _Loader(fullname, spec.origin, self._edits[fullname])
        return spec


class _Loader(SourceFileLoader):
    """Loads the source with some of it replaced, and never from a cache."""

    def __init__(self, name: str, path: str, replacements: Replacements) -> None:
        super().__init__(name, path)
        self._replacements = replacements

    def get_code(self, fullname: str) -> CodeType:
        """The broken code."""
        source = broken(self.get_source(fullname) or "", self._replacements)
        code: CodeType = self.source_to_code(source.encode(), self.path)
        return code
