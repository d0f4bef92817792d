"""Text of every kind, from its writer to its reader: whole, harmless, the same."""

import json
import secrets
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from chalicelib.domain import text
from chalicelib.domain.queue import MESSAGE_LENGTH
from proof.desk import ANSWERS, Desk
from proof.fakes import Json
from proof.people import Customer, DeskAgent, texts_of

ANY = st.text(st.characters(), min_size=1, max_size=40)
PHONE = "+15557654321"

NOTHING = [
    "\u200b",
    "\u3164",
    "\u2800 \u00ad",
    "\u200f\u202e",
    "\ufe0f\u2060",
    "\U000e0041",
    "\x07",
]

FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def escaped(body: Json) -> str:
    """JSON in which half a character is an escape, as browsers and Python write it."""
    return json.dumps(body)


def raw(body: Json) -> str:
    """JSON in which every character is itself."""
    return json.dumps(body, ensure_ascii=False)


@pytest.fixture
def talk(desk: Desk) -> tuple[DeskAgent, Customer]:
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.accept()
    return agent, customer


@FEW
@given(ANY, st.sampled_from([escaped, raw]))
def test_what_a_customer_writes_is_read_by_both(
    talk: tuple[DeskAgent, Customer], written: str, write: Callable[[Json], str]
) -> None:
    agent, customer = talk
    body = write({"message_id": secrets.token_hex(8), "text": written})
    path = f"/widget/conversations/{customer.id}/messages"
    customer.desk.pass_time(1)
    status, reply = customer.desk.rest("POST", path, body, token=customer.token)
    if not text.message(written):
        assert (status, reply["error"]["field"]) == (422, "text")
        return
    assert status == 201
    after = reply["seq"] - 1
    pushed = agent.socket.texts[-1]
    assert pushed == customer.socket.texts[-1] == text.message(written)
    assert texts_of(customer.transcript(after)) == [pushed]
    assert texts_of(agent.transcript(customer.id, after)) == [pushed]
    line = agent.screen["conversations"][0]["last_message"]["text"]
    assert pushed.startswith(line)


@FEW
@given(ANY, st.sampled_from([escaped, raw]))
def test_what_an_agent_writes_is_answered_and_read_by_both(
    talk: tuple[DeskAgent, Customer], written: str, write: Callable[[Json], str]
) -> None:
    agent, customer = talk
    ref, message_id = secrets.token_hex(4), secrets.token_hex(8)
    command = {"type": "message.send", "ref": ref, "conversation_id": customer.id}
    body = write({**command, "message_id": message_id, "text": written})
    answer = agent.socket.send_raw(body, ref)
    if not text.message(written):
        assert answer["error"]["field"] == "text"
        return
    assert answer["type"] == "ok"
    assert customer.socket.texts[-1] == text.message(written)
    assert texts_of(customer.transcript(answer["seq"] - 1)) == [text.message(written)]


@settings(FEW, max_examples=20)
@given(ANY, ANY, ANY)
def test_what_a_customer_tells_of_themselves_is_shown(name: str, title: str, first: str) -> None:
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        desk = Desk(patch)
        agent = desk.ready_agent()
        body = {
            "start_id": secrets.token_urlsafe(24),
            "queue_id": "demo",
            "answers": {**ANSWERS, "name": name, "message": first},
            "website": {"url": "https://shop.example/", "title": title},
        }
        status, reply = desk.rest("POST", "/widget/conversations", escaped(body))
        wrong = [field for field in ("name", "message") if not text.message(body["answers"][field])]
        if wrong or not text.line(name):
            assert (status, reply["error"]["code"]) == (422, "invalid")
            assert reply["error"]["field"] in ("answers.name", "answers.message")
            return
        assert status == 201
        (offer,) = agent.offers
        assert offer["customer"]["name"] == text.line(name)
        assert offer["website"]["title"] == text.line(title)
        assert offer["first_message"] == text.message(first).strip()


@settings(FEW, max_examples=20)
@given(ANY.map(text.well_formed), ANY.map(text.well_formed))
def test_what_comes_from_a_phone_is_shown(body: str, name: str) -> None:
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        desk = Desk(patch)
        agent = desk.ready_agent()
        assert desk.text(PHONE, body, ProfileName=name)[0] == 200
        (offer,) = agent.offers
        assert offer["first_message"] == (text.message(body).strip() or "[empty message]")
        assert offer["customer"]["name"] == (text.line(name) or PHONE)


@settings(FEW, max_examples=20)
@given(ANY)
def test_what_an_agent_notes_is_shown(note: str) -> None:
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        desk = Desk(patch)
        agent = desk.ready_agent()
        customer = desk.customer()
        agent.accept()
        command = {"type": "conversation.close", "ref": "1", "conversation_id": customer.id}
        body = escaped({**command, "disposition": "Solved", "note": note})
        assert agent.socket.send_raw(body, "1")["type"] == "ok"
        assert agent.transcript(customer.id)["events"][-1]["note"] == (text.message(note) or None)


@pytest.mark.parametrize("nothing", NOTHING)
def test_what_nobody_sees_is_not_sent(talk: tuple[DeskAgent, Customer], nothing: str) -> None:
    agent, customer = talk
    desk = customer.desk
    before = desk.stored()
    assert customer.say(nothing)[0] == 422
    assert agent.say(customer.id, nothing)["error"]["field"] == "text"
    for field in ("name", "message"):
        answers = {**ANSWERS, field: nothing}
        status, reply = desk.start(answers, start_id=secrets.token_urlsafe(24))
        assert (status, reply["error"]["field"]) == (422, f"answers.{field}")
    assert desk.stored() == before


def test_length_is_counted_in_code_points(talk: tuple[DeskAgent, Customer]) -> None:
    agent, customer = talk
    most = MESSAGE_LENGTH * "👍"
    assert customer.say(most)[0] == 201
    assert agent.socket.texts[-1] == most
    assert customer.say(most + "👍")[0] == 413


def test_the_line_in_lists_ends_before_an_emoji_that_does_not_fit(
    talk: tuple[DeskAgent, Customer],
) -> None:
    agent, customer = talk
    customer.say(77 * "x" + "👨\u200d👩\u200d👧")
    assert agent.screen["conversations"][0]["last_message"]["text"] == 77 * "x"


@pytest.mark.parametrize("half", ["\ud83d", "b\ude00", "a\ud83d😀", "\\\ud83d"])
def test_half_an_emoji_is_answered_with_its_ref(
    talk: tuple[DeskAgent, Customer], half: str
) -> None:
    agent, customer = talk
    command = {"type": "message.send", "conversation_id": customer.id, "text": half}
    body = escaped({**command, "ref": f"r{half}", "message_id": "12345678"})
    answer = agent.socket.send_raw(body, text.well_formed(f"r{half}"))
    assert answer["type"] == "ok"
    assert customer.socket.texts[-1] == text.message(half)


def test_a_binary_frame_is_answered(talk: tuple[DeskAgent, Customer]) -> None:
    agent, _ = talk
    answer = agent.socket.send_binary(b'{"type":"sync","ref":"7"}', "7")
    assert answer["error"]["code"] == "malformed"
    assert agent.socket.send_binary(b"\xff\x00", None)["error"]["code"] == "malformed"
    assert agent.socket.sync()["type"] == "synced"
