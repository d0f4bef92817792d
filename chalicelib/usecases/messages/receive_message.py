"""A customer's message, from whichever channel: into their open conversation, or a new one."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain import access, lifecycle, messages
from chalicelib.domain.access import Entrance
from chalicelib.domain.conversation import Author, Contact, Details, MessageDraft, Start
from chalicelib.domain.errors import Conflict, ConversationClosed, TooMany
from chalicelib.domain.events import Channel
from chalicelib.domain.limits import Count
from chalicelib.domain.queue import Queue
from chalicelib.ports import Ports
from chalicelib.usecases.messages.write_message import write
from chalicelib.usecases.retrying import until_settled
from chalicelib.usecases.routing import matching


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message at our door. ``address`` is where its customer is found again.

    ``details`` describes the customer if a conversation has to be opened, and holds the text; only
    then the queue is asked for, and the start is counted.
    """

    find_queue: Callable[[], Queue]
    channel: Channel
    address: str
    details: Details
    message_id: str
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """Where the message is now: in a conversation that was open, or in one just begun."""

    conversation_id: str
    begun: Start | None = None


def receive(
    ports: Ports,
    inbound: Inbound,
    contact: Contact,
    entrance: Entrance | None = None,
) -> Received:
    """The message is in the transcript, exactly once, and its conversation on its way to an agent.

    ``contact`` is what the address was last seen to lead to; ``entrance`` is given to the customer
    with the conversation if one has to be opened. Raises TooMany when it may not be opened now.
    """
    looks = [contact]

    begins = access.conversation_begun_by(inbound.address, inbound.message_id)

    def attempt() -> Received:
        latest = looks.pop() if looks else ports.addresses.contact(inbound.address, begins)
        if latest.has_begun:
            return Received(begins)
        return _add(ports, inbound, latest) or _begin(ports, inbound, begins, latest, entrance)

    received = until_settled(ports.clock, attempt)
    if received.begun is not None:
        matching.find_agent(ports, received.begun.conversation, received.begun.details)
    return received


def _add(ports: Ports, inbound: Inbound, contact: Contact) -> Received | None:
    author = Author("customer", inbound.details.customer.id)
    taken_by = contact.taken.get(messages.mark(author, inbound.message_id))
    # The try that got the number may have ended before it stored the message.
    if taken_by is not None and _write(ports, inbound, author, taken_by):
        return Received(taken_by)
    if contact.conversation_id is None or contact.has_ended:
        return None
    if _write(ports, inbound, author, contact.conversation_id):
        return Received(contact.conversation_id)
    if contact.is_recalled:
        raise Conflict
    return None


def _write(ports: Ports, inbound: Inbound, author: Author, conversation_id: str) -> bool:
    """Whether the conversation has the message now; if not, it has ended."""
    draft = MessageDraft(inbound.message_id, inbound.details.first_message, ports.clock.now())
    try:
        write(ports, conversation_id, author, draft)
    except ConversationClosed:
        return False
    return True


def _begin(
    ports: Ports,
    inbound: Inbound,
    conversation_id: str,
    contact: Contact,
    entrance: Entrance | None,
) -> Received:
    start = lifecycle.start(
        conversation_id=conversation_id,
        queue=inbound.find_queue(),
        channel=inbound.channel,
        address=inbound.address,
        details=inbound.details,
        message_id=inbound.message_id,
        keys={entrance.token_key: entrance.token_expires_at} if entrance else {},
        contact=contact,
        now=ports.clock.now(),
    )
    try:
        ports.conversations.begin(start, entrance, inbound.counts)
    except TooMany:
        _check_nothing_changed(ports, inbound, conversation_id, contact)
        raise
    return Received(start.conversation.id, start)


def _check_nothing_changed(
    ports: Ports, inbound: Inbound, conversation_id: str, contact: Contact
) -> None:
    """A start that is repeated is never refused. Raises Conflict when there is more to see."""
    latest = ports.addresses.contact(inbound.address, conversation_id)
    if latest.has_begun or latest.conversation_id != contact.conversation_id:
        raise Conflict
