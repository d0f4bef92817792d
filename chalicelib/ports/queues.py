"""The settings of queues."""

from collections.abc import Sequence
from typing import Protocol

from chalicelib.domain.queue import Queue


class Queues(Protocol):
    """The settings of queues; what is given may be a minute old."""

    def get(self, queue_id: str) -> Queue:
        """Raises NotFound."""

    def of_line(self, lines: Sequence[str]) -> Queue:
        """The queue of a line, by the first of its names that leads to one. Raises NotFound."""

    def all_ids(self) -> list[str]:
        """The ids of all queues."""
