"""What the tables hold, read as items and not through the application."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from infra.cloud import Cloud

Json = dict[str, Any]

OPEN = ("queued", "offered", "active")


@dataclass(frozen=True)
class StoredMessage:
    """A message of a transcript. ``delivery`` is None unless it went to a phone."""

    seq: int
    message_id: str
    text: str
    delivery: str | None


@dataclass
class StoredConversation:
    """A conversation with the numbers in use and the messages, in their order.

    ``agent_id`` is who is offered it or holds it.
    """

    id: str
    status: str
    channel: str
    address: str
    seq: int
    agent_id: str | None
    numbers: list[int] = field(default_factory=list)
    messages: list[StoredMessage] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether its customer can write."""
        return self.status in OPEN

    @property
    def phone(self) -> str | None:
        """The customer's number, if the channel is a phone's."""
        return self.address.split("|")[2] if self.channel == "sms" else None


@dataclass(frozen=True)
class StoredAgent:
    """An agent, and what each conversation is for them: offered, active or wrap_up."""

    id: str
    name: str
    capacity: int
    work: Mapping[str, str]


@dataclass(frozen=True)
class Stored:
    """Everything that counts, as it was at one moment, more or less."""

    conversations: Mapping[str, StoredConversation]
    agents: tuple[StoredAgent, ...]


def read(stack: Mapping[str, Any]) -> Stored:
    """What the tables of a running stack hold now."""
    aws = stack["aws"]
    cloud = Cloud(
        aws["region"], aws["endpoint_url"], aws["access_key_id"], aws["secret_access_key"]
    )
    dynamodb = cloud.client("dynamodb")
    # Agents first: a step that comes between the two reads is looked at again a little later.
    agents = [
        _agent(item) for item in _scan(dynamodb, stack["tables"]["agents"]) if item["sk"] == "AGENT"
    ]
    items = list(_scan(dynamodb, stack["tables"]["conversations"]))
    found = {
        conversation.id: conversation
        for conversation in map(_conversation, items)
        if conversation is not None
    }
    for item in sorted(items, key=lambda item: str(item["sk"])):
        if item["sk"].startswith("ENTRY#"):
            _add_entry(found[item["pk"].partition("#")[2]], item)
    return Stored(found, tuple(agents))


def _scan(dynamodb: Any, table: str) -> Iterator[Json]:
    read_value = TypeDeserializer().deserialize
    for page in dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        for item in page["Items"]:
            yield {name: read_value(value) for name, value in item.items()}


def _agent(item: Json) -> StoredAgent:
    state = json.loads(item["state"])
    return StoredAgent(state["id"], state["name"], state["capacity"], state["work"])


def _conversation(item: Json) -> StoredConversation | None:
    if item["sk"] != "CONVERSATION":
        return None
    offer = json.loads(item["offer"]) if item.get("offer") else None
    return StoredConversation(
        item["pk"].partition("#")[2],
        item["status"],
        item["channel"],
        item["address"],
        int(item["seq"]),
        offer["agent"]["id"] if offer else item.get("agent_id"),
    )


def _add_entry(conversation: StoredConversation, item: Json) -> None:
    seq = int(item["sk"].partition("#")[2])
    conversation.numbers.append(seq)
    if item["kind"] == "message.sent":
        event = json.loads(item["event"])
        conversation.messages.append(
            StoredMessage(seq, event["message_id"], event["text"], item.get("delivery"))
        )
