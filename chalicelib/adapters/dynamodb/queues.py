"""Queues in DynamoDB, remembered for a minute.

A line keeps a copy of its queue's settings, so that a text that opens a conversation needs
one look for its customer and its queue.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import msgspec
from pynamodb.exceptions import DoesNotExist

from chalicelib.adapters.dynamodb import codec, conditions
from chalicelib.adapters.dynamodb.client import ConditionFailed, translated
from chalicelib.adapters.dynamodb.models import NumberItem, QueueItem
from chalicelib.adapters.dynamodb.reading import Key, batch_get, key_of
from chalicelib.domain.errors import NotFound
from chalicelib.domain.queue import Queue
from chalicelib.ports import Clock

KEPT = timedelta(seconds=60)

_QUEUES = "QUEUES"
_NUMBERS = "NUMBERS"


class QueueTable:
    """The port ``Queues``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[Key, tuple[datetime, Queue]] = {}

    def get(self, queue_id: str) -> Queue:
        """Raises NotFound."""
        return self._recalled(queue_key(queue_id)) or self._keep(
            queue_key(queue_id), _load(queue_id)
        )

    def of_line(self, lines: Sequence[str]) -> Queue:
        """The queue of a line, by the first of its names that leads to one. Raises NotFound."""
        asked = number_key(lines[0])
        return self._recalled(asked) or self._keep(asked, _load_of_line(lines))

    def all_ids(self) -> list[str]:
        """The ids of all queues."""
        with translated():
            return [item.sk for item in QueueItem.query(_QUEUES, consistent_read=True)]

    def unknown(self, key: Key, *others: Key) -> list[Key]:
        """The key of a queue or line, and its other names, unless it is remembered."""
        return [] if self._recalled(key) else [key, *others]

    def learn(self, items: Mapping[Key, dict[str, Any]]) -> None:
        """Remember the queues and numbers among items that were read."""
        for key, item in items.items():
            if key[0] in (_QUEUES, _NUMBERS):
                self._keep(key, item["settings"]["S"])

    def learn_line(self, lines: Sequence[str], items: Mapping[Key, dict[str, Any]]) -> None:
        """Remember where a line leads, if that is among items that were read."""
        settings = _settings_of_line(lines, items)
        if settings is not None:
            self._keep(number_key(lines[0]), settings)

    def put(self, queue: Queue) -> None:
        """Write a queue's settings."""
        with translated():
            QueueItem(sk=queue.id, settings=codec.encode(queue)).save()
        _copy_to_numbers(queue.id)

    def put_number(self, number: str, queue_id: str) -> None:
        """Let one of our lines lead to a queue. Raises NotFound."""
        with translated():
            NumberItem(sk=number, queue_id=queue_id, settings=_load(queue_id)).save()
        _copy_to_numbers(queue_id)

    def _recalled(self, key: Key) -> Queue | None:
        at, queue = self._kept.get(key, (None, None))
        return queue if at and self._clock.now() - at < KEPT else None

    def _keep(self, key: Key, settings: str) -> Queue:
        queue = msgspec.json.decode(settings, type=Queue)
        kept = (self._clock.now(), queue)
        self._kept[key] = self._kept[queue_key(queue.id)] = kept
        return queue


def queue_key(queue_id: str) -> Key:
    """Where the settings of a queue are."""
    return _QUEUES, queue_id


def number_key(number: str) -> Key:
    """Where a line of ours is."""
    return _NUMBERS, number


def _load(queue_id: str) -> str:
    try:
        with translated():
            return QueueItem.get(*queue_key(queue_id), consistent_read=True).settings
    except DoesNotExist:
        raise NotFound("There is no such queue.") from None


def _load_of_line(lines: Sequence[str]) -> str:
    found = {key_of(item): item for item in batch_get([number_key(line) for line in lines])}
    settings = _settings_of_line(lines, found)
    if settings is None:
        raise NotFound("This number leads to no queue.")
    return settings


def _settings_of_line(lines: Sequence[str], items: Mapping[Key, dict[str, Any]]) -> str | None:
    known = (items[number_key(line)] for line in lines if number_key(line) in items)
    item = next(known, None)
    return None if item is None else str(item["settings"]["S"])


def _copy_to_numbers(queue_id: str) -> None:
    """Give the numbers of a queue its settings, again while somebody changes them."""
    copied = None
    while (settings := _load(queue_id)) != copied:
        with translated():
            numbers = list(NumberItem.query(_NUMBERS, consistent_read=True))
        for number in numbers:
            with suppress(ConditionFailed), translated():
                number.update(
                    [NumberItem.settings.set(settings)], conditions.line_still_leads_to(queue_id)
                )
        copied = settings
