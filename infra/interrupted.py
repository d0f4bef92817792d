"""What a deployment left that ended before anybody could record it."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from infra.cloud import Cloud
from infra.errors import OperatorError
from infra.record import Record

_QUEUES = ("TimerQueueArn", "OutboundQueueArn")
_TRIES, _PAUSE = 60, 2.0


def clear(cloud: Cloud, record: Record, stage: str, outputs: Mapping[str, str]) -> None:
    """Remove it, because Chalice would make it a second time.

    AWS refuses a second link of a queue to a function, and a second socket API would stay for ever.
    """
    _unlink_queues(cloud.client("lambda"), record.sources(), [outputs[name] for name in _QUEUES])
    sockets = cloud.client("apigatewayv2")
    for page in sockets.get_paginator("get_apis").paginate():
        for api in page["Items"]:
            # The name that Chalice gives it.
            ours = api["Name"] == f"lambdesk-{stage}-websocket-api"
            if ours and api["ApiId"] != record.addresses().socket_api:
                sockets.delete_api(ApiId=api["ApiId"])


def _unlink_queues(functions: Any, recorded: set[str], queues: list[str]) -> None:
    for _ in range(_TRIES):
        left = list(_links(functions, recorded, queues))
        if not left:
            return
        for link in left:
            if link["State"] != "Deleting":
                functions.delete_event_source_mapping(UUID=link["UUID"])
        time.sleep(_PAUSE)
    raise OperatorError(
        "A queue is still linked to a function by an earlier deployment.",
        "Wait some minutes, and deploy again.",
    )


def _links(functions: Any, recorded: set[str], queues: list[str]) -> Iterator[dict[str, Any]]:
    for queue in queues:
        listed = functions.list_event_source_mappings(EventSourceArn=queue)
        for link in listed["EventSourceMappings"]:
            if link["UUID"] not in recorded:
                yield link
