"""Agents."""

from collections.abc import Iterator
from typing import Protocol

from chalicelib.domain.access import Connection
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import AgentChange


class Agents(Protocol):
    """Agents and the queues that find them free. All reads are strongly consistent."""

    def get(self, agent_id: str) -> Agent:
        """Raises NotFound."""

    def put(self, change: AgentChange) -> None:
        """Write an agent's new state. Raises Conflict when it is not as it was before."""

    def join(self, change: AgentChange, connection: Connection) -> None:
        """The same for an agent with one more socket. Raises Conflict also when it is closed."""

    def free(self, queue_id: str) -> Iterator[Agent]:
        """Agents with a free slot for the queue, in the order to offer them something."""
