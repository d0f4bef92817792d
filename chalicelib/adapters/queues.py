"""Timers and the outbox: messages on SQS."""

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from math import ceil
from typing import Any

import msgspec

from chalicelib.ports import OutboundText, Timer


class SqsTimers:
    """The port ``Timers``: delayed messages on a standard queue."""

    def __init__(self, make_client: Callable[[], Any], queue_url: str) -> None:
        self._make_client = make_client
        self._queue_url = queue_url

    @cached_property
    def _client(self) -> Any:
        return self._make_client()

    def schedule(self, timer: Timer, delay: timedelta) -> None:
        """Deliver the timer after the delay, at least once. SQS delays up to 15 minutes."""
        self._client.send_message(
            QueueUrl=self._queue_url,
            MessageBody=msgspec.json.encode(timer).decode(),
            DelaySeconds=ceil(delay.total_seconds()),
        )


class SqsOutbox:
    """The port ``Outbox``: a FIFO queue, ordered by conversation."""

    def __init__(self, make_client: Callable[[], Any], queue_url: str) -> None:
        self._make_client = make_client
        self._queue_url = queue_url

    @cached_property
    def _client(self) -> Any:
        return self._make_client()

    def enqueue(self, conversation_id: str, message_seq: int) -> None:
        """Have the message sent; repeated within five minutes it is sent once."""
        self._client.send_message(
            QueueUrl=self._queue_url,
            MessageBody=msgspec.json.encode(OutboundText(conversation_id, message_seq)).decode(),
            MessageGroupId=conversation_id,
            MessageDeduplicationId=f"{conversation_id}-{message_seq}",
        )

    def postpone(self, receipt: str, pause: timedelta) -> None:
        """Have what was received given out again after the pause, before what is behind it."""
        self._client.change_message_visibility(
            QueueUrl=self._queue_url,
            ReceiptHandle=receipt,
            VisibilityTimeout=ceil(pause.total_seconds()),
        )
