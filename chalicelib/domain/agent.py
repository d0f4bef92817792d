"""Agents: what they declare, what they hold, and whether they are free for more."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.domain.events import Participant, Role
from chalicelib.domain.queue import NO_ANSWER
from chalicelib.domain.record import Taken, with_served, with_taken

Availability = Literal["ready", "not_ready"]
AgentState = Literal["ready", "busy", "wrap_up", "not_ready", "offline"]
Work = Literal["offered", "active", "wrap_up"]

GRACE = timedelta(seconds=30)
"""How long an agent may be without a live socket before their conversations go to others."""

MOST_CONVERSATIONS = 200
"""With an agent, those in wrap-up included: a frame of 32 kB lists them all."""

MOST_WINDOWS = 12
"""Live connections of one agent; who opens more loses the oldest."""


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent.

    ``work`` maps the conversations that the agent is offered or holds to what they are for them;
    ``sockets`` maps live connections to the endpoint that reaches them.
    ``since`` is when the availability was declared, ``idle_since`` when the agent last became free
    or was last offered something, ``away_since`` when their last socket was lost, ``left_at`` when
    they signed out and gave to others what they had in hand; declaring anything clears it.
    ``missed`` counts the offers that they missed in a row. ``taken`` are the conversations that
    they accepted lately; ``served`` counts those that they closed, by the stretches of
    ``domain.record``. ``version`` grows with every change. An agent who ``is_removed`` works here
    no longer and is not let in.
    """

    id: str
    name: str
    email: str
    role: Role
    capacity: int
    queues: tuple[str, ...]
    since: datetime
    idle_since: datetime
    availability: Availability = "not_ready"
    reason: str | None = None
    work: Mapping[str, Work] = field(default_factory=dict)
    sockets: Mapping[str, str] = field(default_factory=dict)
    away_since: datetime | None = None
    left_at: datetime | None = None
    is_removed: bool = False
    version: int = 0
    missed: int = 0
    taken: tuple[Taken, ...] = ()
    served: Mapping[int, int] = field(default_factory=dict)

    @property
    def load(self) -> int:
        """The number of conversations offered to or active with the agent."""
        return sum(1 for work in self.work.values() if work != "wrap_up")

    @property
    def is_full(self) -> bool:
        """Whether the agent can have no more conversations."""
        return self.load >= self.capacity or len(self.work) >= MOST_CONVERSATIONS

    @property
    def missed_at(self) -> datetime | None:
        """When the customers of an agent who is away have waited long enough.

        Of one who signed out they go at once. Of one who is removed everything does, sockets and
        wrap-ups too.
        """
        if self.is_removed:
            return self.away_since if self.work or self.sockets else None
        if not self.load:
            return None
        return self.left_at or (self.away_since and self.away_since + GRACE)

    @property
    def is_free(self) -> bool:
        """Whether the agent can be offered a conversation now."""
        return self.availability == "ready" and bool(self.sockets) and not self.is_full

    @property
    def state(self) -> AgentState:
        """What screens show of the agent."""
        if not self.sockets:
            return "offline"
        if self.availability == "not_ready":
            return "not_ready"
        if self.is_full:
            return "busy"
        if self.load == 0 and self.work:
            return "wrap_up"
        return "ready"

    @property
    def participant(self) -> Participant:
        """The agent as a participant of a conversation."""
        return Participant(self.role, self.id, self.name)

    def described(
        self, name: str, email: str, role: Role, capacity: int, queues: tuple[str, ...]
    ) -> "Agent":
        """The agent with another description, doing what they were doing.

        Who is added again while their windows are still there is not away.
        """
        return replace(
            self,
            name=name,
            email=email,
            role=role,
            capacity=capacity,
            queues=queues,
            is_removed=False,
            away_since=None if self.sockets else self.away_since,
            version=self.version + 1,
        )

    def removed(self, now: datetime) -> "Agent":
        """The agent, who works here no longer; what they have in hand goes to others from now."""
        return replace(
            self,
            email="",
            queues=(),
            availability="not_ready",
            reason=None,
            since=now,
            away_since=now,
            is_removed=True,
            version=self.version + 1,
        )

    def declared(self, availability: Availability, reason: str | None, now: datetime) -> "Agent":
        """The agent after declaring to be ready, or not ready with a reason.

        Who declares the same again does not lose their turn.
        """
        return replace(
            self,
            availability=availability,
            reason=reason,
            since=now,
            idle_since=self.idle_since if availability == self.availability else now,
            version=self.version + 1,
            missed=0,
            left_at=None,
        )

    def leaving(self, now: datetime) -> "Agent":
        """The agent, who signs out: what is offered to and active with them goes to others."""
        unready = self if self.availability == "not_ready" else self.not_ready_from(now)
        return replace(unready, left_at=now, version=self.version + 1)

    def answering(self) -> "Agent":
        """The agent after answering an offer. Why they are not ready stays true."""
        return self if self.reason == NO_ANSWER else replace(self, missed=0)

    def missing(self, most: int, now: datetime) -> "Agent":
        """The agent after missing one more offer: of ``most`` in a row they are not ready."""
        missed = self.missed + 1
        if missed < most or self.availability == "not_ready":
            return replace(self, missed=missed)
        return replace(self, missed=missed, availability="not_ready", reason=NO_ANSWER, since=now)

    def having_taken(self, queue_id: str, now: datetime) -> "Agent":
        """The agent after accepting a conversation of this queue."""
        return replace(self, taken=with_taken(self.taken, queue_id, now))

    def having_served(self, now: datetime) -> "Agent":
        """The agent after closing a conversation."""
        return replace(self, served=with_served(self.served, now))

    def with_work(self, conversation_id: str, work: Work, now: datetime) -> "Agent":
        """The agent with this conversation offered, active or in wrap-up."""
        return replace(
            self,
            work={**self.work, conversation_id: work},
            idle_since=now,
            version=self.version + 1,
        )

    def without_work(self, conversation_id: str, now: datetime) -> "Agent":
        """The agent without this conversation."""
        return replace(
            self,
            work={id: work for id, work in self.work.items() if id != conversation_id},
            idle_since=now,
            version=self.version + 1,
        )

    def with_socket(self, connection_id: str, endpoint: str) -> "Agent":
        """The agent with one more live connection."""
        newest = [*self.sockets.items(), (connection_id, endpoint)][-MOST_WINDOWS:]
        return replace(self, sockets=dict(newest), away_since=None, version=self.version + 1)

    def was_gone_while_ready(self, now: datetime) -> bool:
        """Whether an agent who comes now was away for longer than the grace, and left as ready."""
        is_late = self.away_since is not None and now >= self.away_since + GRACE
        return is_late and self.availability == "ready"

    def not_ready_from(self, now: datetime) -> "Agent":
        """The agent, who is not ready until they declare otherwise."""
        return replace(self, availability="not_ready", reason=None, since=now, missed=0)

    def without_sockets(self, connection_ids: set[str], now: datetime) -> "Agent":
        """The agent without these connections."""
        left = {id: url for id, url in self.sockets.items() if id not in connection_ids}
        return replace(
            self,
            sockets=left,
            away_since=None if left and not self.is_removed else self.away_since or now,
            version=self.version + 1,
        )
