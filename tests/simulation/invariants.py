"""What must hold after every write and every frame, whatever happens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from chalicelib.domain.audience import customer_sees, recipients
from chalicelib.domain.conversation import MOST_SOCKETS, Conversation
from chalicelib.domain.events import (
    DELIVERY_ORDER,
    ConversationStarted,
    Entry,
    MessageSent,
    NumberVoided,
    OfferExpired,
    ParticipantLeft,
)
from chalicelib.domain.routing import place, rank, refuses
from chalicelib.ports import Text
from chalicelib.usecases import offers
from tests.simulation.cloud import Cloud, Invocation, Outcome
from tests.simulation.ledger import Ledger, Sent, Violation
from tests.simulation.mirror import Mirror
from tests.simulation.scheduler import Scheduler
from tests.simulation.settings import QUEUES
from tests.simulation.tables import Json, Key

PUBLIC = {
    "conversation.started",
    "message.sent",
    "participant.joined",
    "participant.left",
    "conversation.ended",
    "number.voided",
}
GRACE = 30.0
FOR_CUSTOMERS = {"event", "synced", "queue.position", "error", "ok"}


class Safety:
    """Checks writes, frames, receipts and texts as they happen. Raises Violation."""

    def __init__(self, scheduler: Scheduler, cloud: Cloud, mirror: Mirror, ledger: Ledger) -> None:
        self._scheduler = scheduler
        self._cloud = cloud
        self._mirror = mirror
        self._ledger = ledger
        self._messages: dict[tuple[str, str], tuple[str, int]] = {}
        self._holders: dict[str, dict[str, int]] = defaultdict(dict)
        self._offered: dict[str, str] = {}
        self._owners: dict[str, tuple[str, str, str | None]] = {}
        self._opted_out: dict[str, int] = {}
        self._texts: dict[str, list[int]] = defaultdict(list)
        self._excused: set[tuple[str, int]] = set()
        self._last_fault = 0
        self._free_since: dict[str, int] = {}
        self._left: dict[tuple[str, str], int] = {}
        self._numbered: dict[tuple[str, int], Conversation] = {}
        self.is_live: Callable[[str], bool] = lambda _connection_id: False
        self.violation: Violation | None = None

    def wrote(self, operation: str, request: Json, keys: list[Key]) -> None:
        """Items were written."""
        del operation, request
        invocation = self._cloud.current()
        self._require(
            invocation is None or not invocation.must_not_write,
            "I12",
            f"a request that must be refused wrote {', '.join(map(str, keys))}",
        )
        before = {key: self._before(key) for key in keys}
        for key in keys:
            self._mirror.take(key, self._scheduler.elapsed)
        for key in keys:
            self._check_item(key, before[key])
        self._check_agents(keys)
        for key in keys:
            self._check_shown_number(key)
            self._check_expiry(key, before)
        if invocation is not None:
            self._note_debts(invocation, keys, before)
        offered = [key for key in keys if key.pk.startswith("WAITING#")]
        if invocation is not None and offered:
            self._check_order(invocation, before)

    def read(self, operation: str, request: Json) -> None:
        """The last looks at a queue and its agents are what an offer's order is judged by."""
        if operation != "Query" or "ExclusiveStartKey" in request or "Limit" not in request:
            return
        values = [v for d in request["ExpressionAttributeValues"].values() for v in d.values()]
        invocation = self._cloud.current()
        if invocation is not None and len(values) == 1 and values[0].startswith("WAITING#"):
            invocation.looked_at_queue = self._scheduler.elapsed
        if invocation is not None and values[0].startswith("SEATS#"):
            queue_id = values[0].partition("#")[2]
            invocation.saw_free = sum(
                queue_id in agent.queues and agent.is_free for agent in self._mirror.agents.values()
            )

    def posting(self, connection_id: str, frame: Json) -> None:
        """A frame is being sent to a socket, whatever comes of it."""
        invocation = self._cloud.current()
        if invocation is None or frame["type"] != "event":
            return
        where = (connection_id, frame["conversation_id"], frame["event"]["seq"])
        invocation.owes.pop(where, None)

    def posted(self, connection_id: str, frame: Json) -> None:
        """A frame went out to a socket."""
        kind, owner, conversation_id = self._owner(connection_id)
        type = frame["type"]
        if kind == "customer":
            told = frame.get("conversation_id", conversation_id)
            shown = frame["event"] if type == "event" else {"type": "message.sent"}
            self._require(
                type in FOR_CUSTOMERS
                and told == conversation_id
                and set(frame.get("positions", {})) <= {conversation_id}
                and shown["type"] in PUBLIC
                and shown.get("delivery") is None
                and frame.get("agent") is None,
                "I7",
                f"the customer behind {connection_id} was sent {frame}",
            )
        else:
            self._check_shown_to_agent(owner, frame)
        if type == "synced":
            self._check_listens(connection_id, frame)
        if type == "event":
            self._check_shown(frame["conversation_id"], frame["event"])

    def heard(self, invocation: Invocation, outcome: Outcome) -> None:
        """An invocation ended; what was cut off after Twilio took a text may be sent again."""
        if outcome.failed:
            for text in invocation.sent:
                self.text_was_cut_off(text)
        is_whole = not (outcome.failed or invocation.met_fault)
        if not is_whole:
            self._last_fault = self._scheduler.elapsed
        if self._cloud.running == 0:
            self._check_nobody_waits()
        if not is_whole:
            return
        for connection_id, conversation_id, seq in invocation.owes:
            self._require(
                not self.is_live(connection_id),
                "I10",
                f"{connection_id} was not told of event {seq} of {conversation_id}",
            )

    def acknowledged(self, sent: Sent, seq: int | None) -> None:
        """A sender was told that their message will not be lost."""
        places = [where for (_, id), where in self._messages.items() if id == sent.message_id]
        self._require(
            len(places) == 1,
            "I1",
            f"{sent.message_id} of {sent.sender} was acknowledged and stored in {places}",
        )
        self._require(
            seq is None or places[0][1] == seq,
            "I1",
            f"{sent.message_id} was acknowledged as {seq} and stored as {places}",
        )

    def text_taken(self, text: Text) -> None:
        """Twilio took a text."""
        texts = self._texts[text.conversation_id]
        seq = text.message_seq
        address = self._mirror.conversations[text.conversation_id].address
        opted_out = self._opted_out.get(address)
        invocation = self._cloud.current()
        self._require(
            opted_out is None or invocation is None or invocation.began < opted_out,
            "I8",
            f"text {seq} of {text.conversation_id} left after its customer opted out",
        )
        is_repeated = seq in texts
        self._require(
            is_repeated or not texts or seq > max(texts),
            "I8",
            f"text {seq} of {text.conversation_id} left after {texts}",
        )
        self._require(
            not is_repeated or (text.conversation_id, seq) in self._excused,
            "I8",
            f"text {seq} of {text.conversation_id} left twice without a fault between",
        )
        texts.append(seq)

    def text_was_cut_off(self, text: Text) -> None:
        """Between Twilio's answer and our record of it something went wrong."""
        self._excused.add((text.conversation_id, text.message_seq))

    # What is checked of an item.

    def _before(self, key: Key) -> Any:
        kind, _, id = key.pk.partition("#")
        if kind == "CONVERSATION" and key.sk == "CONVERSATION":
            return self._mirror.conversations.get(id)
        if kind == "CONVERSATION" and key.sk.startswith("ENTRY#"):
            return self._mirror.entries[id].get(int(key.sk.partition("#")[2]))
        return None

    def _check_item(self, key: Key, before: Any) -> None:
        kind, _, id = key.pk.partition("#")
        if kind == "CONVERSATION" and key.sk == "CONVERSATION":
            self._check_conversation(self._mirror.conversations[id], before)
        elif kind == "CONVERSATION" and key.sk.startswith("ENTRY#"):
            seq = int(key.sk.partition("#")[2])
            self._check_entry(id, self._mirror.entries[id][seq], before)
        elif kind == "WAITING":
            self._check_place(key)
        elif kind == "ADDRESS":
            self._check_address(id)
        elif kind == "CONNECTION":
            self._note_owner(id)

    def _check_conversation(self, now: Conversation, before: Conversation | None) -> None:
        name = f"conversation {now.id}"
        if before is not None:
            self._require(
                now.seq >= before.seq and now.public_seq >= before.public_seq,
                "I1",
                f"{name} went back from {before.seq} to {now.seq}",
            )
        if before is not None:
            self._check_pruned(now, before)
        self._require(now.public_seq <= now.seq, "I1", f"{name} shows more than it has")
        is_whole = {
            "queued": now.offer is None and now.assignment is None,
            "offered": now.offer is not None and now.assignment is None,
            "active": now.offer is None and now.assignment is not None,
            "wrap_up": now.offer is None and now.assignment is not None,
            "closed": now.offer is None,
        }[now.status]
        self._require(is_whole, "I3", f"{name} is {now.status}: {now.offer}, {now.assignment}")
        waits = place(now) in self._mirror.waiting[now.queue_id]
        self._require(
            waits == (now.status == "queued"),
            "I5",
            f"{name} is {now.status} and {'has a' if waits else 'has no'} place in its queue",
        )
        if now.is_open:
            others = [
                other.id
                for other in self._mirror.conversations.values()
                if other.address == now.address and other.is_open and other.id != now.id
            ]
            self._require(not others, "I2", f"{name} is open beside {others}")
        if now.offer is not None:
            self._offered[now.offer.id] = now.offer.agent.id
        if now.assignment is not None:
            self._holders[now.id].setdefault(now.assignment.agent.id, now.seq)
            self._left.pop((now.id, now.assignment.agent.id), None)
        elif before is not None and before.assignment is not None:
            self._left[now.id, before.assignment.agent.id] = now.seq

    def _note_debts(self, invocation: Invocation, keys: list[Key], before: dict[Key, Any]) -> None:
        """Whoever listens when an event gets its number must be told of it."""
        new: list[tuple[str, int]] = []
        for key in keys:
            id = key.pk.partition("#")[2]
            now = self._mirror.conversations.get(id)
            was = before[key]
            if isinstance(was, Conversation) and now is not None and now.seq > was.seq:
                self._numbered[id, now.seq] = now
            if key.sk.startswith("ENTRY#") and was is None:
                new.append((id, int(key.sk.partition("#")[2])))
        for id, seq in new:
            conversation = self._numbered.get((id, seq), self._mirror.conversations[id])
            event = self._mirror.entries[id][seq].event
            if isinstance(event, NumberVoided):
                continue  # Nothing happened: readers find it when they ask.
            for target in recipients(conversation):
                if target.viewer == "agent" or customer_sees(event):
                    invocation.owes[target.connection_id, id, seq] = None

    def _check_nobody_waits(self) -> None:
        """Nothing runs, and no fault is to blame: who waits has no free agent to wait for."""
        for queue_id, places in self._mirror.waiting.items():
            for taken, since in places.items():
                conversation = self._mirror.conversations[taken.rpartition("#")[2]]
                for id, agent in self._mirror.agents.items():
                    both_since = max(since, self._free_since.get(id, 0))
                    is_match = (
                        queue_id in agent.queues
                        and agent.is_free
                        and id not in conversation.refusals
                        and both_since > self._last_fault
                    )
                    self._require(
                        not is_match,
                        "I5",
                        f"nobody brings {conversation.id}, which waits, and {id} together",
                    )

    def _check_shown_number(self, key: Key) -> None:
        kind, _, id = key.pk.partition("#")
        if kind != "CONVERSATION":
            return
        shown = self._mirror.conversations[id].public_seq
        entry = self._mirror.entries[id].get(shown)
        self._require(
            entry is None or customer_sees(entry.event),
            "I10",
            f"{id} tells its customer of number {shown}, which is {entry}",
        )

    def _check_expiry(self, key: Key, before: dict[Key, Any]) -> None:
        """An offer ends unanswered only when its time is over."""
        kind, _, id = key.pk.partition("#")
        if kind != "CONVERSATION" or not key.sk.startswith("ENTRY#") or before[key] is not None:
            return
        event = self._mirror.entries[id][int(key.sk.partition("#")[2])].event
        was = before.get(Key(key.table, key.pk, "CONVERSATION"))
        if isinstance(event, OfferExpired) and isinstance(was, Conversation) and was.offer:
            self._require(
                self._scheduler.now() >= was.offer.expires_at and was.offer.id == event.offer_id,
                "I3",
                f"the offer of {id} expired before its time: {was.offer}",
            )

    def _check_pruned(self, now: Conversation, before: Conversation) -> None:
        """Only sockets that are gone, or too many, are taken off a conversation."""
        own = [id for id, socket in before.sockets.items() if socket.owner == now.customer.id]
        for id in own:
            is_kept = id in now.sockets or len(own) >= MOST_SOCKETS or not self.is_live(id)
            self._require(is_kept, "I10", f"{id} is live, and no longer told of {now.id}")

    def _check_entry(self, conversation_id: str, now: Entry, before: Entry | None) -> None:
        name = f"entry {now.seq} of {conversation_id}"
        if before is not None:
            self._check_unchanged(name, now, before)
        conversation = self._mirror.conversations[conversation_id]
        self._require(now.seq <= conversation.seq, "I1", f"{name} is beyond {conversation.seq}")
        if isinstance(now.event, ParticipantLeft):
            self._check_was_gone(now.event, name)
        self._require(
            (now.seq == 1) == isinstance(now.event, ConversationStarted),
            "I1",
            f"{name} is {now.event}",
        )
        if isinstance(now.event, MessageSent):
            mark = (now.event.sender.id, now.event.message_id)
            where = self._messages.setdefault(mark, (conversation_id, now.seq))
            self._require(
                where == (conversation_id, now.seq),
                "I1",
                f"{now.event.message_id} is {name} and also {where}",
            )
            self._require(
                now.event.message_id in self._ledger.messages,
                "I1",
                f"nobody sent {now.event.message_id}",
            )
            self._check_sender(conversation, now.event, name)

    def _check_was_gone(self, left: ParticipantLeft, name: str) -> None:
        """Nobody loses a conversation for having been away a moment."""
        agent = self._mirror.agents[left.participant.id]
        since = agent.away_since
        self._require(
            not agent.sockets
            and since is not None
            and (self._scheduler.now() - since).total_seconds() >= GRACE,
            "I11",
            f"{name} takes a conversation from {agent.id}, away since {since}",
        )

    def _check_sender(self, conversation: Conversation, message: MessageSent, name: str) -> None:
        author = self._ledger.messages[message.message_id].sender
        if message.sender.role == "customer":
            is_right = message.sender.id == conversation.customer.id
            is_right = is_right and author not in self._mirror.agents
        else:
            is_right = message.sender.id in self._holders[conversation.id]
            is_right = is_right and author == message.sender.id
        self._require(is_right, "I12", f"{name} was written by {message.sender}")

    def _check_unchanged(self, name: str, now: Entry, before: Entry) -> None:
        was, event = before.event, now.event
        if isinstance(was, MessageSent) and isinstance(event, MessageSent):
            self._require(
                (was.message_id, was.sender, was.text)
                == (event.message_id, event.sender, event.text),
                "I1",
                f"{name} was overwritten: {was} by {event}",
            )
            old, new = was.delivery, event.delivery
            if old != new:
                self._require(
                    bool(old and new and DELIVERY_ORDER[new] > DELIVERY_ORDER[old]),
                    "I9",
                    f"the delivery of {name} went from {old} to {new}",
                )
            return
        self._require(was == event, "I1", f"{name} was overwritten: {was} by {event}")

    def _check_place(self, key: Key) -> None:
        queue_id, id = key.pk.partition("#")[2], key.sk.rpartition("#")[2]
        is_there = key.sk in self._mirror.waiting[queue_id]
        conversation = self._mirror.conversations.get(id)
        self._require(
            conversation is not None and is_there == (conversation.status == "queued"),
            "I5",
            f"the place of {id} is {'taken' if is_there else 'free'}: {conversation}",
        )

    def _check_address(self, address: str) -> None:
        raw = self._mirror.addresses[address]
        is_out = raw.get("opted_out", {}).get("BOOL", False)
        if not is_out:
            self._opted_out.pop(address, None)
        else:
            self._opted_out.setdefault(address, self._scheduler.elapsed)

    def _check_agents(self, keys: list[Key]) -> None:
        """Whoever is concerned by a write: what they carry is what the conversations say."""
        agents = self._mirror.agents
        expected: dict[str, dict[str, str]] = {id: {} for id in agents}
        for conversation in self._mirror.conversations.values():
            held = conversation.offer or conversation.assignment
            if held is not None and conversation.status != "closed" and held.agent.id in expected:
                expected[held.agent.id][conversation.id] = conversation.status
        for id, agent in agents.items():
            self._require(
                dict(agent.work) == expected[id],
                "I4",
                f"{id} carries {dict(agent.work)}; conversations say {expected[id]}",
            )
            self._require(
                agent.load <= agent.capacity,
                "I4",
                f"{id} carries {agent.load} of at most {agent.capacity}",
            )
        for id, agent in agents.items():
            if not agent.is_free:
                self._free_since.pop(id, None)
            else:
                self._free_since.setdefault(id, self._scheduler.elapsed)
        if not any(key.pk.startswith(("AGENT#", "SEATS#")) for key in keys):
            return
        for (queue_id, id), (seat, ranked) in self._mirror.seats.items():
            self._require(
                id not in agents or (seat == agents[id] and ranked == rank(agents[id])),
                "I5",
                f"the seat of {id} in {queue_id} is not {id}: {seat} {ranked}",
            )

    def _check_order(self, invocation: Invocation, before: dict[Key, Any]) -> None:
        for key in before:
            now = self._mirror.conversations.get(key.pk.partition("#")[2])
            was = before[key]
            if not isinstance(was, Conversation) or now is None:
                continue
            if was.status == "queued" and now.offer is not None:
                self._check_oldest(invocation, now)

    def _check_oldest(self, invocation: Invocation, offered: Conversation) -> None:
        agent = self._mirror.agents[offered.offer.agent.id]  # type: ignore[union-attr]
        queue = QUEUES[offered.queue_id]
        is_in_crowd = invocation.pauses >= offers.A_CROWD
        overtaken: list[str] = []
        for taken, since in self._mirror.waiting[offered.queue_id].items():
            older = self._mirror.conversations[taken.rpartition("#")[2]]
            if _turn(older) >= _turn(offered) or since >= invocation.looked_at_queue:
                continue
            is_refused = agent.id in older.refusals
            if not is_refused and not refuses(agent, older, queue, self._scheduler.now()):
                overtaken.append(older.id)
        self._require(
            len(overtaken) < max(1, invocation.saw_free if is_in_crowd else 1),
            "I6",
            f"{offered.id} was offered to {agent.id} before {overtaken}, which are older",
        )

    # What is checked of a frame.

    def _owner(self, connection_id: str) -> tuple[str, str, str | None]:
        owner = self._owners.get(connection_id)
        if owner is None:
            raise Violation(f"I7: a frame went to {connection_id}, which nobody opened")
        return owner

    def _note_owner(self, connection_id: str) -> None:
        raw = self._mirror.tables.item(
            Key("conversations", f"CONNECTION#{connection_id}", "CONNECTION")
        )
        if raw is not None:
            import msgspec

            bearer = msgspec.json.decode(raw["bearer"]["S"])
            self._owners[connection_id] = (
                bearer["kind"],
                bearer["id"],
                bearer.get("conversation_id"),
            )

    def _check_shown_to_agent(self, agent_id: str, frame: Json) -> None:
        match frame["type"]:
            case "event":
                self._check_agent_may_see(agent_id, frame["conversation_id"], frame["event"]["seq"])
            case "offer.presented":
                offered_to = self._offered.get(frame["offer"]["offer_id"])
                is_theirs = offered_to == agent_id
                self._require(is_theirs, "I7", f"{agent_id} was shown an offer: {offered_to}")
            case "conversation.opened":
                holders = self._holders[frame["conversation"]["conversation_id"]]
                self._require(agent_id in holders, "I7", f"{agent_id} was opened {frame}")

    def _check_agent_may_see(self, agent_id: str, conversation_id: str, seq: int) -> None:
        since = self._holders[conversation_id].get(agent_id)
        until = self._left.get((conversation_id, agent_id))
        self._require(
            since is not None and (until is None or seq <= until),
            "I7",
            f"{agent_id} was sent event {seq} of {conversation_id}, held by others",
        )

    def _check_listens(self, connection_id: str, frame: Json) -> None:
        """Who is told where things stand is told what happens from then on."""
        for id in frame["positions"]:
            conversation = self._mirror.conversations[id]
            self._require(
                connection_id in conversation.sockets
                or not conversation.is_open
                or not self.is_live(connection_id),
                "I10",
                f"{connection_id} was synced and is not told of {id}",
            )

    def _check_shown(self, conversation_id: str, shown: Json) -> None:
        """Nobody is shown what is not in the transcript."""
        entry = self._mirror.entries[conversation_id].get(shown["seq"])
        self._require(
            entry is not None,
            "I1",
            f"event {shown['seq']} of {conversation_id} was pushed before it was stored",
        )
        if entry is not None and isinstance(entry.event, MessageSent):
            self._require(
                shown.get("message_id") == entry.event.message_id,
                "I1",
                f"{shown} was pushed, {entry} is stored",
            )

    def _require(self, holds: bool, invariant: str, otherwise: str) -> None:
        if not holds:
            violation = Violation(f"{invariant}: {otherwise}")
            self.violation = self.violation or violation
            raise violation


def _turn(conversation: Conversation) -> tuple[int, float]:
    """Whose turn it is: the highest priority, then the oldest."""
    return -conversation.priority, conversation.queued_at.timestamp()
