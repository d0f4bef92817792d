"""Telling live sockets what happened. Best effort: clients resume by number."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from chalicelib.domain.agent import Agent
from chalicelib.domain.audience import Recipient, as_seen_by, customer_sees, recipients
from chalicelib.domain.conversation import Change, Conversation
from chalicelib.domain.errors import Busy
from chalicelib.domain.events import Entry, MessageSent
from chalicelib.domain.notices import AgentChanged, EventHappened, Notice, Parcel
from chalicelib.ports import Ports
from chalicelib.usecases import connections


def to_conversation(
    ports: Ports, conversation: Conversation, entries: Iterable[Entry], public_before: int
) -> None:
    """Tell everybody in the conversation of the entries, each as they may see them."""
    parcels = list(_parcels(conversation, entries, public_before))
    gone = ports.push.send(parcels)
    if gone:
        with suppress(Busy):  # The next push to them finds them gone again.
            connections.forget_of_conversation(ports, conversation, gone)


def change(ports: Ports, change: Change) -> None:
    """Tell everybody concerned of a step in the conversation's life."""
    to_conversation(ports, change.after, change.entries, change.before.public_seq)
    if change.agent is not None:
        to_agent(ports, change.agent.after, AgentChanged(change.agent.after))


def to_agent(ports: Ports, agent: Agent, *notices: Notice) -> None:
    """Tell all windows of the agent."""
    gone = ports.push.send(
        Parcel(connection_id, endpoint, notice)
        for connection_id, endpoint in agent.sockets.items()
        for notice in notices
    )
    if gone:
        with suppress(Busy):
            connections.forget_of_agent(ports, agent.id, gone)


def to_other_windows(
    ports: Ports, conversation: Conversation, connection_id: str, notice: Notice
) -> None:
    """Tell all windows of the conversation's agent, but for the one where it happened."""
    gone = ports.push.send(
        Parcel(target.connection_id, target.endpoint, notice)
        for target in recipients(conversation)
        if target.viewer == "agent" and target.connection_id != connection_id
    )
    if gone:
        with suppress(Busy):
            connections.forget_of_conversation(ports, conversation, gone)


def _parcels(
    conversation: Conversation, entries: Iterable[Entry], public_before: int
) -> Iterator[Parcel]:
    targets = list(recipients(conversation))
    for entry in entries:
        for target in _others_first(targets, entry):
            seen = as_seen_by(target.viewer, entry)
            if seen is None:
                continue
            after = public_before if target.viewer == "customer" else entry.seq - 1
            notice = EventHappened(conversation.id, after, seen)
            yield Parcel(target.connection_id, target.endpoint, notice)
        if customer_sees(entry.event):
            public_before = entry.seq


def _others_first(targets: list[Recipient], entry: Entry) -> list[Recipient]:
    """The other side is waiting for a message; its own side has it on the screen already."""
    if not isinstance(entry.event, MessageSent):
        return targets
    is_customers = entry.event.sender.role == "customer"
    return sorted(targets, key=lambda target: (target.viewer == "customer") == is_customers)
