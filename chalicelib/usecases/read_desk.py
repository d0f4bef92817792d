"""All that an agent's screen needs to begin with."""

from dataclasses import dataclass

from chalicelib.domain.agent import Agent
from chalicelib.ports import Ports
from chalicelib.usecases.presence import agent_with_desk, not_ready_reasons
from chalicelib.usecases.read_conversation import AgentSide


@dataclass(frozen=True, slots=True)
class DeskState:
    """The agent, what they are offered, and what they hold."""

    agent: Agent
    offered: tuple[AgentSide, ...]
    held: tuple[AgentSide, ...]
    not_ready_reasons: tuple[str, ...]


def read_desk(ports: Ports, agent_id: str) -> DeskState:
    """Raises Forbidden when the agent has no desk."""
    agent = agent_with_desk(ports, agent_id)
    found = ports.conversations.get_with_details(agent.work)
    sides = [
        AgentSide(conversation, details, ports.queues.get(conversation.queue_id))
        for conversation, details in found.values()
    ]
    return DeskState(
        agent,
        tuple(side for side in sides if _is_offered(side, agent.id)),
        tuple(side for side in sides if side.conversation.holds_as_agent(agent.id)),
        tuple(not_ready_reasons(ports, agent)),
    )


def _is_offered(side: AgentSide, agent_id: str) -> bool:
    offer = side.conversation.offer
    return offer is not None and offer.agent.id == agent_id
