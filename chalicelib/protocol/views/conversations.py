"""What clients are shown of conversations."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from chalicelib.domain import conversation as conversations
from chalicelib.domain import queue as queues
from chalicelib.domain.audience import participant_in_public
from chalicelib.domain.conversation import Status
from chalicelib.domain.events import Channel, Role
from chalicelib.domain.staff import Outlook
from chalicelib.protocol.views.people import Customer, Participant, Timestamp

CustomerStatus = Literal["waiting", "active", "ended"]


class Answer(Struct, frozen=True):
    """One answered question of the pre-chat form."""

    variable: str
    label: str
    value: str

    @classmethod
    def of(cls, answer: queues.Answer) -> Answer:
        """An answer, for agents."""
        return cls(answer.variable, answer.label, answer.value)


class Website(Struct, frozen=True):
    """The page on which the customer opened the widget."""

    url: str
    title: str = ""

    @classmethod
    def of(cls, page: conversations.Website) -> Website:
        """A page, for agents."""
        return cls(page.url, page.title)


class LastMessage(Struct, frozen=True):
    """The newest message of a conversation, cut to 80 characters."""

    role: Role
    text: str
    at: Timestamp

    @classmethod
    def of(cls, last: conversations.LastMessage) -> LastMessage:
        """The newest message, for agents."""
        return cls(last.role, last.text, last.at)


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

    @classmethod
    def of(
        cls,
        conversation: conversations.Conversation,
        queue: queues.Queue,
        outlook: Outlook | None,
    ) -> CustomerConversation:
        """A conversation, for its customer."""
        assignment = conversation.assignment
        agent = participant_in_public(assignment.agent) if assignment else None
        return cls(
            conversation_id=conversation.id,
            queue_id=queue.id,
            queue_name=queue.name,
            channel=conversation.channel,
            status=_customer_status(conversation),
            started_at=conversation.started_at,
            position=conversation.public_seq,
            agent=Participant.of(agent) if agent else None,
            ahead=outlook.ahead if outlook else None,
            agents=outlook.agents if outlook else None,
            wait_seconds=wait_seconds(outlook) if outlook else None,
            away_seconds=int(queue.abandoned_after.total_seconds()),
        )


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

    @classmethod
    def of(
        cls,
        conversation: conversations.Conversation,
        details: conversations.Details,
        queue: queues.Queue,
    ) -> AgentConversation:
        """A conversation, for its agent."""
        last, assignment = conversation.last_message, conversation.assignment
        return cls(
            conversation_id=conversation.id,
            queue_id=queue.id,
            queue_name=queue.name,
            channel=conversation.channel,
            status=conversation.status,
            customer=Customer.of(details.customer),
            answers=[Answer.of(answer) for answer in details.answers],
            dispositions=list(queue.dispositions),
            started_at=conversation.started_at,
            position=conversation.seq,
            website=Website.of(details.website) if details.website else None,
            accepted_at=assignment.accepted_at if assignment else None,
            customer_present=None if conversation.is_text else conversation.customer_is_present,
            last_message=LastMessage.of(last) if last else None,
            opted_out=conversation.opted_out,
            read=conversation.agent_read,
        )


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

    @classmethod
    def of(
        cls,
        conversation: conversations.Conversation,
        details: conversations.Details,
        queue: queues.Queue,
    ) -> Offer:
        """The pending offer of a conversation. Raises ValueError when there is none."""
        pending = conversation.offer
        if pending is None:
            raise ValueError("The conversation is not offered.")
        return cls(
            offer_id=pending.id,
            conversation_id=conversation.id,
            queue_id=queue.id,
            queue_name=queue.name,
            channel=conversation.channel,
            customer=Customer.of(details.customer),
            answers=[Answer.of(answer) for answer in details.answers],
            first_message=details.first_message,
            started_at=conversation.started_at,
            offered_at=pending.made_at,
            expires_at=pending.expires_at,
            seconds=int((pending.expires_at - pending.made_at).total_seconds()),
            website=Website.of(details.website) if details.website else None,
        )


def wait_seconds(outlook: Outlook) -> int | None:
    """About how long a customer waits; None where that cannot be told."""
    return None if outlook.wait is None else int(outlook.wait.total_seconds())


def _customer_status(conversation: conversations.Conversation) -> CustomerStatus:
    if not conversation.is_open:
        return "ended"
    return "active" if conversation.status == "active" else "waiting"
