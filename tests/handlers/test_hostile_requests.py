"""Whatever comes: no 500, the field that is wrong is named, in plain words, and nothing changes."""

import json
import logging
import re
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.routing import id_at
from proof.desk import ANSWERS, Desk
from proof.fakes import Json
from proof.people import DeskAgent, Socket

START: Json = {
    "start_id": 24 * "s",
    "queue_id": "demo",
    "answers": ANSWERS,
    "channel": "web",
    "website": {"url": "https://shop.example/", "title": "Shop"},
}
SEND: Json = {"message_id": "12345678", "text": "Hello"}
COMMANDS: tuple[Json, ...] = (
    {"type": "sync"},
    {"type": "availability.set", "availability": "not_ready", "reason": "Break"},
    {"type": "agent.leave"},
    {"type": "conversation.read", "conversation_id": "c", "seq": 1},
    {"type": "offer.accept", "conversation_id": "c", "offer_id": "o"},
    {"type": "offer.decline", "conversation_id": "c", "offer_id": "o"},
    {"type": "message.send", "conversation_id": "c", **SEND},
    {"type": "conversation.close", "conversation_id": "c", "disposition": "x", "note": "y"},
)

NOT_TEXT = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)

JARGON = re.compile(
    r"None|NoneType|`|\bstr\b|\bint\b|\bdict\b|\bbool\b|\bobject\b|\barray\b|regex|enum|Expected"
    r"|struct|msgspec|unicode|codec|Traceback|\$",
    re.IGNORECASE,
)

MANY = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def leaves(body: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The paths to all texts in a body."""
    if isinstance(body, dict):
        return [leaf for name, part in body.items() for leaf in leaves(part, (*path, name))]
    return [path]


def changed(body: Json, path: tuple[str, ...], value: Any) -> Json:
    """The body with another value there."""
    copy = deepcopy(body)
    part = copy
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return copy


def check_words(error: Json) -> None:
    """A developer without Python understands it."""
    assert set(error) == {"code", "message", "field", "retry_after"}
    assert not JARGON.search(error["message"]), error["message"]
    assert re.fullmatch(r"[A-Z].*\.", error["message"]) or "https://" in error["message"]


@pytest.fixture
def quiet(desk: Desk, caplog: pytest.LogCaptureFixture) -> Desk:
    """A desk on which nothing is to be logged."""
    caplog.set_level(logging.INFO)
    return desk


@pytest.fixture
def window(desk: Desk) -> Socket:
    """An agent's window, the same for all examples of a test."""
    return desk.agent().socket


@MANY
@given(st.sampled_from(leaves(START)), NOT_TEXT)
def test_a_value_of_another_type_is_named(quiet: Desk, path: tuple[str, ...], value: Any) -> None:
    before = quiet.stored()
    status, reply = quiet.rest("POST", "/widget/conversations", changed(START, path, value))
    error = reply["error"]
    assert (status, error["code"], error["field"]) == (422, "invalid", ".".join(path))
    check_words(error)
    assert quiet.stored() == before


@MANY
@given(st.sampled_from(leaves(START)), st.text(st.characters(), min_size=1, max_size=9))
def test_a_field_that_is_not_known_is_named(quiet: Desk, path: tuple[str, ...], name: str) -> None:
    before = quiet.stored()
    body = changed(START, (*path[:-1], f"x{name}"), "value")
    status, reply = quiet.rest("POST", "/widget/conversations", json.dumps(body))
    error = reply["error"]
    assert (status, error["code"]) == (422, "invalid")
    assert error["field"].startswith(".".join((*path[:-1], "x")))
    check_words(error)
    assert quiet.stored() == before


@MANY
@given(st.data())
def test_a_command_with_another_type_in_it_is_answered(
    desk: Desk, window: Socket, data: st.DataObject
) -> None:
    command = data.draw(st.sampled_from(COMMANDS))
    path = data.draw(st.sampled_from(leaves(command)))
    body = changed({"ref": "r", **command}, path, data.draw(NOT_TEXT))
    desk.pass_time(1)
    before = desk.stored()
    error = window.send_raw(json.dumps(body), "r")["error"]
    assert (error["code"], error["field"]) == ("invalid", ".".join(path))
    check_words(error)
    assert desk.stored() == before


@MANY
@given(
    st.text(st.characters(), max_size=60) | st.binary(max_size=60).map(lambda b: b.decode("latin1"))
)
def test_whatever_a_socket_sends_is_answered(desk: Desk, window: Socket, body: str) -> None:
    desk.pass_time(1)
    error = window.send_raw(body)["error"]
    assert error["code"] in ("malformed", "invalid")
    check_words(error)


@MANY
@given(st.integers(0, 200), st.sampled_from(COMMANDS))
def test_a_command_that_is_cut_off_is_answered_with_its_ref(
    desk: Desk, window: Socket, length: int, command: Json
) -> None:
    desk.pass_time(1)
    body = json.dumps({"ref": "r1", **command})
    cut = body[: min(length, len(body) - 1)] or "{"
    ref = "r1" if '"r1"' in cut else None
    error = window.send_raw(cut, ref)["error"]
    assert error["code"] == "malformed"
    check_words(error)


DUPLICATES = [
    '{"answers":{"name":1,"name":"x"}}',
    '{"answers":{"name":1},"answers":7}',
    '{"answers":{"name":1},"answers":{}}',
    '{"answers":{"name":[[',
    '{"answers":{"name":' + 20_000 * "[",
    '{"website":{"url":1}',
]


@pytest.mark.parametrize("body", DUPLICATES)
def test_what_is_wrong_twice_is_refused(desk: Desk, body: str) -> None:
    status, reply = desk.rest("POST", "/widget/conversations", body)
    assert status in (400, 422)
    check_words(reply["error"])


PLAIN = {
    ("website",): ("x", "This must be named fields in braces or null, not text."),
    ("answers", "name"): (7, "This must be text, not a number."),
    ("start_id",): ("short", "At least 22 characters are needed."),
    ("channel",): ("sms", "This is none of the words that are accepted here."),
    ("website", "title"): (201 * "x", "At most 200 characters are accepted."),
    ("website", "url"): ("https://", "This must be the address of a page, such as https://…"),
}


def test_errors_are_plain_words(desk: Desk) -> None:
    for path, (value, message) in PLAIN.items():
        _, reply = desk.rest("POST", "/widget/conversations", changed(START, path, value))
        assert reply["error"]["message"] == message
        assert reply["error"]["field"] == ".".join(path)


EMAILS = {
    "a@b.de": True,
    "jürgen.groß@müller.example": True,
    "a+b_c@sub.example.co.uk": True,
    "用户@例子.广告": True,
    "a@b@c.de": False,
    "a@b": False,
    "a@.de": False,
    "a@b..de": False,
    "a@b.de.": False,
    "a@-b.de": False,
    "@b.de": False,
    "a b@c.de": False,
    "<a@b.de>": False,
    "a@b.de,c@d.de": False,
    "a@b_.de": False,
}


def test_emails(desk: Desk) -> None:
    taken = {
        email: desk.start({**ANSWERS, "email": email}, start_id=f"{number:024}")[0] == 201
        for number, email in enumerate(EMAILS)
    }
    assert taken == EMAILS


PAGES = {
    "https://shop.example": 201,
    "http://localhost:8000/x?y#z": 201,
    "https://müller.example/ä": 201,
    "https://shop.example/\u202eexe": 201,
    "https://": 422,
    "https:///x": 422,
    "https://?x": 422,
    "https://a b": 422,
    "https://a.test/a b": 422,
    "HTTPS:/a": 422,
    "ftp://a.test": 422,
    "https://a.test/" + 1500 * "ä": 413,
}


def test_pages(desk: Desk) -> None:
    answers = {}
    for number, url in enumerate(PAGES):
        body = {**START, "start_id": f"{number:024}", "website": {"url": url}}
        status, reply = desk.rest("POST", "/widget/conversations", body)
        answers[url] = status
        assert status == 201 or reply["error"]["field"] == "website.url"
    assert answers == PAGES


CONTENT_TYPES = {
    "application/json": 201,
    "Application/JSON; charset=UTF-8": 201,
    'application/json;charset="utf-8"': 201,
    "application/json; charset=utf-16": 415,
    "application/json; charset=latin1": 415,
    "*/*": 415,
    "text/plain, application/json": 415,
    "image/png,application/json": 415,
    "application/jsonp": 415,
    "text/plain;application/json": 415,
    "application/x-www-form-urlencoded": 415,
}


def test_content_types(desk: Desk) -> None:
    for number, (kind, expected) in enumerate(CONTENT_TYPES.items()):
        body = {**START, "start_id": f"{number:024}"}
        headers = {"content-type": kind}
        status, reply = desk.rest("POST", "/widget/conversations", body, headers=headers)
        assert status == expected, kind
        if status == 415:
            assert reply["error"]["code"] == "unsupported_media_type"
            check_words(reply["error"])


def test_a_webhook_of_another_content_type_is_refused(desk: Desk) -> None:
    for kind in ("application/json", "*/*", "application/x-www-form-urlencoded; charset=utf-16"):
        reply = desk.request("POST", "/twilio/messages", "From=x", {"content-type": kind}, {})
        assert reply["statusCode"] == 415


def test_requests_without_a_body_may_name_any_type(desk: Desk) -> None:
    customer = desk.customer()
    headers = {"content-type": "text/plain"}
    path = f"/widget/conversations/{customer.id}"
    for method, end in (("GET", "/messages"), ("POST", "/socket-tickets"), ("POST", "/end")):
        assert desk.rest(method, path + end, token=customer.token, headers=headers)[0] in (200, 201)


def test_a_wrong_number_is_named_as_it_was_given(desk: Desk, caplog: Any) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    for number in ("x", "-1", "00", 5000 * "9"):
        query = {"conversation": "c", "message": number}
        status, body = desk.webhook("/twilio/status", form, query)
        error = json.loads(body)["error"]
        assert (status, error["field"]) == (422, "message")
    assert caplog.records == []


OVERSIZED = {
    "From": ("+1" + 5000 * "5", 413, "From"),
    "To": ("+1" + 5000 * "5", 413, "To"),
    "MessageSid": (5000 * "S", 413, "MessageSid"),
    "Body": (60_000 * "x", 200, None),
    "ProfileName": (60_000 * "x", 200, None),
    "NumMedia": (6000 * "9", 200, None),
    "MediaContentType0": (60_000 * "x", 200, None),
    "Latitude": (60_000 * "9", 200, None),
    "From ": (60_000 * "x", 200, None),
}


@pytest.mark.parametrize("name", OVERSIZED)
def test_a_signed_text_of_any_size_is_answered(
    desk: Desk, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """What Twilio never sends, behind its signature all the same."""
    value, expected, field = OVERSIZED[name]
    form = {"NumMedia": "1", "Latitude": "1", "Longitude": "2", name: value}
    status, body = (
        desk.text("+15557654321", "Hello", **form)
        if name
        not in (
            "Body",
            "From",
            "MessageSid",
        )
        else _texted(desk, form)
    )
    assert status == expected
    if field:
        assert json.loads(body)["error"]["field"] == field
    else:
        (place,) = desk.ports.conversations.waiting("demo")
        texts = list(desk.ports.conversations.entries(id_at(place), 1, 9))
        assert len(texts[0].event.text) <= 4000  # type: ignore[union-attr]
    assert caplog.records == []


def _texted(desk: Desk, form: dict[str, str]) -> tuple[int, Any]:
    whole = {
        "MessageSid": "SM1",
        "From": "+15557654321",
        "To": "+15550100000",
        "Body": "Hello",
        **form,
    }
    return desk.webhook("/twilio/messages", whole)


def test_a_signed_status_of_any_size_is_answered(desk: Desk, caplog: Any) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": 6000 * "9"}
    for conversation in ("c", 5000 * "c", "a|b", ""):
        query = {"conversation": conversation, "message": "2"}
        assert desk.webhook("/twilio/status", form, query)[0] == 204
    query = {"conversation": "c", "message": "2"}
    status, body = desk.webhook("/twilio/status", {**form, "MessageStatus": 5000 * "x"}, query)
    assert (status, json.loads(body)["error"]["field"]) == (413, "MessageStatus")
    assert caplog.records == []


def _lose(desk: Desk, agent: DeskAgent) -> None:
    """The agent is gone for so long that the conversation goes to others."""
    agent.socket.close()
    desk.pass_time(31)
    assert agent.state.work == {}


def test_a_repeated_message_is_done_after_the_agent_lost_the_conversation(desk: Desk) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.accept()
    sent = agent.say(customer.id, "On its way", "12345678")
    _lose(desk, agent)
    agent.socket = agent.open_window()
    before = desk.stored()
    again = agent.say(customer.id, "On its way", "12345678")
    assert (again["type"], again["seq"]) == ("ok", sent["seq"])
    assert agent.say(customer.id, "Another", "87654321")["error"]["code"] == "not_found"
    assert desk.stored() == before
    assert customer.texts.count("On its way") == 1


def test_a_message_that_was_not_stored_in_time_is_refused_for_good(desk: Desk) -> None:
    """It is not written in another's name either."""
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.accept()
    with desk.crash_before(desk.ports.conversations, "put_message"):
        agent.say(customer.id, "On its way", "12345678")
    other = desk.ready_agent("Linus")
    _lose(desk, agent)
    agent.socket = agent.open_window()
    for _ in range(2):
        assert agent.say(customer.id, "On its way", "12345678")["error"]["code"] == "not_found"
    other.accept()
    assert agent.say(customer.id, "On its way", "12345678")["error"]["code"] == "not_found"
    assert customer.texts == [ANSWERS["message"]]
    page = customer.transcript()
    assert page["position"] == page["conversation"]["position"]


def test_a_first_try_that_comes_last_is_refused_as_its_repetition_was(desk: Desk) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.accept()
    answers = []

    def meanwhile() -> None:
        _lose(desk, agent)
        desk.gateway.gone.clear()
        window = agent.open_window()
        answers.append(
            window.send(
                type="message.send", conversation_id=customer.id, message_id="12345678", text="Hi"
            )
        )

    desk.meanwhile(desk.ports.conversations, "put_message", meanwhile)
    first = agent.say(customer.id, "Hi", "12345678")
    assert answers[0]["error"]["code"] == "not_found"
    assert first["error"]["code"] == "not_found"
    assert customer.texts == [ANSWERS["message"]]
