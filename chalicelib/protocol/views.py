"""What clients are shown of conversations, agents and queues."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chalicelib.domain.agent import AgentState, Availability
from chalicelib.domain.conversation import Status
from chalicelib.domain.events import Channel, Role
from chalicelib.domain.queue import CaptchaProvider, FieldType

Timestamp = Annotated[datetime, Meta(tz=True)]
CustomerStatus = Literal["waiting", "active", "ended"]


class FormField(Struct, frozen=True):
    """A question of a queue's pre-chat form.

    ``variable`` names the answer; the variables ``name``, ``email``, ``phone`` and ``account_id``
    identify the customer, and ``message`` is the first message of the conversation.
    """

    variable: str
    label: str
    type: FieldType
    required: bool
    options: list[str] = []


class Captcha(Struct, frozen=True):
    """A check that a person writes: run the provider's script with this key and send its token."""

    provider: CaptchaProvider
    site_key: str


class QueueForm(Struct, frozen=True):
    """What a customer must know of a queue before writing to it."""

    queue_id: str
    name: str
    form: list[FormField]
    captcha: Captcha | None = None


class Participant(Struct, frozen=True):
    """A customer, agent, supervisor or bot in a conversation.

    Customers are shown another ``id`` of the people at the desk than agents are: it is the same in
    all conversations, and not the one they sign in with.
    """

    role: Role
    id: str
    name: str


class Answer(Struct, frozen=True):
    """One answered question of the pre-chat form."""

    variable: str
    label: str
    value: str


class Website(Struct, frozen=True):
    """The page on which the customer opened the widget."""

    url: str
    title: str = ""


class Customer(Struct, frozen=True):
    """The person outside; what is not known is null."""

    id: str
    name: str
    email: str | None = None
    phone: str | None = None
    account_id: str | None = None


class LastMessage(Struct, frozen=True):
    """The newest message of a conversation, cut to 80 characters."""

    role: Role
    text: str
    at: Timestamp


class CustomerConversation(Struct, frozen=True):
    """A conversation as its customer sees it.

    ``position`` is the number of the newest event that the customer may see.
    Of the last four only ``away_seconds`` is there when it does not wait: the others are null.
    ``ahead`` counts the conversations that wait before this one, at most 100. ``agents`` counts
    the agents who are there and not "not ready", at most 100: 0 where nobody is there now, null
    where it is not known, or one of them is being asked. ``wait_seconds`` is about how long it may
    take, by the pace of those who are there; null where that cannot be told. ``away_seconds`` is
    how long the customer may be away while it waits: later it may end.
    """

    conversation_id: str
    queue_id: str
    queue_name: str
    channel: Channel
    status: CustomerStatus
    started_at: Timestamp
    position: int
    agent: Participant | None = None
    ahead: int | None = None
    agents: int | None = None
    wait_seconds: int | None = None
    away_seconds: int | None = None


class AgentConversation(Struct, frozen=True):
    """A conversation as its agent sees it.

    ``position`` is the number of its newest event. ``dispositions`` are the outcomes to choose
    from when closing it; where the list is empty none is asked for. ``customer_present`` tells
    whether the customer is on the page, null where one cannot know. ``opted_out`` tells that the
    customer wants no texts: what is sent to them is refused until they opt in again. Up to ``read``
    this agent has read it, in whichever window.
    """

    conversation_id: str
    queue_id: str
    queue_name: str
    channel: Channel
    status: Status
    customer: Customer
    answers: list[Answer]
    dispositions: list[str]
    started_at: Timestamp
    position: int
    website: Website | None = None
    accepted_at: Timestamp | None = None
    customer_present: bool | None = None
    last_message: LastMessage | None = None
    opted_out: bool = False
    read: int = 0


class Offer(Struct, frozen=True):
    """A conversation pushed to one agent, who accepts or declines it before it expires.

    ``seconds`` is how long the agent has in all, for the countdown.
    """

    offer_id: str
    conversation_id: str
    queue_id: str
    queue_name: str
    channel: Channel
    customer: Customer
    answers: list[Answer]
    first_message: str
    started_at: Timestamp
    offered_at: Timestamp
    expires_at: Timestamp
    seconds: int
    website: Website | None = None


class Agent(Struct, frozen=True):
    """An agent's own state.

    ``version`` grows with every change: of two states the higher version is the newer.
    ``conversations`` are the ids of those held: active, or in wrap-up.
    ``load`` counts conversations offered or active, ``capacity`` is the most there may be.
    ``missed`` counts the offers that they missed in a row. An agent who misses as many as the
    queue allows is made not ready, with the ``reason`` ``no_answer``.
    """

    agent_id: str
    name: str
    email: str
    role: Role
    availability: Availability
    state: AgentState
    since: Timestamp
    load: int
    capacity: int
    conversations: list[str]
    version: int
    reason: str | None = None
    missed: int = 0


class AgentQueue(Struct, frozen=True):
    """How a queue of the agent stands.

    ``waiting`` counts the customers who wait in it, at most 100, the first of them since
    ``waiting_since``. ``ready`` counts the agent's colleagues who can be offered a conversation, at
    most 100. All may be some seconds old.
    """

    queue_id: str
    queue_name: str
    waiting: int
    ready: int
    waiting_since: Timestamp | None = None


class Served(Struct, frozen=True):
    """How many conversations the agent closed in the half hour that began at ``since``."""

    since: Timestamp
    count: int
