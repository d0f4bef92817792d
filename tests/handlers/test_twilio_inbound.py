"""Texts from phones, as Twilio's webhook brings them."""

import json
import logging
from xml.etree import ElementTree

import pytest

from proof.desk import OUR_NUMBER, Desk
from proof.people import DeskAgent, texts_of

PHONE = "+15557654321"
SID = "SM" + 32 * "a"


@pytest.fixture
def agent(desk: Desk) -> DeskAgent:
    return desk.ready_agent()


def talk(agent: DeskAgent) -> str:
    """Accept the offer; the conversation."""
    (conversation_id,) = agent.offered
    agent.accept()
    return conversation_id


def texts(agent: DeskAgent, conversation_id: str) -> list[str]:
    return texts_of(agent.transcript(conversation_id))


def test_a_text_opens_a_conversation(desk: Desk, agent: DeskAgent) -> None:
    status, body = desk.text(PHONE, "Hello", ProfileName="Ada")
    assert status == 200
    assert list(ElementTree.fromstring(body)) == []  # noqa: S314 - our own answer
    (offer,) = agent.offers
    assert (offer["channel"], offer["first_message"]) == ("sms", "Hello")
    assert (offer["customer"]["name"], offer["customer"]["phone"]) == ("Ada", PHONE)


def test_later_texts_go_into_the_same_conversation(desk: Desk, agent: DeskAgent) -> None:
    desk.text(PHONE, "Hello")
    conversation_id = talk(agent)
    desk.text(PHONE, "Are you there?")
    assert texts(agent, conversation_id) == ["Hello", "Are you there?"]
    assert agent.socket.texts == ["Are you there?"]
    assert agent.offers == []


def test_another_phone_has_another_conversation(desk: Desk, agent: DeskAgent) -> None:
    desk.text(PHONE, "Hello")
    desk.text("+15550001111", "Hello")
    assert len(set(agent.offered)) == 2


def test_after_the_end_a_text_opens_a_new_conversation(desk: Desk, agent: DeskAgent) -> None:
    desk.text(PHONE, "Hello")
    first = talk(agent)
    agent.close(first, "Solved")
    desk.text(PHONE, "Another thing")
    second = talk(agent)
    assert second != first
    assert texts(agent, second) == ["Another thing"]


def test_a_text_repeated_after_later_conversations_begins_none(
    desk: Desk, agent: DeskAgent
) -> None:
    """I1: a request that was not answered may come back late."""
    desk.text(PHONE, "Hello")
    first = talk(agent)
    desk.text(PHONE, "More", SID)
    agent.close(first, "Solved")
    for text in ("Another thing", "And another"):
        desk.text(PHONE, text)
        agent.close(talk(agent), "Solved")
    before = desk.stored()
    assert desk.text(PHONE, "More", SID)[0] == 200
    assert desk.stored() == before
    assert texts(agent, first) == ["Hello", "More"]


def test_a_repeated_text_is_there_once(desk: Desk, agent: DeskAgent) -> None:
    """I1: first, later, and after the close."""
    for _ in range(2):
        assert desk.text(PHONE, "Hello", SID)[0] == 200
    conversation_id = talk(agent)
    for _ in range(2):
        assert desk.text(PHONE, "More", "SM" + 32 * "b")[0] == 200
    assert agent.socket.texts == ["More"]
    agent.close(conversation_id)
    before = desk.stored()
    assert desk.text(PHONE, "Hello", SID)[0] == 200
    assert desk.stored() == before
    assert texts(agent, conversation_id) == ["Hello", "More"]
    assert agent.offers == []


def test_two_first_texts_at_once_open_one_conversation(desk: Desk, agent: DeskAgent) -> None:
    """I2: the second comes between reading the address and writing the conversation."""
    desk.meanwhile(desk.ports.conversations, "begin", lambda: desk.text(PHONE, "second"))
    desk.text(PHONE, "first")
    conversation_id = talk(agent)
    assert texts(agent, conversation_id) == ["second", "first"]


def test_a_text_that_comes_twice_at_once_is_there_once(desk: Desk, agent: DeskAgent) -> None:
    """I1, I2."""
    desk.meanwhile(desk.ports.conversations, "begin", lambda: desk.text(PHONE, "Hello", SID))
    assert desk.text(PHONE, "Hello", SID)[0] == 200
    assert texts(agent, talk(agent)) == ["Hello"]


@pytest.mark.parametrize("method", ["begin", "commit"])
def test_a_crash_and_twilios_retry_leave_one_copy(
    desk: Desk, agent: DeskAgent, method: str
) -> None:
    """I1."""
    with desk.crash_before(desk.ports.conversations, method):
        desk.text(PHONE, "Hello", SID)
    assert desk.text(PHONE, "Hello", SID)[0] == 200
    desk.sweep()
    assert texts(agent, talk(agent)) == ["Hello"]


def test_a_text_while_the_agent_closes_opens_a_new_conversation(
    desk: Desk, agent: DeskAgent
) -> None:
    desk.text(PHONE, "Hello")
    first = talk(agent)
    desk.meanwhile(desk.ports.conversations, "number", lambda: agent.close(first))
    desk.text(PHONE, "Another thing")
    assert texts(agent, talk(agent)) == ["Another thing"]
    assert texts(agent, first) == ["Hello"]


def test_a_wrong_signature_changes_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """I12."""
    caplog.set_level(logging.INFO, "chalicelib")
    before = desk.stored()
    form = {"MessageSid": SID, "From": PHONE, "To": OUR_NUMBER, "Body": "STOP"}
    for path in ("/twilio/messages", "/twilio/status"):
        for signature in ("", "garbage", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="):
            status, body = desk.webhook(path, form, signature=signature)
            assert (status, json.loads(body)["error"]["code"]) == (403, "forbidden")
    assert desk.stored() == before
    assert caplog.records == []


def test_a_signature_is_good_for_its_own_form_only(desk: Desk) -> None:
    """I12."""
    form = {"MessageSid": SID, "From": PHONE, "To": OUR_NUMBER, "Body": "Hello"}
    body = "MessageSid=x&From=%2B1&To=%2B2&Body=Hello"
    headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": "x"}
    before = desk.stored()
    assert desk.request("POST", "/twilio/messages", body, headers, {})["statusCode"] == 403
    assert desk.webhook("/twilio/messages", form, {"x": "1"}, signature="x")[0] == 403
    del headers["x-twilio-signature"]
    assert desk.request("POST", "/twilio/messages", body, headers, {})["statusCode"] == 403
    assert desk.stored() == before


def test_fields_that_are_not_known_are_no_matter(desk: Desk, agent: DeskAgent) -> None:
    status, _ = desk.text(PHONE, "Hello", NewField="new", Empty="", Emoji="🚲", **{"A b": "c&d="})
    assert status == 200
    assert len(agent.offers) == 1


def test_a_form_without_a_needed_field_is_refused(desk: Desk) -> None:
    """I12."""
    before = desk.stored()
    form = {"MessageSid": SID, "From": PHONE, "To": OUR_NUMBER, "Body": "Hello"}
    for field in ("MessageSid", "From", "To"):
        status, body = desk.webhook("/twilio/messages", {**form, field: ""})
        error = json.loads(body)["error"]
        assert (status, error["code"], error["field"]) == (422, "invalid", field)
    assert desk.stored() == before


def test_a_number_that_leads_nowhere_is_not_found(desk: Desk) -> None:
    before = desk.stored()
    status, _ = desk.text(PHONE, "Hello", To="+15559999999")
    assert status == 404
    assert desk.stored() == before


WITHOUT_WORDS: tuple[tuple[dict[str, str], str], ...] = (
    ({}, "[empty message]"),
    ({"NumMedia": "1", "MediaContentType0": "image/png"}, "[attachment: image/png]"),
    (
        {"NumMedia": "2", "MediaContentType0": "image/png"},
        "[attachment: image/png]\n[attachment: file]",
    ),
    ({"NumMedia": "many"}, "[empty message]"),
    ({"Latitude": "52.5", "Longitude": "13.4"}, "[location: 52.5, 13.4]"),
)


def test_a_text_without_words_is_shown(desk: Desk, agent: DeskAgent) -> None:
    desk.text(PHONE, "Hello")
    conversation_id = talk(agent)
    for fields, _ in WITHOUT_WORDS:
        desk.text(PHONE, "", **fields)
    assert texts(agent, conversation_id)[1:] == [shown for _, shown in WITHOUT_WORDS]


@pytest.mark.parametrize("channel", ["whatsapp", "messenger", "rcs"])
def test_the_prefix_tells_the_channel(desk: Desk, agent: DeskAgent, channel: str) -> None:
    ours = f"{channel}:{OUR_NUMBER}"
    desk.queues.put_number(ours, "demo")
    desk.text(f"{channel}:{PHONE}", "Hello", To=ours)
    assert agent.offers[0]["channel"] == channel
    conversation_id = talk(agent)
    agent.say(conversation_id, "Good morning")
    desk.send_texts()
    (text,) = desk.phones.texts
    assert (text.sender, text.to) == (ours, f"{channel}:{PHONE}")


def test_one_phone_on_two_channels_has_two_conversations(desk: Desk, agent: DeskAgent) -> None:
    desk.queues.put_number(f"whatsapp:{OUR_NUMBER}", "demo")
    desk.text(PHONE, "Hello")
    desk.text(f"whatsapp:{PHONE}", "Hello", To=f"whatsapp:{OUR_NUMBER}")
    assert len(set(agent.offered)) == 2


def test_a_text_cut_off_before_it_was_stored_survives_the_end(desk: Desk, agent: DeskAgent) -> None:
    """I1: its number alone does not mean that it is there."""
    desk.text(PHONE, "Hello")
    held = talk(agent)
    with desk.crash_before(desk.ports.conversations, "put_message"):
        desk.text(PHONE, "One more thing", SID)
    agent.close(held)
    assert desk.text(PHONE, "One more thing", SID)[0] == 200
    assert texts(agent, held) == ["Hello", "One more thing"]
    assert agent.offers == []
