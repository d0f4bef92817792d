"""What must hold of conversations and their entries, as they are stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.access import STALE_AFTER
from chalicelib.domain.audience import customer_sees
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.events import (
    DELIVERY_ORDER,
    ConversationStarted,
    Entry,
    MessageSent,
    OfferExpired,
    ParticipantLeft,
)
from chalicelib.domain.routing import place
from proof.simulation.cloud.mirror import Mirror
from proof.simulation.cloud.scheduler import Scheduler
from proof.simulation.cloud.settings import MOST_STARTS
from proof.simulation.cloud.tables import Key
from proof.simulation.ledger import Ledger, Sent, Verdict

GRACE = 30.0


@dataclass(frozen=True, slots=True)
class Holding:
    """Who ever held a conversation: from which number on, and up to which.

    ``offered`` tells to whom each offer was made, ``crowded_out`` which sockets made room.
    """

    since: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    until: dict[tuple[str, str], int] = field(default_factory=dict)
    offered: dict[str, str] = field(default_factory=dict)
    crowded_out: set[str] = field(default_factory=set)


class StoredChecks:
    """I1, I2, I3, I9, I11 and I12, item by item."""

    def __init__(
        self,
        scheduler: Scheduler,
        mirror: Mirror,
        ledger: Ledger,
        verdict: Verdict,
        holding: Holding,
        is_live: Callable[[str], bool],
    ) -> None:
        self._scheduler = scheduler
        self._mirror = mirror
        self._ledger = ledger
        self._verdict = verdict
        self._holding = holding
        self._is_live = is_live
        self._messages: dict[tuple[str, str], tuple[str, int]] = {}

    def before(self, key: Key) -> Any:
        """What stood there, as it was last looked at."""
        if key.is_conversation:
            return self._mirror.conversations.get(key.id)
        if key.seq is not None:
            return self._mirror.entries[key.id].get(key.seq)
        return None

    def check_item(self, key: Key, before: Any) -> None:
        """An item was written."""
        if key.is_conversation:
            self._check_conversation(self._mirror.conversations[key.id], before)
        elif key.seq is not None:
            self._check_entry(key.id, self._mirror.entries[key.id][key.seq], before)
        elif key.kind == "WAITING":
            self._check_place(key)
        elif key.kind == "STARTS":
            self._check_starts(key)

    def _check_conversation(self, now: Conversation, before: Conversation | None) -> None:
        name = f"conversation {now.id}"
        if before is not None:
            self._verdict.require(
                now.seq >= before.seq and now.public_seq >= before.public_seq,
                "I1",
                f"{name} went back from {before.seq} to {now.seq}",
            )
            self._check_pruned(now, before)
        self._verdict.require(now.public_seq <= now.seq, "I1", f"{name} shows more than it has")
        is_whole = {
            "queued": now.offer is None and now.assignment is None,
            "offered": now.offer is not None and now.assignment is None,
            "active": now.offer is None and now.assignment is not None,
            "wrap_up": now.offer is None and now.assignment is not None,
            "closed": now.offer is None,
        }[now.status]
        self._verdict.require(
            is_whole, "I3", f"{name} is {now.status}: {now.offer}, {now.assignment}"
        )
        waits = place(now) in self._mirror.waiting[now.queue_id]
        self._verdict.require(
            waits == (now.status == "queued"),
            "I5",
            f"{name} is {now.status} and {'has a' if waits else 'has no'} place in its queue",
        )
        self._check_read(now, before)
        if now.is_open:
            others = [
                other.id
                for other in self._mirror.conversations.values()
                if other.address == now.address and other.is_open and other.id != now.id
            ]
            self._verdict.require(not others, "I2", f"{name} is open beside {others}")
        if now.offer is not None:
            self._holding.offered[now.offer.id] = now.offer.agent.id
        if now.assignment is not None:
            self._holding.since[now.id].setdefault(now.assignment.agent.id, now.seq)
            self._holding.until.pop((now.id, now.assignment.agent.id), None)
        elif before is not None and before.assignment is not None:
            self._holding.until[now.id, before.assignment.agent.id] = now.seq

    def _check_read(self, now: Conversation, before: Conversation | None) -> None:
        """A mark only goes forward, to a number that there is, and is not the next agent's."""
        self._verdict.require(
            now.agent_read <= (now.seq if now.assignment is not None else 0),
            "I19",
            f"{now.id} was read up to {now.agent_read}, and has {now.seq}",
        )
        is_of_the_same = before is not None and before.assignment == now.assignment
        least = before.agent_read if before is not None and is_of_the_same else 0
        self._verdict.require(
            now.agent_read >= least and (is_of_the_same or now.agent_read == 0),
            "I19",
            f"{now.id} was read up to {least}, and now up to {now.agent_read}",
        )

    def check_shown_number(self, key: Key) -> None:
        """The customer is told of no number that they may not see."""
        if key.kind != "CONVERSATION":
            return
        shown = self._mirror.conversations[key.id].public_seq
        entry = self._mirror.entries[key.id].get(shown)
        self._verdict.require(
            entry is None or customer_sees(entry.event),
            "I10",
            f"{key.id} tells its customer of number {shown}, which is {entry}",
        )

    def check_expiry(self, key: Key, before: dict[Key, Any]) -> None:
        """An offer ends unanswered only when its time is over."""
        if key.seq is None or before[key] is not None:
            return
        event = self._mirror.entries[key.id][key.seq].event
        was = before.get(Key(key.table, key.pk, "CONVERSATION"))
        if isinstance(event, OfferExpired) and isinstance(was, Conversation) and was.offer:
            self._verdict.require(
                self._scheduler.now() >= was.offer.expires_at and was.offer.id == event.offer_id,
                "I3",
                f"the offer of {key.id} expired before its time: {was.offer}",
            )

    def _check_pruned(self, now: Conversation, before: Conversation) -> None:
        """Only sockets that are gone, silent or too many are taken off a conversation."""
        own = [id for id, socket in before.sockets.items() if socket.owner == now.customer.id]
        for id in own:
            made_room = id in self._holding.crowded_out
            is_kept = id in now.sockets or made_room or not self._is_live(id) or self._is_silent(id)
            self._verdict.require(is_kept, "I10", f"{id} is live, and no longer told of {now.id}")

    def _is_silent(self, connection_id: str) -> bool:
        """Whether a socket gave no sign of life for so long that it counts as lost (I11)."""
        raw = self._mirror.tables.item(
            Key("conversations", f"CONNECTION#{connection_id}", "CONNECTION")
        )
        if raw is None:
            return False
        seen_at = int(raw["seen_at"]["N"]) / 1000
        silent_for = self._scheduler.now().timestamp() - seen_at
        return silent_for >= STALE_AFTER.total_seconds()

    def _check_entry(self, conversation_id: str, now: Entry, before: Entry | None) -> None:
        name = f"entry {now.seq} of {conversation_id}"
        if before is not None:
            self._check_unchanged(name, now, before)
        conversation = self._mirror.conversations[conversation_id]
        self._verdict.require(
            now.seq <= conversation.seq, "I1", f"{name} is beyond {conversation.seq}"
        )
        if isinstance(now.event, ParticipantLeft):
            self._check_was_gone(now.event, name)
        self._verdict.require(
            (now.seq == 1) == isinstance(now.event, ConversationStarted),
            "I1",
            f"{name} is {now.event}",
        )
        if isinstance(now.event, MessageSent):
            mark = (now.event.sender.id, now.event.message_id)
            where = self._messages.setdefault(mark, (conversation_id, now.seq))
            self._verdict.require(
                where == (conversation_id, now.seq),
                "I1",
                f"{now.event.message_id} is {name} and also {where}",
            )
            self._verdict.require(
                now.event.message_id in self._ledger.messages,
                "I1",
                f"nobody sent {now.event.message_id}",
            )
            self._check_sender(conversation, now.event, name)

    def _check_was_gone(self, left: ParticipantLeft, name: str) -> None:
        """Nobody loses a conversation for having been away a moment, unless they signed out."""
        agent = self._mirror.agents[left.participant.id]
        if agent.is_removed:
            return
        since = agent.away_since
        was_gone = (
            not agent.sockets
            and since is not None
            and (self._scheduler.now() - since).total_seconds() >= GRACE
        )
        has_left = agent.left_at is not None and agent.id in self._ledger.leaving
        self._verdict.require(
            was_gone or has_left,
            "I11",
            f"{name} takes a conversation from {agent.id}, away since {since}",
        )

    def _check_sender(self, conversation: Conversation, message: MessageSent, name: str) -> None:
        author = self._ledger.messages[message.message_id].sender
        if message.sender.role == "customer":
            is_right = message.sender.id == conversation.customer.id
            is_right = is_right and author not in self._mirror.agents
        else:
            is_right = message.sender.id in self._holding.since[conversation.id]
            is_right = is_right and author == message.sender.id
        self._verdict.require(is_right, "I12", f"{name} was written by {message.sender}")

    def _check_unchanged(self, name: str, now: Entry, before: Entry) -> None:
        was, event = before.event, now.event
        if isinstance(was, MessageSent) and isinstance(event, MessageSent):
            self._verdict.require(
                (was.message_id, was.sender, was.text)
                == (event.message_id, event.sender, event.text),
                "I1",
                f"{name} was overwritten: {was} by {event}",
            )
            old, new = was.delivery, event.delivery
            if old != new:
                self._verdict.require(
                    bool(old and new and DELIVERY_ORDER[new] > DELIVERY_ORDER[old]),
                    "I9",
                    f"the delivery of {name} went from {old} to {new}",
                )
            return
        self._verdict.require(was == event, "I1", f"{name} was overwritten: {was} by {event}")

    def _check_starts(self, key: Key) -> None:
        started = int((self._mirror.tables.item(key) or {})["started"]["N"])
        self._verdict.require(
            started <= MOST_STARTS, "D13", f"{started} conversations were started under {key}"
        )

    def _check_place(self, key: Key) -> None:
        queue_id, id = key.id, key.sk.rpartition("#")[2]
        is_there = key.sk in self._mirror.waiting[queue_id]
        conversation = self._mirror.conversations.get(id)
        self._verdict.require(
            conversation is not None and is_there == (conversation.status == "queued"),
            "I5",
            f"the place of {id} is {'taken' if is_there else 'free'}: {conversation}",
        )

    def handed_over(self, agent_id: str) -> None:
        """An agent who signs out was told that all is with others, unless they are back by now."""
        agent = self._mirror.agents[agent_id]
        self._verdict.require(
            agent.left_at is None or agent.load == 0,
            "I11",
            f"{agent_id} signed out at {agent.left_at} and still has {agent.work}",
        )

    def acknowledged(self, sent: Sent, seq: int | None) -> None:
        """A sender was told that their message will not be lost."""
        places = [where for (_, id), where in self._messages.items() if id == sent.message_id]
        self._verdict.require(
            len(places) == 1,
            "I1",
            f"{sent.message_id} of {sent.sender} was acknowledged and stored in {places}",
        )
        self._verdict.require(
            seq is None or places[0][1] == seq,
            "I1",
            f"{sent.message_id} was acknowledged as {seq} and stored as {places}",
        )
