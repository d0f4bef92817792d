"""Putting queues, numbers and agents into a stage, for the operator's tools."""

from datetime import UTC, datetime

import botocore.session

from chalicelib.adapters.dynamodb.agents import AgentTable
from chalicelib.adapters.dynamodb.client import connect
from chalicelib.adapters.dynamodb.queues import QueueTable
from chalicelib.adapters.system import SystemClock
from chalicelib.domain import text
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import AgentChange
from chalicelib.domain.errors import NotFound
from chalicelib.domain.events import Role
from chalicelib.domain.queue import SHOWN_BYTES, Queue
from chalicelib.domain.texting import check_line

NAME_LENGTH = 100


def checked_name(name: str) -> str:
    """An agent's name as one line.

    Raises ValueError for a name in which there is nothing to see, or which is too long.
    """
    line = text.line(name)
    if not 0 < len(line) <= NAME_LENGTH:
        raise ValueError(f"A name has 1 to {NAME_LENGTH} characters.")
    return line


class Provisioning:
    """Writes to the tables of a stage, with the credentials of the environment."""

    def __init__(self, conversations_table: str, agents_table: str) -> None:
        session = botocore.session.get_session()
        database = connect(session, conversations_table, agents_table)
        self._queues = QueueTable(SystemClock())
        self._agents = AgentTable(database)

    def queue_ids(self) -> list[str]:
        """The ids of all queues."""
        return self._queues.all_ids()

    def put_queue(self, queue: Queue) -> None:
        """Write a queue's settings.

        Raises ValueError when its form asks for no message, or its texts are too long for a frame.
        """
        if all(field.variable != "message" for field in queue.form):
            raise ValueError("The form needs a field with the variable 'message'.")
        if queue.shown_bytes > SHOWN_BYTES:
            raise ValueError(
                "The name, the outcomes and the questions are too long together: "
                f"{queue.shown_bytes:,} of {SHOWN_BYTES:,} bytes."
            )
        self._queues.put(queue)

    def put_number(self, number: str, queue_id: str) -> None:
        """Let a line of ours lead to a queue. Raises Invalid, and NotFound for an unknown queue."""
        check_line(number)
        self._queues.put_number(number, queue_id)

    def put_agent(
        self,
        agent_id: str,
        email: str,
        name: str,
        role: Role,
        queues: tuple[str, ...],
        capacity: int,
    ) -> None:
        """Write a new agent, or change what an agent is, leaving what they are doing.

        Raises ValueError for a name in which there is nothing to see, or which is too long.
        """
        name = checked_name(name)
        try:
            before = self._agents.get(agent_id)
        except NotFound:
            now = datetime.now(UTC)
            self._agents.create(
                Agent(agent_id, name, email, role, capacity, queues, since=now, idle_since=now)
            )
            return
        after = before.described(name, email, role, capacity, queues)
        self._agents.put(AgentChange(before, after))
