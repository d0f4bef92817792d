"""Conversations of agents who did not come back in time, signed out, or work here no longer."""

from chalicelib.domain import lifecycle
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import Change, Details
from chalicelib.domain.notices import ConversationReleased, Notice, OfferResolved
from chalicelib.ports import Ports, Timer
from chalicelib.usecases import connections, deliver
from chalicelib.usecases.retrying import until_settled
from chalicelib.usecases.routing import matching, offers


def hand_back(ports: Ports, agent_id: str) -> None:
    """Offer the conversations of an agent who is gone to others, once the grace is over.

    Who signed out, or was removed, is given none.
    """
    agent = ports.agents.get(agent_id)
    if agent.missed_at is None:
        return
    early = agent.missed_at - ports.clock.now()
    if early.total_seconds() > 0:
        ports.timers.schedule(Timer("away", agent_id), early)
        return
    if agent.is_removed:
        connections.end_sockets(ports, agent)
    for conversation_id in agent.work:
        _hand_back_one(ports, agent_id, conversation_id)


def _hand_back_one(ports: Ports, agent_id: str, conversation_id: str) -> None:
    def attempt() -> tuple[Change, Details] | None:
        agent = ports.agents.get(agent_id)
        if not _is_gone(ports, agent):
            return None
        conversation, details = offers.get_with_details(ports, conversation_id)
        queue = ports.queues.get(conversation.queue_id)
        change = lifecycle.hand_back(conversation, agent, queue, ports.clock.now())
        if change is None:
            return None
        ports.conversations.commit(change)
        return change, details

    settled = until_settled(ports.clock, attempt)
    if settled is not None:
        change, details = settled
        _tell(ports, change)
        matching.find_agent(ports, change.after, details)


def _tell(ports: Ports, change: Change) -> None:
    """Tell everybody, also the windows that the agent may still have."""
    deliver.change(ports, change)
    if change.agent is None:
        return
    taken_back: Notice = ConversationReleased(change.after.id)
    if change.before.offer is not None:
        taken_back = OfferResolved(change.before.offer.id, change.after.id, "revoked")
    deliver.to_agent(ports, change.agent.after, taken_back)


def _is_gone(ports: Ports, agent: Agent) -> bool:
    return agent.missed_at is not None and agent.missed_at <= ports.clock.now()
