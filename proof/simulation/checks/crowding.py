"""What must hold of people with many windows, and of windows that are gone: D13 and I7."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from chalicelib.domain import agent as agents
from chalicelib.domain import conversation as conversations
from chalicelib.domain.agent import Agent
from chalicelib.domain.audience import recipients
from chalicelib.domain.conversation import Conversation
from proof.simulation.checks.stored import Holding
from proof.simulation.cloud.cloud import Invocation
from proof.simulation.cloud.mirror import Mirror
from proof.simulation.cloud.scheduler import Scheduler
from proof.simulation.cloud.tables import Json, Key
from proof.simulation.ledger import Verdict

UNDER_WAY = 12.0
"""Seconds that a write may take from when it was decided."""


class CrowdingChecks:
    """Of too many windows the oldest make room, are told, and are hung up on."""

    def __init__(
        self,
        scheduler: Scheduler,
        mirror: Mirror,
        verdict: Verdict,
        holding: Holding,
        is_live: Callable[[str], bool],
    ) -> None:
        self._scheduler = scheduler
        self._mirror = mirror
        self._verdict = verdict
        self._holding = holding
        self._is_live = is_live
        self._full_at: dict[str, int] = {}
        self._agents: dict[str, Agent] = {}
        self._forgotten_at: dict[str, int] = {}
        self._listed_at: dict[str, int] = {}
        self._cut_off_at: dict[str, int] = {}

    def wrote(self, invocation: Invocation | None, keys: list[Key], before: dict[Key, Any]) -> None:
        """Items were written together."""
        for key in keys:
            if key.kind == "AGENT":
                now = self._mirror.agents[key.id]
                self._check_agent(invocation, now, self._agents.get(key.id, now))
                self._agents[key.id] = now
            elif key.is_conversation and isinstance(before[key], Conversation):
                self._check_customer(invocation, self._mirror.conversations[key.id], before[key])
            elif key.kind == "CONNECTION" and self._mirror.tables.item(key) is None:
                self._note_forgotten(key.id)

    def _note_forgotten(self, connection_id: str) -> None:
        """One that was registered as it went is found gone by the next frame to it."""
        conversations = self._mirror.conversations.values()
        if not any(connection_id in conversation.sockets for conversation in conversations):
            self._forgotten_at[connection_id] = self._scheduler.elapsed

    def posting(self, invocation: Invocation, connection_id: str, frame: Json) -> None:
        """A frame is being sent to a socket."""
        if frame["type"] == "error":
            if frame["ref"] is None:
                invocation.crowded_out[connection_id] = True
            return
        since = self._forgotten_at.get(connection_id)
        self._verdict.require(
            since is None or invocation.began <= since or self._mirror.tells_of_closed(frame),
            "I7",
            f"{connection_id}, which was forgotten, is sent {frame}",
        )

    def heard(self, invocation: Invocation, *, is_whole: bool) -> None:
        """An invocation ended; ``is_whole`` if it met no fault."""
        if is_whole:
            for connection_id, is_told in invocation.crowded_out.items():
                self._check_ended(connection_id, is_told=is_told)
        for conversation_id in invocation.attached:
            if not is_whole:
                self._cut_off_at[conversation_id] = self._scheduler.elapsed
            elif invocation.began > self._cut_off_at.get(conversation_id, 0):
                self._cut_off_at.pop(conversation_id, None)

    def check_bounds(self) -> None:
        """Nothing runs: no customer has more windows than they may have."""
        for conversation in self._mirror.conversations.values():
            own = _own_sockets(conversation)
            self._verdict.require(
                len(own) <= conversations.MOST_SOCKETS or conversation.id in self._cut_off_at,
                "D13",
                f"the customer of {conversation.id} has {len(own)} windows: {own}",
            )

    def _check_agent(self, invocation: Invocation | None, now: Agent, was: Agent) -> None:
        self._verdict.require(
            len(now.sockets) <= agents.MOST_WINDOWS,
            "D13",
            f"{now.id} has {len(now.sockets)} windows",
        )
        self._listed(set(now.sockets) - set(was.sockets))
        if set(now.sockets) - set(was.sockets):
            is_full = len(was.sockets) >= agents.MOST_WINDOWS
            self._check_room(invocation, list(now.sockets), list(was.sockets), is_full=is_full)

    def _check_customer(
        self, invocation: Invocation | None, now: Conversation, was: Conversation
    ) -> None:
        reached = {target.connection_id for target in recipients(now)}
        self._listed(reached - {target.connection_id for target in recipients(was)})
        own, before = _own_sockets(now), _own_sockets(was)
        if len(before) >= conversations.MOST_SOCKETS:
            self._full_at[now.id] = self._scheduler.elapsed
        if set(own) - set(before) and invocation is not None:
            invocation.attached.add(now.id)
        if invocation is not None and now.id in invocation.attached:
            full_at = self._full_at.get(now.id)
            is_full = full_at is not None and self._scheduler.elapsed - full_at < UNDER_WAY * 1e6
            self._check_room(invocation, own, before, is_full=is_full)

    def _check_room(
        self, invocation: Invocation | None, now: list[str], was: list[str], *, is_full: bool
    ) -> None:
        """Only where there are too many windows some make room, and these are the oldest.

        One that is closed is taken off for that. One that came between the look and the write was
        not seen, however old it is.
        """
        live = [id for id in was if self._is_live(id)]
        gone = [id for id in live if id not in now]
        passed = [id for id in live[: live.index(gone[-1])] if id in now] if gone else []
        self._verdict.require(
            not gone or (is_full and all(map(self._has_just_come, passed))),
            "D13",
            f"of {was} the windows {gone} make room for {set(now) - set(was)}",
        )
        self._holding.crowded_out.update(gone)
        if invocation is not None:
            for connection_id in gone:
                invocation.crowded_out.setdefault(connection_id, False)

    def _check_ended(self, connection_id: str, *, is_told: bool) -> None:
        self._verdict.require(
            is_told, "D13", f"{connection_id} had to make room and was not told why"
        )
        self._verdict.require(
            not self._is_live(connection_id),
            "D13",
            f"{connection_id} had to make room and was not hung up on",
        )

    def _has_just_come(self, connection_id: str) -> bool:
        listed_for = self._scheduler.elapsed - self._listed_at.get(connection_id, 0)
        return listed_for < UNDER_WAY * 1e6

    def _listed(self, connection_ids: Iterable[str]) -> None:
        """A window that was registered as it went is found gone by the next frame to it."""
        for connection_id in connection_ids:
            self._holding.crowded_out.discard(connection_id)
            self._forgotten_at.pop(connection_id, None)
            self._listed_at[connection_id] = self._scheduler.elapsed


def _own_sockets(conversation: Conversation) -> list[str]:
    """The customer's windows, the oldest first."""
    sockets = conversation.sockets
    own = [id for id, socket in sockets.items() if socket.owner == conversation.customer.id]
    return sorted(own, key=lambda connection_id: sockets[connection_id].since)
