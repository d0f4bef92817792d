"""How queues stand: who serves them, and who waits in them."""

from typing import Protocol

from chalicelib.domain.staff import Staff, Waiting


class Staffing(Protocol):
    """How queues stand. What is given may be some seconds old: it is for eyes, not for routing."""

    def staff(self, queue_id: str) -> Staff | None:
        """Those who serve the queue; None where they are too many to look at."""

    def ready(self, queue_id: str) -> frozenset[str]:
        """The ids of agents who can be offered a conversation of the queue, at most 101."""

    def waiting(self, queue_id: str) -> Waiting:
        """Those who wait in it."""
