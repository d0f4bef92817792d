"""What comes from queues and schedules."""

import logging
from typing import Any

import msgspec
from chalice.app import SQSEvent

from chalicelib.ports import OutboundText, Ports, Timer
from chalicelib.usecases.routing import offers
from chalicelib.usecases.routing.handing_back import hand_back
from chalicelib.usecases.sweep import sweep
from chalicelib.usecases.texting import send_texts

logger = logging.getLogger(__name__)


def timer(event: SQSEvent, ports: Ports) -> None:
    """The time of an offer, or the grace of an agent who is away, is over."""
    for record in event:
        due = msgspec.json.decode(record.body, type=Timer)
        if due.kind == "offer":
            offers.expire(ports, due.subject, due.offer_id)
        else:
            hand_back(ports, due.subject)


def outbound(event: SQSEvent, ports: Ports) -> None:
    """Send a text. What raises comes back after a pause, and before what is behind it."""
    for record in event:
        text = msgspec.json.decode(record.body, type=OutboundText)
        tries = _tries(record.to_dict())
        try:
            send_texts.send_out(ports, text.conversation_id, text.message_seq, tries)
        except send_texts.NotSent as not_sent:
            ports.outbox.postpone(record.receipt_handle, not_sent.pause)
            raise
        except Exception:
            ports.outbox.postpone(record.receipt_handle, send_texts.pause_after(tries))
            raise


def minute(_event: Any, ports: Ports) -> None:
    """Once a minute."""
    sweep(ports)


def _tries(record: dict[str, Any]) -> int:
    return int(record.get("attributes", {}).get("ApproximateReceiveCount", "1"))
