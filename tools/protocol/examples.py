"""One story in messages: the examples of the document.

Mira asks about an order on the web and Jonas answers. The examples are struct instances, so a
change of a struct that breaks one does not pass the type checker.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from msgspec import Struct

from chalicelib.protocol import VERSION, commands, errors, events, frames, rest
from chalicelib.protocol.commands import AnyCommand
from chalicelib.protocol.frames import AnyFrame
from chalicelib.protocol.views import conversations, people, queues


@dataclass(frozen=True)
class Exchange:
    """One REST request with its reply. Bodies that are not JSON are text."""

    target: str
    request: Struct | str | None = None
    reply: Struct | str | None = None


def _at(minute: int, second: int) -> datetime:
    return datetime(2026, 11, 20, 9, minute, second, tzinfo=UTC)


_CONVERSATION_ID = "5b1d7c0e9a3f4d27a6c88f10e2b94d63"
_OFFER_ID = "e83a5f96d2c14b7092b7d14c6a0f35ce"
_ANSWER_ID = "7d0c3a91f5e84b1d8a64"
CUSTOMER_TOKEN = "2f9d61c07be34a85d01c93f7.9Gf2wXoB7uRkE4hTzVq1mYdN0sLpA6Jc"  # noqa: S105 - no secret
_TICKET = "vT3oYxkq0bJ2mW8sR5dLhA9cUe7fNzQp"

_MIRA = people.Participant(role="customer", id="2f9d61c07be34a85d01c93f7", name="Mira Okafor")
_JONAS = people.Participant(
    role="agent", id="8c5ad7f0-1b2e-4c39-9d64-70e1f2a3b4c5", name="Jonas Lind"
)

_MIRA_IN_FULL = people.Customer(
    id=_MIRA.id, name=_MIRA.name, email="mira@example.com", account_id="40117"
)
_ANSWERS = [
    conversations.Answer(variable="name", label="Your name", value="Mira Okafor"),
    conversations.Answer(variable="email", label="E-mail", value="mira@example.com"),
    conversations.Answer(variable="topic", label="What is it about?", value="Delivery"),
]
_WEBSITE = conversations.Website(url="https://shop.example.com/orders/1182", title="Order 1182")
_QUESTION = "My parcel says delivered, but it is not here."

_WAITING = conversations.CustomerConversation(
    conversation_id=_CONVERSATION_ID,
    queue_id="orders",
    queue_name="Orders and delivery",
    channel="web",
    status="waiting",
    started_at=_at(30, 0),
    position=2,
    ahead=3,
    agents=2,
    wait_seconds=480,
    away_seconds=300,
)
_TALKING = conversations.CustomerConversation(
    conversation_id=_CONVERSATION_ID,
    queue_id="orders",
    queue_name="Orders and delivery",
    channel="web",
    status="active",
    started_at=_at(30, 0),
    position=5,
    agent=_JONAS,
    away_seconds=300,
)
_ENDED = conversations.CustomerConversation(
    conversation_id=_CONVERSATION_ID,
    queue_id="orders",
    queue_name="Orders and delivery",
    channel="web",
    status="ended",
    started_at=_at(30, 0),
    position=7,
    agent=_JONAS,
    away_seconds=300,
)
_HELD = conversations.AgentConversation(
    conversation_id=_CONVERSATION_ID,
    queue_id="orders",
    queue_name="Orders and delivery",
    channel="web",
    status="active",
    customer=_MIRA_IN_FULL,
    answers=_ANSWERS,
    dispositions=["answered", "refunded", "no_reply"],
    started_at=_at(30, 0),
    position=4,
    website=_WEBSITE,
    accepted_at=_at(30, 9),
    last_message=conversations.LastMessage(role="customer", text=_QUESTION, at=_at(30, 0)),
)
_OFFER = conversations.Offer(
    offer_id=_OFFER_ID,
    conversation_id=_CONVERSATION_ID,
    queue_id="orders",
    queue_name="Orders and delivery",
    channel="web",
    customer=_MIRA_IN_FULL,
    answers=_ANSWERS,
    first_message=_QUESTION,
    started_at=_at(30, 0),
    offered_at=_at(30, 2),
    expires_at=_at(30, 32),
    seconds=30,
    website=_WEBSITE,
)
_READY = people.Agent(
    agent_id=_JONAS.id,
    name=_JONAS.name,
    email="jonas@example.com",
    role="agent",
    availability="ready",
    state="ready",
    since=_at(0, 12),
    load=1,
    capacity=3,
    conversations=[_CONVERSATION_ID],
    version=41,
)
_AT_LUNCH = people.Agent(
    agent_id=_JONAS.id,
    name=_JONAS.name,
    email="jonas@example.com",
    role="agent",
    availability="not_ready",
    state="not_ready",
    since=_at(58, 0),
    load=0,
    capacity=3,
    conversations=[],
    version=47,
    reason="Lunch",
)

_STARTED = events.ConversationStarted(seq=1, at=_at(30, 0), channel="web")
_ASKED = events.MessageSent(
    seq=2, at=_at(30, 0), message_id="f1a9d3c27e5048b6", sender=_MIRA, text=_QUESTION
)
_OFFERED = events.OfferMade(seq=3, at=_at(30, 2), offer_id=_OFFER_ID, agent=_JONAS)
_JOINED = events.ParticipantJoined(seq=4, at=_at(30, 9), participant=_JONAS)
_ANSWERED = events.MessageSent(
    seq=5,
    at=_at(30, 41),
    message_id=_ANSWER_ID,
    sender=_JONAS,
    text="I am sorry. I can see where the driver left it, one moment.",
)
_THANKED = events.MessageSent(
    seq=6, at=_at(33, 5), message_id="b82e6f40d917", sender=_MIRA, text="Found it, thank you!"
)
_OVER = events.ConversationEnded(seq=7, at=_at(33, 30), by="customer")

EVENTS: Sequence[events.Event] = (
    _STARTED,
    events.MessageSent(
        seq=8,
        at=_at(41, 3),
        message_id="0d7f2b6a91c34e58",
        sender=_JONAS,
        text="Your refund is on its way.",
        delivery="pending",
    ),
    events.MessageDelivery(
        seq=9,
        at=_at(41, 9),
        message_seq=8,
        delivery="failed",
        error="The customer opted out of texts.",
    ),
    _OFFERED,
    events.OfferDeclined(seq=4, at=_at(30, 8), offer_id=_OFFER_ID, agent=_JONAS),
    events.OfferExpired(seq=4, at=_at(30, 32), offer_id=_OFFER_ID, agent=_JONAS),
    events.OfferRevoked(seq=4, at=_at(30, 20), offer_id=_OFFER_ID, agent=_JONAS),
    _JOINED,
    events.ParticipantLeft(seq=8, at=_at(34, 0), participant=_JONAS),
    _OVER,
    events.ConversationClosed(
        seq=9, at=_at(34, 0), disposition="answered", note="Parcel was with the neighbour."
    ),
    events.CustomerOptedOut(seq=7, at=_at(33, 0)),
    events.CustomerOptedIn(seq=8, at=_at(33, 30)),
    events.NumberVoided(seq=6, at=_at(32, 0)),
)
"""One of each event."""

_SOLVED = "0.hVv3kQ2yWcTz"

EXCHANGES: Mapping[str, Exchange] = {
    "GET /widget/queues/{queue_id}": Exchange(
        "/widget/queues/orders",
        reply=queues.QueueForm(
            queue_id="orders",
            name="Orders and delivery",
            form=[
                queues.FormField(variable="name", label="Your name", type="text", required=True),
                queues.FormField(variable="email", label="E-mail", type="email", required=False),
                queues.FormField(
                    variable="topic",
                    label="What is it about?",
                    type="select",
                    required=True,
                    options=["Delivery", "Return", "Invoice"],
                ),
                queues.FormField(
                    variable="message", label="Your question", type="textarea", required=True
                ),
            ],
            captcha=queues.Captcha(provider="turnstile", site_key="0x4AAAAAAAexample"),
        ),
    ),
    "POST /widget/conversations": Exchange(
        "/widget/conversations",
        request=rest.StartConversation(
            start_id="1QmZ5xK0rT8bYw3vNs6Jh2Lc",
            queue_id="orders",
            answers={
                "name": "Mira Okafor",
                "email": "mira@example.com",
                "topic": "Delivery",
                "message": _QUESTION,
            },
            website=rest.WebsiteInput(url=_WEBSITE.url, title=_WEBSITE.title),
            captcha_token=_SOLVED,
        ),
        reply=rest.ConversationStart(
            conversation=_WAITING,
            socket_ticket=_TICKET,
            customer_token=CUSTOMER_TOKEN,
        ),
    ),
    "POST /widget/conversations/{conversation_id}/messages": Exchange(
        f"/widget/conversations/{_CONVERSATION_ID}/messages",
        request=rest.SendMessage(message_id=_THANKED.message_id, text=_THANKED.text),
        reply=rest.MessageReceipt(message_id=_THANKED.message_id, seq=_THANKED.seq),
    ),
    "GET /widget/conversations/{conversation_id}/messages": Exchange(
        f"/widget/conversations/{_CONVERSATION_ID}/messages?after=2",
        reply=rest.CustomerTranscript(
            conversation=_TALKING, events=[_JOINED, _ANSWERED], position=5, more=False
        ),
    ),
    "POST /widget/conversations/{conversation_id}/end": Exchange(
        f"/widget/conversations/{_CONVERSATION_ID}/end",
        reply=_ENDED,
    ),
    "POST /widget/conversations/{conversation_id}/socket-tickets": Exchange(
        f"/widget/conversations/{_CONVERSATION_ID}/socket-tickets",
        reply=rest.SocketTicket(socket_ticket=_TICKET, expires_at=_at(30, 30)),
    ),
    "POST /agent/socket-tickets": Exchange(
        "/agent/socket-tickets",
        reply=rest.SocketTicket(
            socket_ticket="Hc6ZpQ1yWm4tXs9bKj7uDe0vRg3nLf8a", expires_at=_at(0, 40)
        ),
    ),
    "GET /agent/desk": Exchange(
        "/agent/desk",
        reply=rest.Desk(
            at=_at(0, 10),
            agent=_READY,
            offers=[],
            conversations=[_HELD],
            not_ready_reasons=["Break", "Lunch", "Training"],
        ),
    ),
    "GET /agent/queues": Exchange(
        "/agent/queues",
        reply=rest.AgentQueues(
            at=_at(0, 10),
            queues=[
                queues.AgentQueue(
                    queue_id="orders",
                    queue_name="Orders and delivery",
                    waiting=4,
                    ready=0,
                    waiting_since=_at(0, 2),
                ),
                queues.AgentQueue(queue_id="returns", queue_name="Returns", waiting=0, ready=2),
            ],
            ready=2,
            served=[people.Served(since=_at(0, 0), count=3)],
        ),
    ),
    "GET /agent/conversations/{conversation_id}/events": Exchange(
        f"/agent/conversations/{_CONVERSATION_ID}/events?after=0",
        reply=rest.AgentTranscript(
            conversation=_HELD,
            events=[_STARTED, _ASKED, _OFFERED, _JOINED],
            position=4,
            more=False,
        ),
    ),
    "POST /twilio/messages": Exchange(
        "/twilio/messages",
        request=(
            "MessageSid=SM4f8e2a6b0c1d3957f8e2a6b0c1d39574&AccountSid=AC…&From=%2B15550100123"
            "&To=%2B15550100000&Body=Is+my+order+on+its+way%3F&NumMedia=0&NumSegments=1"
        ),
        reply='<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
    ),
    "POST /twilio/status": Exchange(
        "/twilio/status",
        request=(
            "MessageSid=SM9b7d5f3e1a2c4860b7d5f3e1a2c48609&AccountSid=AC…"
            "&MessageStatus=delivered&To=%2B15550100123"
        ),
    ),
}
"""One exchange for each route, by method and path."""

COMMANDS: Sequence[tuple[AnyCommand, AnyFrame]] = (
    (
        commands.Sync(ref="1"),
        frames.Synced(ref="1", version=VERSION, positions={_CONVERSATION_ID: 5}, agent=_READY),
    ),
    (
        commands.SetAvailability(ref="2", availability="not_ready", reason="Lunch"),
        frames.Ok(ref="2"),
    ),
    (
        commands.AcceptOffer(ref="3", conversation_id=_CONVERSATION_ID, offer_id=_OFFER_ID),
        frames.Ok(ref="3"),
    ),
    (
        commands.DeclineOffer(ref="4", conversation_id=_CONVERSATION_ID, offer_id=_OFFER_ID),
        frames.Refused(
            ref="4",
            error=errors.ErrorDetail(code="offer_gone", message="The offer is no longer pending."),
        ),
    ),
    (
        commands.PostMessage(
            ref="5",
            conversation_id=_CONVERSATION_ID,
            message_id=_ANSWER_ID,
            text=_ANSWERED.text,
        ),
        frames.Ok(ref="5", seq=_ANSWERED.seq),
    ),
    (
        commands.CloseConversation(
            ref="6",
            conversation_id=_CONVERSATION_ID,
            disposition="answered",
            note="Parcel was with the neighbour.",
        ),
        frames.Ok(ref="6"),
    ),
    (
        commands.ReadConversation(ref="7", conversation_id=_CONVERSATION_ID, seq=5),
        frames.Ok(ref="7"),
    ),
    (commands.LeaveDesk(ref="8"), frames.Ok(ref="8")),
)
"""Each command with an answer to it."""

FRAMES: Sequence[AnyFrame] = (
    frames.Synced(ref="1", version=VERSION, positions={_CONVERSATION_ID: 5}),
    frames.Ok(ref="5", seq=5),
    frames.Refused(
        ref="5",
        error=errors.ErrorDetail(
            code="invalid", message="A message has at most 4000 characters.", field="text"
        ),
    ),
    frames.EventHappened(conversation_id=_CONVERSATION_ID, after=4, event=_ANSWERED),
    frames.QueuePosition(conversation_id=_CONVERSATION_ID, ahead=2, agents=2, wait_seconds=360),
    frames.CustomerPresence(conversation_id=_CONVERSATION_ID, present=False),
    frames.ReadChanged(conversation_id=_CONVERSATION_ID, by="agent", seq=5),
    frames.OfferPresented(offer=_OFFER),
    frames.OfferResolved(offer_id=_OFFER_ID, conversation_id=_CONVERSATION_ID, outcome="expired"),
    frames.ConversationOpened(conversation=_HELD),
    frames.ConversationReleased(conversation_id=_CONVERSATION_ID),
    frames.AgentChanged(agent=_AT_LUNCH),
)
"""One of each frame."""

ERROR = errors.ErrorReply(
    error=errors.ErrorDetail(code="conversation_closed", message="This conversation has ended.")
)


def every_struct() -> Iterator[Struct]:
    """The outermost structs of all examples."""
    for exchange in EXCHANGES.values():
        yield from (body for body in (exchange.request, exchange.reply) if isinstance(body, Struct))
    for command, answer in COMMANDS:
        yield from (command, answer)
    yield from FRAMES
    yield from EVENTS
    yield ERROR
