"""A customer's message by SMS or another channel of Twilio."""

import hashlib
from dataclasses import dataclass

from chalicelib.domain import text_steps
from chalicelib.domain.conversation import Change, Consent, Details, Profile
from chalicelib.domain.events import Channel
from chalicelib.domain.queue import Queue
from chalicelib.domain.texting import TextAddress, lines_of, phone_of, without_prefix
from chalicelib.ports import Ports
from chalicelib.usecases import deliver
from chalicelib.usecases.messages.receive_message import Inbound, receive
from chalicelib.usecases.retrying import until_settled


@dataclass(frozen=True, slots=True)
class IncomingText:
    """A text that a customer sent us.

    ``sid`` names it, so that repeating it is harmless. ``opts_out`` tells that the customer wants
    no texts any more, or wants them again; None when the text says nothing of it.
    """

    address: TextAddress
    name: str
    sid: str
    text: str
    opts_out: bool | None = None


def receive_text(ports: Ports, incoming: IncomingText) -> None:
    """Add the text to the open conversation at its address, or open one.

    Raises NotFound when our line leads to no queue, Busy.
    """
    address = incoming.address
    lines = lines_of(address.ours)
    contact = ports.addresses.recall(address.key, lines)
    customer = Profile(
        _customer_id(address.channel, address.theirs),
        incoming.name or without_prefix(address.theirs),
        phone=phone_of(address.theirs),
    )
    details = Details(customer, (), incoming.text)

    def find_queue() -> Queue:
        return ports.queues.of_line(lines)

    inbound = Inbound(find_queue, address.channel, address.key, details, incoming.sid)
    receive(ports, inbound, contact)
    if incoming.opts_out is not None:
        _note_consent(ports, address.key, incoming.opts_out, incoming.sid)


def _note_consent(ports: Ports, address: str, opts_out: bool, sid: str) -> None:
    """Remember what the customer said last, at the address and in the conversation there."""

    def attempt() -> Change | None:
        contact = ports.addresses.contact(address)
        if sid in contact.consents:
            return None
        change = None
        if contact.conversation_id is not None and not contact.has_ended:
            conversation = ports.conversations.get(contact.conversation_id)
            change = text_steps.consent_changed(conversation, opts_out, ports.clock.now())
        ports.conversations.commit_consent(Consent(address, opts_out, sid, contact), change)
        return change

    change = until_settled(ports.clock, attempt)
    if change is not None:
        deliver.change(ports, change)


def _customer_id(channel: Channel, theirs: str) -> str:
    return hashlib.sha256(f"{channel} {theirs}".encode()).hexdigest()[:24]
