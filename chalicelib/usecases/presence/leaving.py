"""An agent signs out with customers in hand."""

from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import AgentChange
from chalicelib.domain.notices import AgentChanged
from chalicelib.ports import Ports
from chalicelib.usecases import deliver
from chalicelib.usecases.presence.presence import agent_with_desk
from chalicelib.usecases.retrying import until_settled
from chalicelib.usecases.routing.handing_back import hand_back


def leave(ports: Ports, agent_id: str) -> None:
    """The agent is not ready, and what is offered to or active with them goes to others at once.

    Wrap-ups stay theirs. Repeating it is harmless, and what is cut off after the first write is
    finished by the sweep. Raises Forbidden when they have no desk.
    """

    def attempt() -> Agent:
        before = agent_with_desk(ports, agent_id)
        if before.left_at is not None:
            return before
        after = before.leaving(ports.clock.now())
        ports.agents.put(AgentChange(before, after))
        return after

    agent = until_settled(ports.clock, attempt)
    deliver.to_agent(ports, agent, AgentChanged(agent))
    hand_back(ports, agent_id)
