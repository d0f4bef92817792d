"""Moto without its detours. What it answers is the same; it only answers sooner."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser  # type: ignore[attr-defined]
from moto.dynamodb.parsing.expressions import (  # type: ignore[attr-defined]
    UpdateExpressionParser,
)

Json = dict[str, Any]

_partition: list[DynamoType | None] = [None]
_parse = lru_cache(maxsize=4096)(UpdateExpressionParser.make)


@contextmanager
def quicker(request: Json) -> Iterator[None]:
    """Look only into the partition that a query names, and parse each expression once."""
    real = {
        (Table, "all_items"): Table.all_items,
        (DynamoType, "__eq__"): DynamoType.__eq__,
        (DynamoType, "__lt__"): DynamoType.__lt__,
        (DynamoType, "__hash__"): DynamoType.__hash__,
        (DepthFirstTraverser, "nodes_to_be_processed"): DepthFirstTraverser.nodes_to_be_processed,
    }
    ours = (_items, _equal, _less, _hash, _nodes)
    for (owner, name), replacement in zip(real, ours, strict=True):
        setattr(owner, name, replacement)
    make = UpdateExpressionParser.__dict__.get("make")
    UpdateExpressionParser.make = _parse
    _partition[0] = _named_partition(request)
    try:
        yield
    finally:
        for (owner, name), original in real.items():
            setattr(owner, name, original)
        if make is None:
            del UpdateExpressionParser.make
        else:
            UpdateExpressionParser.make = make


def _named_partition(request: Json) -> DynamoType | None:
    names = request.get("ExpressionAttributeNames", {})
    if "KeyConditionExpression" in request and names.get("#0") == "pk":
        return DynamoType(request["ExpressionAttributeValues"][":0"])
    return None


def _items(table: Table) -> list[Item]:
    named = _partition[0]
    if named is not None:
        return list(table.items.get(named, {}).values())
    return [item for items in table.items.values() for item in items.values()]


def _equal(one: DynamoType, other: DynamoType) -> bool:
    if one.type != other.type:
        return False
    return bool(one.value == other.value or one.cast_value == other.cast_value)


def _less(one: DynamoType, other: DynamoType) -> bool:
    if one.type == "S":
        return bool(one.value < other.value)
    return bool(one.cast_value < other.cast_value)


def _hash(one: DynamoType) -> int:
    return hash((one.type, one.value if one.type == "S" else one.cast_value))


def _nodes(traverser: DepthFirstTraverser) -> tuple[type, ...]:
    if not hasattr(traverser, "_nodes"):
        traverser._nodes = tuple(traverser._processing_map())
    nodes: tuple[type, ...] = traverser._nodes
    return nodes
