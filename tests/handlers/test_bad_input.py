"""Whatever is sent over REST: refused with a reason, nothing changed, nothing told (I12)."""

import json
import logging
import secrets
from typing import Any

import pytest

from proof.desk import ANSWERS, Desk
from proof.fakes import Json

START = {"start_id": 24 * "s", "queue_id": "demo", "answers": ANSWERS}
SEND = {"message_id": "12345678", "text": "Hello"}
LEAKS = ("Traceback", "boto", "dynamo", "msgspec", "chalicelib", "conversations table")


def without(body: Json, name: str) -> Json:
    return {key: value for key, value in body.items() if key != name}


def answering(**answers: Any) -> Json:
    return {**START, "answers": {**ANSWERS, **answers}}


def refused(
    desk: Desk, caplog: pytest.LogCaptureFixture, path: str, body: Any, token: str | None = None
) -> tuple[int, str, str | None]:
    """The status, code and field of an error that changes and leaks nothing."""
    before = desk.stored()
    status, reply = desk.rest("POST", path, body, token=token)
    assert desk.stored() == before
    assert [record for record in caplog.records if record.levelno >= logging.INFO] == []
    assert not any(leak in json.dumps(reply) for leak in LEAKS)
    assert set(reply) == {"error"}
    error = reply["error"]
    assert set(error) == {"code", "message", "field", "retry_after"}
    assert error["message"]
    return status, error["code"], error["field"]


WRONG_ANYWHERE: dict[str, tuple[Any, tuple[int, str, str | None]]] = {
    "nothing": ("", (400, "malformed", None)),
    "not JSON": ("hello", (400, "malformed", None)),
    "half": ('{"te', (400, "malformed", None)),
    "bytes": ("\x00\ufffd", (400, "malformed", None)),
    "list": ([], (422, "invalid", None)),
    "null": ("null", (422, "invalid", None)),
    "deep": (50_000 * "[", (422, "invalid", None)),
    "over 64 kB": (json.dumps({"text": 66_000 * "x"}), (413, "too_large", None)),
}

WRONG_START = {
    **WRONG_ANYWHERE,
    "no start_id": (without(START, "start_id"), (422, "invalid", "start_id")),
    "short start_id": ({**START, "start_id": 21 * "s"}, (422, "invalid", "start_id")),
    "long start_id": ({**START, "start_id": 65 * "s"}, (413, "too_large", "start_id")),
    "odd start_id": ({**START, "start_id": 24 * " "}, (422, "invalid", "start_id")),
    "no queue": (without(START, "queue_id"), (422, "invalid", "queue_id")),
    "unknown queue": ({**START, "queue_id": "nowhere"}, (404, "not_found", None)),
    "odd queue": ({**START, "queue_id": "../demo"}, (422, "invalid", "queue_id")),
    "no answers": (without(START, "answers"), (422, "invalid", "answers")),
    "answers of another type": ({**START, "answers": []}, (422, "invalid", "answers")),
    "unknown channel": ({**START, "channel": "sms"}, (422, "invalid", "channel")),
    "unknown field": ({**START, "priority": 9}, (422, "invalid", "priority")),
    "unknown answer": (answering(role="admin"), (422, "invalid", "answers.role")),
    "no name": (answering(name=""), (422, "invalid", "answers.name")),
    "blank name": (answering(name=" \t"), (422, "invalid", "answers.name")),
    "long name": (answering(name=201 * "x"), (413, "too_large", "answers.name")),
    "no e-mail": (
        {**START, "answers": without(ANSWERS, "email")},
        (422, "invalid", "answers.email"),
    ),
    "odd e-mail": (answering(email="ada at example"), (422, "invalid", "answers.email")),
    "no choice": (answering(topic="Refund"), (422, "invalid", "answers.topic")),
    "no message": (answering(message=""), (422, "invalid", "answers.message")),
    "blank message": (answering(message="\n "), (422, "invalid", "answers.message")),
    "script": (
        {**START, "website": {"url": "javascript:alert(1)"}},
        (422, "invalid", "website.url"),
    ),
    "relative page": ({**START, "website": {"url": "/x"}}, (422, "invalid", "website.url")),
    "long page": (
        {**START, "website": {"url": "https://" + 2000 * "x"}},
        (413, "too_large", "website.url"),
    ),
    "long title": (
        {**START, "website": {"url": "https://a.test", "title": 201 * "x"}},
        (413, "too_large", "website.title"),
    ),
    "website of another type": ({**START, "website": "x"}, (422, "invalid", "website")),
    "unknown field of website": (
        {**START, "website": {"url": "https://a.test", "x": 1}},
        (422, "invalid", "website.x"),
    ),
}

WRONG_SEND = {
    **WRONG_ANYWHERE,
    "no id": (without(SEND, "message_id"), (422, "invalid", "message_id")),
    "short id": ({**SEND, "message_id": "1234567"}, (422, "invalid", "message_id")),
    "long id": ({**SEND, "message_id": 65 * "1"}, (413, "too_large", "message_id")),
    "odd id": ({**SEND, "message_id": "1234 5678"}, (422, "invalid", "message_id")),
    "id of another type": ({**SEND, "message_id": 12345678}, (422, "invalid", "message_id")),
    "no text": (without(SEND, "text"), (422, "invalid", "text")),
    "empty text": ({**SEND, "text": ""}, (422, "invalid", "text")),
    "blank text": ({**SEND, "text": " \n\t"}, (422, "invalid", "text")),
    "text of another type": ({**SEND, "text": ["Hello"]}, (422, "invalid", "text")),
    "null text": ({**SEND, "text": None}, (422, "invalid", "text")),
    "4,001 characters": ({**SEND, "text": 4001 * "x"}, (413, "too_large", "text")),
    "unknown field": ({**SEND, "sender": "agent"}, (422, "invalid", "sender")),
}


def test_a_wrong_start(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    path = "/widget/conversations"
    answers = {name: refused(desk, caplog, path, body) for name, (body, _) in WRONG_START.items()}
    assert answers == {name: expected for name, (_, expected) in WRONG_START.items()}


def test_a_wrong_answer_is_named(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    path = "/widget/conversations"
    long, mistyped = answering(message=4001 * "x"), answering(name=7)
    assert refused(desk, caplog, path, long) == (413, "too_large", "answers.message")
    assert refused(desk, caplog, path, mistyped) == (422, "invalid", "answers.name")


def test_a_wrong_message(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    _, started = desk.start(ANSWERS, start_id=24 * "c")
    path = f"/widget/conversations/{started['conversation']['conversation_id']}/messages"
    token = started["customer_token"]
    answers = {
        name: refused(desk, caplog, path, body, token) for name, (body, _) in WRONG_SEND.items()
    }
    assert answers == {name: expected for name, (_, expected) in WRONG_SEND.items()}


WRONG_AFTER = [
    "x",
    "00",
    "01",
    "-1",
    "1.5",
    "",
    " 1",
    "1e3",
    "\u00b2",
    "9999999999",
    5000 * "9",
    "0x1",
    "\u0661",
]


def test_a_wrong_after(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.accept()
    for after in WRONG_AFTER:
        replies = [customer.rest("GET", "/messages", after=after), agent.read(customer.id, after)]
        for status, reply in replies:
            error = reply["error"]
            refusal = (status, error["code"], error["field"])
            assert refusal == (422, "invalid", "after"), after
    assert caplog.records == []


def test_a_wrong_before(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.accept()
    path = f"/agent/conversations/{customer.id}/events"
    replies = [agent.read_back(customer.id, before) for before in WRONG_AFTER]
    replies.append(agent.rest("GET", path, before="3", after="1"))
    for status, reply in replies:
        error = reply["error"]
        assert (status, error["code"], error["field"]) == (422, "invalid", "before")
    assert caplog.records == []


@pytest.mark.parametrize("after", ["0", "7", "999999999"])
def test_an_after_beyond_the_end_gives_the_end(desk: Desk, after: str) -> None:
    customer = desk.customer()
    status, page = customer.rest("GET", "/messages", after=after)
    assert (status, page["position"], page["more"]) == (200, 2, False)


@pytest.mark.parametrize("length", [65, 3000])
def test_a_long_id_is_not_found(desk: Desk, caplog: pytest.LogCaptureFixture, length: int) -> None:
    customer, agent, id = desk.customer(), desk.agent(), length * "x"
    path = f"/widget/conversations/{id}/messages"
    assert desk.rest("GET", path, token=customer.token)[0] == 404
    assert desk.rest("POST", path, SEND, token=customer.token)[0] == 404
    assert desk.rest("GET", f"/widget/queues/{id}")[0] == 404
    assert agent.read(id)[0] == 404
    assert caplog.records == []


def test_another_content_type_is_refused(desk: Desk) -> None:
    before = desk.stored()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "", "x"):
        headers = {"content-type": kind}
        assert desk.rest("POST", "/widget/conversations", START, headers=headers)[0] == 415
    assert desk.stored() == before


def test_json_may_name_its_charset(desk: Desk) -> None:
    headers = {"content-type": "application/json; charset=utf-8"}
    assert desk.rest("POST", "/widget/conversations", START, headers=headers)[0] == 201


def test_an_unexpected_error_tells_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the reply nor the log has what the customer wrote."""
    customer = desk.customer()

    def fail() -> None:
        raise RuntimeError("internals")

    desk.meanwhile(desk.ports.conversations, "put_message", fail)
    status, reply = customer.say("My secret is 1234")
    assert (status, reply["error"]["code"]) == (500, "internal")
    assert "internals" not in json.dumps(reply)
    assert "1234" not in caplog.text
    assert customer.token not in caplog.text
    assert "RuntimeError" in caplog.text


def test_an_ordinary_journey_logs_nothing_personal(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "chalicelib")
    agent = desk.ready_agent()
    customer = desk.customer(message="My secret is 1234")
    agent.accept()
    customer.say("My secret is 1234", secrets.token_hex(8))
    agent.close(customer.id)
    for secret in ("1234", "ada@example.com", "Ada", customer.token):
        assert secret not in caplog.text
