"""What must hold when the faults have stopped and everything has had its time."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from proof.chaos.ledger import Ledger, Sent
from proof.chaos.stored import Stored, StoredConversation


@dataclass(frozen=True)
class Violation:
    """Something that must not be. What ``is_final`` gets no better by waiting."""

    what: str
    conversation_id: str = ""
    is_final: bool = False

    def __str__(self) -> str:
        """One line that says what and where."""
        where = f" [conversation {self.conversation_id}]" if self.conversation_id else ""
        return self.what + where


OF_AN_AGENT = ("offered", "active", "wrap_up")
"""The states in which a conversation is somebody's."""

Texts = dict[str, list[StoredConversation]]


def check_ledger(ledger: Ledger, stored: Stored) -> Iterator[Violation]:
    """I1: each message is there once if it was acknowledged, and never more than once."""
    places: Texts = defaultdict(list)
    for conversation in stored.conversations.values():
        for message in conversation.messages:
            places[message.text].append(conversation)
    by_text = {sent.text: sent for sent in list(ledger.sent)}
    for text, sent in by_text.items():
        yield from _check_message(sent, places[text])
    for text in places.keys() - by_text.keys():
        yield Violation(f"nobody sent {text!r}", places[text][0].id, is_final=True)
    for breakdown in ledger.breakdowns:
        yield Violation(f"a client broke down: {breakdown}", is_final=True)


def _check_message(sent: Sent, places: list[StoredConversation]) -> Iterator[Violation]:
    who = f"{sent.sender}'s message {sent.text!r} (id {sent.message_id})"
    if not sent.settled:
        yield Violation(f"{who} was never answered", sent.conversation_id)
    if len(places) > 1:
        where = ", ".join(sorted(place.id for place in places))
        yield Violation(f"{who} is there {len(places)} times: {where}", places[0].id, True)
    if sent.acknowledged and not places:
        yield Violation(f"{who} was acknowledged and is lost", sent.conversation_id, True)
    if sent.conversation_id and places and places[0].id != sent.conversation_id:
        yield Violation(f"{who} belongs into {sent.conversation_id}", places[0].id, True)


def check_transcripts(stored: Stored) -> Iterator[Violation]:
    """I1: one order without gaps, and every message id once.

    The number of a sender who was cut off for good is filled by the next reader. A phone does not
    read, so in a conversation of a phone that is closed such a number may stay empty.
    """
    for conversation in stored.conversations.values():
        missing = set(range(1, conversation.seq + 1)) - set(conversation.numbers)
        has_readers = conversation.phone is None or conversation.status != "closed"
        if missing and has_readers:
            yield Violation(f"numbers {sorted(missing)} are missing", conversation.id)
        ids = Counter(message.message_id for message in conversation.messages)
        for message_id, times in ids.items():
            what = f"message {message_id} is there {times} times"
            if times > 1:
                yield Violation(what, conversation.id, is_final=True)


def check_lives(stored: Stored) -> Iterator[Violation]:
    """I2 and I5: one open conversation for each customer, and none of them waits."""
    addresses: dict[str, str] = {}
    for conversation in stored.conversations.values():
        if not conversation.is_open:
            continue
        other = addresses.setdefault(conversation.address, conversation.id)
        if other != conversation.id:
            yield Violation(f"its customer has another open one, {other}", conversation.id, True)
        if conversation.status != "active":
            yield Violation(f"it is stranded: {conversation.status}", conversation.id)


def check_agents(stored: Stored) -> Iterator[Violation]:
    """I3 and I4: agents hold what is offered to or active with them, within their capacity."""
    for agent in stored.agents:
        held = {
            conversation.id: conversation.status
            for conversation in stored.conversations.values()
            if conversation.agent_id == agent.id and conversation.status in OF_AN_AGENT
        }
        for conversation_id in held.keys() ^ agent.work.keys():
            listed = agent.work.get(conversation_id, "nothing")
            status = held.get(conversation_id, "not theirs")
            yield Violation(f"{agent.name} lists it as {listed}, it is {status}", conversation_id)
        load = sum(work != "wrap_up" for work in agent.work.values())
        if load > agent.capacity:
            yield Violation(f"{agent.name} has {load} of {agent.capacity}", is_final=True)
