"""Lambda: the application's real handlers, each invocation a task in a worker of its own."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

import app
from chalicelib.adapters.dynamodb.access import AccessTable
from chalicelib.adapters.dynamodb.addresses import AddressTable
from chalicelib.adapters.dynamodb.agents import AgentTable
from chalicelib.adapters.dynamodb.client import connect
from chalicelib.adapters.dynamodb.conversations import ConversationTable
from chalicelib.adapters.dynamodb.queues import QueueTable
from chalicelib.adapters.dynamodb.staffing import StaffingTable
from chalicelib.adapters.pacing import WorkersPacing
from chalicelib.adapters.push import SocketPush
from chalicelib.adapters.queues import SqsOutbox, SqsTimers
from chalicelib.adapters.system import FIRST_PAUSE, LONGEST_PAUSE
from chalicelib.ports import Ports, Text, Texting
from chalicelib.protocol.rest import REPLY_BYTES
from infra.local import limits
from proof.desk import AUTH_TOKEN, BASE_URL, match_route
from proof.fakes import Captchas, fixture, rest_event, socket_event, sqs_event
from proof.simulation.cloud.database import DynamoClient
from proof.simulation.cloud.scheduler import Future, Killed, Scheduler
from proof.simulation.cloud.weather import Sky
from proof.simulation.ledger import Violation

Json = dict[str, Any]

LONGEST_LIFE = 6
"""Calls that an invocation makes at most, if it is one that dies on its way."""

WORKERS = 4
"""Kept warm of each function; what they remember may be old."""


@dataclass(slots=True)
class Invocation:
    """One run of a function, as the checks know it."""

    function: str
    began: int
    ports: Ports
    must_not_write: bool = False
    about: str = ""
    looked_at: dict[str, int] = field(default_factory=dict)
    """Queues, and when it last looked at who waits there."""
    saw_free: dict[str, int] = field(default_factory=dict)
    """Agents whom it saw free when it last looked at a queue's."""
    met_fault: bool = False
    calls_left: int | None = None
    """How many calls it makes before it dies; None when that is left to each call."""
    pauses: int = 0
    owes: dict[tuple[str, str, int], None] = field(default_factory=dict)
    """Sockets, conversations and numbers of the events that it has to push."""
    sent: list[Text] = field(default_factory=list)
    crowded_out: dict[str, bool] = field(default_factory=dict)
    """Sockets that had to make room for others, and whether they were told."""
    attached: set[str] = field(default_factory=set)
    """Conversations in which it registered a socket of the customer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an invocation ended: with an answer, an error, or not at all."""

    answer: Any = None
    error: BaseException | None = None
    died: bool = False

    @property
    def failed(self) -> bool:
        return self.died or self.error is not None


class Clock:
    """The port ``Clock`` on simulated time."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def now(self) -> datetime:
        return self._scheduler.now()

    def pause(self, attempt: int) -> None:
        task = self._scheduler.task()
        if task is not None and isinstance(task.local, Invocation):
            task.local.pauses += 1
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt)
        self._scheduler.sleep(self._scheduler.between(0, longest))


class Ids:
    """The port ``Ids``, from the seed."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._random = scheduler.random

    def new(self) -> str:
        return f"{self._random.getrandbits(96):024x}"

    def secret(self) -> str:
        return f"{self._random.getrandbits(128):032x}"

    def below(self, bound: int) -> int:
        return self._random.randrange(bound)


class Cloud:
    """Runs functions."""

    def __init__(
        self,
        scheduler: Scheduler,
        sky: Sky,
        database: DynamoClient,
        services: Callable[[], tuple[object, object, object, Texting]],
    ) -> None:
        self._scheduler = scheduler
        self._sky = sky
        self._database = database
        self._services = services
        self._idle: dict[str, list[Ports]] = defaultdict(list)
        self._numbers: dict[str, int] = defaultdict(int)
        self.running = 0
        self.heard: Callable[[Invocation, Outcome], None] = lambda _invocation, _outcome: None

    def current(self) -> Invocation | None:
        """The invocation that runs."""
        task = self._scheduler.task()
        return task.local if task and isinstance(task.local, Invocation) else None

    def fault(self) -> None:
        """The running invocation met a fault: less can be asked of it."""
        invocation = self.current()
        if invocation is not None:
            invocation.met_fault = True

    def is_doomed(self) -> bool:
        """Whether the running invocation dies now."""
        invocation = self.current()
        if invocation is None or invocation.calls_left is None:
            return False
        invocation.calls_left -= 1
        return invocation.calls_left < 0

    def ports(self) -> Ports:
        """The ports of the running invocation's worker."""
        invocation = self.current()
        return invocation.ports if invocation else self.make_ports()

    def start(
        self, function: str, event: Json, *, must_not_write: bool = False, about: str = ""
    ) -> Future[Outcome]:
        """Invoke a function; its outcome, later."""

        def begin() -> Invocation:
            invocation = Invocation(
                function, self._scheduler.elapsed, self._worker(function), must_not_write
            )
            fault = "farewell_dies" if function == "websocket_disconnect" else "abandoned"
            if self._sky.happens(fault):
                invocation.calls_left = self._scheduler.random.randrange(LONGEST_LIFE)
            return invocation

        return self._begin(function, begin, lambda _ports: self._handle(function, event), about)

    def operate(
        self, command: str, work: Callable[[Ports], None], about: str, calls: int | None
    ) -> Future[Outcome]:
        """A command of the operator's; ``calls`` is how many it makes before it is cut off."""

        def begin() -> Invocation:
            ports = self._worker(command)
            return Invocation(
                command, self._scheduler.elapsed, ports, about=about, calls_left=calls
            )

        return self._begin(command, begin, work, about)

    def _begin(
        self,
        function: str,
        begin: Callable[[], Invocation],
        run: Callable[[Ports], object],
        about: str,
    ) -> Future[Outcome]:
        future: Future[Outcome] = Future()
        self._numbers[function] += 1
        name = f"{function}#{self._numbers[function]}"

        def work() -> None:
            invocation = begin()
            task.local = invocation
            self.running += 1
            outcome = _outcome_of(lambda: run(invocation.ports))
            self.running -= 1
            self.heard(invocation, outcome)
            if not outcome.died:
                self._idle[function].append(invocation.ports)
            self._scheduler.note(f"ends: {_told(outcome)}")
            self._scheduler.done(future, outcome)

        self._scheduler.note(f"invokes {name} {about}")
        task = self._scheduler.spawn(name, work)
        return future

    def request(
        self,
        method: str,
        path: str,
        body: str = "",
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        claims: Json | None = None,
        *,
        source: str | None = None,
        must_not_write: bool = False,
    ) -> Future[Outcome]:
        """A REST request at API Gateway."""
        resource, parameters = match_route(method, path)
        event = rest_event(
            method,
            path,
            resource,
            parameters,
            body=body,
            headers=headers or {},
            query=query or {},
            claims=claims,
            source=source,
        )
        about = f"{method} {path} {body[:160]}"
        return self.start("api_handler", event, must_not_write=must_not_write, about=about)

    def webhook(
        self, path: str, form: dict[str, str], query: dict[str, str] | None, signature: str | None
    ) -> Future[Outcome]:
        """A request of Twilio's, signed unless another signature is given."""
        url = BASE_URL + path + ("?" + urlencode(query) if query else "")
        right = RequestValidator(AUTH_TOKEN).compute_signature(url, form)
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-twilio-signature": right if signature is None else signature,
        }
        return self.request(
            "POST",
            path,
            urlencode(form),
            headers,
            query,
            must_not_write=signature is not None,
        )

    def socket(
        self,
        type: str,
        connection_id: str,
        *,
        body: str = "",
        ticket: str | None = None,
        must_not_write: bool = False,
    ) -> Future[Outcome]:
        """Something that happens to a socket."""
        function = {"CONNECT": "connect", "MESSAGE": "message", "DISCONNECT": "disconnect"}[type]
        if limits.is_frame_too_large(body):
            raise Violation(f"D18: a client sends a frame of {len(body)} characters")
        event = socket_event(type, connection_id, body, ticket)
        return self.start(
            f"websocket_{function}",
            event,
            must_not_write=must_not_write,
            about=f"{connection_id} {body[:160]}",
        )

    def queued(self, function: str, message: Json) -> Future[Outcome]:
        """A delivery of SQS."""
        return self.start(function, sqs_event(message), about=str(message["MessageBody"]))

    def sweep(self) -> Future[Outcome]:
        """What the schedule does once a minute."""
        return self.start("sweep", fixture("schedule_event"))

    def make_ports(self) -> Ports:
        """The ports of a new worker."""
        timers, outbox, gateway, texting = self._services()
        clock, ids = Clock(self._scheduler), Ids(self._scheduler)
        connection = connect(_Session(self._database), "conversations", "agents")
        queues = QueueTable(clock)
        return Ports(
            conversations=ConversationTable(connection, clock),
            addresses=AddressTable(clock, queues),
            agents=AgentTable(connection),
            queues=queues,
            staffing=StaffingTable(clock),
            access=AccessTable(clock),
            push=SocketPush(lambda _endpoint: gateway),
            pacing=WorkersPacing(clock),
            timers=SqsTimers(lambda: timers, "timers"),
            outbox=SqsOutbox(lambda: outbox, "outbound"),
            texting=texting,
            captchas=Captchas(),
            clock=clock,
            ids=ids,
        )

    def _worker(self, function: str) -> Ports:
        idle = self._idle[function]
        if len(idle) > WORKERS or (idle and self._scheduler.chance(0.8)):
            return idle.pop(self._scheduler.random.randrange(len(idle)))
        return self.make_ports()

    def _handle(self, function: str, event: Json) -> object:
        handler = app.app if function == "api_handler" else getattr(app, function)
        answer: object = handler(event, None)
        if limits.written_bytes(answer) > REPLY_BYTES:
            raise Violation(f"D18: {function} replies with more than {REPLY_BYTES} bytes")
        return answer


class _Session:
    """Hands out the one client."""

    def __init__(self, client: DynamoClient) -> None:
        self._client = client

    def create_client(self, *_args: object, **_kwargs: object) -> DynamoClient:
        return self._client


def reply_of(outcome: Outcome | None) -> tuple[int, Any] | None:
    """The status and body of a REST reply; None when there was no answer."""
    if outcome is None:
        return None
    if outcome.failed:
        return 502, {}
    reply = outcome.answer
    is_json = reply["headers"].get("Content-Type") == "application/json"
    return reply["statusCode"], json.loads(reply["body"]) if is_json else reply["body"]


def _outcome_of(run: Callable[[], object]) -> Outcome:
    try:
        return Outcome(run())
    except Killed:
        return Outcome(died=True)
    except Exception as error:
        return Outcome(error=error)


def _told(outcome: Outcome) -> str:
    if outcome.died:
        return "died"
    if outcome.error is not None:
        return f"raised {outcome.error!r}"
    answer = outcome.answer
    if isinstance(answer, dict) and "body" in answer:
        return f"{answer['statusCode']} {str(answer['body'])[:160]}"
    return str(answer)
