"""Whoever runs the desk: removes agents while they work, and adds some of them again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from chalicelib.ports import Ports
from chalicelib.provisioning import Provisioning
from chalicelib.usecases.presence import removing
from proof.simulation.cloud.mirror import Mirror
from proof.simulation.people.agents import AgentPerson
from proof.simulation.people.clients import Network

LONGEST_COMMAND = 60.0
"""Seconds after which a command is given up."""

CUT_OFF_WITHIN = 24
"""Calls that a command makes at most, if it is one that is cut off."""


class Operator:
    """Gives commands from a machine of their own; some are cut off, and few are repeated."""

    def __init__(self, network: Network, mirror: Mirror, people: list[AgentPerson]) -> None:
        self._network = network
        self._mirror = mirror
        self._people = people
        self._is_careless = network.scheduler.chance(0.5)

    def begin(self) -> None:
        """Start to work."""
        self._network.scheduler.spawn("operator", self._live)

    def _live(self) -> None:
        scheduler = self._network.scheduler
        for _ in range(scheduler.random.choice((1, 1, 2))):
            scheduler.sleep(scheduler.between(10, 50))
            if self._network.is_healing:
                return
            person = scheduler.random.choice(self._people)
            self._remove(person)
            scheduler.sleep(scheduler.choice_of(0, 5, 20) + scheduler.between(0, 15))
            if scheduler.chance(0.6) and not self._network.is_healing:
                self._add_again(person)

    def _remove(self, person: AgentPerson) -> None:
        person.was_removed = True
        remove = partial(removing.remove_agent, agent_id=person.id)
        while not self._is_done("remove_agent", remove, person.id):
            if self._network.scheduler.chance(0.5):
                return

    def _add_again(self, person: AgentPerson) -> None:
        agent = self._mirror.agents[person.id]
        served = self._network.scheduler.random.choice((("demo",), ("sales", "demo")))

        def add(_ports: Ports) -> None:
            desk = Provisioning("conversations", "agents")
            email = f"{agent.id}@x.test"
            desk.put_agent(agent.id, email, agent.name, agent.role, served, agent.capacity)

        while not self._is_done("add_agent", add, person.id):
            if self._network.scheduler.chance(0.3):
                return

    def _is_done(self, command: str, work: Callable[[Ports], None], about: str) -> bool:
        scheduler = self._network.scheduler
        calls = None
        if self._is_careless and scheduler.chance(0.6):
            # Preferably right after it wrote the agent.
            calls = scheduler.random.choice((2, 3, scheduler.random.randrange(CUT_OFF_WITHIN)))
        future = self._network.cloud.operate(command, work, about, calls)
        outcome = scheduler.wait(future, LONGEST_COMMAND)
        return outcome is not None and not outcome.failed
