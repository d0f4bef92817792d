"""Reading conversations and their transcripts, for customers and agents."""

from collections.abc import Iterator
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
    """What happened after a number. Raises NotFound unless the agent may read it."""
    side = _agent_side(ports, conversation_id, agent_id)
    return side, _page(ports, side.conversation, after, "agent")


def read_back_as_agent(
    ports: Ports, conversation_id: str, agent_id: str, before: int
) -> tuple[AgentSide, Page]:
    """The newest that happened before a number. Raises NotFound unless the agent may read it.

    ``more`` tells that there is something older. ``position`` is the number up to which nothing is
    missing since the first number of the page.
    """
    side = _agent_side(ports, conversation_id, agent_id)
    return side, _page_before(ports, side.conversation, before, "agent")


def _agent_side(ports: Ports, conversation_id: str, agent_id: str) -> AgentSide:
    """The conversation. Raises NotFound unless the agent holds it.

    A closed conversation stays with the agent who had it, but not with one who was removed.
    """
    found = ports.conversations.get_with_details([conversation_id]).get(conversation_id)
    if found is None or not found[0].holds_as_agent(agent_id):
        raise NotFound("You do not hold this conversation.")
    conversation, details = found
    if conversation.is_closed and ports.agents.get(agent_id).is_removed:
        raise NotFound("You do not hold this conversation.")
    return AgentSide(conversation, details, ports.queues.get(conversation.queue_id))


def _page(ports: Ports, conversation: Conversation, after: int, viewer: Viewer) -> Page:
    found = ports.conversations.entries(conversation.id, after, PAGE)
    entries, is_full = _fill(found)
    last = entries[-1].seq if is_full else conversation.seq
    whole = _without_dead_numbers(ports, conversation, entries, range(after + 1, last + 1))
    position = _gapless(whole, min(after, conversation.seq))
    return Page(_seen_by(viewer, whole), position, is_full)


def _page_before(ports: Ports, conversation: Conversation, before: int, viewer: Viewer) -> Page:
    end = min(before, conversation.seq + 1)
    entries, is_full = _fill(ports.conversations.entries_before(conversation.id, end, PAGE))
    first = entries[-1].seq if is_full else 1
    whole = _without_dead_numbers(ports, conversation, entries, range(first, end))
    return Page(_seen_by(viewer, whole), _gapless(whole, first - 1), first > 1)


def _fill(found: Iterator[Entry]) -> tuple[list[Entry], bool]:
    """The entries that fit into a page, and whether they fill it."""
    sized = ((entry, written_bytes(entry)) for entry in found)
    entries, is_cut = first_that_fit(sized, PAGE_BYTES)
    return entries, is_cut or len(entries) >= PAGE


def _gapless(entries: list[Entry], position: int) -> int:
    """The number up to which no entry is missing, from a number on."""
    for entry in entries:
        if entry.seq == position + 1:
            position = entry.seq
    return position


def _seen_by(viewer: Viewer, entries: list[Entry]) -> tuple[Entry, ...]:
    seen = (as_seen_by(viewer, entry) for entry in entries)
    return tuple(entry for entry in seen if entry is not None)


def _without_dead_numbers(
    ports: Ports, conversation: Conversation, entries: list[Entry], numbers: range
) -> list[Entry]:
    """The entries, oldest first, with the dead numbers among them filled."""
    voided = _void_dead_numbers(ports, conversation, entries, numbers)
    return sorted([*entries, *voided], key=lambda entry: entry.seq)


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
