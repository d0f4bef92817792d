"""DynamoDB's tables: moto's backend, called without HTTP, with what moto leaves out.

Transactions are undone item by item rather than by copies of whole tables, and reads that are not
strongly consistent may be served as things stood a moment ago.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from moto.core.exceptions import JsonRESTError
from moto.core.model_instances import reset_model_data
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from proof.desk import table_shapes
from proof.simulation.cloud.quicker import quicker

Json = dict[str, Any]

REMEMBERED = 400
"""Writes that a stale read can reach behind."""


@dataclass(frozen=True, slots=True)
class Key:
    """Where an item is."""

    table: str
    pk: str
    sk: str

    def __str__(self) -> str:
        return self.pk if self.sk in self.pk else f"{self.pk}/{self.sk}"

    @property
    def kind(self) -> str:
        """What the partition belongs to."""
        return self.pk.partition("#")[0]

    @property
    def id(self) -> str:
        """Which one of its kind that is."""
        return self.pk.partition("#")[2]

    @property
    def is_conversation(self) -> bool:
        """Whether a conversation's own item is there."""
        return self.kind == self.sk == "CONVERSATION"

    @property
    def seq(self) -> int | None:
        """The number of the entry that is there; None when something else is."""
        return int(self.sk.partition("#")[2]) if self.sk.startswith("ENTRY#") else None


@dataclass(frozen=True, slots=True)
class _Write:
    at: int
    key: Key
    before: Item | None


class Tables:
    """Both tables. ``wrote`` is told of every item that changed."""

    def __init__(self, elapsed: Callable[[], int]) -> None:
        # Otherwise moto keeps every item of every world before this one.
        reset_model_data()
        self._backend = DynamoDBBackend("us-east-1", "123456789012")
        self._handler = _Handler(self._backend)
        self._elapsed = elapsed
        self._writes: deque[_Write] = deque(maxlen=REMEMBERED)
        for name, shape in table_shapes().items():
            self._run("CreateTable", {"TableName": name, "BillingMode": "PAY_PER_REQUEST", **shape})

    def item(self, key: Key) -> Json | None:
        """The raw item that stands there."""
        item = self._stored(key)
        return None if item is None else dict(item.to_json()["Attributes"])

    def call(self, operation: str, request: Json) -> tuple[Json, list[Key]]:
        """The answer of DynamoDB, and the items that changed. Raises ClientError."""
        keys = list(written(operation, request))
        is_update = operation == "UpdateItem"
        before = {key: self._kept(key, is_update or _is_updated(request, key)) for key in keys}
        try:
            with _whole_tables_stay():
                answer = self._run(operation, request)
        except ClientError:
            for key, item in before.items():
                self._put_back(key, item)
            raise
        self._writes.extend(_Write(self._elapsed(), key, item) for key, item in before.items())
        return answer, keys

    def forget_writes(self) -> None:
        """From now on no read reaches behind what is there."""
        self._writes.clear()

    def call_stale(self, operation: str, request: Json, since: int) -> Json:
        """The answer to a read, as it would have been at an earlier time."""
        undone: dict[Key, Item | None] = {}
        for write in reversed(self._writes):
            if write.at < since:
                break
            undone.setdefault(write.key, self._stored(write.key))
            self._put_back(write.key, write.before)
        try:
            return self._run(operation, request)
        finally:
            for key, item in undone.items():
                self._put_back(key, item)

    def _run(self, operation: str, request: Json) -> Json:
        self._handler.body = request
        try:
            with quicker(request):
                answer = getattr(self._handler, _METHODS[operation])()
        except JsonRESTError as error:
            raise _client_error(operation, error) from None
        return dict(answer.result)

    def _kept(self, key: Key, is_updated_in_place: bool) -> Item | None:
        item = self._stored(key)
        return deepcopy(item) if is_updated_in_place else item

    def _stored(self, key: Key) -> Item | None:
        items = self._backend.tables[key.table].items.get(DynamoType({"S": key.pk}))
        found: Item | None = items.get(DynamoType({"S": key.sk})) if items else None
        return found

    def _put_back(self, key: Key, item: Item | None) -> None:
        items = self._backend.tables[key.table].items[DynamoType({"S": key.pk})]
        sort_key = DynamoType({"S": key.sk})
        if item is None:
            items.pop(sort_key, None)
        else:
            items[sort_key] = item


class _Handler(DynamoHandler):
    """Moto's handler on a backend of our own."""

    def __init__(self, backend: DynamoDBBackend) -> None:
        super().__init__()
        self._backend = backend

    @property
    def dynamodb_backend(self) -> DynamoDBBackend:
        return self._backend


_METHODS = {
    "CreateTable": "create_table",
    "GetItem": "get_item",
    "BatchGetItem": "batch_get_item",
    "Query": "query",
    "PutItem": "put_item",
    "UpdateItem": "update_item",
    "DeleteItem": "delete_item",
    "TransactWriteItems": "transact_write_items",
}


def written(operation: str, request: Json) -> Iterator[Key]:
    if operation == "TransactWriteItems":
        for action in request["TransactItems"]:
            for kind, details in action.items():
                if kind != "ConditionCheck":
                    yield _key(details)
    elif operation in ("PutItem", "UpdateItem", "DeleteItem"):
        yield _key(request)


def _key(request: Json) -> Key:
    where = request.get("Key") or request["Item"]
    return Key(request["TableName"], where["pk"]["S"], where["sk"]["S"])


def _is_updated(request: Json, key: Key) -> bool:
    updates = [a["Update"] for a in request.get("TransactItems", ()) if "Update" in a]
    return any(_key(update) == key for update in updates)


@contextmanager
def _whole_tables_stay() -> Iterator[None]:
    """Moto copies every table before a transaction; here the items are kept one by one."""
    Table.__deepcopy__ = lambda table, _memo: table  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del Table.__deepcopy__  # type: ignore[attr-defined]


def _client_error(operation: str, error: JsonRESTError) -> ClientError:
    told = json.loads(error.description)
    code = str(told["__type"]).rpartition("#")[2]
    message = told.get("message") or told.get("Message", "")
    response: Json = {"Error": {"Code": code, "Message": message}}
    for name in ("Item", "CancellationReasons"):
        if name in told:
            response[name] = told[name]
    return ClientError(response, operation)
