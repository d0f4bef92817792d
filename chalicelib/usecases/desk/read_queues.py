"""How an agent's queues stand, for a screen that has nothing else to show."""

from dataclasses import dataclass

from chalicelib.domain.agent import Agent
from chalicelib.domain.queue import Queue
from chalicelib.domain.staff import Waiting
from chalicelib.ports import Ports
from chalicelib.usecases.presence.presence import agent_with_desk


@dataclass(frozen=True, slots=True)
class QueueState:
    """Who waits in a queue, and which colleagues of the agent can be offered a conversation."""

    queue: Queue
    waiting: Waiting
    ready: frozenset[str]


@dataclass(frozen=True, slots=True)
class QueuesState:
    """The agent, and how their queues stand."""

    agent: Agent
    queues: tuple[QueueState, ...]

    @property
    def ready(self) -> frozenset[str]:
        """The colleagues of all queues, each once."""
        return frozenset().union(*(state.ready for state in self.queues))


def read_queues(ports: Ports, agent_id: str) -> QueuesState:
    """How the agent's queues stand. Raises Forbidden when the agent has no desk."""
    agent = agent_with_desk(ports, agent_id)
    return QueuesState(agent, tuple(_state(ports, agent, queue_id) for queue_id in agent.queues))


def _state(ports: Ports, agent: Agent, queue_id: str) -> QueueState:
    return QueueState(
        ports.queues.get(queue_id),
        ports.staffing.waiting(queue_id),
        ports.staffing.ready(queue_id) - {agent.id},
    )
