"""What customers ask for over REST."""

import re
from http import HTTPStatus

import msgspec
from chalice.app import Request, Response

from chalicelib.config import Settings
from chalicelib.domain import limits, text
from chalicelib.domain.access import CustomerToken
from chalicelib.domain.conversation import Website
from chalicelib.domain.errors import Invalid, TooLarge, TooMany
from chalicelib.domain.pace import CUSTOMER_PACE
from chalicelib.handlers.http import (
    JSON,
    answering,
    body_of,
    checked_id,
    customer_token,
    optional_customer_token,
    query_of,
    reply,
    source_address,
)
from chalicelib.handlers.parsing import parse, parse_number
from chalicelib.ports import Ports
from chalicelib.protocol import rest
from chalicelib.protocol.events import event_of
from chalicelib.protocol.views.conversations import CustomerConversation
from chalicelib.protocol.views.queues import QueueForm
from chalicelib.usecases.conversations import finish, read_conversation
from chalicelib.usecases.conversations.read_conversation import CustomerSide
from chalicelib.usecases.conversations.start_conversation import Opening, start_conversation
from chalicelib.usecases.messages import send_message
from chalicelib.usecases.presence import presence

_PAGE = re.compile(r"https?://[^\s/?#]+([/?#]\S*)?")
_START = msgspec.json.Decoder(rest.StartConversation)
_SEND = msgspec.json.Decoder(rest.SendMessage)


@answering
def queue(_request: Request, ports: Ports, queue_id: str) -> Response:
    """What to ask before writing to a queue."""
    return reply(QueueForm.of(ports.queues.get(checked_id(queue_id))))


@answering
def start(request: Request, ports: Ports, settings: Settings) -> Response:
    """Open a conversation."""
    token = optional_customer_token(request)
    asked = parse(body_of(request, JSON), _START, rest.BODY_BYTES)
    opening = Opening(
        asked.start_id,
        asked.queue_id,
        asked.channel,
        asked.answers,
        _website(asked.website),
        limits.source_of(source_address(request), settings.installation_id),
        asked.captcha_token,
    )
    opened = start_conversation(ports, opening, token)
    body = rest.ConversationStart(_side(opened.conversation), opened.ticket, opened.token)
    return reply(body, HTTPStatus.CREATED)


@answering
def send(request: Request, ports: Ports, conversation_id: str) -> Response:
    """Send a message."""
    token = _customer(request, ports)
    message = parse(body_of(request, JSON), _SEND, rest.BODY_BYTES)
    seq = send_message.send_as_customer(
        ports, checked_id(conversation_id), token, message.message_id, message.text
    )
    return reply(rest.MessageReceipt(message.message_id, seq), HTTPStatus.CREATED)


@answering
def read(request: Request, ports: Ports, conversation_id: str) -> Response:
    """What happened after a number."""
    token = _customer(request, ports)
    after = parse_number(query_of(request).get("after"), "after")
    side, page = read_conversation.read_as_customer(
        ports, checked_id(conversation_id), token, after
    )
    events = [event_of(entry) for entry in page.entries]
    return reply(rest.CustomerTranscript(_side(side), events, page.position, page.more))


@answering
def end(request: Request, ports: Ports, conversation_id: str) -> Response:
    """End the conversation."""
    side = finish.end_as_customer(ports, checked_id(conversation_id), _customer(request, ports))
    return reply(_side(side))


@answering
def ticket(request: Request, ports: Ports, conversation_id: str) -> Response:
    """A ticket for a socket."""
    secret, ticket = presence.ticket_for_customer(
        ports, checked_id(conversation_id), _customer(request, ports)
    )
    return reply(rest.SocketTicket(secret, ticket.expires_at), HTTPStatus.CREATED)


def _customer(request: Request, ports: Ports) -> CustomerToken:
    """Whose token it is. Raises TooMany when they ask too fast, also for who pays no heed."""
    token = customer_token(request)
    if not ports.pacing.take(f"customer {token.key}", CUSTOMER_PACE):
        raise TooMany("Too much at once. Wait a moment.", CUSTOMER_PACE.seconds_to_fill)
    return token


def _side(side: CustomerSide) -> CustomerConversation:
    return CustomerConversation.of(side.conversation, side.queue, side.outlook)


def _website(page: rest.WebsiteInput | None) -> Website | None:
    if page is None:
        return None
    url, title = text.line(page.url), text.line(page.title)
    if not _PAGE.fullmatch(url):
        raise Invalid("This must be the address of a page, such as https://…", "website.url")
    if len(url.encode()) > rest.URL_BYTES:
        raise TooLarge(f"At most {rest.URL_BYTES:,} bytes are accepted.", "website.url")
    return Website(url, title)
