"""A customer on the web, or in an app, opens a conversation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import access, limits, messages
from chalicelib.domain.access import CustomerToken, Entrance
from chalicelib.domain.conversation import Author, Contact, Conversation, Details, Profile, Website
from chalicelib.domain.errors import ConversationClosed, Invalid
from chalicelib.domain.events import Channel
from chalicelib.domain.queue import Answer, Captcha, check_answers
from chalicelib.ports import Ports
from chalicelib.usecases.conversations.read_conversation import CustomerSide, just_started
from chalicelib.usecases.messages.receive_message import Inbound, receive
from chalicelib.usecases.retrying import until_settled

_SHOWN_ELSEWHERE = ("message",)


@dataclass(frozen=True, slots=True)
class Opening:
    """What the customer asks for.

    ``start_id`` is their secret that makes it repeatable. ``source`` stands for the network that
    they ask from, as ``domain.limits.source_of`` gives it.
    """

    start_id: str
    queue_id: str
    channel: Channel
    answers: Mapping[str, str]
    website: Website | None
    source: str
    captcha_token: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The conversation, and what lets its customer back in."""

    conversation: CustomerSide
    ticket: str
    token: str | None


def start_conversation(ports: Ports, opening: Opening, token: CustomerToken | None) -> Opened:
    """Open a conversation with its first message, or find the customer's open one.

    Raises NotFound for an unknown queue, Unauthenticated for a bad token, Invalid or TooLarge for
    answers that the queue's form does not allow or a captcha that is not solved, TooMany, Busy, and
    ConversationClosed for a start that is repeated too late without a token.
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
    known_id = token.customer_id if token else None
    if queue.captcha is not None:
        author = Author("customer", customer_id)
        latest = contact if token else ports.addresses.contact(address, begins)
        if not _is_repeated(ports, latest, author, message_id):
            _check_captcha(ports, queue.captcha, opening.captcha_token)
    part = ports.ids.below(limits.parts_of(queue))
    inbound = Inbound(
        find_queue=lambda: queue,
        channel=opening.channel,
        address=address,
        details=_details(customer_id, answers, opening.website),
        message_id=message_id,
        counts=limits.counts_of_start(queue, opening.source, known_id, part, ports.clock.now()),
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
        is_proven = token is not None
        until_settled(
            ports.clock, lambda: _let_in(ports, received.conversation_id, entrance, is_proven)
        )
    return Opened(just_started(ports, received.conversation_id), ticket, new_token)


def _is_repeated(ports: Ports, contact: Contact, author: Author, message_id: str) -> bool:
    """Whether an earlier try has had its effect: nobody is asked again for that."""
    mark = messages.mark(author, message_id)
    if contact.has_begun or mark in contact.taken:
        return True
    if contact.conversation_id is None or contact.has_ended:
        return False
    return mark in ports.conversations.get(contact.conversation_id).recent


def _check_captcha(ports: Ports, captcha: Captcha, token: str | None) -> None:
    if not token or not ports.captchas.is_solved(captcha, token):
        raise Invalid("Show that you are a person.", "captcha_token")


def _let_in(ports: Ports, conversation_id: str, entrance: Entrance, is_proven: bool) -> None:
    conversation = ports.conversations.get(conversation_id)
    if not is_proven:
        _check_repeatable(conversation, ports.clock.now())
    is_known = entrance.token_key in conversation.keys
    outdated = [] if is_known else conversation.outdated_keys()
    ports.conversations.let_in(conversation_id, entrance, outdated)


def _check_repeatable(conversation: Conversation, now: datetime) -> None:
    """``start_id`` alone opens a conversation again for a while, for who was not answered."""
    if not conversation.is_open or now - conversation.started_at > access.START_REPEATABLE:
        raise ConversationClosed("This start is over. Begin with another start_id.")


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
