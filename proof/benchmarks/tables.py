"""DynamoDB in memory, where botocore's client would be: it bills as it goes.

moto is not used for this, though the desk's tests run on it: its transactions copy whole tables and
its queries look at every item, so that ten thousand agents would take minutes. Here an item is
never changed, only replaced, so that a snapshot is cheap, and the items before and after a write
are at hand, from which its units follow. Conditions and updates are moto's, as in the tests;
`tests/benchmarks` compares the tables after a day at the desk on either.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError
from moto.dynamodb.comparisons import get_filter_expression
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.dynamo_type import Item as MotoItem
from moto.dynamodb.parsing.executors import UpdateExpressionExecutor
from moto.dynamodb.parsing.expressions import UpdateExpressionParser  # type: ignore[attr-defined]
from moto.dynamodb.parsing.validators import UpdateExpressionValidator

from proof.benchmarks.calls import Call, Json, Meter
from proof.benchmarks.units import (
    TRANSACTION,
    Item,
    Units,
    index_write_units,
    read_units,
    write_units,
)
from proof.sizes import item_size

KEYS = ("pk", "sk")

_HASH = re.compile(r"(?P<name>#\w+) = (?P<value>:\w+)")
_RANGE = re.compile(
    r"AND \(?(?P<name>#\w+) (?P<how><|BETWEEN) (?P<low>:\w+)(?: AND (?P<high>:\w+))?"
)

Snapshot = dict[str, dict[str, dict[str, Item]]]


@dataclass(frozen=True, slots=True)
class Index:
    """A secondary index. ``only`` are the attributes that it keeps, unless it keeps all."""

    name: str
    hash: str
    range: str
    only: tuple[str, ...] | None
    is_local: bool

    def units(self, before: Item | None, after: Item | None, times: int) -> int:
        """For one write. A local index is written in the transaction, a global one after it."""
        key = (self.range,) if self.is_local else (self.hash, self.range)
        units = index_write_units(before, after, key, self.only)
        return units * times if self.is_local else units


@dataclass(frozen=True, slots=True)
class Write:
    """One write, alone or in a transaction, as it turned out."""

    table: str
    before: Item | None
    after: Item | None
    is_refused: bool
    returns_refused: bool


class Tables:
    """The tables. PynamoDB calls its client by ``_make_api_call``; so it does this one."""

    _request_signer = None

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._indexes: dict[str, list[Index]] = {}
        self._items: dict[str, dict[str, dict[str, Item]]] = {}

    def create_table(self, *, TableName: str, **shape: Any) -> None:  # noqa: N803 - botocore's name
        """Make a table, unless it is there."""
        self._items.setdefault(TableName, defaultdict(dict))
        local = [_index(index, True) for index in shape.get("LocalSecondaryIndexes", [])]
        others = [_index(index, False) for index in shape.get("GlobalSecondaryIndexes", [])]
        self._indexes[TableName] = local + others

    def scan(self, *, TableName: str) -> Json:  # noqa: N803 - botocore's name
        """All items of a table, for those who look from outside."""
        items = self._items[TableName].values()
        return {"Items": [item for partition in items for item in partition.values()]}

    def snapshot(self) -> Snapshot:
        """All there is now."""
        return _copy(self._items)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot."""
        self._items = _copy(snapshot)

    def _make_api_call(self, operation: str, request: Json) -> Json:
        self._meter.wait()
        return _OPERATIONS[operation](self, request)

    def _get_item(self, request: Json) -> Json:
        item = self._item(request["TableName"], request["Key"])
        units = read_units(item_size(item or {}), request.get("ConsistentRead", False))
        self._bill("GetItem", _name(request["Key"]), Units(read=units))
        return {"Item": item} if item else {}

    def _batch_get_item(self, request: Json) -> Json:
        ((table, wanted),) = request["RequestItems"].items()
        found = [self._item(table, key) for key in wanted["Keys"]]
        consistent = wanted.get("ConsistentRead", False)
        units = sum(read_units(item_size(item or {}), consistent) for item in found)
        self._bill("BatchGetItem", _name(wanted["Keys"][0]), Units(read=units))
        return {"Responses": {table: [item for item in found if item]}, "UnprocessedKeys": {}}

    def _query(self, request: Json) -> Json:
        entries = list(self._entries(request))
        start = request.get("ExclusiveStartKey")
        if start is not None:
            place = self._place(request)
            entries = [entry for entry in entries if place(entry) > place(start)]
        limit = request.get("Limit", len(entries) + 1)
        page = entries[:limit]
        size = sum(map(item_size, page))
        units = read_units(size, request.get("ConsistentRead", False))
        self._bill("Query", request.get("IndexName", ""), Units(read=units))
        reply: Json = {"Items": page, "Count": len(page), "ScannedCount": len(page)}
        if len(page) == limit:
            reply["LastEvaluatedKey"] = {
                name: value
                for name, value in page[-1].items()
                if name in (*KEYS, *self._key_of_index(request))
            }
        return reply

    def _write_one(self, operation: str, request: Json) -> Json:
        write = self._try(operation, request)
        units = Units(write=self._units(write, 1))
        key = request.get("Key") or request["Item"]
        self._bill(operation, _name(key), units, write.is_refused)
        if write.is_refused:
            shown = {"Item": write.before} if write.returns_refused and write.before else {}
            raise _error("ConditionalCheckFailedException", operation, **shown)
        self._apply(key, write)
        returned = {"ALL_OLD": write.before, "ALL_NEW": write.after}.get(
            request.get("ReturnValues", "NONE")
        )
        return {"Attributes": returned} if returned else {}

    def _put_item(self, request: Json) -> Json:
        return self._write_one("PutItem", request)

    def _update_item(self, request: Json) -> Json:
        return self._write_one("UpdateItem", request)

    def _delete_item(self, request: Json) -> Json:
        return self._write_one("DeleteItem", request)

    def _transact_write_items(self, request: Json) -> Json:
        parts = [next(iter(item.items())) for item in request["TransactItems"]]
        keys = [part.get("Key") or part["Item"] for _, part in parts]
        if len(set(map(_key_of, keys))) < len(keys):
            raise _error("ValidationException", "TransactWriteItems")
        writes = [self._try(kind, part) for kind, part in parts]
        is_refused = any(write.is_refused for write in writes)
        units = sum(self._units(write, TRANSACTION) for write in writes)
        self._bill("TransactWriteItems", _name(keys[0]), Units(write=units), is_refused)
        if is_refused:
            codes = ["ConditionalCheckFailed" if w.is_refused else "None" for w in writes]
            reasons = [{"Code": code} for code in codes]
            raise _error(
                "TransactionCanceledException", "TransactWriteItems", CancellationReasons=reasons
            )
        for key, write in zip(keys, writes, strict=True):
            self._apply(key, write)
        return {}

    def _try(self, kind: str, request: Json) -> Write:
        table = request["TableName"]
        key = request.get("Key") or request["Item"]
        before = self._item(table, key)
        returns_refused = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
        if not _holds(request, before):
            return Write(table, before, before, True, returns_refused)
        match kind.removesuffix("Item"):
            case "Put":
                after = request["Item"]
            case "Update":
                after = _updated(request, before)
            case "Delete":
                after = None
            case _:
                after = before
        return Write(table, before, after, False, returns_refused)

    def _units(self, write: Write, times: int) -> int:
        indexes = self._indexes[write.table]
        units = write_units(write.before, write.after) * times
        return units + sum(index.units(write.before, write.after, times) for index in indexes)

    def _apply(self, key: Json, write: Write) -> None:
        pk, sk = _key_of(key)
        partition = self._items[write.table][pk]
        if write.after is None:
            partition.pop(sk, None)
        else:
            partition[sk] = write.after

    def _item(self, table: str, key: Json) -> Item | None:
        pk, sk = _key_of(key)
        return self._items[table].get(pk, {}).get(sk)

    def _entries(self, request: Json) -> Iterator[Item]:
        """The entries that a query looks at, in order."""
        names, values = request["ExpressionAttributeNames"], request["ExpressionAttributeValues"]
        condition = request["KeyConditionExpression"]
        asked = _HASH.search(condition)
        assert asked is not None, condition
        hash, wanted = names[asked["name"]], values[asked["value"]]
        index = self._index_of(request)
        range = index.range if index else KEYS[1]
        table = self._items[request["TableName"]]
        partitions = [table.get(wanted["S"], {})] if hash == "pk" else list(table.values())
        found = [
            item
            for partition in partitions
            for item in partition.values()
            if item.get(hash) == wanted and range in item
        ]
        found.sort(key=self._place(request))
        within = _RANGE.search(condition)
        for item in found:
            if within is None or _is_within(item[range], within, values):
                yield item if index is None or index.only is None else _cut(item, index.only)

    def _place(self, request: Json) -> Callable[[Item], tuple[Any, ...]]:
        """Where an entry stands in the order of a query; that of one that is gone, too."""
        index = self._index_of(request)
        range = index.range if index else KEYS[1]
        return lambda item: (_scalar(item[range]), *_key_of(item))

    def _index_of(self, request: Json) -> Index | None:
        name = request.get("IndexName")
        indexes = self._indexes[request["TableName"]]
        return next((index for index in indexes if index.name == name), None)

    def _key_of_index(self, request: Json) -> tuple[str, ...]:
        index = self._index_of(request)
        return (index.hash, index.range) if index else ()

    def _bill(self, operation: str, to: str, units: Units, is_refused: bool = False) -> None:
        self._meter.record(Call("dynamodb", operation, to, units, is_refused))


_OPERATIONS = {
    "GetItem": Tables._get_item,
    "BatchGetItem": Tables._batch_get_item,
    "Query": Tables._query,
    "PutItem": Tables._put_item,
    "UpdateItem": Tables._update_item,
    "DeleteItem": Tables._delete_item,
    "TransactWriteItems": Tables._transact_write_items,
}


def _index(shape: Json, is_local: bool) -> Index:
    hash, range = (key["AttributeName"] for key in shape["KeySchema"])
    keeps_all = shape["Projection"]["ProjectionType"] == "ALL"
    only = tuple(dict.fromkeys((*KEYS, hash, range)))
    return Index(shape["IndexName"], hash, range, None if keeps_all else only, is_local)


def _copy(items: Snapshot) -> Snapshot:
    return {
        table: defaultdict(dict, {pk: dict(partition) for pk, partition in partitions.items()})
        for table, partitions in items.items()
    }


def _key_of(item: Json) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _name(item: Json) -> str:
    return " ".join(_key_of(item))


def _cut(item: Item, names: tuple[str, ...]) -> Item:
    return {name: item[name] for name in names if name in item}


def _scalar(value: Json) -> str | float:
    return float(value["N"]) if "N" in value else str(value["S"])


def _is_within(value: Json, within: re.Match[str], values: Json) -> bool:
    item, low = _scalar(value), _scalar(values[within["low"]])
    if within["how"] == "<":
        return item < low  # type: ignore[operator]
    return low <= item <= _scalar(values[within["high"]])  # type: ignore[operator]


def _holds(request: Json, item: Item | None) -> bool:
    expression = request.get("ConditionExpression")
    if expression is None:
        return True
    condition = get_filter_expression(
        expression,
        request.get("ExpressionAttributeNames"),
        request.get("ExpressionAttributeValues"),
    )
    return bool(condition.expr(_as_moto(item or {})))


_SHAPE: Any = SimpleNamespace(table_key_attrs=list(KEYS), attr=[], attribute_keys=list(KEYS))
"""All that moto's validator asks of a table."""


def _updated(request: Json, item: Item | None) -> Item:
    """The item after moto has carried out the update's expression."""
    names: Any = request.get("ExpressionAttributeNames")
    values: Any = request.get("ExpressionAttributeValues")
    changed = _as_moto(item or request["Key"])
    expression = UpdateExpressionParser.make(request["UpdateExpression"])
    validated = UpdateExpressionValidator(
        expression,
        expression_attribute_names=names,
        expression_attribute_values=values,
        item=changed,
        table=_SHAPE,
    ).validate()
    validated.normalize()
    UpdateExpressionExecutor(validated, changed, names).execute()
    after: Item = changed.to_json()["Attributes"]
    return after


def _as_moto(item: Item) -> MotoItem:
    made = MotoItem(_NOTHING, None, {})
    for name, value in item.items():
        # Not by way of moto, which adds up the whole item's size at each attribute.
        dict.__setitem__(made.attrs, name, DynamoType(value))
    return made


_NOTHING = DynamoType({"S": ""})


def _error(code: str, operation: str, **more: Any) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}, **more}, operation)
