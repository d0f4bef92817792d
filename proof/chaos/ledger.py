"""What was sent, what was answered, and what was done to whom: told by all, read at the end."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Sent:
    """A message that somebody sent. Its text is like no other's.

    ``conversation_id`` is empty while its sender does not know it. The sender has given up on what
    is ``settled`` and not ``acknowledged``: it was refused, or its time is over.
    """

    message_id: str | None
    text: str
    sender: str
    conversation_id: str
    acknowledged: bool = False
    settled: bool = False


@dataclass(frozen=True)
class Kill:
    """The end of a worker: when, in seconds since 1970, and of which function."""

    at: float
    function: str


@dataclass
class Ledger:
    """What happened so far. Its methods may be called from any thread."""

    sent: list[Sent] = field(default_factory=list)
    kills: list[Kill] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    begun: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    breakdowns: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, text: str, sender: str, conversation_id: str, message_id: str | None) -> Sent:
        """Note a message that is about to be sent."""
        sent = Sent(message_id, text, sender, conversation_id)
        with self._lock:
            self.sent.append(sent)
        return sent

    def count(self, what: str, how_many: int = 1) -> None:
        """Count something that is only counted."""
        with self._lock:
            self.counts[what] += how_many

    def begin(self, conversation_id: str) -> None:
        """Note a conversation that somebody is in."""
        with self._lock:
            self.begun.add(conversation_id)

    def end(self, conversation_id: str) -> None:
        """Note a conversation that is over."""
        with self._lock:
            self.ended.add(conversation_id)

    def kill(self, function: str) -> None:
        """Note a worker that was killed now."""
        with self._lock:
            self.kills.append(Kill(time.time(), function))

    def break_down(self, who: str, story: str) -> None:
        """Note a client that could not go on."""
        with self._lock:
            self.breakdowns.append(f"{who}: {story}")

    @property
    def acknowledged(self) -> int:
        """How many messages were acknowledged to their senders."""
        return sum(sent.acknowledged for sent in list(self.sent))
