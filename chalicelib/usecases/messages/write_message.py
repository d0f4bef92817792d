"""Writing a message into a conversation: number it, store it, push it.

The cheap path that every message takes, from whichever side. A crash between two of the calls,
followed by the sender's retry, leaves exactly one copy.
"""

from chalicelib.domain import messages
from chalicelib.domain.conversation import Author, MessageDraft
from chalicelib.domain.errors import Busy, NotFound
from chalicelib.domain.events import Entry, MessageSent, NumberVoided
from chalicelib.ports import Numbered, Ports
from chalicelib.usecases import deliver
from chalicelib.usecases.retrying import until_settled


def write(ports: Ports, conversation_id: str, author: Author, draft: MessageDraft) -> int:
    """The number of the message, which is now in the transcript, exactly once.

    Raises NotFound, ConversationClosed, Unauthenticated or Busy.
    """
    numbered = until_settled(
        ports.clock, lambda: ports.conversations.number(conversation_id, author, draft)
    )
    refusal = messages.refusal(numbered.conversation, author, draft.at)
    if isinstance(refusal, NotFound):
        return _stored_before(ports, conversation_id, author, draft, numbered.seq, refusal)
    entry = messages.message_entry(numbered.conversation, author, draft, numbered.seq)
    stored = ports.conversations.put_message(numbered.conversation, entry)
    if stored is not None and not _is_by(stored, author, draft):
        numbered = _renumber(ports, conversation_id, author, draft, entry.seq)
        entry = messages.message_entry(numbered.conversation, author, draft, numbered.seq)
        stored = ports.conversations.put_message(numbered.conversation, entry)
    if stored is not None and not _is_by(stored, author, draft):
        raise Busy("The message could not be stored. Try again.")
    _send_out(ports, conversation_id, stored or entry)
    if stored is None or not numbered.is_repeated:
        deliver.to_conversation(ports, numbered.conversation, [entry], numbered.after)
        _tidy(ports, numbered)
    return entry.seq


def _stored_before(
    ports: Ports,
    conversation_id: str,
    author: Author,
    draft: MessageDraft,
    seq: int,
    refusal: NotFound,
) -> int:
    """The number of a message whose author has no part in the conversation any more.

    Unless an earlier try has stored it, none will: its number is voided. Raises the refusal then.
    """
    if ports.conversations.void(conversation_id, Entry(seq, draft.at, NumberVoided())):
        raise refusal
    stored = ports.conversations.message(conversation_id, seq)
    if stored is None or not _is_by(stored, author, draft):
        raise refusal
    _send_out(ports, conversation_id, stored)
    return seq


def _renumber(
    ports: Ports, conversation_id: str, author: Author, draft: MessageDraft, voided: int
) -> Numbered:
    return until_settled(
        ports.clock,
        lambda: ports.conversations.renumber(conversation_id, author, draft, voided),
    )


def _is_by(stored: Entry, author: Author, draft: MessageDraft) -> bool:
    message = stored.event
    return isinstance(message, MessageSent) and (message.message_id, message.sender.id) == (
        draft.id,
        author.id,
    )


def _send_out(ports: Ports, conversation_id: str, entry: Entry) -> None:
    """Have a text to a phone sent, also when the try that stored it ended before this."""
    if isinstance(entry.event, MessageSent) and entry.event.delivery == "pending":
        ports.outbox.enqueue(conversation_id, entry.seq)


def _tidy(ports: Ports, numbered: Numbered) -> None:
    outdated = messages.outdated_marks(numbered.conversation)
    if not outdated:
        return
    conversation_id = numbered.conversation.id
    until_settled(ports.clock, lambda: ports.conversations.forget_marks(conversation_id, outdated))
