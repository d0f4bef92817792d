"""What became of texts: recorded, and told to the agent."""

from chalicelib.domain import text_steps
from chalicelib.domain.conversation import Change
from chalicelib.domain.events import DELIVERY_ORDER, Delivery, MessageSent
from chalicelib.ports import Ports
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
    30036: "The phone was out of reach for too long.",
    63016: "More than 24 hours since the customer wrote: only a template may be sent.",
}
"""Errors that an agent should understand: https://www.twilio.com/docs/api/errors"""


PATIENCE = 30
"""Attempts to record what happened to a text: sent but not recorded, it would be sent again."""


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
        change = text_steps.delivery_changed(
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


def _reason(code: int | None) -> str:
    if code is None:
        return "The text could not be delivered."
    return REASONS.get(code, f"The text could not be delivered (Twilio error {code}).")
