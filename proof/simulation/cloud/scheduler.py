"""Who runs when. One task at a time, and one source of chance: a seed tells everything.

A task is a greenlet. It runs until it sleeps or waits; then the scheduler goes on with whatever is
next in simulated time. Nothing here looks at the real clock.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from greenlet import GreenletExit, getcurrent, greenlet  # type: ignore[import-untyped]

from proof.simulation.cloud.history import History

BEGIN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

Value = TypeVar("Value")


class Killed(BaseException):
    """The process of an invocation ends here: nothing that comes after is done."""


class Task(greenlet):  # type: ignore[misc]
    """A line of work with a name, and a place where its runner keeps something."""

    def __init__(self, name: str, work: Callable[[], None], parent: greenlet) -> None:
        super().__init__(work, parent)
        self.name = name
        self.local: object = None


class Future(Generic[Value]):
    """Something that will be known, once."""

    def __init__(self) -> None:
        self.is_done = False
        self.value: Value | None = None
        self.waiter: Task | None = None


class Scheduler:
    """Owns time, chance and all tasks."""

    def __init__(self, seed: int, history: History) -> None:
        self.random = random.Random(seed)  # noqa: S311 - chance that can be repeated
        self.history = history
        self.elapsed = 0
        self._hub = getcurrent()
        self._order = 0
        self._agenda: list[tuple[int, int, Callable[[], None]]] = []
        self._tasks: dict[Task, None] = {}

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return self.elapsed / 1e6

    def now(self) -> datetime:
        """The time, in whole milliseconds."""
        return BEGIN + timedelta(milliseconds=self.elapsed // 1000)

    def task(self) -> Task | None:
        """The task that runs; None while the world is being built."""
        current = getcurrent()
        return current if isinstance(current, Task) else None

    def note(self, text: str) -> None:
        """Write down what the running task did."""
        task = self.task()
        self.history.add(self.elapsed, task.name if task else "world", text)

    def spawn(self, name: str, work: Callable[[], None], delay: float = 0) -> Task:
        """Begin a task after the delay."""
        task = Task(name, work, self._hub)
        self._tasks[task] = None
        self.later(delay, lambda: self._resume(task))
        return task

    def later(self, delay: float, action: Callable[[], None]) -> None:
        """Do something short after the delay; it must not sleep."""
        self._order += 1
        heapq.heappush(self._agenda, (self.elapsed + round(delay * 1e6), self._order, action))

    def sleep(self, seconds: float) -> None:
        """Let others run for that long."""
        task = self._running()
        self.later(seconds, lambda: self._resume(task))
        self._hub.switch()

    def done(self, future: Future[Value], value: Value) -> None:
        """Make the value known; only the first counts."""
        if future.is_done:
            return
        future.is_done, future.value = True, value
        waiter, future.waiter = future.waiter, None
        if waiter is not None:
            self.later(0, lambda: self._resume(waiter))

    def wait(self, future: Future[Value], seconds: float) -> Value | None:
        """The value, or None when it is not known after that long."""
        if future.is_done:
            return future.value
        future.waiter = self._running()
        self.later(seconds, lambda: self._give_up(future))
        self._hub.switch()
        return future.value if future.is_done else None

    def run(self, seconds: float) -> None:
        """Let everything happen that happens within that long."""
        end = self.elapsed + round(seconds * 1e6)
        while self._agenda and self._agenda[0][0] <= end:
            self.elapsed, _, action = heapq.heappop(self._agenda)
            action()
        self.elapsed = end

    def stop(self) -> None:
        """End all tasks where they are."""
        self._agenda.clear()
        for task in list(self._tasks):
            if task and not task.dead:
                task.throw(GreenletExit)
        self._tasks.clear()

    def chance(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return probability > 0 and self.random.random() < probability

    def choice_of(self, *values: float) -> float:
        """One of the values."""
        return self.random.choice(values)

    def between(self, low: float, high: float) -> float:
        """Any number between the two."""
        return low + (high - low) * self.random.random()

    def _running(self) -> Task:
        task = self.task()
        if task is None:
            raise RuntimeError("Only tasks sleep and wait.")
        return task

    def _resume(self, task: Task) -> None:
        if not task.dead:
            task.switch()
        if task.dead:
            self._tasks.pop(task, None)

    def _give_up(self, future: Future[Value]) -> None:
        waiter, future.waiter = future.waiter, None
        if waiter is not None:
            self._resume(waiter)
