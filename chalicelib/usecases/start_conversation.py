"""A customer on the web, or in an app, opens a conversation."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain import access
from chalicelib.domain.access import CustomerToken, Entrance
from chalicelib.domain.conversation import Contact, Details, Profile, Website
from chalicelib.domain.errors import Invalid
from chalicelib.domain.events import Channel
from chalicelib.domain.queue import Answer, check_answers
from chalicelib.ports import Ports
from chalicelib.usecases.read_conversation import CustomerSide, get_for_customer
from chalicelib.usecases.receive_message import Inbound, receive
from chalicelib.usecases.retrying import until_settled

_SHOWN_ELSEWHERE = ("message",)


@dataclass(frozen=True, slots=True)
class Opening:
    """What the customer asks for. ``start_id`` is their secret that makes it repeatable."""

    start_id: str
    queue_id: str
    channel: Channel
    answers: Mapping[str, str]
    website: Website | None


@dataclass(frozen=True, slots=True)
class Opened:
    """The conversation, and what lets its customer back in."""

    conversation: CustomerSide
    ticket: str
    token: str | None


def start_conversation(ports: Ports, opening: Opening, token: CustomerToken | None) -> Opened:
    """Open a conversation with its first message, or find the customer's open one.

    Raises NotFound for an unknown queue, Unauthenticated for a bad token, Invalid or TooLarge for
    answers that the queue's form does not allow, Busy.
    """
    customer_id = token.customer_id if token else access.customer_of_start(opening.start_id)
    address = f"web:{customer_id}:{opening.queue_id}"
    message_id = access.message_of_start(opening.start_id)
    begins = access.conversation_begun_by(address, message_id)
    contact = Contact()
    if token is not None:
        contact = ports.addresses.contact_of(token, address, begins, opening.queue_id)
    queue = ports.queues.get(opening.queue_id)
    answers = check_answers(queue, opening.answers)
    inbound = Inbound(
        find_queue=lambda: queue,
        channel=opening.channel,
        address=address,
        details=_details(customer_id, answers, opening.website),
        message_id=message_id,
    )
    new_token = None if token else access.make_token(customer_id, ports.ids.secret())
    token_key = token.key if token else access.key_of(new_token or "")
    ticket = ports.ids.secret()
    now = ports.clock.now()
    entrance = Entrance(
        customer_id,
        token_key,
        now + access.TOKEN_LASTS,
        access.key_of(ticket),
        now + access.TICKET_LASTS,
    )
    received = receive(ports, inbound, contact, entrance)
    if received.begun is None:
        until_settled(ports.clock, lambda: _let_in(ports, received.conversation_id, entrance))
    return Opened(get_for_customer(ports, received.conversation_id), ticket, new_token)


def _let_in(ports: Ports, conversation_id: str, entrance: Entrance) -> None:
    conversation = ports.conversations.get(conversation_id)
    is_known = entrance.token_key in conversation.keys
    outdated = [] if is_known else conversation.outdated_keys()
    ports.conversations.let_in(conversation_id, entrance, outdated)


def _details(customer_id: str, answers: tuple[Answer, ...], website: Website | None) -> Details:
    given = {answer.variable: answer.value for answer in answers}
    message = given.get("message")
    if not message:
        raise Invalid("Write a message.", "answers.message")
    profile = Profile(
        customer_id,
        given.get("name") or "Visitor",
        given.get("email"),
        given.get("phone"),
        given.get("account_id"),
    )
    asked = tuple(answer for answer in answers if answer.variable not in _SHOWN_ELSEWHERE)
    return Details(profile, asked, message, website)
