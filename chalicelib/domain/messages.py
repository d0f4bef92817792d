"""Messages on their way into a conversation: who may write, and what a message becomes."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import text
from chalicelib.domain.conversation import (
    Author,
    Conversation,
    LastMessage,
    MessageDraft,
)
from chalicelib.domain.errors import (
    ConversationClosed,
    Invalid,
    LambdeskError,
    NotFound,
    OptedOut,
    TooLarge,
    Unauthenticated,
)
from chalicelib.domain.events import Delivery, Entry, MessageSent, Participant
from chalicelib.domain.texting import TEXT_LENGTH, text_length

RETRY_WINDOW = 16
"""A message can be repeated safely until its sender has sent this many later ones."""

PREVIEW_LENGTH = 80


def readable(written: str) -> str:
    """The text of a message as others will read it. Raises Invalid when there is nothing to see."""
    message = text.message(written)
    if not message:
        raise Invalid("Write something that can be seen.", "text")
    return message


def preview(message: str) -> str:
    """The line that lists show of a message."""
    return text.cut(message, PREVIEW_LENGTH)


def refusal(conversation: Conversation, author: Author, now: datetime) -> LambdeskError | None:
    """Why the author cannot write in the conversation; None when they can."""
    if author.role == "customer":
        return _refusal_of_customer(conversation, author, now)
    if not conversation.holds_as_agent(author.id):
        return NotFound("You do not hold this conversation.")
    if conversation.status != "active":
        return ConversationClosed("The conversation has ended.")
    return None


def refusal_of(
    conversation: Conversation, author: Author, draft: MessageDraft
) -> LambdeskError | None:
    """Why the author cannot write this message; None when they can."""
    refused = refusal(conversation, author, draft.at)
    if refused is not None or author.role == "customer" or not conversation.is_text:
        return refused
    if conversation.opted_out:
        return OptedOut("The customer opted out of texts.")
    if is_too_long_for_texts(draft):
        return TooLarge(f"A text has at most {TEXT_LENGTH} characters.", "text")
    return None


def is_too_long_for_texts(draft: MessageDraft) -> bool:
    """Whether the message is longer than what leaves as a text may be."""
    return text_length(draft.text) > TEXT_LENGTH


def with_message(conversation: Conversation, author: Author, draft: MessageDraft) -> Conversation:
    """The conversation with the message under its next number."""
    seq = conversation.seq + 1
    return replace(
        conversation,
        seq=seq,
        public_seq=seq,
        recent={**conversation.recent, mark(author, draft.id): seq},
        last_message=LastMessage(author.role, preview(draft.text), draft.at),
    )


def message_entry(
    conversation: Conversation, author: Author, draft: MessageDraft, seq: int
) -> Entry:
    """The transcript's entry of a message; a text to a phone begins as pending."""
    assigned = conversation.assignment
    if author.role == "customer" or assigned is None:
        return Entry(seq, draft.at, MessageSent(draft.id, conversation.customer, draft.text))
    delivery: Delivery | None = "pending" if conversation.is_text else None
    return Entry(seq, draft.at, MessageSent(draft.id, assigned.agent, draft.text, delivery))


def last_message(message: MessageSent, at: datetime) -> LastMessage:
    """The line that lists show of a message."""
    return LastMessage(message.sender.role, preview(message.text), at)


def mark(sender: Participant | Author, message_id: str) -> str:
    """A short key that is the same whenever this sender sends this message again."""
    digest = hashlib.blake2b(f"{sender.id} {message_id}".encode(), digest_size=9).digest()
    return f"{sender.role[0]}{urlsafe_b64encode(digest).decode()}"


def outdated_marks(conversation: Conversation) -> list[str]:
    """The marks that are not needed any more, once enough have gathered to be worth a write."""
    outdated: list[str] = []
    for role in {mark[0] for mark in conversation.recent}:
        marks = sorted(
            (mark for mark in conversation.recent if mark[0] == role),
            key=lambda mark: conversation.recent[mark],
        )
        if len(marks) > 2 * RETRY_WINDOW:
            outdated += marks[:-RETRY_WINDOW]
    return outdated


def customers_marks(conversation: Conversation) -> dict[str, int]:
    """The marks of the customer's messages, with their numbers."""
    return {mark: seq for mark, seq in conversation.recent.items() if mark[0] == "c"}


def newest(taken: Mapping[str, str]) -> dict[str, str]:
    """As many of the marks as are needed to know a message that is sent again."""
    return dict(list(taken.items())[-RETRY_WINDOW:])


def _refusal_of_customer(
    conversation: Conversation, author: Author, now: datetime
) -> LambdeskError | None:
    if author.id != conversation.customer.id:
        return NotFound("There is no such conversation.")
    if author.key is not None:
        expiry = conversation.keys.get(author.key)
        if expiry is None or expiry <= now:
            return Unauthenticated("The token is not valid.")
    if not conversation.is_open:
        return ConversationClosed("The conversation has ended.")
    return None
