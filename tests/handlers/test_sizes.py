"""D18: whatever one may write, the other can read, however large all of it is together.

The desk of the tests refuses what AWS refuses: larger frames, and larger replies.
"""

import json
import secrets
from dataclasses import replace

import msgspec
import pytest

import app
from chalicelib.adapters.push import SocketPush
from chalicelib.domain.agent import MOST_CONVERSATIONS
from chalicelib.domain.notices import AgentChanged, Done, Parcel, Synced
from chalicelib.domain.queue import ANSWERS_BYTES, SHOWN_BYTES, FormField
from chalicelib.protocol.frames import FRAME_BYTES, frame_of
from chalicelib.protocol.rest import REPLY_BYTES, URL_BYTES
from chalicelib.provisioning import NAME_LENGTH, Provisioning
from infra.local import limits
from proof.desk import ANSWERS, DEMO_QUEUE, Desk
from proof.fakes import Json, socket_event
from proof.people import Customer, DeskAgent, texts_of

LARGEST = {
    "emoji": 4000 * "😀",
    "quotes": 4000 * '"',
    "lines": 3999 * "\n" + "x",
    "CJK": 4000 * "漢",
}


def pages(customer: Customer) -> list[Json]:
    """The transcript, as a client that follows the protocol fetches it."""
    position, found = 0, []
    while not found or (found[-1]["more"] and found[-1]["position"] > position):
        position = found[-1]["position"] if found else 0
        found.append(customer.transcript(position))
    return found


@pytest.mark.parametrize("kind", LARGEST)
def test_a_long_conversation_of_long_messages_is_read(desk: Desk, kind: str) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.accept()
    for _ in range(30):
        assert customer.say(LARGEST[kind])[0] == 201
    read = [text for page in pages(customer) for text in texts_of(page)]
    assert read == [ANSWERS["message"], *30 * [LARGEST[kind]]]
    assert agent.socket.texts == 30 * [LARGEST[kind]]
    after, texts = 0, []
    while True:
        page = agent.transcript(customer.id, after)
        texts += texts_of(page)
        if not page["more"]:
            break
        assert page["position"] > after
        after = page["position"]
    assert texts == read


@pytest.mark.parametrize("kind", LARGEST)
def test_a_long_conversation_of_long_messages_is_read_backwards(desk: Desk, kind: str) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.accept()
    for _ in range(30):
        assert customer.say(LARGEST[kind])[0] == 201
    before, texts = 999_999_999, []
    while before > 1:
        status, page = agent.read_back(customer.id, str(before))
        assert status == 200, page
        texts = texts_of(page) + texts
        before = page["events"][0]["seq"]
    assert texts == [ANSWERS["message"], *30 * [LARGEST[kind]]]


def test_short_messages_still_come_in_one_page(desk: Desk) -> None:
    customer = desk.customer()
    for number in range(30):
        customer.say(f"{number}")
    assert len(pages(customer)) == 1


def bytes_of(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())


def start_largest(desk: Desk) -> None:
    """A conversation begins with all that it may have, in bytes."""
    answers = {
        "name": 200 * "😀",
        "account_id": 200 * "😀",
        "email": 193 * "漢" + "@a.test",
        "topic": "Order",
    }
    room = ANSWERS_BYTES - sum(map(bytes_of, answers.values())) - len('""')
    body = {
        "start_id": secrets.token_urlsafe(24),
        "queue_id": "demo",
        "answers": {**answers, "message": min(room // 4, 4000) * "😀"},
        "website": {"url": "https://a.test/".ljust(URL_BYTES, "x"), "title": 200 * "😀"},
    }
    source = f"203.0.113.{secrets.randbelow(250)}"
    status, reply = desk.rest("POST", "/widget/conversations", body, source=source)
    assert status == 201, reply


def test_the_largest_offer_and_conversation_fit_in_a_frame(desk: Desk) -> None:
    labels = tuple(
        FormField(field.variable, 120 * "😀", field.type, field.required, field.options)
        for field in DEMO_QUEUE.form
    )
    queue = type(DEMO_QUEUE)("demo", 60 * "😀", labels, (200 * "😀",), ("Break",))
    assert SHOWN_BYTES - 600 < queue.shown_bytes <= SHOWN_BYTES
    desk.queues.put(queue)
    agent = desk.ready_agent()
    start_largest(desk)
    assert agent.accept()["type"] == "ok"
    (opened,) = agent.socket.of_type("conversation.opened")
    (offered,) = agent.socket.of_type("offer.presented")
    assert 25_000 < bytes_of(offered) <= FRAME_BYTES
    assert 10_000 < bytes_of(opened) <= FRAME_BYTES


def test_answers_that_are_too_long_together_are_refused(desk: Desk) -> None:
    before = desk.stored()
    long = FormField("story", "Story", "textarea", False)
    desk.queues.put(type(DEMO_QUEUE)("long", "Long", (*DEMO_QUEUE.form, long), (), ()))
    before = desk.stored()
    answers = {**ANSWERS, "message": 3000 * "😀", "story": 3001 * "😀"}
    status, reply = desk.start(answers, start_id=24 * "s", queue_id="long")
    assert (status, reply["error"]["field"]) == (413, "answers.story")
    assert desk.stored() == before


def test_a_desk_of_large_conversations_comes_in_pages(desk: Desk) -> None:
    agent = desk.ready_agent(capacity=40)
    for number in range(30):
        start_largest(desk)
        if number % 2:
            agent.accept(agent.offers[-1])
    assert agent.screen["next_page"] is not None
    conversations, offers, page = [], [], None
    while page is None or page["next_page"]:
        query = {"page": page["next_page"]} if page else {}
        status, page = agent.rest("GET", "/agent/desk", **query)
        assert status == 200
        conversations += [held["conversation_id"] for held in page["conversations"]]
        offers += [offer["offer_id"] for offer in page["offers"]]
    assert sorted(conversations) == sorted(page["agent"]["conversations"])
    assert len(conversations) == len(offers) == len(set(offers)) == 15
    assert desk.largest_reply <= REPLY_BYTES


@pytest.mark.parametrize("page", ["", "a b", 65 * "x", "\ud83d", "../x"])
def test_a_wrong_page_is_refused(desk: Desk, page: str) -> None:
    status, reply = desk.agent().rest("GET", "/agent/desk", page=page)
    assert (status, reply["error"]["code"], reply["error"]["field"]) == (422, "invalid", "page")


def test_an_agent_has_only_as_many_conversations_as_a_frame_lists(desk: Desk) -> None:
    agent = desk.ready_agent(capacity=5).state
    now = desk.clock.now()
    for number in range(MOST_CONVERSATIONS):
        assert agent.is_free
        agent = agent.with_work(f"{number:024x}", "wrap_up", now)
    assert not agent.is_free
    assert agent.state == "busy"
    assert agent.load == 0
    positions = dict.fromkeys(agent.work, 999_999_999)
    named = replace(agent, name=NAME_LENGTH * "😀", email=250 * "x", reason=64 * "😀")
    for notice in (Synced(64 * "😀", positions, named), AgentChanged(named)):
        assert len(msgspec.json.encode(frame_of(notice))) <= FRAME_BYTES


def test_a_larger_command_is_too_large_even_where_the_gateway_lets_it_through(desk: Desk) -> None:
    agent = desk.agent()
    body = json.dumps({"type": "message.send", "ref": "r", "text": FRAME_BYTES * "x"})
    app.websocket_message(socket_event("MESSAGE", agent.socket.id, body, None), None)
    answer = agent.socket.frames[-1]
    assert (answer["ref"], answer["error"]["code"]) == ("r", "too_large")


def test_an_error_does_not_repeat_all_that_was_sent(desk: Desk) -> None:
    agent = desk.agent()
    answer = agent.socket.send(**{"type": "sync", 8000 * "😀": 1})
    assert len(answer["error"]["field"]) <= 100


def test_the_gateway_of_the_tests_refuses_what_is_too_large(desk: Desk) -> None:
    agent = desk.agent()
    push = SocketPush(lambda _endpoint: desk.gateway)
    parcel = Parcel(agent.socket.id, "", Done(FRAME_BYTES * "x"))
    assert push.send([parcel]) == set()
    assert len(desk.gateway.too_large) == 1
    desk.gateway.too_large.clear()
    with pytest.raises(ConnectionError, match="1009"):
        agent.socket.send(type="sync", text=FRAME_BYTES * "x")
    assert agent.socket.id not in agent.state.sockets


def test_what_functions_return_is_measured_as_their_runtime_writes_it() -> None:
    assert limits.written_bytes({"body": json.dumps("😀", ensure_ascii=False)}) == len(
        r'{"body": "\"\ud83d\ude00\""}'
    )
    assert limits.is_reply_too_large({"body": 530_000 * "😀"})
    assert not limits.is_reply_too_large({"body": 500_000 * "😀"})


def test_an_operator_is_told_of_texts_that_are_too_long(desk: Desk) -> None:
    provisioning = Provisioning("conversations", "agents")
    queue = type(DEMO_QUEUE)("demo", 1100 * "😀", DEMO_QUEUE.form, (), ())
    with pytest.raises(ValueError, match="4,000 bytes"):
        provisioning.put_queue(queue)
    for name in ("\u3164", 101 * "x"):
        with pytest.raises(ValueError, match="1 to 100"):
            provisioning.put_agent("a", "a@b.c", name, "agent", (), 1)
    provisioning.put_agent("a", "a@b.c", "Mara \u202eLind\n", "agent", (), 1)
    assert DeskAgent(desk, "a").state.name == "Mara Lind"
