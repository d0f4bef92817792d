"""The adapters as they are put together in production, on moto, with every call on record."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.awsrequest import AWSResponse

from chalicelib import bootstrap
from chalicelib.adapters.dynamodb.agents import AgentTable
from chalicelib.adapters.dynamodb.models import ConversationItem
from chalicelib.adapters.dynamodb.queues import QueueTable
from chalicelib.config import Settings
from chalicelib.domain import messages
from chalicelib.domain.access import Connection, Entrance
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import (
    AgentChange,
    Author,
    Change,
    Conversation,
    Details,
    MessageDraft,
    Start,
)
from chalicelib.domain.events import Channel
from chalicelib.domain.routing import id_at
from chalicelib.ports import Ports
from proof.desk import create_tables
from proof.fakes import POOL_CLIENT, USER_POOL, Clock, Ids
from tests.domain import samples

ENDPOINT = "https://sockets.execute-api.us-east-1.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of AWS."""

    service: str
    operation: str
    request: dict[str, Any]


class Cloud:
    """AWS as all tests of this package share it: what is slow to make, and what happens there."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.gone: set[str] = set()
        self.session = botocore.session.get_session()
        self.session.register("before-parameter-build", self._record)
        emitter = self.session.get_component("event_emitter")
        emitter.register_first("before-send", self._answer_for_gone)
        self.sqs = boto3.client("sqs")
        self.dynamodb = boto3.client("dynamodb")
        self.queues: dict[str, str] = {}
        self._make_queues()
        self._clients: dict[tuple[object, ...], Any] = {}

    def create_client(self, service: str, **options: Any) -> Any:
        """The client that the session makes, once."""
        key = (service, options.get("endpoint_url"))
        if key not in self._clients:
            self._clients[key] = self.session.create_client(service, **options)
        return self._clients[key]

    def clear(self) -> None:
        """Forget the last test, but for its tables."""
        for url in self.queues.values():
            self.sqs.delete_queue(QueueUrl=url)
        self._make_queues()
        self.calls.clear()
        self.gone.clear()

    def _make_queues(self) -> None:
        fifo = {"FifoQueue": "true"}
        for name, attributes in (("timers", {}), ("outbound.fifo", fifo)):
            made = self.sqs.create_queue(QueueName=name, Attributes=attributes)
            self.queues[name.removesuffix(".fifo")] = made["QueueUrl"]

    def _record(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self.calls.append(Call(model.service_model.service_name, model.name, dict(params)))

    def _answer_for_gone(self, request: Any, **_: Any) -> AWSResponse | None:
        """410 for connections that are gone, which moto does not know of."""
        path, _, connection_id = request.url.rpartition("/@connections/")
        if not path or connection_id not in self.gone:
            return None
        headers = {"x-amzn-ErrorType": "GoneException"}
        return AWSResponse(request.url, 410, headers, _Body(b'{"message":"Gone"}'))


class World:
    """Tables, queues and sockets of one test, and the ports to them."""

    def __init__(self, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = Clock()
        self.calls, self.gone = cloud.calls, cloud.gone
        self.raw = cloud.dynamodb
        self._cloud = cloud
        create_tables()
        with monkeypatch.context() as patched:
            patched.setattr(botocore.session, "get_session", lambda: cloud)
            self.ports: Ports = bootstrap.make_ports(self._settings(), self.clock, Ids())
        self.client: Any = ConversationItem._get_connection().connection._client
        assert isinstance(self.ports.agents, AgentTable)
        assert isinstance(self.ports.queues, QueueTable)
        self.agents: AgentTable = self.ports.agents
        self.queues: QueueTable = self.ports.queues
        self.conversations = self.ports.conversations
        self.addresses = self.ports.addresses

    def vanish(self) -> None:
        """Leave the cloud empty for the next test."""
        for table in ("conversations", "agents"):
            self.raw.delete_table(TableName=table)
        self._cloud.clear()

    @property
    def operations(self) -> list[str]:
        """The names of the calls so far."""
        return [call.operation for call in self.calls]

    def snapshot(self) -> list[Any]:
        """Everything in the tables."""
        return [
            sorted(self.raw.scan(TableName=table)["Items"], key=str)
            for table in ("conversations", "agents")
        ]

    def item(self, pk: str, sk: str, table: str = "conversations") -> dict[str, Any]:
        """An item as DynamoDB keeps it; empty when there is none."""
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        return dict(self.raw.get_item(TableName=table, Key=key).get("Item", {}))

    def waiting(self, queue_id: str) -> Iterator[str]:
        """Ids of the conversations that wait, in the order to offer them."""
        return map(id_at, self.conversations.waiting(queue_id))

    def get(self, conversation_id: str = "c1") -> Conversation:
        """The conversation as it is now."""
        return self.conversations.get(conversation_id)

    def begin(
        self,
        id: str = "c1",
        *,
        channel: Channel = "web",
        details: Details | None = None,
        address: str | None = None,
        previous: str | None = None,
        message_id: str = "m1",
        entrance: Entrance | None = None,
        after: timedelta = timedelta(0),
        opted_out: bool = False,
    ) -> Start:
        """A conversation that waits."""
        start = samples.make_start(
            id,
            channel=channel,
            details=details,
            address=address or f"address of {id}",
            message_id=message_id,
            previous=previous,
            taken=self.addresses.contact(address).taken if address and previous else None,
            now=self.clock.now() + after,
        )
        start = replace(start, conversation=replace(start.conversation, opted_out=opted_out))
        self.conversations.begin(start, entrance)
        return start

    def hire(self, id: str = "grace", **changes: Any) -> Agent:
        """An agent who is free."""
        agent = samples.make_agent(id, **changes)
        self.agents.create(agent)
        return self.make_ready(agent)

    def make_ready(self, agent: Agent) -> Agent:
        """The agent, ready and with a socket."""
        sockets = {f"socket-of-{agent.id}": ENDPOINT}
        ready = replace(agent, availability="ready", sockets=sockets, version=agent.version + 1)
        self.agents.put(AgentChange(agent, ready))
        return ready

    def offer(self, agent: Agent, id: str = "c1") -> Change:
        """The conversation is offered to the agent."""
        change = samples.offered(self.get(id), agent)
        self.conversations.commit(change)
        return change

    def accept(self, agent: Agent, id: str = "c1") -> Change:
        """The conversation is offered to and accepted by the agent."""
        made = self.offer(agent, id)
        change = samples.accepted(made)
        self.conversations.commit(change)
        return change

    def attach(self, connection: Connection, id: str = "c1") -> Conversation:
        """The conversation with one more socket, for which no other has to go."""
        return self.conversations.attach(id, connection, [])

    def write(
        self, author: Author, message_id: str, text: str = "Hello", id: str = "c1"
    ) -> Conversation:
        """The conversation with one more message."""
        draft = MessageDraft(message_id, text, self.clock.now())
        numbered = self.conversations.number(id, author, draft)
        entry = messages.message_entry(numbered.conversation, author, draft, numbered.seq)
        assert self.conversations.put_message(numbered.conversation, entry) is None
        return numbered.conversation

    def received(self, queue: str) -> list[dict[str, Any]]:
        """What is on the queue now."""
        reply = self._cloud.sqs.receive_message(
            QueueUrl=self._cloud.queues[queue], MaxNumberOfMessages=10
        )
        return list(reply.get("Messages", []))

    def _settings(self) -> Settings:
        return Settings(
            conversations_table="conversations",
            agents_table="agents",
            timer_queue_url=self._cloud.queues["timers"],
            outbound_queue_url=self._cloud.queues["outbound"],
            public_base_url="https://desk.example.test/api",
            socket_endpoint="",
            twilio_account_sid="AC" + 32 * "0",
            twilio_auth_token="token-of-the-tests",
            twilio_api_url="",
            captcha_url="",
            installation_id="installation of the tests",
            user_pool_id=USER_POOL,
            user_pool_client_id=POOL_CLIENT,
        )


class _Body:
    """The body of a reply as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._content

    def read(self) -> bytes:
        return self._content


def entrance_of(customer_id: str = "ada", now: datetime = samples.NOW) -> Entrance:
    """What lets a customer in."""
    token, ticket = f"token-of-{customer_id}", f"ticket-of-{customer_id}"
    return Entrance(
        customer_id, token, now + timedelta(days=180), ticket, now + timedelta(seconds=30)
    )
