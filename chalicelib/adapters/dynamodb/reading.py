"""Reading items of any kind."""

from collections.abc import Iterator
from typing import Any

from chalicelib.adapters.dynamodb.client import dispatch
from chalicelib.adapters.dynamodb.models import ConversationItem

Key = tuple[str, str]
"""Partition and sort key of an item in the table of conversations."""


def key_of(item: dict[str, Any]) -> Key:
    """Where an item stands, as DynamoDB gave it."""
    return item["pk"]["S"], item["sk"]["S"]


def batch_get(keys: list[Key]) -> Iterator[dict[str, Any]]:
    """Items of any kind by their keys, strongly consistent, in as few calls as it takes."""
    table = ConversationItem.Meta.table_name
    wanted = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in keys]
    while wanted:
        page, wanted = wanted[:100], wanted[100:]
        request = {"RequestItems": {table: {"Keys": page, "ConsistentRead": True}}}
        reply = dispatch(ConversationItem, "BatchGetItem", request)
        yield from reply["Responses"].get(table, [])
        wanted += reply.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
