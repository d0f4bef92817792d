"""Every condition of a write to the tables. Each says what must still be so for it to stand."""

from pynamodb.expressions.condition import Condition

from chalicelib.adapters.dynamodb import codec
from chalicelib.adapters.dynamodb.models import (
    AddressItem,
    AgentItem,
    ConnectionItem,
    ConversationItem,
    EntryItem,
    NumberItem,
    StartsItem,
    TicketItem,
)
from chalicelib.domain import messages
from chalicelib.domain.access import Bearer
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import (
    OPEN,
    Author,
    Consent,
    Contact,
    Conversation,
    MessageDraft,
)
from chalicelib.domain.events import MessageSent
from chalicelib.domain.limits import Count
from chalicelib.domain.texting import TEXT_CHANNELS

CONVERSATION_IS_NEW: Condition = ConversationItem.pk.does_not_exist()
"""No conversation has this id."""

CONVERSATION_EXISTS: Condition = ConversationItem.pk.exists()
"""There is such a conversation."""

NUMBER_IS_UNUSED: Condition = EntryItem.pk.does_not_exist()
"""No entry is stored under this number."""

AGENT_IS_NEW: Condition = AgentItem.pk.does_not_exist()
"""No agent has this id."""

SOCKET_IS_KNOWN: Condition = ConnectionItem.pk.exists()
"""The socket was let in, and is not forgotten."""

SOCKET_IS_OPEN: Condition = SOCKET_IS_KNOWN & ConnectionItem.is_closed.does_not_exist()
"""The socket was let in, and is not known to be gone."""

STILL_WAITS: Condition = ConversationItem.due_kind == codec.WAITING
"""It is still to be looked at whether the customer is there."""


def mark_is_new(mark: str) -> Condition:
    """No message of this mark was given a number. This alone keeps a message from doubling."""
    is_new: Condition = ConversationItem.recent[mark].does_not_exist()
    return is_new


def mark_is_still_of(mark: str, voided: int) -> Condition:
    """The message still has the number that was voided, and no other since."""
    is_still: Condition = ConversationItem.recent[mark] == voided
    return is_still


def nothing_happened_since(conversation: Conversation) -> Condition:
    """Every message and every step takes a number, and no socket joined that is not told of it."""
    nothing_happened: Condition = ConversationItem.seq == conversation.seq
    nothing_happened &= ConversationItem.attached == conversation.attached
    return nothing_happened


def address_still_leads_to(previous: str | None) -> Condition:
    """No other conversation was opened at the address."""
    if previous is None:
        return AddressItem.conversation_id.does_not_exist()
    return AddressItem.conversation_id == previous


def address_still_leads_where(contact: Contact) -> Condition:
    """No conversation was opened at the address, and none ended, since it was looked at."""
    unchanged: Condition = address_still_leads_to(contact.conversation_id)
    unchanged &= (
        AddressItem.has_ended.exists()
        if contact.has_ended
        else AddressItem.has_ended.does_not_exist()
    )
    return unchanged


def consent_is_still(opted_out: bool) -> Condition:
    """The customer has not opted in or out."""
    is_still: Condition = AddressItem.opted_out == opted_out
    if not opted_out:
        is_still |= AddressItem.opted_out.does_not_exist()
    return is_still


def start_is_within(count: Count) -> Condition:
    """No more starts are counted there than are allowed."""
    is_within: Condition = StartsItem.started.does_not_exist()
    is_within |= StartsItem.started < count.most
    return is_within


def delivery_is_still(known: MessageSent) -> Condition:
    """No other delivery status was written to the message."""
    is_still: Condition = EntryItem.delivery == known.delivery
    return is_still


def consent_is_new(consent: Consent) -> Condition:
    """The text that opts in or out was not taken before."""
    is_new: Condition = ~AddressItem.consents.contains(consent.sid)
    return is_new


def line_still_leads_to(queue_id: str) -> Condition:
    """The line was not given to another queue."""
    still_leads: Condition = NumberItem.queue_id == queue_id
    return still_leads


def is_customers(customer_id: str) -> Condition:
    """It is the conversation of this customer."""
    is_customers: Condition = ConversationItem.customer_id == customer_id
    return is_customers


def ticket_is_good(now: int) -> Condition:
    """The ticket has not been taken and has not expired; ``now`` is in milliseconds since 1970."""
    is_good: Condition = TicketItem.expires_at > now
    return is_good


def is_theirs(bearer: Bearer) -> Condition:
    """It is the bearer's conversation."""
    is_theirs: Condition = (
        ConversationItem.agent_id == bearer.id
        if bearer.kind == "agent"
        else ConversationItem.customer_id == bearer.id
    )
    return is_theirs


def may_write(author: Author, message: MessageDraft) -> Condition:
    """The condition that ``domain.messages.refusal_of`` finds nothing to refuse."""
    holds: Condition
    if author.role != "customer":
        holds = ConversationItem.agent_id == author.id
        holds &= ConversationItem.status == "active"
        holds &= ConversationItem.opted_out.does_not_exist()
        if messages.is_too_long_for_texts(message):
            holds &= ~ConversationItem.channel.is_in(*TEXT_CHANNELS)
        return holds
    holds = ConversationItem.customer_id == author.id
    holds &= ConversationItem.status.is_in(*OPEN)
    if author.key is not None:
        holds &= ConversationItem.keys[author.key] > codec.milliseconds(message.at)
    return holds


def goes_forward(agent_id: str, seq: int) -> Condition:
    """It is this agent's conversation, something has the number, and they had not read up to it."""
    forward: Condition = ConversationItem.agent_read.does_not_exist()
    forward |= ConversationItem.agent_read < seq
    forward &= ConversationItem.seq >= seq
    forward &= ConversationItem.agent_id == agent_id
    return forward


def agent_is_unchanged(before: Agent) -> Condition:
    """Nobody wrote the agent since."""
    return AgentItem.version == before.version
