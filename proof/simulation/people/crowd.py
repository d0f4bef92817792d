"""Somebody who opens more windows than they may have."""

from __future__ import annotations

from collections.abc import Sequence

from proof.simulation.people.agents import AgentPerson
from proof.simulation.people.clients import Network
from proof.simulation.people.customers import WebCustomer

Person = AgentPerson | WebCustomer


class Crowd:
    """Opens and closes windows of one person after another, and at last closes all too many."""

    def __init__(self, network: Network, people: Sequence[Person], most: int) -> None:
        self._network = network
        self._people = people
        self._most = most

    def begin(self) -> None:
        """Start opening windows."""
        self._network.scheduler.spawn("crowd", self._live)

    def _live(self) -> None:
        scheduler = self._network.scheduler
        while not self._network.is_healing:
            scheduler.sleep(scheduler.between(3, 20))
            there = [person for person in self._people if person.windows]
            if not there or self._network.is_healing:
                continue
            person = scheduler.random.choice(there)
            if len(person.windows) > self._most and scheduler.chance(0.6):
                self._close_one(person)
            else:
                self._open_many(person)
        for person in self._people:
            # A window that vanished without a word takes a place for a while.
            while len(person.windows) > max(1, self._most - 1):
                self._close_one(person)

    def _open_many(self, person: Person) -> None:
        """All at once, or one after another."""
        scheduler = self._network.scheduler
        pause = scheduler.choice_of(0, 0.05, 2)
        for _ in range(self._most + scheduler.random.randrange(3) - len(person.windows) + 1):
            if not person.windows:
                return
            person.open_window()
            scheduler.sleep(scheduler.between(0, pause))

    def _close_one(self, person: Person) -> None:
        scheduler = self._network.scheduler
        window = person.windows.pop(scheduler.random.randrange(len(person.windows)))
        window.leave(quietly=scheduler.chance(0.5))
