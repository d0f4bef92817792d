"""Queues in DynamoDB, remembered for a minute."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec
from pynamodb.exceptions import DoesNotExist

from chalicelib.adapters.dynamodb import codec
from chalicelib.adapters.dynamodb.client import translated
from chalicelib.adapters.dynamodb.models import NumberItem, QueueItem
from chalicelib.domain.errors import NotFound
from chalicelib.domain.queue import Queue
from chalicelib.ports import Clock

KEPT = timedelta(seconds=60)

Value = TypeVar("Value")


class QueueTable:
    """The port ``Queues``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[datetime, Any]] = {}

    def get(self, queue_id: str) -> Queue:
        """Raises NotFound."""
        return self._remembered(f"queue {queue_id}", lambda: _load(queue_id))

    def of_number(self, number: str) -> Queue:
        """The queue that a phone number of ours leads to. Raises NotFound."""
        return self.get(self._remembered(f"number {number}", lambda: _queue_of(number)))

    def all_ids(self) -> list[str]:
        """The ids of all queues."""
        with translated():
            return [item.sk for item in QueueItem.query("QUEUES", consistent_read=True)]

    def put(self, queue: Queue) -> None:
        """Write a queue's settings."""
        with translated():
            QueueItem(sk=queue.id, settings=codec.encode(queue)).save()

    def put_number(self, number: str, queue_id: str) -> None:
        """Let one of our phone numbers lead to a queue."""
        with translated():
            NumberItem(sk=number, queue_id=queue_id).save()

    def _remembered(self, name: str, load: Callable[[], Value]) -> Value:
        now = self._clock.now()
        if name in self._kept and now - self._kept[name][0] < KEPT:
            kept: Value = self._kept[name][1]
            return kept
        value = load()
        self._kept[name] = (now, value)
        return value


def _load(queue_id: str) -> Queue:
    try:
        with translated():
            item = QueueItem.get("QUEUES", queue_id)
    except DoesNotExist:
        raise NotFound("There is no such queue.") from None
    return msgspec.json.decode(item.settings, type=Queue)


def _queue_of(number: str) -> str:
    try:
        with translated():
            return NumberItem.get("NUMBERS", number).queue_id
    except DoesNotExist:
        raise NotFound("This number leads to no queue.") from None
