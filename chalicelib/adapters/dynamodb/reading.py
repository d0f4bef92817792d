"""Reading items of any kind."""

from collections.abc import Iterator
from typing import Any

from chalicelib.adapters.dynamodb.client import dispatch
from chalicelib.adapters.dynamodb.models import ConversationItem


def batch_get(keys: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Items of any kind by their keys, strongly consistent, in as few calls as it takes."""
    table = ConversationItem.Meta.table_name
    wanted = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in keys]
    while wanted:
        page, wanted = wanted[:100], wanted[100:]
        request = {"RequestItems": {table: {"Keys": page, "ConsistentRead": True}}}
        reply = dispatch(ConversationItem, "BatchGetItem", request)
        yield from reply["Responses"].get(table, [])
        wanted += reply.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
