"""What must be reached once the faults have stopped."""

from __future__ import annotations

from chalicelib.domain.audience import as_seen_by
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.events import Entry, MessageSent
from chalicelib.domain.routing import refuses
from chalicelib.protocol.views.people import Agent as AgentView
from proof.simulation.checks.fairness import FairnessChecks
from proof.simulation.cloud.mirror import Mirror
from proof.simulation.cloud.scheduler import Scheduler
from proof.simulation.cloud.settings import QUEUES
from proof.simulation.ledger import Ledger, Violation
from proof.simulation.people.agents import AgentPerson, AgentWindow
from proof.simulation.people.customers import CustomerWindow, WebCustomer

UNTIL_ENDED = 70
"""Seconds until the sweep has ended what was abandoned."""


class Liveness:
    """Checks a world that has come to rest. Raises Violation."""

    def __init__(
        self, scheduler: Scheduler, mirror: Mirror, ledger: Ledger, fairness: FairnessChecks
    ) -> None:
        self._scheduler = scheduler
        self._fairness = fairness
        self._mirror = mirror
        self._ledger = ledger

    def check(self, customers: list[WebCustomer], agents: list[AgentPerson]) -> None:
        """Everything that must be so now."""
        for conversation in self._mirror.conversations.values():
            self._check_transcript(conversation)
            self._check_served(conversation, agents)
        self._check_messages()
        for customer in customers:
            _require(not customer.unanswered, "I1", f"{customer.name} is never answered")
            for window in customer.windows:
                self._check_customer_window(window)
        for agent in agents:
            if self._mirror.agents[agent.id].is_removed:
                self._check_removed(agent.id)
                continue
            for agent_window in agent.windows:
                self._check_agent_window(agent_window)

    def _check_removed(self, agent_id: str) -> None:
        agent = self._mirror.agents[agent_id]
        seats = [queue_id for queue_id, id in self._mirror.seats if id == agent_id]
        _require(
            not (agent.work or agent.sockets or agent.queues or seats),
            "I11",
            f"{agent_id} was removed, and is left with {agent}, seats in {seats}",
        )

    def _check_transcript(self, conversation: Conversation) -> None:
        entries = self._mirror.entries[conversation.id]
        gaps = [seq for seq in entries if not 1 <= seq <= conversation.seq]
        _require(not gaps, "I1", f"{conversation.id} has entries {gaps} out of place")
        for seq, entry in entries.items():
            event = entry.event
            is_pending = isinstance(event, MessageSent) and event.delivery == "pending"
            _require(not is_pending, "I8", f"text {seq} of {conversation.id} is still pending")

    def _check_served(self, conversation: Conversation, agents: list[AgentPerson]) -> None:
        now = self._scheduler.now()
        if conversation.offer is not None:
            late = (now - conversation.offer.expires_at).total_seconds()
            _require(late < 70, "I5", f"the offer of {conversation.id} never expires")
        if conversation.wrap_up_until is not None:
            late = (now - conversation.wrap_up_until).total_seconds()
            _require(late < 70, "I5", f"the wrap-up of {conversation.id} never ends")
        self._check_not_orphaned(conversation, agents)
        if conversation.status != "queued":
            return
        gone = self._fairness.gone_for(conversation)
        allowed = QUEUES[conversation.queue_id].abandoned_after.total_seconds()
        _require(
            gone < allowed + UNTIL_ENDED,
            "I17",
            f"{conversation.id} waits for a customer who has been gone for {gone:.0f} s",
        )
        for agent in self._mirror.agents.values():
            if conversation.queue_id not in agent.queues or not agent.is_free:
                continue
            queue = QUEUES[conversation.queue_id]
            _require(
                refuses(agent, conversation, queue, now),
                "I5",
                f"{conversation.id} waits while {agent.id} is free",
            )
        for person in agents:
            if not self._mirror.agents[person.id].is_removed:
                self._check_is_known(person)

    def _check_not_orphaned(self, conversation: Conversation, people: list[AgentPerson]) -> None:
        held = conversation.offer or conversation.assignment
        if held is None or not conversation.is_open:
            return
        person = next(person for person in people if person.id == held.agent.id)
        _require(
            any(window.is_connected for window in person.windows),
            "I11",
            f"{conversation.id} is {conversation.status} with {person.id}, who is gone",
        )

    def _check_is_known(self, person: AgentPerson) -> None:
        """The desk agrees with an agent who is there and sees themselves as ready."""
        agent = self._mirror.agents[person.id]
        is_there = any(window.is_connected for window in person.windows)
        if is_there and agent.load < agent.capacity:
            _require(
                agent.availability == "ready" and bool(agent.sockets),
                "I5",
                f"{agent.id} is there and ready, and the desk does not know: {agent}",
            )

    def _check_messages(self) -> None:
        places: dict[str, list[tuple[str, int]]] = {}
        for id, entries in self._mirror.entries.items():
            for seq, entry in entries.items():
                if isinstance(entry.event, MessageSent):
                    places.setdefault(entry.event.message_id, []).append((id, seq))
        for message in self._ledger.messages.values():
            found = places.get(message.message_id, [])
            if message.acknowledged is not None:
                _require(
                    len(found) == 1, "I1", f"{message.message_id} was acknowledged, is in {found}"
                )
            _require(len(found) <= 1, "I1", f"{message.message_id} is in {found}")
        self._check_senders_order(places)

    def _check_senders_order(self, places: dict[str, list[tuple[str, int]]]) -> None:
        """Who waited for a receipt before the next message has them in that order."""
        sent = [message for message in self._ledger.messages.values() if message.acknowledged]
        for earlier in sent:
            for later in sent:
                if later.sender != earlier.sender or earlier.acknowledged is None:
                    continue
                (first, second) = places[earlier.message_id][0], places[later.message_id][0]
                if first[0] == second[0] and earlier.acknowledged < later.first_sent:
                    _require(
                        first[1] < second[1],
                        "I1",
                        f"{earlier.message_id} was sent before {later.message_id}",
                    )

    def _check_customer_window(self, window: CustomerWindow) -> None:
        if window.connection_id is None:
            _require(False, "I10", f"{window.name} cannot connect")
        conversation = self._mirror.conversations[window.conversation_id]
        self._check_screen(window, conversation, "customer")
        status = {"queued": "waiting", "offered": "waiting", "active": "active"}
        expected = status.get(conversation.status, "ended")
        _require(
            window.status == expected,
            "I10",
            f"{window.name} shows {window.status}, it is {expected}",
        )

    def _check_agent_window(self, window: AgentWindow) -> None:
        if window.connection_id is None:
            _require(False, "I10", f"{window.name} cannot connect")
        agent = self._mirror.agents[window.person.id]
        held = {id for id, work in agent.work.items() if work != "offered"}
        _require(
            set(window.conversations) == held,
            "I10",
            f"{window.name} shows {set(window.conversations)}, holds {held}",
        )
        offers = {
            conversation.offer.id
            for conversation in self._mirror.conversations.values()
            if conversation.offer is not None and conversation.offer.agent.id == agent.id
        }
        _require(
            set(window.offers) == offers,
            "I10",
            f"{window.name} shows offers {set(window.offers)}, has {offers}",
        )
        shown = AgentView.of(agent)
        _require(
            window.agent["version"] <= shown.version
            and window.agent["availability"] == shown.availability,
            "I10",
            f"{window.name} shows {window.agent}, it is {shown}",
        )
        for id in held:
            conversation = self._mirror.conversations[id]
            self._check_screen(window, conversation, "agent")
            _require(
                window.status(id) == conversation.status,
                "I10",
                f"{window.name} shows {id} {window.status(id)}, not {conversation.status}",
            )

    def _check_screen(
        self, window: CustomerWindow | AgentWindow, conversation: Conversation, viewer: str
    ) -> None:
        """The screen shows what a fresh read would tell."""
        entries = self._mirror.entries[conversation.id]
        seen = (as_seen_by(viewer, entries[seq]) for seq in sorted(entries))  # type: ignore[arg-type]
        expected = [_brief(entry) for entry in seen if entry is not None]
        transcript = window.transcript(conversation.id)
        newest = conversation.seq if viewer == "agent" else conversation.public_seq
        _require(
            transcript.position >= newest,
            "I10",
            f"{window.name} has {conversation.id} up to {transcript.position}, not to {newest}",
        )
        shown = [_brief_of(event) for event in transcript.events]
        _require(
            shown == expected,
            "I10",
            f"{window.name} shows {conversation.id} as {shown}, it is {expected}",
        )


def _brief(entry: Entry) -> tuple[int, str]:
    event = entry.event
    return entry.seq, event.message_id if isinstance(event, MessageSent) else ""


def _brief_of(event: dict[str, object]) -> tuple[object, object]:
    return event["seq"], event.get("message_id", "")


def _require(holds: bool, invariant: str, otherwise: str) -> None:
    if not holds:
        raise Violation(f"{invariant}: {otherwise}")
