"""All that an agent's screen needs to begin with."""

from dataclasses import dataclass

from chalicelib.domain.agent import Agent
from chalicelib.domain.sizes import first_that_fit, written_bytes
from chalicelib.ports import Ports
from chalicelib.usecases.conversations.read_conversation import AgentSide
from chalicelib.usecases.presence.presence import agent_with_desk, not_ready_reasons

DESK_BYTES = 800_000
"""Most bytes of the conversations in one answer, so that with all the rest it stays below 1 MB."""


@dataclass(frozen=True, slots=True)
class DeskState:
    """The agent, what they are offered, and what they hold.

    ``next_page`` is what to ask on with when this is not all.
    """

    agent: Agent
    offered: tuple[AgentSide, ...]
    held: tuple[AgentSide, ...]
    not_ready_reasons: tuple[str, ...]
    next_page: str | None


def read_desk(ports: Ports, agent_id: str, page: str = "") -> DeskState:
    """What follows the page before this. Raises Forbidden when the agent has no desk."""
    agent = agent_with_desk(ports, agent_id)
    found = ports.conversations.get_with_details(id for id in agent.work if id > page)
    sides = [
        AgentSide(conversation, details, ports.queues.get(conversation.queue_id))
        for _, (conversation, details) in sorted(found.items())
    ]
    shown, is_cut = first_that_fit(((side, _bytes(side)) for side in sides), DESK_BYTES)
    return DeskState(
        agent,
        tuple(side for side in shown if _is_offered(side, agent.id)),
        tuple(side for side in shown if side.conversation.holds_as_agent(agent.id)),
        tuple(not_ready_reasons(ports, agent)),
        shown[-1].conversation.id if is_cut else None,
    )


def _bytes(side: AgentSide) -> int:
    last = side.conversation.last_message
    return written_bytes([side.details, side.queue.name, side.queue.dispositions, last])


def _is_offered(side: AgentSide, agent_id: str) -> bool:
    offer = side.conversation.offer
    return offer is not None and offer.agent.id == agent_id
