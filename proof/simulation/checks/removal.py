"""What must hold of agents who were removed: I7, I11 and I12."""

from __future__ import annotations

from chalicelib.domain.agent import Agent
from proof.simulation.cloud.cloud import Invocation
from proof.simulation.cloud.mirror import Mirror
from proof.simulation.cloud.scheduler import Scheduler
from proof.simulation.cloud.tables import Json, Key
from proof.simulation.ledger import Verdict


class RemovalChecks:
    """Who works here no longer is let in nowhere, given nothing, told nothing and left nothing."""

    def __init__(self, scheduler: Scheduler, mirror: Mirror, verdict: Verdict) -> None:
        self._scheduler = scheduler
        self._mirror = mirror
        self._verdict = verdict
        self._agents: dict[str, Agent] = {}
        self._nothing_left_since: dict[str, int] = {}

    def wrote(self, keys: list[Key]) -> None:
        """Items were written together."""
        for key in keys:
            if key.kind == "AGENT":
                now = self._mirror.agents[key.id]
                self._check_agent(now, self._agents.get(key.id, now))
                self._agents[key.id] = now

    def posting(self, invocation: Invocation, owner: str, frame: Json) -> None:
        """A frame is being sent to a socket of this person."""
        if frame["type"] == "error" or self._mirror.tells_of_closed(frame):
            return
        since = self._nothing_left_since.get(owner)
        self._verdict.require(
            since is None or invocation.began <= since,
            "I7",
            f"{owner}, who was removed, is sent {frame}",
        )

    def removed(self, invocation: Invocation) -> None:
        """A command that removes an agent came to its end, and met no fault."""
        agent = self._mirror.agents[invocation.about]
        self._verdict.require(
            agent.is_removed and agent.id in self._nothing_left_since,
            "I11",
            f"{agent.id} was removed and is left with {agent}",
        )

    def _check_agent(self, now: Agent, was: Agent) -> None:
        if now.is_removed and was.is_removed:
            given = set(now.work) - set(was.work)
            self._verdict.require(not given, "I11", f"{now.id}, who was removed, is given {given}")
            opened = set(now.sockets) - set(was.sockets)
            self._verdict.require(not opened, "I12", f"{now.id}, who was removed, opens {opened}")
        if now.is_removed and not now.work and not now.sockets:
            self._nothing_left_since.setdefault(now.id, self._scheduler.elapsed)
        else:
            self._nothing_left_since.pop(now.id, None)
