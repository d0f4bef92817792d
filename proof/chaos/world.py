"""What everybody in a run shares, and how its people live."""

import random
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from clients.python import Refused
from proof.chaos.ledger import Ledger

Json = dict[str, Any]
T = TypeVar("T")

TICK = 0.2
"""Seconds between two looks of a person at what there is to do."""

LONGEST_PAUSE = 30.0

ASKS_AGAIN = ("internal", "busy")
"""Refusals on a socket that the protocol says to repeat."""


class Over(Exception):
    """The run has ended while a person still waited for an answer."""


class World:
    """One run: the stack, the chances, and how far it has come.

    While ``is_writing`` people write; afterwards they only bring to an end what they began.
    """

    def __init__(self, stack: Mapping[str, Any], seed: int) -> None:
        self.stack = stack
        self.seed = seed
        self.ledger = Ledger()
        self._writing = threading.Event()
        self._writing.set()
        self._over = threading.Event()

    @property
    def is_writing(self) -> bool:
        """Whether people still write, and faults still happen."""
        return self._writing.is_set()

    def fall_silent(self) -> None:
        """Let nobody begin anything new."""
        self._writing.clear()

    def finish(self) -> None:
        """Send everybody home."""
        self._writing.clear()
        self._over.set()

    def pause(self, seconds: float) -> bool:
        """Wait so long, or until it is over; whether it goes on."""
        return not self._over.wait(seconds)

    def chance(self, name: str) -> random.Random:
        """The chances of one person or fault: the same in every run with this seed."""
        return random.Random(f"{self.seed} {name}")  # noqa: S311 - it must repeat, and guards nothing


class Person(threading.Thread):
    """Somebody in a thread of their own, who lives until it is over."""

    def __init__(self, world: World, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.world = world
        self.random = world.chance(name)
        self._said = 0

    def run(self) -> None:
        """Live; a person who cannot go on is a finding."""
        try:
            self.live()
        except Over:
            pass
        except Exception:
            self.world.ledger.break_down(self.name, traceback.format_exc())

    def live(self) -> None:
        """What the person does until it is over."""
        raise NotImplementedError

    def words(self) -> str:
        """A text that nobody else ever says."""
        self._said += 1
        return f"{self.name} says {self._said}"

    def pauses(self) -> Iterator[float]:
        """The protocol's pauses between attempts, in seconds."""
        pause = 0.5
        while True:
            yield pause * self.random.uniform(0.5, 1.5)
            pause = min(2 * pause, LONGEST_PAUSE)

    def until_answered(self, ask: Callable[[], T]) -> T:
        """The answer, asking again as long as there is none. Raises Refused, Over."""
        for pause in self.pauses():
            try:
                return ask()
            except Refused as refused:
                if not is_passing(refused):
                    raise
            except (ConnectionError, TimeoutError):
                pass
            self.world.ledger.count("repeated")
            if not self.world.pause(pause):
                raise Over
        raise AssertionError("There is always another pause.")


def is_passing(refused: Refused) -> bool:
    """Whether the same may be answered otherwise the next time."""
    return refused.status == 429 or refused.status >= 500 or refused.code in ASKS_AGAIN


class Clock:
    """Something that is due again and again, or once."""

    def __init__(self, seconds: float) -> None:
        self._due = time.monotonic() + seconds

    @property
    def is_due(self) -> bool:
        """Whether the time has come."""
        return time.monotonic() >= self._due

    def set(self, seconds: float) -> None:
        """Let it be due so many seconds from now."""
        self._due = time.monotonic() + seconds
