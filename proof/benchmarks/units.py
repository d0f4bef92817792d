"""Read and write units by DynamoDB's documented rules.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html (write costs; GSI alike)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from proof.sizes import item_size

Item = dict[str, dict[str, Any]]

READ_BLOCK = 4096
WRITE_BLOCK = 1024

TRANSACTION = 2
"""A transaction prepares and commits: each unit counts twice."""


@dataclass(frozen=True, slots=True)
class Units:
    """What DynamoDB bills for a call."""

    read: float = 0
    write: float = 0

    def __add__(self, other: Units) -> Units:
        """What two calls cost."""
        return Units(self.read + other.read, self.write + other.write)


def read_units(size: int, consistent: bool) -> float:
    """For one item, or for all that one query reads; what is not there costs one block too."""
    blocks = max(1, ceil(size / READ_BLOCK))
    return blocks if consistent else blocks / 2


def write_units(before: Item | None, after: Item | None) -> int:
    """For one item written: the larger of what was there and what is there.

    A write whose condition fails costs as much as what stands there: pass that twice.
    """
    return _blocks(max(_size(before), _size(after)))


def index_write_units(
    before: Item | None, after: Item | None, key: tuple[str, ...], only: tuple[str, ...] | None
) -> int:
    """For an index that keeps the attributes ``only``, or all: none unless its entry changes.

    ``key`` names the index's own key. Another key is a removal and an insertion.
    """
    old, new = _entry(before, key, only), _entry(after, key, only)
    if old == new:
        return 0
    if old is None or new is None or any(old[name] != new[name] for name in key):
        return sum(_blocks(item_size(entry)) for entry in (old, new) if entry is not None)
    return write_units(old, new)


def _entry(item: Item | None, key: tuple[str, ...], only: tuple[str, ...] | None) -> Item | None:
    if item is None or any(name not in item for name in key):
        return None
    return item if only is None else {name: item[name] for name in only}


def _blocks(size: int) -> int:
    return max(1, ceil(size / WRITE_BLOCK))


def _size(item: Item | None) -> int:
    return item_size(item) if item else 0
