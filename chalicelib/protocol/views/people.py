"""What clients are shown of customers and agents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.domain import agent as agents
from chalicelib.domain import conversation, events
from chalicelib.domain.agent import AgentState, Availability
from chalicelib.domain.events import Role
from chalicelib.domain.record import served_since

Timestamp = Annotated[datetime, Meta(tz=True)]


class Participant(Struct, frozen=True):
    """A customer, agent, supervisor or bot in a conversation.

    Customers are shown another ``id`` of the people at the desk than agents are: it is the same in
    all conversations, and not the one they sign in with.
    """

    role: Role
    id: str
    name: str

    @classmethod
    def of(cls, who: events.Participant) -> Participant:
        """A participant, as they are in the entry."""
        return cls(who.role, who.id, who.name)


class Customer(Struct, frozen=True):
    """The person outside; what is not known is null."""

    id: str
    name: str
    email: str | None = None
    phone: str | None = None
    account_id: str | None = None

    @classmethod
    def of(cls, profile: conversation.Profile) -> Customer:
        """A customer, for agents."""
        return cls(profile.id, profile.name, profile.email, profile.phone, profile.account_id)


class Agent(Struct, frozen=True):
    """An agent's own state.

    ``version`` grows with every change: of two states the higher version is the newer.
    ``conversations`` are the ids of those held: active, or in wrap-up.
    ``load`` counts conversations offered or active, ``capacity`` is the most there may be.
    ``missed`` counts the offers that they missed in a row. An agent who misses as many as the
    queue allows is made not ready, with the ``reason`` ``no_answer``.
    """

    agent_id: str
    name: str
    email: str
    role: Role
    availability: Availability
    state: AgentState
    since: Timestamp
    load: int
    capacity: int
    conversations: list[str]
    version: int
    reason: str | None = None
    missed: int = 0

    @classmethod
    def of(cls, state: agents.Agent) -> Agent:
        """An agent, for themselves."""
        return cls(
            agent_id=state.id,
            name=state.name,
            email=state.email,
            role=state.role,
            availability=state.availability,
            state=state.state,
            since=state.since,
            load=state.load,
            capacity=state.capacity,
            conversations=[id for id, work in state.work.items() if work != "offered"],
            version=state.version,
            reason=state.reason,
            missed=state.missed,
        )


class Served(Struct, frozen=True):
    """How many conversations the agent closed in the half hour that began at ``since``."""

    since: Timestamp
    count: int

    @classmethod
    def each(cls, counts: Mapping[int, int]) -> list[Served]:
        """What an agent closed, by half hours."""
        return [cls(since, count) for since, count in served_since(counts)]
