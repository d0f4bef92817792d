"""Ending and closing conversations."""

from chalicelib.domain import lifecycle, text
from chalicelib.domain.access import CustomerToken
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import Change, Conversation
from chalicelib.domain.notices import ConversationReleased, OfferResolved
from chalicelib.ports import Ports
from chalicelib.usecases import deliver
from chalicelib.usecases.conversations.read_conversation import (
    CustomerSide,
    customer_may_read,
    customer_side,
)
from chalicelib.usecases.retrying import until_settled
from chalicelib.usecases.routing import matching


def end_as_customer(ports: Ports, conversation_id: str, token: CustomerToken) -> CustomerSide:
    """The customer ends the conversation. Raises NotFound, Unauthenticated, ConversationClosed."""
    conversation = customer_may_read(ports, conversation_id, token)
    queue = ports.queues.get(conversation.queue_id)

    def attempt() -> Change:
        latest = ports.conversations.get(conversation_id)
        agent = _agent_of(ports, latest)
        change = lifecycle.end(latest, agent, "customer", queue, ports.clock.now())
        ports.conversations.commit(change)
        return change

    change = until_settled(ports.clock, attempt)
    _tell(ports, change)
    return customer_side(ports, change.after)


def close_as_agent(
    ports: Ports, conversation_id: str, agent_id: str, disposition: str | None, note: str | None
) -> None:
    """The agent closes the conversation. Raises NotFound, ConversationClosed or Invalid."""

    def attempt() -> Change:
        conversation = ports.conversations.get(conversation_id)
        change = lifecycle.close(
            conversation,
            ports.agents.get(agent_id),
            ports.queues.get(conversation.queue_id),
            disposition,
            text.message(note or "") or None,
            ports.clock.now(),
        )
        ports.conversations.commit(change)
        return change

    _tell(ports, until_settled(ports.clock, attempt))


def close_unfinished(ports: Ports, conversation_id: str) -> None:
    """End the wrap-up if its time is over."""

    def attempt() -> Change | None:
        conversation = ports.conversations.get(conversation_id)
        agent = _agent_of(ports, conversation)
        if agent is None:
            return None
        change = lifecycle.run_out(conversation, agent, ports.clock.now())
        if change is not None:
            ports.conversations.commit(change)
        return change

    change = until_settled(ports.clock, attempt)
    if change is not None:
        _tell(ports, change)


def _agent_of(ports: Ports, conversation: Conversation) -> Agent | None:
    concerned = conversation.offer or conversation.assignment
    return ports.agents.get(concerned.agent.id) if concerned else None


def _tell(ports: Ports, change: Change) -> None:
    deliver.change(ports, change)
    if change.agent is None:
        return
    agent = change.agent.after
    if change.before.offer is not None:
        offer_id = change.before.offer.id
        deliver.to_agent(ports, agent, OfferResolved(offer_id, change.after.id, "revoked"))
    if change.after.status == "closed" and change.before.assignment is not None:
        deliver.to_agent(ports, agent, ConversationReleased(change.after.id))
    matching.find_work(ports, agent.id)
