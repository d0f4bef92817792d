"""An agent's answers to an offer, and its end when there is none."""

from dataclasses import dataclass

from chalicelib.domain import lifecycle
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import Change, Conversation, Details
from chalicelib.domain.errors import NotFound, OfferGone
from chalicelib.domain.notices import (
    ConversationOpened,
    OfferOutcome,
    OfferResolved,
)
from chalicelib.ports import Ports, Timer
from chalicelib.usecases import deliver
from chalicelib.usecases.retrying import until_settled
from chalicelib.usecases.routing import matching


@dataclass(frozen=True, slots=True)
class _Held:
    """A pending offer as it was loaded to be answered."""

    conversation: Conversation
    details: Details
    agent: Agent


def accept(ports: Ports, agent_id: str, conversation_id: str, offer_id: str) -> None:
    """The agent takes the conversation. Repeating it is harmless. Raises OfferGone."""

    def attempt() -> tuple[Change | None, _Held]:
        held = _load(ports, agent_id, conversation_id)
        change = lifecycle.accept(held.conversation, held.agent, offer_id, ports.clock.now())
        if change is not None:
            ports.conversations.commit(change)
        return change, held

    change, held = until_settled(ports.clock, attempt)
    conversation = change.after if change else held.conversation
    agent = change.agent.after if change and change.agent else held.agent
    queue = ports.queues.get(conversation.queue_id)
    if conversation.status != "closed":
        opened = ConversationOpened(conversation, held.details, queue)
        deliver.to_agent(ports, agent, opened)
    deliver.to_agent(ports, agent, OfferResolved(offer_id, conversation_id, "accepted"))
    if change is not None:
        deliver.change(ports, change)


def decline(ports: Ports, agent_id: str, conversation_id: str, offer_id: str) -> None:
    """The agent passes the conversation on. Raises OfferGone."""

    def attempt() -> tuple[Change, _Held]:
        held = _load(ports, agent_id, conversation_id)
        queue = ports.queues.get(held.conversation.queue_id)
        now = ports.clock.now()
        change = lifecycle.decline(held.conversation, held.agent, offer_id, queue, now)
        ports.conversations.commit(change)
        return change, held

    change, held = until_settled(ports.clock, attempt)
    _pass_on(ports, change, held, offer_id, "declined")


def expire(ports: Ports, conversation_id: str, offer_id: str | None = None) -> None:
    """Take the offer back if its time is over; does nothing when it was answered before.

    Without ``offer_id`` whichever offer is pending is meant.
    """

    def attempt() -> tuple[Change, _Held, str] | None:
        conversation, details = get_with_details(ports, conversation_id)
        pending = conversation.offer
        if pending is None or (offer_id is not None and pending.id != offer_id):
            return None
        agent = ports.agents.get(pending.agent.id)
        queue = ports.queues.get(conversation.queue_id)
        now = ports.clock.now()
        change = lifecycle.expire(conversation, agent, pending.id, queue, now)
        if change is None:
            timer = Timer("offer", conversation_id, pending.id)
            ports.timers.schedule(timer, pending.expires_at - now)
            return None
        ports.conversations.commit(change)
        return change, _Held(conversation, details, agent), pending.id

    settled = until_settled(ports.clock, attempt)
    if settled is not None:
        change, held, expired = settled
        _pass_on(ports, change, held, expired, "expired")


def get_with_details(ports: Ports, conversation_id: str) -> tuple[Conversation, Details]:
    """The conversation with its details. Raises NotFound."""
    found = ports.conversations.get_with_details([conversation_id]).get(conversation_id)
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


def _load(ports: Ports, agent_id: str, conversation_id: str) -> _Held:
    try:
        conversation, details = get_with_details(ports, conversation_id)
    except NotFound:
        raise OfferGone("This offer is no longer open.") from None
    return _Held(conversation, details, ports.agents.get(agent_id))


def _pass_on(
    ports: Ports, change: Change, held: _Held, offer_id: str, outcome: OfferOutcome
) -> None:
    deliver.to_agent(ports, held.agent, OfferResolved(offer_id, change.after.id, outcome))
    deliver.change(ports, change)
    matching.find_agent(ports, change.after, held.details)
    matching.find_work(ports, held.agent.id)
