"""The steps of a conversation's life, each a pure function from what was to what is.

``queued → offered → active → wrap_up → closed``; declined, expired and revoked offers lead back.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import (
    AgentChange,
    Assignment,
    Change,
    Contact,
    Conversation,
    Details,
    Offer,
    Socket,
    Start,
)
from chalicelib.domain.errors import Conflict, ConversationClosed, Invalid, NotFound, OfferGone
from chalicelib.domain.events import (
    Channel,
    ConversationEnded,
    ConversationStarted,
    Entry,
    Event,
    MessageSent,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferRevoked,
    Participant,
    ParticipantJoined,
    ParticipantLeft,
    Role,
)
from chalicelib.domain.events import ConversationClosed as Closed
from chalicelib.domain.messages import last_message, mark, newest
from chalicelib.domain.queue import Queue
from chalicelib.domain.routing import is_abandoned
from chalicelib.domain.step import step

HIGHEST_PRIORITY = 9

REFUSALS_KEPT = 10
"""Of a conversation that is passed on so often, the oldest refusals are forgotten."""


def start(
    *,
    conversation_id: str,
    queue: Queue,
    channel: Channel,
    address: str,
    details: Details,
    message_id: str,
    keys: Mapping[str, datetime],
    contact: Contact,
    now: datetime,
) -> Start:
    """A conversation opened by its first message, waiting in its queue.

    ``contact`` is what its address led to.
    """
    customer = Participant("customer", details.customer.id, details.customer.name)
    message = MessageSent(message_id, customer, details.first_message)
    conversation = Conversation(
        id=conversation_id,
        queue_id=queue.id,
        channel=channel,
        status="queued",
        customer=customer,
        address=address,
        started_at=now,
        queued_at=now,
        seq=2,
        public_seq=2,
        opted_out=contact.opted_out,
        last_message=last_message(message, now),
        keys=keys,
        recent={mark(customer, message_id): 2},
    )
    entries = (Entry(1, now, ConversationStarted(channel)), Entry(2, now, message))
    waiting = with_next_look(conversation, queue, now)
    return Start(waiting, details, entries, contact.conversation_id, newest(contact.taken))


def offer(
    conversation: Conversation, agent: Agent, offer_id: str, queue: Queue, now: datetime
) -> Change:
    """The waiting conversation pushed to a free agent. Raises Conflict when either is not."""
    if conversation.status != "queued" or not agent.is_free:
        raise Conflict
    after = replace(
        conversation,
        status="offered",
        next_look=None,
        offer=Offer(offer_id, agent.participant, now, now + queue.offer_lasts),
    )
    return step(
        conversation,
        after,
        [OfferMade(offer_id, agent.participant)],
        now,
        AgentChange(agent, agent.with_work(conversation.id, "offered", now)),
    )


def accept(conversation: Conversation, agent: Agent, offer_id: str, now: datetime) -> Change | None:
    """The agent takes the conversation. None when this very offer was accepted before.

    Raises OfferGone when the offer is no longer pending with this agent.
    """
    assignment = conversation.assignment
    if assignment and assignment.offer_id == offer_id and assignment.agent.id == agent.id:
        return None
    _pending_offer(conversation, agent.id, offer_id)
    sockets = {id: Socket(agent.id, endpoint, now) for id, endpoint in agent.sockets.items()}
    taking = agent.with_work(conversation.id, "active", now).answering()
    after = replace(
        conversation,
        status="active",
        offer=None,
        assignment=Assignment(offer_id, agent.participant, now),
        agent_read=0,
        sockets={**conversation.sockets, **sockets},
    )
    return step(
        conversation,
        after,
        [ParticipantJoined(agent.participant)],
        now,
        AgentChange(agent, taking.having_taken(conversation.queue_id, now)),
    )


def decline(
    conversation: Conversation, agent: Agent, offer_id: str, queue: Queue, now: datetime
) -> Change:
    """The conversation goes back to its queue, behind those refused less often.

    Raises OfferGone when the offer is no longer pending with this agent.
    """
    _pending_offer(conversation, agent.id, offer_id)
    event = OfferDeclined(offer_id, agent.participant)
    released = agent.without_work(conversation.id, now).answering()
    return _back_to_queue(conversation, AgentChange(agent, released), event, queue, now)


def expire(
    conversation: Conversation, agent: Agent, offer_id: str, queue: Queue, now: datetime
) -> Change | None:
    """The conversation goes back to its queue, behind those refused less often.

    An agent who misses too many offers in a row is not ready any more. None when the offer is not
    due.
    """
    pending = conversation.offer
    if pending is None or pending.id != offer_id or now < pending.expires_at:
        return None
    event = OfferExpired(offer_id, agent.participant)
    released = agent.without_work(conversation.id, now).missing(queue.missed_offers, now)
    return _back_to_queue(conversation, AgentChange(agent, released), event, queue, now)


def hand_back(
    conversation: Conversation, agent: Agent, queue: Queue, now: datetime
) -> Change | None:
    """A conversation of an agent who is gone goes back to its queue.

    If it was under way it waits before all others, and its customer has abandoned nothing: their
    absence counts from now on. A wrap-up stays with its agent; one whose agent is removed is
    closed. None when the agent has no part in it.
    """
    pending = conversation.offer
    if pending is not None and pending.agent.id == agent.id:
        event: Event = OfferRevoked(pending.id, agent.participant)
        after = replace(conversation, status="queued", offer=None)
    elif conversation.status == "active" and conversation.holds_as_agent(agent.id):
        event = ParticipantLeft(agent.participant)
        after = replace(
            conversation,
            status="queued",
            assignment=None,
            agent_read=0,
            priority=HIGHEST_PRIORITY,
            left_at=now,
        )
    elif agent.is_removed and conversation.holds_as_agent(agent.id) and not conversation.is_closed:
        return _close(conversation, agent, Closed(), now)
    else:
        return None
    released = AgentChange(agent, agent.without_work(conversation.id, now))
    return step(conversation, with_next_look(after, queue, now), [event], now, released)


def abandon(conversation: Conversation, queue: Queue, now: datetime) -> Change | None:
    """A waiting conversation whose customer has been gone for too long ends, with nobody's work.

    None when it does not wait, or its customer may still come back.
    """
    if not is_abandoned(conversation, queue, now):
        return None
    after = replace(conversation, status="closed", next_look=None)
    return step(conversation, after, [ConversationEnded("bot", "abandoned"), Closed()], now, None)


def with_next_look(conversation: Conversation, queue: Queue, now: datetime) -> Conversation:
    """The waiting conversation, to be looked at when its customer may have been gone too long."""
    if conversation.is_text:
        return conversation
    gone_since = conversation.gone_since or now
    return replace(conversation, next_look=gone_since + queue.abandoned_after)


def end(
    conversation: Conversation, agent: Agent | None, by: Role, queue: Queue, now: datetime
) -> Change:
    """Nobody writes any more; an assigned agent goes on to the wrap-up.

    ``agent`` is the one it is offered to or assigned to. Raises ConversationClosed when it ended
    before.
    """
    if not conversation.is_open:
        raise ConversationClosed("The conversation has ended.")
    if conversation.status == "active" and agent is not None:
        after = replace(conversation, status="wrap_up", wrap_up_until=now + queue.wrap_up_lasts)
        wrapping_up = agent.with_work(conversation.id, "wrap_up", now)
        return step(
            conversation, after, [ConversationEnded(by)], now, AgentChange(agent, wrapping_up)
        )
    events: list[Event] = [ConversationEnded(by), Closed()]
    if conversation.offer is not None:
        events.insert(0, OfferRevoked(conversation.offer.id, conversation.offer.agent))
    after = replace(conversation, status="closed", offer=None, next_look=None)
    if agent is None:
        return step(conversation, after, events, now, None)
    released = AgentChange(agent, agent.without_work(conversation.id, now))
    return step(conversation, after, events, now, released)


def close(
    conversation: Conversation,
    agent: Agent,
    queue: Queue,
    disposition: str | None,
    note: str | None,
    now: datetime,
) -> Change:
    """The agent closes the conversation with one of the dispositions of its queue.

    Raises NotFound for others' conversations, ConversationClosed when it is closed already,
    and Invalid, naming ``disposition``.
    """
    if not conversation.holds_as_agent(agent.id):
        raise NotFound("You do not hold this conversation.")
    if conversation.status == "closed":
        raise ConversationClosed("The conversation is closed.")
    _check_disposition(queue, disposition)
    return _close(conversation, agent, Closed(disposition, note), now)


def run_out(conversation: Conversation, agent: Agent, now: datetime) -> Change | None:
    """The wrap-up ends without a disposition when its time is over."""
    if conversation.status != "wrap_up" or conversation.wrap_up_until is None:
        return None
    if now < conversation.wrap_up_until:
        return None
    return _close(conversation, agent, Closed(), now)


def _pending_offer(conversation: Conversation, agent_id: str, offer_id: str) -> Offer:
    pending = conversation.offer
    if pending is None or pending.id != offer_id or pending.agent.id != agent_id:
        raise OfferGone("This offer is no longer open.")
    return pending


def _back_to_queue(
    conversation: Conversation,
    released: AgentChange,
    event: OfferDeclined | OfferExpired,
    queue: Queue,
    now: datetime,
) -> Change:
    refusals = {**conversation.refusals, released.after.id: now}
    newest = sorted(refusals, key=lambda agent_id: refusals[agent_id])[-REFUSALS_KEPT:]
    after = replace(
        conversation,
        status="queued",
        offer=None,
        refusals={agent_id: refusals[agent_id] for agent_id in newest},
        refused=conversation.refused + 1,
        # Or what is refused would come before all others for ever.
        priority=conversation.priority // 2,
    )
    return step(conversation, with_next_look(after, queue, now), [event], now, released)


def _close(conversation: Conversation, agent: Agent, closed: Closed, now: datetime) -> Change:
    events: list[Event] = [closed]
    if conversation.status == "active":
        events.insert(0, ConversationEnded(agent.role))
    after = replace(conversation, status="closed", wrap_up_until=None)
    released = agent.without_work(conversation.id, now).having_served(now)
    return step(conversation, after, events, now, AgentChange(agent, released))


def _check_disposition(queue: Queue, disposition: str | None) -> None:
    if queue.dispositions and disposition is None:
        raise Invalid("Choose a disposition.", "disposition")
    if disposition is not None and disposition not in queue.dispositions:
        raise Invalid("This queue has no such disposition.", "disposition")
