"""What messages and whole conversations cost, from what they do at the desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from proof.benchmarks import flows
from proof.benchmarks.calls import Call, Meter
from proof.benchmarks.crowd import gather
from proof.benchmarks.desk import TEXT, BenchDesk, open_desk
from proof.benchmarks.prices import CONNECT_MESSAGE, FLOOR, MILLION, Bill
from proof.benchmarks.tables import Tables
from proof.desk import OUR_NUMBER
from proof.people import DeskAgent, Socket

OWN_SECONDS, CALL_SECONDS, MEMORY_GB = 0.003, 0.005, 1.0
"""Durations are assumed: so long for an invocation itself, and so long for each call it makes."""

OPEN_MINUTES, HELD_AT_ONCE = 10, 3
"""How long a conversation is assumed to last, and among how many an agent's socket is shared.

The clients send a heartbeat a minute.
"""

EACH_SAYS = 10
"""Messages from each side of a conversation."""

SQS_REQUESTS = 3
"""To send, receive and delete a message."""


@dataclass(frozen=True, slots=True)
class Price:
    """What so many of something cost, beside the floor and Amazon Connect, in dollars."""

    name: str
    bill: Bill
    floor: float
    connect: float


@dataclass(frozen=True, slots=True)
class _Scene:
    """``messages`` is how many messages pass in it."""

    name: str
    prepare: Callable[[BenchDesk], Callable[[], object]]
    times: int
    messages: int
    minutes: float = 0


def bill_of(calls: list[Call], entrances: Mapping[str, int], minutes: float = 0) -> Bill:
    """What API Gateway, Lambda, DynamoDB and SQS charge for what came in and what was called."""
    sent = Counter(call.to for call in calls if call.operation == "SendMessage")
    invocations = sum(entrances.values()) + sum(sent.values())
    seconds = invocations * OWN_SECONDS + len(calls) * CALL_SECONDS
    posts = sum(call.service == "sockets" for call in calls)
    return Bill(
        {
            "REST requests": entrances.get("REST", 0),
            "socket messages": entrances.get("MESSAGE", 0) + posts,
            "connection minutes": minutes,
            "Lambda requests": invocations,
            "Lambda GB-seconds": seconds * MEMORY_GB,
            "DynamoDB write units": sum(call.units.write for call in calls),
            "DynamoDB read units": sum(call.units.read for call in calls),
            "SQS requests": sent["timers"] * SQS_REQUESTS,
            "SQS FIFO requests": sent["outbound"] * SQS_REQUESTS,
        }
    )


def prices() -> list[Price]:
    """Of a million messages of each kind, and of a thousand conversations."""
    return [_price(scene) for scene in _SCENES]


def _price(scene: _Scene) -> Price:
    meter = Meter()
    with open_desk(meter, Tables(meter)) as desk:
        gather(desk, 10)
        desk.warm_worker()
        run = scene.prepare(desk)
        meter.take()
        desk.entrances.clear()
        run()
        once = bill_of(meter.take(), desk.entrances, scene.minutes)
    passed = scene.messages * scene.times
    floor = Bill({name: count * passed for name, count in FLOOR.items()}).total
    return Price(scene.name, once.times(scene.times), floor, CONNECT_MESSAGE * passed)


def _text_there_and_delivered(desk: BenchDesk) -> Callable[[], object]:
    conversation_id, agent = flows.talk_by_text(desk)

    def run() -> None:
        _send_text(desk, agent, conversation_id)

    return run


def _send_text(desk: BenchDesk, agent: DeskAgent, conversation_id: str) -> None:
    seq = agent.say(conversation_id, TEXT)["seq"]
    desk.send_texts()
    query = {"conversation": conversation_id, "message": str(seq)}
    for status in ("sent", "delivered"):
        form = {"MessageSid": flows.SID, "MessageStatus": status, "To": flows.PHONE}
        code, _ = desk.webhook("/twilio/status", {**form, "From": OUR_NUMBER}, query)
        assert code == 204


def _web_conversation(desk: BenchDesk) -> Callable[[], object]:
    agent = desk.hire()

    def run() -> None:
        desk.rest("GET", "/widget/queues/demo")
        customer = flows.started(desk)
        agent.accept()
        agent.transcript(customer.id)
        for _ in range(EACH_SAYS - 1):
            customer.say(TEXT)
            agent.say(customer.id, TEXT)
        agent.say(customer.id, TEXT)
        _beat(customer.socket, OPEN_MINUTES)
        _beat(agent.socket, OPEN_MINUTES // HELD_AT_ONCE)
        desk.pass_time(60)
        agent.close(customer.id)
        customer.socket.close()

    return run


def _text_conversation(desk: BenchDesk) -> Callable[[], object]:
    agent = desk.hire()

    def run() -> None:
        flows.text(desk, "SM" + 32 * "0")
        (conversation_id,) = agent.offered
        agent.accept()
        agent.transcript(conversation_id)
        for number in range(EACH_SAYS):
            if number:
                flows.text(desk, f"SM{number:032x}")
            _send_text(desk, agent, conversation_id)
        _beat(agent.socket, OPEN_MINUTES // HELD_AT_ONCE)
        desk.pass_time(60)
        agent.close(conversation_id)

    return run


def _beat(socket: Socket, times: int) -> None:
    for _ in range(times):
        socket.sync()


def _act(prepare: Callable[[BenchDesk], flows.Act]) -> Callable[[BenchDesk], Callable[[], object]]:
    return lambda desk: prepare(desk).run


_TEXT_MINUTES = OPEN_MINUTES / HELD_AT_ONCE
_WEB_MINUTES = OPEN_MINUTES + _TEXT_MINUTES

_SCENES = (
    _Scene("web messages", _act(flows.web_message), MILLION, 1),
    _Scene("SMS", _act(flows.text_message), MILLION, 1),
    _Scene("agent to web", _act(flows.agent_message), MILLION, 1),
    _Scene("agent to phone", _text_there_and_delivered, MILLION, 1),
    _Scene("web talks", _web_conversation, 1000, 2 * EACH_SAYS, _WEB_MINUTES),
    _Scene("SMS talks", _text_conversation, 1000, 2 * EACH_SAYS, _TEXT_MINUTES),
)
