"""A customer's message by SMS or another channel of Twilio."""

import hashlib

from chalicelib.domain.conversation import Details, Profile
from chalicelib.domain.events import Channel
from chalicelib.domain.queue import Queue
from chalicelib.ports import Ports
from chalicelib.usecases.receive_message import Inbound, receive
from chalicelib.usecases.retrying import until_settled

OPT_OUT = frozenset(("STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "OPTOUT", "CANCEL"))
OPT_IN = frozenset(("START", "UNSTOP"))
"""Twilio's keywords: https://help.twilio.com/articles/223134027"""


def receive_text(
    ports: Ports, *, ours: str, theirs: str, channel: Channel, name: str, sid: str, text: str
) -> None:
    """Add the text to the open conversation of these two numbers, or open one.

    ``sid`` names the text, so that repeating it is harmless. Raises NotFound when our number leads
    to no queue, Busy.
    """
    address = f"{channel}|{ours}|{theirs}"
    number = ours.rpartition(":")[2]
    contact = ports.addresses.recall(address, number)
    customer = Profile(_customer_id(channel, theirs), name or theirs, phone=theirs)
    details = Details(customer, (), text)

    def find_queue() -> Queue:
        return ports.queues.of_number(number)

    receive(ports, Inbound(find_queue, channel, address, details, sid), contact)
    _note_consent(ports, address, text, sid)


def _note_consent(ports: Ports, address: str, text: str, sid: str) -> None:
    word = text.strip().upper()
    if word in OPT_OUT | OPT_IN:
        until_settled(
            ports.clock,
            lambda: ports.addresses.set_opted_out(address, word in OPT_OUT, sid),
        )


def _customer_id(channel: Channel, theirs: str) -> str:
    return hashlib.sha256(f"{channel} {theirs}".encode()).hexdigest()[:24]
