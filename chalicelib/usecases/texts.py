"""Texts to customers' phones: sent in order, recorded, and followed to their delivery."""

from chalicelib.domain import lifecycle
from chalicelib.domain.conversation import Change, Conversation
from chalicelib.domain.events import DELIVERY_ORDER, Delivery, Entry, MessageSent, NumberVoided
from chalicelib.ports import Ports, Text, TextRefused
from chalicelib.usecases import deliver
from chalicelib.usecases.retrying import until_settled

OPTED_OUT = 21610

REASONS = {
    21211: "The number does not exist.",
    21610: "The customer opted out of texts.",
    21612: "This number cannot be reached from ours.",
    21614: "The number is not a mobile phone.",
    21617: "The text is longer than 1,600 characters.",
    30003: "The phone is switched off or out of reach.",
    30004: "The customer or carrier blocks our texts.",
    30005: "The number does not exist.",
    30006: "The number is not a mobile phone.",
    30007: "The carrier filtered the text.",
    30034: "Our number is not registered with the carriers.",
    63016: "More than 24 hours since the customer wrote: only a template may be sent.",
}
"""Errors that an agent should understand: https://www.twilio.com/docs/api/errors"""


PATIENCE = 30
"""Attempts to record what happened to a text: sent but not recorded, it would be sent again."""


class NotSent(Exception):
    """The provider did not take the text under this number."""

    def __init__(self, message_seq: int) -> None:
        super().__init__(message_seq)
        self.message_seq = message_seq


def send_out(ports: Ports, conversation_id: str, message_seq: int) -> None:
    """Send the message if it is still pending, and before it those that should leave before it.

    Raises NotSent when the provider could not be asked: try again.
    """
    conversation = ports.conversations.get(conversation_id)
    if message_seq <= conversation.settled:
        return
    entries = _without_gaps(ports, conversation, message_seq)
    pending = [(entry.seq, entry.event) for entry in entries if _is_pending(entry)]
    if not pending:
        return
    is_unwanted = ports.addresses.contact(conversation.address).opted_out
    for seq, message in pending:
        if is_unwanted:
            record(ports, conversation_id, seq, "failed", OPTED_OUT)
        elif isinstance(message, MessageSent):
            _send(ports, _text(conversation, message, seq))


def _without_gaps(ports: Ports, conversation: Conversation, last: int) -> list[Entry]:
    """What happened up to ``last`` since the last text that is settled.

    A number that is given out and not used yet is voided, so that no text can be stored there once
    a later one has left: whoever was about to use it is given a new one.
    """
    after, now = conversation.settled, ports.clock.now()
    entries = list(ports.conversations.entries(conversation.id, after, last - after))
    unused = set(range(after + 1, last + 1)) - {entry.seq for entry in entries}
    voided = [
        ports.conversations.void(conversation.id, Entry(seq, now, NumberVoided()))
        for seq in sorted(unused)
    ]
    if all(voided):
        return entries
    return list(ports.conversations.entries(conversation.id, after, last - after))


def _is_pending(entry: Entry) -> bool:
    return isinstance(entry.event, MessageSent) and entry.event.delivery == "pending"


def _send(ports: Ports, text: Text) -> None:
    try:
        ports.texting.send(text)
    except TextRefused as refused:
        record(ports, text.conversation_id, text.message_seq, "failed", refused.code)
        return
    except Exception as error:
        raise NotSent(text.message_seq) from error
    record(ports, text.conversation_id, text.message_seq, "sent")


def give_up(ports: Ports, conversation_id: str, message_seq: int) -> None:
    """The message could not be sent however often it was tried."""
    record(ports, conversation_id, message_seq, "failed")


def record(
    ports: Ports,
    conversation_id: str,
    message_seq: int,
    delivery: Delivery,
    code: int | None = None,
) -> None:
    """Record a delivery status and tell the agent, unless a later one is known already.

    ``code`` is Twilio's number for why it failed.
    """
    error = _reason(code) if delivery == "failed" else None

    def attempt() -> Change | None:
        message = _message(ports, conversation_id, message_seq)
        if message is None or message.delivery is None:
            return None
        if DELIVERY_ORDER[delivery] <= DELIVERY_ORDER[message.delivery]:
            return None
        conversation = ports.conversations.get(conversation_id)
        change = lifecycle.delivery_changed(
            conversation, message_seq, delivery, error, ports.clock.now()
        )
        ports.conversations.commit_delivery(change, message)
        return change

    change = until_settled(ports.clock, attempt, PATIENCE)
    if change is not None:
        deliver.change(ports, change)


def _message(ports: Ports, conversation_id: str, seq: int) -> MessageSent | None:
    entry = ports.conversations.message(conversation_id, seq)
    return entry.event if entry and isinstance(entry.event, MessageSent) else None


def _text(conversation: Conversation, message: MessageSent, message_seq: int) -> Text:
    _, ours, theirs = conversation.address.split("|")
    return Text(ours, theirs, message.text, conversation.id, message_seq)


def _reason(code: int | None) -> str:
    if code is None:
        return "The text could not be delivered."
    return REASONS.get(code, f"The text could not be delivered (Twilio error {code}).")
