"""Steps of a conversation that texts to and from phones bring about."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.conversation import Change, Conversation
from chalicelib.domain.events import (
    CustomerOptedIn,
    CustomerOptedOut,
    Delivery,
    MessageDelivery,
)
from chalicelib.domain.step import step


def delivery_changed(
    conversation: Conversation,
    message_seq: int,
    delivery: Delivery,
    error: str | None,
    now: datetime,
) -> Change:
    """The conversation told of a message's new delivery status.

    Texts leave in the order of their numbers, so those before it are settled as well.
    """
    after = replace(conversation, settled=max(conversation.settled, message_seq))
    return step(conversation, after, [MessageDelivery(message_seq, delivery, error)], now, None)


def consent_changed(conversation: Conversation, opted_out: bool, now: datetime) -> Change | None:
    """The conversation told whether its customer wants no texts. None when it knew."""
    if conversation.opted_out == opted_out:
        return None
    event = CustomerOptedOut() if opted_out else CustomerOptedIn()
    return step(conversation, replace(conversation, opted_out=opted_out), [event], now, None)
