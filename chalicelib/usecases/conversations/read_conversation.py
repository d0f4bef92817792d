"""Reading conversations and their transcripts, for customers and agents."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.domain import messages
from chalicelib.domain.access import CustomerToken
from chalicelib.domain.audience import Viewer, as_seen_by
from chalicelib.domain.conversation import Author, Conversation, Details
from chalicelib.domain.errors import ConversationClosed, NotFound
from chalicelib.domain.events import Entry, NumberVoided
from chalicelib.domain.queue import Queue
from chalicelib.domain.sizes import first_that_fit, written_bytes
from chalicelib.domain.staff import Outlook, outlook
from chalicelib.ports import Ports

PAGE = 200
"""Most entries of one answer."""

PAGE_BYTES = 800_000
"""Most bytes of these entries, so that with all around them a reply stays below 1 MB."""

CUT_OFF = timedelta(seconds=60)
"""A number that is unused this long after a later one was used belongs to a sender cut off."""


@dataclass(frozen=True, slots=True)
class CustomerSide:
    """A conversation as its customer sees it, with their outlook while they wait."""

    conversation: Conversation
    queue: Queue
    outlook: Outlook | None


@dataclass(frozen=True, slots=True)
class AgentSide:
    """A conversation as its agent sees it."""

    conversation: Conversation
    details: Details
    queue: Queue


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, oldest first, and the number up to which nothing is missing."""

    entries: tuple[Entry, ...]
    position: int
    more: bool


def customer_may_read(ports: Ports, conversation_id: str, token: CustomerToken) -> Conversation:
    """The conversation of the token's bearer. Raises NotFound or Unauthenticated."""
    author = Author("customer", token.customer_id, token.key)
    try:
        conversation = ports.conversations.get(conversation_id)
        refused = messages.refusal(conversation, author, ports.clock.now())
    except NotFound:
        refused = NotFound("There is no such conversation.")
    if isinstance(refused, NotFound):
        ports.access.check_token(token)
    if refused is not None and not isinstance(refused, ConversationClosed):
        raise refused
    return conversation


def just_started(ports: Ports, conversation_id: str) -> CustomerSide:
    """The conversation as it is now. Who is there the customer learns by their first heartbeat."""
    conversation = ports.conversations.get(conversation_id)
    queue = ports.queues.get(conversation.queue_id)
    ahead = _ahead(ports, conversation)
    return CustomerSide(conversation, queue, None if ahead is None else Outlook(ahead))


def customer_side(ports: Ports, conversation: Conversation) -> CustomerSide:
    """The conversation with the customer's outlook."""
    queue = ports.queues.get(conversation.queue_id)
    return CustomerSide(conversation, queue, outlook_of(ports, conversation))


def outlook_of(ports: Ports, conversation: Conversation) -> Outlook | None:
    """What a customer who waits may know of it; None when they do not wait."""
    ahead = _ahead(ports, conversation)
    if ahead is None:
        return None
    is_offered = conversation.status == "offered"
    staff = None if is_offered else ports.staffing.staff(conversation.queue_id)
    return outlook(staff, ahead)


def _ahead(ports: Ports, conversation: Conversation) -> int | None:
    """How many wait before the customer, none when an agent is asked; None when they do not."""
    if conversation.status == "offered":
        return 0
    return (
        ports.conversations.count_ahead(conversation) if conversation.status == "queued" else None
    )


def read_as_customer(
    ports: Ports, conversation_id: str, token: CustomerToken, after: int
) -> tuple[CustomerSide, Page]:
    """What the customer may see after a number. Raises NotFound or Unauthenticated."""
    conversation = customer_may_read(ports, conversation_id, token)
    page = _page(ports, conversation, after, "customer")
    return customer_side(ports, conversation), page


def read_as_agent(
    ports: Ports, conversation_id: str, agent_id: str, after: int
) -> tuple[AgentSide, Page]:
    """What happened after a number. Raises NotFound unless the agent holds the conversation.

    What is closed stays with whoever had it, but not with an agent who was removed.
    """
    found = ports.conversations.get_with_details([conversation_id]).get(conversation_id)
    if found is None or not found[0].holds_as_agent(agent_id):
        raise NotFound("You do not hold this conversation.")
    conversation, details = found
    if conversation.is_closed and ports.agents.get(agent_id).is_removed:
        raise NotFound("You do not hold this conversation.")
    side = AgentSide(conversation, details, ports.queues.get(conversation.queue_id))
    return side, _page(ports, conversation, after, "agent")


def _page(ports: Ports, conversation: Conversation, after: int, viewer: Viewer) -> Page:
    found = ports.conversations.entries(conversation.id, after, PAGE)
    entries, is_cut = first_that_fit(((entry, written_bytes(entry)) for entry in found), PAGE_BYTES)
    is_full = is_cut or len(entries) >= PAGE
    last = entries[-1].seq if is_full else conversation.seq
    entries += _void_dead_numbers(ports, conversation, entries, range(after + 1, last + 1))
    entries.sort(key=lambda entry: entry.seq)
    position = min(after, conversation.seq)
    for entry in entries:
        if entry.seq == position + 1:
            position = entry.seq
    seen = (as_seen_by(viewer, entry) for entry in entries)
    return Page(tuple(entry for entry in seen if entry is not None), position, is_full)


def _void_dead_numbers(
    ports: Ports, conversation: Conversation, entries: list[Entry], numbers: range
) -> list[Entry]:
    """Fill numbers whose senders were cut off for good, so that no reader waits for them."""
    now = ports.clock.now()
    used = {entry.seq: entry.at for entry in entries}
    latest = conversation.last_message
    voided: list[Entry] = []
    # Only messages take a number before they are stored, so the last message is as old as any.
    given_out_at = latest.at if latest else conversation.started_at
    for seq in reversed(numbers):
        given_out_at = used.get(seq, given_out_at)
        if seq not in used and given_out_at < now - CUT_OFF:
            voided.append(Entry(seq, now, NumberVoided()))
    return [entry for entry in voided if ports.conversations.void(conversation.id, entry)]
