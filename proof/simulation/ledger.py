"""What senders were promised."""

from collections.abc import Callable
from dataclasses import dataclass


class Violation(BaseException):
    """An invariant does not hold. No code of the application can swallow it."""


class Verdict:
    """The first invariant that did not hold, if any."""

    def __init__(self) -> None:
        self.violation: Violation | None = None

    def require(self, holds: bool, invariant: str, otherwise: str) -> None:
        """Raises Violation, and remembers it, in case the code under test catches everything."""
        if not holds:
            violation = Violation(f"{invariant}: {otherwise}")
            self.violation = self.violation or violation
            raise violation


@dataclass(slots=True)
class Sent:
    """A message as its sender knows it. Times are in microseconds."""

    sender: str
    message_id: str
    first_sent: int
    acknowledged: int | None = None


class Ledger:
    """Every message that was sent, and which of them were acknowledged."""

    def __init__(self, elapsed: Callable[[], int]) -> None:
        self._elapsed = elapsed
        self.messages: dict[str, Sent] = {}
        self.acknowledged: Callable[[Sent, int | None], None] = lambda _sent, _seq: None
        self.leaving: set[str] = set()
        """Agents who ever said that they sign out."""
        self.handed_over: Callable[[str], None] = lambda _agent_id: None

    def sent(self, sender: str, message_id: str) -> None:
        """It leaves its sender, perhaps again."""
        if message_id not in self.messages:
            self.messages[message_id] = Sent(sender, message_id, self._elapsed())

    def acknowledge(self, message_id: str, seq: int | None = None) -> None:
        """Its sender was told that it will not be lost."""
        sent = self.messages[message_id]
        if sent.acknowledged is None:
            sent.acknowledged = self._elapsed()
        self.acknowledged(sent, seq)
