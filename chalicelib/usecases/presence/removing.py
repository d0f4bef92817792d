"""Somebody works at the desk no longer."""

from chalicelib.domain.conversation import AgentChange
from chalicelib.ports import Ports
from chalicelib.usecases.retrying import until_settled
from chalicelib.usecases.routing.handing_back import hand_back


def remove_agent(ports: Ports, agent_id: str) -> None:
    """Nobody is let in as this agent any more, and their customers go to others.

    What is cut off after the first write is finished by the sweep. Raises NotFound.
    """

    def attempt() -> None:
        before = ports.agents.get(agent_id)
        if not before.is_removed:
            ports.agents.put(AgentChange(before, before.removed(ports.clock.now())))

    until_settled(ports.clock, attempt)
    hand_back(ports, agent_id)
