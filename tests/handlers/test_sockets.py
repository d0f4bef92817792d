"""Sockets come, go and misbehave."""

import json

import pytest

from proof.desk import Desk


def test_sync_tells_where_things_stand(desk: Desk) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.accept()
    customer.say("Hello")
    assert customer.socket.sync()["positions"] == {customer.id: 5}
    synced = agent.socket.sync()
    assert synced["positions"] == {customer.id: 5}
    assert synced["version"] == 1
    assert synced["agent"]["agent_id"] == agent.id
    assert synced["agent"]["conversations"] == [customer.id]


def test_a_customers_position_leaves_out_what_they_may_not_see(desk: Desk) -> None:
    """I7."""
    desk.ready_agent()
    customer = desk.customer()
    assert customer.socket.sync()["positions"] == {customer.id: 2}


def test_nothing_is_pushed_before_sync(desk: Desk) -> None:
    customer = desk.customer()
    _, body = customer.rest("POST", "/socket-tickets")
    window = desk.connect(body["socket_ticket"])
    customer.say("Hello")
    assert window.frames == []
    assert window.sync()["positions"] == {customer.id: 3}
    customer.say("Hello again")
    assert window.texts == ["Hello again"]


def test_a_second_sync_is_a_heartbeat(desk: Desk) -> None:
    agent = desk.agent()
    agent.socket.sync()
    before = desk.stored()
    agent.socket.sync()
    assert desk.stored() == before


def test_all_windows_of_an_agent_hear_the_same(desk: Desk) -> None:
    agent = desk.ready_agent()
    second = agent.open_window()
    customer = desk.customer()
    assert agent.socket.of_type("offer.presented") == second.of_type("offer.presented")
    agent.accept()
    third = agent.open_window()
    agent.say(customer.id, "Good morning")
    assert agent.socket.texts == second.texts == third.texts == ["Good morning"]


def test_all_windows_of_a_customer_hear_the_same(desk: Desk) -> None:
    customer = desk.customer()
    second = customer.open_window()
    customer.say("Hello")
    assert customer.socket.texts == second.texts == ["Hello"]


def test_a_closed_window_hears_nothing_more(desk: Desk) -> None:
    agent = desk.ready_agent()
    second = agent.open_window()
    customer = desk.customer()
    agent.accept()
    second.close()
    heard = len(second.frames)
    customer.say("Hello")
    assert len(second.frames) == heard
    assert desk.gateway.refused == []
    assert agent.state.state == "ready"


def test_a_window_that_is_gone_is_forgotten(desk: Desk) -> None:
    """410, where API Gateway did not tell that the socket was closed."""
    agent = desk.ready_agent()
    second = agent.open_window()
    customer = desk.customer()
    agent.accept()
    window = customer.open_window()
    second.vanish()
    window.vanish()
    customer.say("Hello")
    assert set(desk.gateway.refused) == {second.id, window.id}
    customer.say("Hello again")
    assert set(agent.state.sockets) == {agent.socket.id}
    assert len(desk.gateway.refused) == 2
    assert agent.socket.texts == ["Hello", "Hello again"]


def test_a_window_that_closes_while_it_is_registered_is_forgotten(desk: Desk) -> None:
    """Its `$disconnect` comes before the registration: nothing else would take it off."""
    customer = desk.customer()
    _, body = customer.rest("POST", "/socket-tickets")
    window = desk.connect(body["socket_ticket"])
    desk.meanwhile(desk.ports.conversations, "attach", window.close)
    desk.socket_event("MESSAGE", window.id, body='{"type": "sync", "ref": "r1"}')
    sockets = desk.ports.conversations.get(customer.id).sockets
    assert set(sockets) == {customer.socket.id}


def test_an_agents_window_that_vanishes_while_it_is_registered_is_forgotten(desk: Desk) -> None:
    agent = desk.agent()
    _, body = agent.rest("POST", "/agent/socket-tickets")
    window = desk.connect(body["socket_ticket"])
    window.vanish()
    desk.socket_event("MESSAGE", window.id, body='{"type": "sync", "ref": "r1"}')
    assert set(agent.state.sockets) == {agent.socket.id}


def test_an_agent_whose_only_window_is_gone_is_offered_nothing_more(desk: Desk) -> None:
    agent = desk.ready_agent()
    agent.socket.vanish()
    first = desk.customer()
    assert agent.state.state == "offline"
    other = desk.ready_agent("Linus")
    second = desk.customer()
    assert other.offered == [second.id]
    desk.pass_time(20)
    assert other.offered == [first.id]


def test_a_customer_whose_window_is_gone_comes_back_to_all_of_it(desk: Desk) -> None:
    customer = desk.customer()
    agent = desk.ready_agent()
    agent.accept()
    customer.socket.vanish()
    agent.say(customer.id, "Are you there?")
    window = customer.open_window()
    assert window.sync()["positions"] == {customer.id: 5}
    assert customer.texts[-1] == "Are you there?"
    agent.say(customer.id, "There you are")
    assert window.texts == ["There you are"]


def test_an_agent_comes_back_to_their_work(desk: Desk) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.accept()
    agent.socket.close()
    customer.say("Are you there?")
    agent.socket = agent.open_window()
    assert agent.socket.sync()["positions"] == {customer.id: 5}
    (held,) = agent.screen["conversations"]
    assert held["last_message"]["text"] == "Are you there?"
    customer.say("There you are")
    assert agent.socket.texts == ["There you are"]


def test_a_socket_that_closes_twice_or_was_never_open_is_no_matter(desk: Desk) -> None:
    agent = desk.agent()
    agent.socket.close()
    before = desk.stored()
    agent.socket.close()
    desk.socket_event("DISCONNECT", "no-such-connection=")
    assert desk.stored() == before


def test_a_socket_that_is_not_known_is_told_so(desk: Desk) -> None:
    """I12."""
    before = desk.stored()
    desk.socket_event("MESSAGE", "unknown=", body=json.dumps({"type": "sync", "ref": "1"}))
    (frame,) = desk.gateway.frames["unknown="]
    assert (frame["type"], frame["ref"], frame["error"]["code"]) == (
        "error",
        "1",
        "unauthenticated",
    )
    assert desk.stored() == before


COMMANDS = (
    {"type": "availability.set", "availability": "ready"},
    {"type": "offer.accept", "conversation_id": "{id}", "offer_id": "x"},
    {"type": "offer.decline", "conversation_id": "{id}", "offer_id": "x"},
    {
        "type": "message.send",
        "conversation_id": "{id}",
        "message_id": "12345678",
        "text": "I am the agent",
    },
    {"type": "conversation.close", "conversation_id": "{id}", "disposition": "Solved"},
)


def test_customers_give_no_commands(desk: Desk) -> None:
    """I12."""
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.accept()
    before = desk.stored()
    for command in COMMANDS:
        filled = {name: value.replace("{id}", customer.id) for name, value in command.items()}
        assert customer.socket.send(**filled)["error"]["code"] == "forbidden"
    assert desk.stored() == before


def frame(**fields: object) -> str:
    return json.dumps({"type": "message.send", "conversation_id": "c", **fields})


MESSAGE = {"message_id": "12345678", "text": "Hello"}

BAD_FRAMES = {
    "empty": (" ", None, "malformed"),
    "not JSON": ("hello", None, "malformed"),
    "half": ('{"type":"sync","ref":"1"', "1", "malformed"),
    "half an emoji": (frame(ref="1", **MESSAGE) + "\ud83d", "1", "malformed"),
    "ref behind what is wrong": ('{"type":sync,"text":"\\ud83d","ref" : "r1"}', "r1", "malformed"),
    "escaped ref": ('{"type":"sync","ref":"\\u0031\\ud83d",}', "1\ufffd", "malformed"),
    "binary-ish": ("\x00\x01\xff\xfe", None, "malformed"),
    "lone surrogate": ("\ud800", None, "malformed"),
    "not a number": ('{"type":"sync","ref":NaN}', None, "malformed"),
    "unfinished ref": ('{"type":"sync","ref":"1', None, "malformed"),
    "null": ("null", None, "invalid"),
    "list": ('[{"type":"sync","ref":"1"}]', None, "invalid"),
    "text": ('"sync"', None, "invalid"),
    "no type": ('{"ref":"1"}', "1", "invalid"),
    "unknown type": ('{"type":"agent.fire","ref":"1"}', "1", "invalid"),
    "type of another type": ('{"type":7,"ref":"1"}', "1", "invalid"),
    "server's own type": ('{"type":"synced","ref":"1"}', "1", "invalid"),
    "no ref": ('{"type":"sync"}', None, "invalid"),
    "empty ref": ('{"type":"sync","ref":""}', "", "invalid"),
    "ref of another type": ('{"type":"sync","ref":1}', None, "invalid"),
    "long ref": (json.dumps({"type": "sync", "ref": 65 * "r"}), 64 * "r", "too_large"),
    "unknown field": ('{"type":"sync","ref":"1","as":"admin"}', "1", "invalid"),
    "no text": (frame(ref="1", message_id="12345678"), "1", "invalid"),
    "blank text": (frame(ref="1", **{**MESSAGE, "text": " \n"}), "1", "invalid"),
    "number for text": (frame(ref="1", **{**MESSAGE, "text": 7}), "1", "invalid"),
    "bad message id": (frame(ref="1", **{**MESSAGE, "message_id": "a b c d e"}), "1", "invalid"),
    "long text": (frame(ref="1", **{**MESSAGE, "text": 4001 * "x"}), "1", "too_large"),
    "large": (frame(ref="1", **{**MESSAGE, "text": 32_000 * "x"}), "1", "too_large"),
    "unseen text": (frame(ref="1", **{**MESSAGE, "text": "\u200b\u3164"}), "1", "invalid"),
    "long id": (
        json.dumps({"type": "offer.accept", "ref": "1", "conversation_id": 65 * "c"}),
        "1",
        "too_large",
    ),
}


def test_a_bad_frame_is_answered_and_changes_nothing(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """I12: and the socket stays open."""
    agent = desk.agent()
    before = desk.stored()
    answers = {
        name: agent.socket.send_raw(body, ref)["error"]["code"]
        for name, (body, ref, _) in BAD_FRAMES.items()
    }
    assert answers == {name: code for name, (_, _, code) in BAD_FRAMES.items()}
    assert desk.stored() == before
    assert caplog.records == []
    assert agent.socket.sync()["type"] == "synced"


def test_a_deep_frame_is_refused(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """I12."""
    agent = desk.agent()
    deep = {30_000 * "[": None, 6_000 * '{"a":': None, '{"ref":"1","type":' + 5_000 * "[": "1"}
    for body, ref in deep.items():
        assert agent.socket.send_raw(body, ref)["error"]["code"] in ("malformed", "invalid")
    assert caplog.records == []


def test_a_command_before_the_first_sync_is_carried_out(desk: Desk) -> None:
    """But nothing is pushed there, and nobody is offered anything through it."""
    agent = desk.agent()
    agent.socket.close()
    _, ticket = agent.rest("POST", "/agent/socket-tickets")
    window = desk.connect(ticket["socket_ticket"])
    assert window.send(type="availability.set", availability="ready")["type"] == "ok"
    customer = desk.customer()
    assert [frame["type"] for frame in window.frames] == ["ok"]
    assert agent.state.work == {}
    window.sync()
    assert agent.state.work == {customer.id: "offered"}
    assert window.of_type("offer.presented")


def test_the_field_that_is_wrong_is_named(desk: Desk) -> None:
    agent = desk.agent()
    error = agent.socket.send(type="offer.accept", conversation_id="c", offer_id=7)["error"]
    assert error["field"] == "offer_id"
    error = agent.socket.send(type="offer.accept", conversation_id="c")["error"]
    assert error["field"] == "offer_id"


def test_stale_windows_do_not_keep_a_new_one_out(desk: Desk) -> None:
    """Many sockets were lost without a word, and nothing was pushed that would tell."""
    customer = desk.customer()
    for _ in range(25):
        window = customer.open_window()
        window.vanish()
    assert customer.open_window().sync()["type"] == "synced"
