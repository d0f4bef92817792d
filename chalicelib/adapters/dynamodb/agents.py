"""Agents in DynamoDB: one item each, and a copy of it in every queue that they serve."""

from collections.abc import Iterator

import msgspec
from pynamodb.connection import Connection as Database
from pynamodb.exceptions import DoesNotExist
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.dynamodb import codec, conditions, connections
from chalicelib.adapters.dynamodb.client import translated
from chalicelib.adapters.dynamodb.models import AgentItem, AwayItem, ConnectionItem, SeatItem
from chalicelib.domain.access import Connection
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import AgentChange
from chalicelib.domain.errors import NotFound
from chalicelib.domain.routing import rank

PAGE = 30


def put_agent(transaction: TransactWrite, change: AgentChange) -> None:
    """Write the agent, and their copy in each queue, as part of a transaction."""
    after = change.after
    state = codec.encode(after)
    transaction.save(
        AgentItem(_agent_key(after.id), state=state, version=after.version),
        conditions.agent_is_unchanged(change.before),
    )
    for queue_id in after.queues:
        transaction.save(
            SeatItem(seats_key(queue_id), _agent_key(after.id), state=state, rank=rank(after))
        )
    _put_away(transaction, change)
    for queue_id in sorted(set(change.before.queues) - set(after.queues)):
        transaction.delete(SeatItem(seats_key(queue_id), _agent_key(after.id)))


def _put_away(transaction: TransactWrite, change: AgentChange) -> None:
    """Keep what the sweep finds in step with whether somebody waits for the agent."""
    before, after = change.before.missed_at, change.after.missed_at
    if after is not None and after != before:
        transaction.save(AwayItem(_away_key(change.after.id), due_at=codec.milliseconds(after)))
    if after is None and before is not None:
        transaction.delete(AwayItem(_away_key(change.after.id)))


class AgentTable:
    """The port ``Agents``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, agent_id: str) -> Agent:
        """Raises NotFound."""
        try:
            with translated():
                item = AgentItem.get(_agent_key(agent_id), "AGENT", consistent_read=True)
        except DoesNotExist:
            raise NotFound("There is no such agent.") from None
        return read_agent(item.state)

    def put(self, change: AgentChange) -> None:
        """Write an agent's new state. Raises Conflict when it is not as it was before."""
        with translated(), TransactWrite(connection=self._database) as transaction:
            put_agent(transaction, change)

    def join(self, change: AgentChange, connection: Connection) -> None:
        """The same for an agent with one more socket. Raises Conflict also when it is closed."""
        with translated(), TransactWrite(connection=self._database) as transaction:
            put_agent(transaction, change)
            transaction.update(
                ConnectionItem(connections.key(connection.id)),
                actions=connections.joined(connection),
                condition=conditions.SOCKET_IS_OPEN,
            )

    def free(self, queue_id: str) -> Iterator[Agent]:
        """Agents with a free slot for the queue, in the order to offer them something."""
        with translated():
            for seat in SeatItem.by_rank.query(
                seats_key(queue_id), consistent_read=True, page_size=PAGE
            ):
                yield read_agent(seat.state)

    def create(self, agent: Agent) -> None:
        """Write a new agent. Raises Conflict when there is one with this id."""
        state = codec.encode(agent)
        with translated(), TransactWrite(connection=self._database) as transaction:
            transaction.save(
                AgentItem(_agent_key(agent.id), state=state, version=agent.version),
                conditions.AGENT_IS_NEW,
            )
            for queue_id in agent.queues:
                transaction.save(SeatItem(seats_key(queue_id), _agent_key(agent.id), state=state))


def read_agent(state: str) -> Agent:
    """The agent of an item's or a seat's state."""
    return msgspec.json.decode(state, type=Agent)


def _agent_key(agent_id: str) -> str:
    return f"AGENT#{agent_id}"


def _away_key(agent_id: str) -> str:
    return f"AWAY#{agent_id}"


def seats_key(queue_id: str) -> str:
    """The partition of a queue's seats."""
    return f"SEATS#{queue_id}"
