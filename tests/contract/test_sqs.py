"""Timers and the outbox: the SQS of the tests, and moto's."""

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.adapters.queues import SqsOutbox, SqsTimers
from chalicelib.ports import Timer
from proof import fakes

TIMER = Timer("offer", "c1", "o1")


class Case(ABC):
    """A queue: where it is, the client that sends to it, and what it delivers."""

    @property
    @abstractmethod
    def client(self) -> Any: ...

    @property
    @abstractmethod
    def url(self) -> str: ...

    @abstractmethod
    def delivered_within(self, seconds: float) -> list[Any]:
        """What has to be delivered by this many seconds after the beginning, taken off it."""


class FakeCase(Case):
    def __init__(self, monkeypatch: pytest.MonkeyPatch, is_fifo: bool) -> None:
        del monkeypatch, is_fifo
        self._clock = fakes.Clock()
        self._sqs = fakes.Sqs(self._clock)
        self._began = self._clock.time

    @property
    def client(self) -> Any:
        return self._sqs

    @property
    def url(self) -> str:
        return "queue"

    def delivered_within(self, seconds: float) -> list[Any]:
        self._clock.time = self._began + timedelta(seconds=seconds)
        bodies: list[Any] = []
        while message := self._sqs.next_due(self._clock.time):
            bodies.append(json.loads(message["MessageBody"]))
        return bodies


class MotoCase(Case):
    def __init__(self, monkeypatch: pytest.MonkeyPatch, is_fifo: bool) -> None:
        self._client = boto3.client("sqs")
        name = "queue.fifo" if is_fifo else "queue"
        attributes = {"FifoQueue": "true"} if is_fifo else {}
        self._url = self._client.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        self._passed = 0.0
        monkeypatch.setattr("moto.sqs.models.unix_time_millis", self._now)
        self._began = time.time()

    def _now(self) -> float:
        return (self._began + self._passed) * 1000

    @property
    def client(self) -> Any:
        return self._client

    @property
    def url(self) -> str:
        return str(self._url)

    def delivered_within(self, seconds: float) -> list[Any]:
        self._passed = seconds
        bodies: list[Any] = []
        while True:
            reply = self._client.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
            messages = reply.get("Messages", [])
            if not messages:
                return bodies
            for message in messages:
                bodies.append(json.loads(message["Body"]))
                handle = message["ReceiptHandle"]
                self._client.delete_message(QueueUrl=self._url, ReceiptHandle=handle)


@pytest.fixture(params=[FakeCase, MotoCase])
def timers(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[SqsTimers, Case]]:
    with mock_aws():
        case: Case = request.param(monkeypatch, is_fifo=False)
        yield SqsTimers(lambda: case.client, case.url), case


@pytest.fixture(params=[FakeCase, MotoCase])
def outbox(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[SqsOutbox, Case]]:
    with mock_aws():
        case: Case = request.param(monkeypatch, is_fifo=True)
        yield SqsOutbox(lambda: case.client, case.url), case


def test_a_timer_comes_when_its_time_is_over(timers: tuple[SqsTimers, Case]) -> None:
    port, case = timers
    port.schedule(TIMER, timedelta(seconds=20))
    assert case.delivered_within(19) == []
    assert case.delivered_within(20) == [{"kind": "offer", "subject": "c1", "offer_id": "o1"}]


def test_a_timer_never_comes_early(timers: tuple[SqsTimers, Case]) -> None:
    port, case = timers
    port.schedule(TIMER, timedelta(seconds=1, milliseconds=1))
    assert case.delivered_within(1) == []
    assert len(case.delivered_within(2)) == 1


def test_the_longest_delay_of_sqs_is_allowed(timers: tuple[SqsTimers, Case]) -> None:
    port, case = timers
    port.schedule(TIMER, timedelta(minutes=15))
    assert case.delivered_within(899) == []
    assert len(case.delivered_within(900)) == 1


def test_a_timer_without_delay_comes_at_once(timers: tuple[SqsTimers, Case]) -> None:
    port, case = timers
    port.schedule(TIMER, timedelta(0))
    assert len(case.delivered_within(0)) == 1


def test_texts_leave_in_the_order_they_were_written(outbox: tuple[SqsOutbox, Case]) -> None:
    port, case = outbox
    for seq in (5, 6, 10, 11):
        port.enqueue("c1", seq)
    assert [text["message_seq"] for text in case.delivered_within(0)] == [5, 6, 10, 11]


def test_what_leaves_is_named(outbox: tuple[SqsOutbox, Case]) -> None:
    port, case = outbox
    port.enqueue("c1", 5)
    assert case.delivered_within(0) == [{"conversation_id": "c1", "message_seq": 5}]


def test_equal_numbers_of_two_conversations_both_leave(outbox: tuple[SqsOutbox, Case]) -> None:
    port, case = outbox
    for id in ("c1", "c2", "c11"):
        port.enqueue(id, 5)
    left = case.delivered_within(0)
    assert sorted(text["conversation_id"] for text in left) == ["c1", "c11", "c2"]


def test_a_repeated_text_leaves_once(outbox: tuple[SqsOutbox, Case]) -> None:
    port, case = outbox
    for _ in range(3):
        port.enqueue("c1", 5)
    assert len(case.delivered_within(0)) == 1


def test_a_text_that_was_lost_can_be_sent_again_later(outbox: tuple[SqsOutbox, Case]) -> None:
    port, case = outbox
    port.enqueue("c1", 5)
    assert len(case.delivered_within(0)) == 1
    assert case.delivered_within(301) == []
    port.enqueue("c1", 5)
    assert len(case.delivered_within(301)) == 1


def test_one_conversation_is_one_group_of_the_queue() -> None:
    with mock_aws():
        client = boto3.client("sqs")
        fifo = {"FifoQueue": "true"}
        url = client.create_queue(QueueName="queue.fifo", Attributes=fifo)["QueueUrl"]
        SqsOutbox(lambda: client, url).enqueue("c1", 5)
        reply = client.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"])
        (message,) = reply["Messages"]
        assert message["Attributes"]["MessageGroupId"] == "c1"
        assert message["Attributes"]["MessageDeduplicationId"] == "c1-5"
