"""What must hold so that nobody starves: I17."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.events import (
    ConversationEnded,
    Event,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferRevoked,
    ParticipantJoined,
    ParticipantLeft,
)
from chalicelib.domain.queue import NO_ANSWER
from proof.simulation.checks.stored import GRACE
from proof.simulation.cloud.cloud import Invocation
from proof.simulation.cloud.mirror import Mirror
from proof.simulation.cloud.scheduler import Scheduler
from proof.simulation.cloud.settings import QUEUES
from proof.simulation.cloud.tables import Key
from proof.simulation.ledger import Verdict

UNDER_WAY = 12.0
"""Seconds that a write may take from when it was decided."""

HALVINGS = 4
"""Refusals after which a conversation that was handed back has lost its priority."""


class FairnessChecks:
    """Who refuses, vanishes or does not answer blocks nobody, and nobody who is there is ended."""

    def __init__(self, scheduler: Scheduler, mirror: Mirror, verdict: Verdict) -> None:
        self._scheduler = scheduler
        self._mirror = mirror
        self._verdict = verdict
        self._there_at: dict[str, int] = {}
        self._missed: Counter[str] = Counter()
        self._since: dict[str, datetime] = {}
        self._agents: dict[str, Agent] = {}
        self._passed: dict[str, Counter[str]] = defaultdict(Counter)
        self._may_pass: Counter[str] = Counter()

    def wrote(self, invocation: Invocation | None, keys: list[Key], before: dict[Key, Any]) -> None:
        """Items were written together."""
        told = [
            (key.id, self._mirror.entries[key.id][key.seq].event)
            for key in keys
            if key.seq is not None and before[key] is None
        ]
        for key in keys:
            if key.is_conversation:
                was = before[key] if isinstance(before[key], Conversation) else None
                events = [event for id, event in told if id == key.id]
                self._check_step(invocation, self._mirror.conversations[key.id], was, events)
            elif key.kind == "AGENT":
                self._check_arrival(self._mirror.agents[key.id])
        self._check_answers(keys, [event for _, event in told])

    def gone_for(self, conversation: Conversation) -> float:
        """Seconds since its customer was last there, for all that was written."""
        if conversation.is_text or conversation.customer_is_present:
            return 0
        return (self._scheduler.elapsed - self._there_at[conversation.id]) / 1e6

    def _check_step(
        self,
        invocation: Invocation | None,
        now: Conversation,
        was: Conversation | None,
        events: list[Event],
    ) -> None:
        for event in events:
            if isinstance(event, ConversationEnded) and event.reason == "abandoned":
                self._check_abandoned(now, was)
            if isinstance(event, OfferMade) and was is not None and invocation is not None:
                self._check_offered(invocation, now, was)
            if isinstance(event, OfferRevoked):
                self._may_pass[now.id] += 1
            if isinstance(event, ParticipantLeft):
                self._may_pass[now.id] += HALVINGS
        self._check_refused(now, was)
        self._note_customer(now, was)

    def _note_customer(self, now: Conversation, was: Conversation | None) -> None:
        wrote = was is not None and now.last_message != was.last_message
        if (
            was is None
            or now.customer_is_present
            or was.customer_is_present
            or (wrote and now.last_message is not None and now.last_message.role == "customer")
            or (was.status == "active" and now.status == "queued")
        ):
            self._there_at[now.id] = self._scheduler.elapsed

    def _check_abandoned(self, now: Conversation, was: Conversation | None) -> None:
        self._verdict.require(
            was is not None and was.status == "queued" and not was.customer_is_present,
            "I17",
            f"{now.id} was ended as abandoned: {was}",
        )
        allowed = QUEUES[now.queue_id].abandoned_after.total_seconds()
        self._verdict.require(
            self.gone_for(now) > allowed - UNDER_WAY and not now.is_text,
            "I17",
            f"{now.id} was ended as abandoned after {self.gone_for(now)} s",
        )

    def _check_offered(self, invocation: Invocation, now: Conversation, was: Conversation) -> None:
        """Nobody is offered whose customer has given up, and nobody is passed again and again."""
        allowed = QUEUES[now.queue_id].abandoned_after.total_seconds()
        began = self._scheduler.now().timestamp()
        began -= (self._scheduler.elapsed - invocation.began) / 1e6
        gone_since = was.gone_since
        self._verdict.require(
            gone_since is None or began - gone_since.timestamp() <= allowed,
            "I17",
            f"{now.id} was offered, whose customer is gone since {gone_since}",
        )
        self._passed.pop(now.id, None)
        if now.offer is None:
            return
        looked_at = invocation.looked_at.get(now.queue_id, 0)
        places = self._mirror.waiting[now.queue_id].items()
        seen = sorted(taken for taken, since in places if since < looked_at)
        # There is an agent for each of the first besides: nobody takes theirs away.
        for taken in seen[max(0, invocation.saw_free.get(now.queue_id, 1) - 1) :]:
            other = self._mirror.conversations[taken.rpartition("#")[2]]
            could_be = now.offer.agent.id not in other.refusals
            if could_be and (other.is_text or other.customer_is_present):
                self._passed[other.id][now.id] += 1
                self._check_passed(other, now)

    def _check_passed(self, other: Conversation, passing: Conversation) -> None:
        times = self._passed[other.id][passing.id]
        self._verdict.require(
            times <= 1 + other.refused + self._may_pass[passing.id],
            "I17",
            f"{other.id} waits, and {passing.id} was offered {times} times before it",
        )

    def _check_refused(self, now: Conversation, was: Conversation | None) -> None:
        told = [entry.event for entry in self._mirror.entries[now.id].values()]
        refusals = sum(isinstance(event, OfferDeclined | OfferExpired) for event in told)
        self._verdict.require(
            now.refused == refusals,
            "I17",
            f"{now.id} was refused {refusals} times and counts {now.refused}",
        )
        is_refused = was is not None and now.refused > was.refused
        self._verdict.require(
            not is_refused or was is None or now.priority < max(1, was.priority),
            "I17",
            f"{now.id} was refused and keeps its priority of {now.priority}",
        )

    def _check_arrival(self, now: Agent) -> None:
        """Who comes back after the grace is not ready, unless all their queues allow it."""
        was = self._agents.get(now.id, now)
        self._agents[now.id] = now
        has_arrived = bool(now.sockets) and not was.sockets and was.away_since is not None
        away_since = was.away_since or now.since
        was_gone = (self._scheduler.now() - away_since).total_seconds() > GRACE + UNDER_WAY
        as_they_left = all(QUEUES[queue_id].begins_ready for queue_id in now.queues)
        expected = was.availability if as_they_left else "not_ready"
        self._verdict.require(
            not (has_arrived and was_gone) or now.availability == expected,
            "I17",
            f"{now.id} comes back after {away_since} and is {now.availability} at once",
        )

    def _check_answers(self, keys: list[Key], events: list[Event]) -> None:
        """An agent who misses too many offers in a row is not ready, and no other."""
        has_missed = False
        for event in events:
            if isinstance(event, OfferExpired):
                self._missed[event.agent.id] += 1
                has_missed = True
            elif isinstance(event, OfferDeclined):
                self._missed[event.agent.id] = 0
            elif isinstance(event, ParticipantJoined):
                self._missed[event.participant.id] = 0
        for key in keys:
            if key.kind != "AGENT":
                continue
            agent = self._mirror.agents[key.id]
            if self._since.get(key.id) != agent.since and not has_missed:
                self._missed[key.id] = 0
            self._since[key.id] = agent.since
            allowed = min(queue.missed_offers for queue in QUEUES.values())
            most = max(queue.missed_offers for queue in QUEUES.values())
            missed = self._missed[key.id]
            self._verdict.require(
                missed < most or agent.availability == "not_ready",
                "I17",
                f"{key.id} has missed {missed} offers in a row and is {agent.availability}",
            )
            self._verdict.require(
                missed >= allowed or agent.reason != NO_ANSWER or not has_missed,
                "I17",
                f"{key.id} has missed {missed} offers in a row and is not ready any more",
            )
