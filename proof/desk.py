"""A whole desk in one process: the real handlers, use cases and DynamoDB adapters on moto.

Requests, socket events and queue deliveries go in as API Gateway, SQS and Twilio would send them;
what comes out is HTTP replies, frames to sockets and messages on queues. Time stands still until it
is moved.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import botocore.session
import pytest
from cfnlint.decode import cfn_yaml  # type: ignore[import-untyped]
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
from chalicelib.config import Settings
from chalicelib.domain.agent import Agent
from chalicelib.domain.queue import FormField, Queue
from chalicelib.ports import Ports
from chalicelib.protocol.routes import ROUTES
from infra.local import limits
from proof.fakes import (
    POOL_CLIENT,
    USER_POOL,
    Captchas,
    Clock,
    Crash,
    Gateway,
    Ids,
    Json,
    Phones,
    Sqs,
    fixture,
    rest_event,
    socket_event,
    sqs_event,
)
from proof.people import Customer, DeskAgent, Socket

ROOT = Path(__file__).parent.parent
BASE_URL = "https://desk.example.test/api"
AUTH_TOKEN = "twilio-auth-token"

SETTINGS = Settings(
    conversations_table="conversations",
    agents_table="agents",
    timer_queue_url="timers",
    outbound_queue_url="outbound",
    public_base_url=BASE_URL,
    socket_endpoint="",
    twilio_account_sid="AC" + 32 * "0",
    twilio_auth_token=AUTH_TOKEN,
    twilio_api_url="",
    captcha_url="",
    installation_id="installation of the tests",
    user_pool_id=USER_POOL,
    user_pool_client_id=POOL_CLIENT,
)
"""Of the application under proof."""

OUR_NUMBER = "+15550100000"

DEMO_QUEUE = Queue(
    id="demo",
    name="Demo",
    form=(
        FormField("name", "Name", "text", True),
        FormField("email", "E-mail", "email", True),
        FormField("account_id", "Account ID", "text", False),
        FormField("topic", "Topic", "select", False, ("Order", "Return")),
        FormField("message", "Message", "textarea", True),
    ),
    dispositions=("Solved", "Passed on"),
    not_ready_reasons=("Break", "Lunch"),
)

ANSWERS = {"name": "Ada", "email": "ada@example.com", "message": "Where is my bike?"}


class Desk:
    """The whole desk."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock, self.ids = Clock(), Ids()
        self.gateway, self.phones, self.captchas = Gateway(), Phones(), Captchas()
        self.timers, self.outbox = Sqs(self.clock), Sqs(self.clock)
        self.settings = SETTINGS
        create_tables()
        database = connect(_SharedSession(), "conversations", "agents")
        self.queues, self.agents = QueueTable(self.clock), AgentTable(database)
        self.ports = Ports(
            conversations=ConversationTable(database, self.clock),
            addresses=AddressTable(self.clock, self.queues),
            agents=self.agents,
            queues=self.queues,
            staffing=StaffingTable(self.clock),
            access=AccessTable(self.clock),
            push=SocketPush(lambda _endpoint: self.gateway),
            pacing=WorkersPacing(self.clock),
            timers=SqsTimers(lambda: self.timers, "timers"),
            outbox=SqsOutbox(lambda: self.outbox, "outbound"),
            texting=self.phones,
            captchas=self.captchas,
            clock=self.clock,
            ids=self.ids,
        )
        monkeypatch.setattr(app, "ports", lambda: self.ports)
        monkeypatch.setattr(app, "settings", lambda: self.settings)
        self._monkeypatch = monkeypatch
        self.queues.put(DEMO_QUEUE)
        self.queues.put_number(OUR_NUMBER, "demo")
        self._connections = count(1)
        self.largest_reply = 0
        self._networks = count(1)

    def agent(
        self, name: str = "Grace", capacity: int = 3, queues: tuple[str, ...] = ("demo",)
    ) -> DeskAgent:
        """A new agent, signed in and not ready."""
        id, email, now = f"agent-{name.lower()}", f"{name.lower()}@example.com", self.clock.now()
        agent = Agent(id, name, email, "agent", capacity, queues, since=now, idle_since=now)
        self.agents.create(agent)
        return DeskAgent(self, agent.id)

    def ready_agent(self, name: str = "Grace", capacity: int = 3) -> DeskAgent:
        """A new agent, ready for work."""
        agent = self.agent(name, capacity)
        agent.ready()
        return agent

    def customer(
        self, token: str | None = None, start_id: str | None = None, **answers: str
    ) -> Customer:
        """A customer who has just started a conversation, before all who start later."""
        asked = {**ANSWERS, **answers}
        customer = Customer(self, asked, token, start_id or secrets.token_urlsafe(24))
        self.clock.time += timedelta(milliseconds=1)
        return customer

    def start(
        self,
        answers: Json,
        *,
        start_id: str,
        token: str | None = None,
        queue_id: str = "demo",
        source: str | None = None,
    ) -> tuple[int, Any]:
        """The reply to a first request, from a network of its own unless one is given."""
        number = next(self._networks)
        own = f"203.0.{number // 250}.{number % 250 + 1}"
        body = {"start_id": start_id, "queue_id": queue_id, "answers": answers}
        return self.rest("POST", "/widget/conversations", body, token=token, source=source or own)

    def rest(
        self,
        method: str,
        path: str,
        body: Json | str | None = None,
        *,
        token: str | None = None,
        claims: Json | None = None,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        source: str | None = None,
    ) -> tuple[int, Any]:
        """The status and the JSON body of a request."""
        sent = {"content-type": "application/json", **(headers or {})}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        text = body if isinstance(body, str) else ""
        if body is not None and not isinstance(body, str):
            text = json.dumps(body, ensure_ascii=False)
        reply = self.request(method, path, text, sent, query or {}, claims, source)
        content = reply["body"]
        is_json = reply["headers"].get("Content-Type") == "application/json"
        return reply["statusCode"], json.loads(content) if is_json else content

    def request(
        self,
        method: str,
        path: str,
        body: str,
        headers: dict[str, str],
        query: dict[str, str],
        claims: Json | None = None,
        source: str | None = None,
    ) -> Json:
        """The reply of the Lambda function to API Gateway."""
        event = rest_event(
            method,
            path,
            *match_route(method, path),
            body=body,
            headers=headers,
            query=query,
            claims=claims,
            source=source,
        )
        reply: Json = app.app(event, None)
        _check_is_told(method, event["resource"], reply)
        self.largest_reply = max(self.largest_reply, limits.written_bytes(reply))
        if limits.is_reply_too_large(reply):
            return {"statusCode": 502, "headers": {}, "body": ""}
        return reply

    def connect(self, ticket: str) -> Socket:
        """Open a socket with a ticket."""
        connection_id = f"connection-{next(self._connections)}="
        answer = self.socket_event("CONNECT", connection_id, ticket=ticket)
        assert answer["statusCode"] == 200, "The ticket was refused."
        return Socket(self, connection_id)

    def refuses(self, ticket: str | None) -> bool:
        """Whether a socket with this ticket is not let in."""
        answer = self.socket_event("CONNECT", "connection-refused=", ticket=ticket)
        return bool(answer["statusCode"] == 401)

    def socket_event(
        self, type: str, connection_id: str, *, body: str = "", ticket: str | None = None
    ) -> Json:
        """What the Lambda function answers to a socket's event.

        Raises ConnectionError where the gateway closes the socket instead.
        """
        if limits.is_frame_too_large(body):
            self.gateway.gone.add(connection_id)
            self.socket_event("DISCONNECT", connection_id)
            raise ConnectionError(limits.TOO_BIG)
        handler = {
            "CONNECT": app.websocket_connect,
            "MESSAGE": app.websocket_message,
            "DISCONNECT": app.websocket_disconnect,
        }[type]
        answer: Json = handler(socket_event(type, connection_id, body, ticket), None)
        return answer

    def text(
        self, sender: str, body: str, sid: str | None = None, **fields: str
    ) -> tuple[int, Any]:
        """A text from a phone, as Twilio delivers it."""
        form = {
            "MessageSid": sid or "SM" + secrets.token_hex(16),
            "AccountSid": self.settings.twilio_account_sid,
            "From": sender,
            "To": OUR_NUMBER,
            "Body": body,
            "NumMedia": "0",
            "NumSegments": "1",
            "ApiVersion": "2010-04-01",
            **fields,
        }
        return self.webhook("/twilio/messages", form)

    def webhook(
        self,
        path: str,
        form: dict[str, str],
        query: dict[str, str] | None = None,
        signature: str | None = None,
    ) -> tuple[int, Any]:
        """A request of Twilio's, signed unless another signature is given."""
        url = BASE_URL + path + ("?" + urlencode(query) if query else "")
        right = RequestValidator(AUTH_TOKEN).compute_signature(url, form)
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-twilio-signature": right if signature is None else signature,
        }
        reply = self.request("POST", path, urlencode(form), headers, query or {})
        return reply["statusCode"], reply["body"]

    def pass_time(self, seconds: float) -> None:
        """Move the clock, and deliver the timers that become due, each at its time."""
        end = self.clock.time + timedelta(seconds=seconds)
        while message := self.timers.next_due(end):
            self.clock.time = max(self.clock.time, message["due"])
            app.timer_due(sqs_event(message), None)
        self.clock.time = max(self.clock.time, end)

    def send_texts(self, within: float = 0) -> None:
        """Deliver what is on the outbound queue, each when it is due, for so many seconds."""
        end = self.clock.time + timedelta(seconds=within)
        self.outbox.deliver(app.text_outbound)
        while (due := self.outbox.first_due()) is not None and due <= end:
            self.clock.time = max(self.clock.time, due)
            self.outbox.deliver(app.text_outbound)
        self.clock.time = max(self.clock.time, end)

    def sweep(self) -> None:
        """What the schedule does once a minute."""
        app.sweep(fixture("schedule_event"), None)

    def meanwhile(self, part: object, method: str, action: Callable[[], object]) -> None:
        """Have something else happen right before the next call of a part's method."""
        real = getattr(part, method)

        def interrupted(*args: Any, **kwargs: Any) -> Any:
            self._monkeypatch.setattr(part, method, real)
            action()
            return real(*args, **kwargs)

        self._monkeypatch.setattr(part, method, interrupted)

    @contextmanager
    def crash_before(self, part: object, method: str) -> Iterator[None]:
        """Within the block the process ends, right before the next call of a part's method."""

        def crash() -> None:
            raise Crash

        self.meanwhile(part, method, crash)
        with pytest.raises(Crash):
            yield

    def update_raw(self, key: Json, expression: str) -> None:
        """Write to an item of the conversations' table as an earlier version might have."""
        shared_client().update_item(TableName="conversations", Key=key, UpdateExpression=expression)

    def stored(self) -> str:
        """All that is in the tables, as text."""
        return json.dumps(
            [shared_client().scan(TableName=name)["Items"] for name in table_shapes()]
        )


def create_tables() -> None:
    """The tables of the infra template."""
    for name, shape in table_shapes().items():
        shared_client().create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **shape)


@cache
def table_shapes() -> dict[str, Json]:
    """How each table of the infra template is created, by its name."""
    template = cfn_yaml.load(str(ROOT / "infra/template.yaml"))
    keys = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes")
    shapes: dict[str, Json] = {}
    for logical, name in (("ConversationsTable", "conversations"), ("AgentsTable", "agents")):
        properties = json.loads(json.dumps(template["Resources"][logical]["Properties"]))
        shapes[name] = {key: properties[key] for key in keys if key in properties}
    return shapes


@cache
def shared_client() -> Any:
    """The one client of DynamoDB in this process."""
    return botocore.session.get_session().create_client("dynamodb")


class _SharedSession:
    """Hands out the one client of all tests: to make one takes longer than a test."""

    def create_client(self, *_args: object, **_kwargs: object) -> Any:
        return shared_client()


def _check_is_told(method: str, resource: str, reply: Json) -> None:
    """Every refusal is one that the protocol tells of for this route."""
    route = next(each for each in ROUTES if (each.method, each.path) == (method, resource))
    if reply["statusCode"] >= 400:
        code = json.loads(reply["body"])["error"]["code"]
        assert code in (*route.errors, "internal"), f"{method} {resource} answers {code}."


def match_route(method: str, path: str) -> tuple[str, dict[str, str]]:
    """The resource of API Gateway that a path belongs to, and its parameters."""
    steps = path.strip("/").split("/")
    for resource, methods in app.app.routes.items():
        names = resource.strip("/").split("/")
        if len(names) != len(steps) or method not in methods:
            continue
        pairs = list(zip(names, steps, strict=True))
        if all(name == step or name.startswith("{") for name, step in pairs):
            return resource, {n[1:-1]: s for n, s in pairs if n.startswith("{")}
    raise LookupError(f"There is no route {method} {path}.")
