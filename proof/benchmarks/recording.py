"""A flow recorded at the desk, to be played again with the network cut off."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.awsrequest import AWSRequest, AWSResponse

import app
from chalicelib.config import Settings
from proof.benchmarks.calls import Json, Meter
from proof.benchmarks.desk import BenchDesk, MeteredGateway, open_desk
from proof.benchmarks.flows import Act
from proof.benchmarks.tables import Tables


@dataclass(slots=True)
class Recording:
    """The event that the function got, the calls it made, and what AWS answers to any call.

    ``answered`` counts the calls that were answered when it was played.
    """

    settings: Settings
    function: str = ""
    event: Json = field(default_factory=dict)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    answers: dict[str, Json] = field(default_factory=dict)
    answered: int = 0

    def answer(self, request: AWSRequest, **_: Any) -> AWSResponse:
        """In place of the network: what was answered when it was recorded."""
        self.answered += 1
        operation = request.headers.get("X-Amz-Target", b"")
        body = b""
        if operation:
            name = operation.decode().rpartition(".")[2]
            body = json.dumps(self._answer(name, json.loads(request.body))).encode()
        return AWSResponse(request.url, 200, {"Content-Type": "application/json"}, _Body(body))

    def _answer(self, operation: str, request: Json) -> Json:
        if operation != "BatchGetItem":
            return self.answers[_key(operation, request)]
        return {
            "Responses": {
                table: [
                    self.answers[name]["Item"]
                    for key in wanted["Keys"]
                    if (name := _key("GetItem", {"Key": key})) in self.answers
                ]
                for table, wanted in request["RequestItems"].items()
            }
        }


class _Body:
    """The body of a reply as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._content


class _RecordingTables(Tables):
    def __init__(self, meter: Meter) -> None:
        super().__init__(meter)
        self.calls: list[tuple[str, Json]] = []
        self.answers: dict[str, Json] = {}

    def _make_api_call(self, operation: str, request: Json) -> Json:
        answer = super()._make_api_call(operation, request)
        self.calls.append((operation, request))
        if operation == "BatchGetItem":
            self._take_apart(answer)
        else:
            self.answers[_key(operation, request)] = answer
        return answer

    def _take_apart(self, answer: Json) -> None:
        """A worker that remembers other things asks for these items in other company."""
        for items in answer["Responses"].values():
            for item in items:
                key = {"pk": item["pk"], "sk": item["sk"]}
                self.answers[_key("GetItem", {"Key": key})] = {"Item": item}


class _RecordingGateway(MeteredGateway):
    def __init__(self, meter: Meter, calls: list[tuple[str, Json]]) -> None:
        super().__init__(meter)
        self._calls = calls

    def post_to_connection(self, *, ConnectionId: str, Data: bytes) -> None:  # noqa: N803
        super().post_to_connection(ConnectionId=ConnectionId, Data=Data)
        self._calls.append(("PostToConnection", {"ConnectionId": ConnectionId, "Data": Data}))


def record(prepare: Callable[[BenchDesk], Act]) -> Recording:
    """The flow's act, as one function was asked to do it."""
    meter = Meter()
    tables = _RecordingTables(meter)
    with open_desk(meter, tables) as desk, pytest.MonkeyPatch.context() as patch:
        desk.gateway = _RecordingGateway(meter, tables.calls)
        desk.warm_worker()
        act = prepare(desk)
        tables.calls.clear()
        recording = Recording(desk.settings)
        for name in ("app", "websocket_message"):
            patch.setattr(app, name, _Listener(name, getattr(app, name), recording))
        act.run()
        recording.calls = list(tables.calls)
        recording.answers = dict(tables.answers)
    return recording


class _Listener:
    """A function that remembers the event it got."""

    def __init__(self, name: str, function: Any, recording: Recording) -> None:
        self._name = name
        self._function = function
        self._recording = recording

    def __call__(self, event: Json, context: object) -> Any:
        self._recording.function = self._name
        self._recording.event = json.loads(json.dumps(event))
        return self._function(event, context)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._function, name)


def _key(operation: str, request: Json) -> str:
    """A call by what it is about. Messages make none of those that are not told apart."""
    if operation == "PutItem":
        return operation
    return f"{operation} {json.dumps(request.get('Key'), sort_keys=True)}"
