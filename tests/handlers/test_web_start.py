"""A customer on a website opens conversations: tokens, tickets, and requests that come twice."""

import hashlib
import json
import secrets

from chalicelib.domain.queue import FormField, Queue
from proof.desk import ANSWERS, Desk
from proof.people import texts_of

DAY = 24 * 60 * 60

START_ID = "start-id-of-22-characters-or-more"


def test_a_conversation_from_first_message_to_close(desk: Desk) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    (offer,) = agent.offers
    assert offer["first_message"] == "Where is my bike?"
    assert agent.accept()["type"] == "ok"
    assert agent.say(customer.id, "On its way.")["seq"] == 5
    assert customer.say("Thank you")[0] == 201
    assert [event["type"] for event in agent.transcript(customer.id)["events"]] == [
        "conversation.started",
        "message.sent",
        "offer.made",
        "participant.joined",
        "message.sent",
        "message.sent",
    ]
    assert agent.close(customer.id)["type"] == "ok"
    assert agent.state.load == 0
    assert customer.say("Hello?")[0] == 409


def test_the_agent_sees_who_writes_and_from_where(desk: Desk) -> None:
    agent = desk.ready_agent()
    body = {
        "start_id": START_ID,
        "queue_id": "demo",
        "answers": {**ANSWERS, "account_id": "A-7", "topic": "Order"},
        "website": {"url": "https://shop.example.com/bikes", "title": "Bikes"},
    }
    assert desk.rest("POST", "/widget/conversations", body)[0] == 201
    (offer,) = agent.offers
    assert offer["customer"]["name"] == "Ada"
    assert offer["customer"]["email"] == "ada@example.com"
    assert offer["customer"]["account_id"] == "A-7"
    assert offer["website"] == {"url": "https://shop.example.com/bikes", "title": "Bikes"}
    assert {"variable": "topic", "label": "Topic", "value": "Order"} in offer["answers"]


def test_secrets_are_stored_only_as_hashes_and_never_shown_to_agents(desk: Desk) -> None:
    agent = desk.ready_agent()
    status, started = desk.start(ANSWERS, start_id=START_ID)
    assert status == 201
    agent.accept()
    conversation_id = started["conversation"]["conversation_id"]
    known = [desk.stored(), *map(json.dumps, desk.gateway.frames[agent.socket.id])]
    known += [json.dumps(agent.screen), json.dumps(agent.transcript(conversation_id))]
    known += [json.dumps([*desk.timers.messages, *desk.outbox.messages], default=str)]
    token = started["customer_token"]
    for secret in (token, token.partition(".")[2], started["socket_ticket"], START_ID):
        assert not any(secret in text for text in known)


def test_a_repeated_start_finds_the_same_conversation(desk: Desk) -> None:
    """I1: the answer to the first try was lost."""
    customer = desk.customer(start_id=START_ID)
    again = desk.customer(start_id=START_ID)
    assert again.id == customer.id
    assert again.texts == customer.texts == ["Where is my bike?"]


def test_the_first_message_is_known_by_an_id_that_its_sender_can_work_out(desk: Desk) -> None:
    """As docs/protocol.md says."""
    start_id = 24 * "s"
    customer = desk.customer(start_id=start_id)
    (first,) = [e for e in customer.transcript()["events"] if e["type"] == "message.sent"]
    digest = hashlib.sha256(f"message {start_id}".encode()).hexdigest()
    assert first["message_id"] == digest[:24]


def test_of_two_starts_at_once_one_opens_the_conversation(desk: Desk) -> None:
    """I2: the second try overtakes the first."""
    replies = []

    def start() -> None:
        replies.append(desk.start(ANSWERS, start_id=START_ID))

    desk.meanwhile(desk.ports.conversations, "begin", start)
    start()
    assert [status for status, _ in replies] == [201, 201]
    assert len({body["conversation"]["conversation_id"] for _, body in replies}) == 1
    again = desk.customer(start_id=START_ID)
    assert again.texts == ["Where is my bike?"]


def test_a_start_repeated_after_a_crash_opens_one_conversation(desk: Desk) -> None:
    agent = desk.ready_agent()
    with desk.crash_before(desk.ports.agents, "free"):
        desk.start(ANSWERS, start_id=START_ID)
    customer = desk.customer(start_id=START_ID)
    assert customer.texts == ["Where is my bike?"]
    desk.sweep()
    assert agent.offered == [customer.id]


def test_a_start_repeated_after_the_end_opens_nothing(desk: Desk) -> None:
    """I1: the message is in the transcript already."""
    customer = desk.customer(start_id=START_ID)
    customer.end()
    again = desk.customer(start_id=START_ID, token=customer.token)
    assert again.id == customer.id
    assert again.texts == ["Where is my bike?"]


def test_a_start_alone_lets_nobody_in_after_the_end(desk: Desk) -> None:
    """The start_id of an old page does not open what was said there."""
    customer = desk.customer(start_id=START_ID)
    customer.end()
    before = desk.stored()
    status, reply = desk.start(ANSWERS, start_id=START_ID)
    assert (status, reply["error"]["code"]) == (409, "conversation_closed")
    assert desk.stored() == before
    assert desk.start(ANSWERS, start_id=f"{START_ID}-2")[0] == 201


def test_a_start_alone_lets_nobody_in_after_an_hour(desk: Desk) -> None:
    customer = desk.customer(start_id=START_ID)
    desk.pass_time(59 * 60)
    again = desk.customer(start_id=START_ID)
    assert again.id == customer.id
    desk.pass_time(2 * 60)
    before = desk.stored()
    status, reply = desk.start(ANSWERS, start_id=START_ID)
    assert (status, reply["error"]["code"]) == (409, "conversation_closed")
    assert desk.stored() == before
    assert customer.say("The token is good all the same.")[0] == 201


def test_a_start_repeated_late_adds_nothing_to_a_later_conversation(desk: Desk) -> None:
    """I1: the first message belongs to the first conversation."""
    customer = desk.customer(start_id=START_ID)
    customer.end()
    later = desk.customer(token=customer.token, message="Another thing")
    desk.start(ANSWERS, start_id=START_ID)
    assert later.texts == ["Another thing"]


def test_a_start_repeated_after_two_later_conversations_begins_no_fourth(desk: Desk) -> None:
    """I1: a tab that slept through two conversations tries once more."""
    customer = desk.customer(start_id=START_ID)
    customer.end()
    second = desk.customer(token=customer.token, message="Another thing")
    second.end()
    for later in (None, "And another"):
        if later is not None:
            third = desk.customer(token=customer.token, message=later)
        again = desk.customer(token=customer.token, start_id=START_ID)
        assert (again.id, again.texts) == (customer.id, ["Where is my bike?"])
    assert third.texts == ["And another"]


def test_a_returning_customer_goes_on_in_the_open_conversation(desk: Desk) -> None:
    customer = desk.customer()
    agent = desk.ready_agent()
    agent.accept()
    back = desk.customer(token=customer.token, message="It is me again")
    assert back.id == customer.id
    assert back.texts == ["Where is my bike?", "It is me again"]
    assert agent.socket.texts == ["It is me again"]


def test_a_returning_customer_opens_a_new_conversation_after_the_end(desk: Desk) -> None:
    customer = desk.customer()
    customer.end()
    back = desk.customer(token=customer.token, message="Another thing")
    assert back.id != customer.id
    assert back.texts == ["Another thing"]
    assert customer.texts == ["Where is my bike?"]


def test_a_conversation_that_ends_while_its_customer_writes_is_followed_by_a_new_one(
    desk: Desk,
) -> None:
    customer = desk.customer()
    desk.meanwhile(desk.ports.conversations, "number", customer.end)
    back = desk.customer(token=customer.token, message="Another thing")
    assert back.id != customer.id
    assert back.texts == ["Another thing"]


def test_each_queue_has_a_conversation_of_its_own(desk: Desk) -> None:
    desk.queues.put(Queue("other", "Other", (FormField("message", "?", "textarea", True),), (), ()))
    customer = desk.customer()
    status, body = desk.start(
        {"message": "Hello"}, start_id=START_ID, token=customer.token, queue_id="other"
    )
    assert status == 201
    assert body["customer_token"] is None
    assert body["conversation"]["conversation_id"] != customer.id


def test_the_token_of_another_customer_finds_nothing(desk: Desk) -> None:
    """I7, I12."""
    customer, stranger = desk.customer(), desk.customer()
    before = desk.stored()
    for method, path, body in (
        ("GET", "/messages", None),
        ("POST", "/messages", {"message_id": secrets.token_hex(8), "text": "Mine?"}),
        ("POST", "/end", None),
        ("POST", "/socket-tickets", None),
    ):
        url = f"/widget/conversations/{customer.id}{path}"
        status, reply = desk.rest(method, url, body, token=stranger.token)
        assert (status, reply["error"]["code"]) == (404, "not_found"), path
    assert desk.stored() == before


def test_garbage_is_no_token(desk: Desk) -> None:
    """I12."""
    customer = desk.customer()
    before = desk.stored()
    message = {"message_id": secrets.token_hex(8), "text": "Hello"}
    for token in ("", "garbage", "a.b", ".secret", "id.", "x" * 201, "id.\x00"):
        for path, body in (("/messages", message), ("/end", None), ("/socket-tickets", None)):
            url = f"/widget/conversations/{customer.id}{path}"
            status, reply = desk.rest("POST", url, body, token=token)
            assert (status, reply["error"]["code"]) == (401, "unauthenticated"), (path, token)
        assert desk.start(ANSWERS, start_id=START_ID, token=token)[0] == 401
    assert desk.stored() == before


def test_a_token_with_another_secret_is_not_good(desk: Desk) -> None:
    customer = desk.customer()
    customer.token = customer.token.partition(".")[0] + "." + secrets.token_urlsafe(24)
    assert customer.say("Hello")[0] == 401
    assert customer.rest("GET", "/messages")[0] == 401


def test_a_request_without_a_token_is_refused(desk: Desk) -> None:
    customer = desk.customer()
    status, reply = desk.rest("GET", f"/widget/conversations/{customer.id}/messages")
    assert (status, reply["error"]["code"]) == (401, "unauthenticated")


def test_a_token_lasts_180_days(desk: Desk) -> None:
    customer = desk.customer()
    desk.pass_time(179 * DAY)
    assert customer.say("Still here")[0] == 201
    desk.pass_time(2 * DAY)
    assert customer.say("Hello?")[0] == 401
    assert customer.rest("GET", "/messages")[0] == 401
    assert desk.start(ANSWERS, start_id=START_ID, token=customer.token)[0] == 401


def test_a_token_lasts_longer_when_the_customer_returns(desk: Desk) -> None:
    customer = desk.customer()
    desk.pass_time(100 * DAY)
    back = desk.customer(token=customer.token)
    desk.pass_time(100 * DAY)
    assert back.say("Hello again")[0] == 201


def test_a_ticket_opens_one_socket(desk: Desk) -> None:
    _, body = desk.start(ANSWERS, start_id=START_ID)
    desk.connect(body["socket_ticket"])
    assert desk.refuses(body["socket_ticket"])


def test_without_a_good_ticket_no_socket_is_opened(desk: Desk) -> None:
    """I12."""
    before = desk.stored()
    for ticket in (None, "", "garbage", "x" * 5000):
        assert desk.refuses(ticket)
    assert desk.stored() == before


def test_a_ticket_lasts_30_seconds(desk: Desk) -> None:
    customer = desk.customer()
    _, early = customer.rest("POST", "/socket-tickets")
    desk.pass_time(29)
    desk.connect(early["socket_ticket"])
    _, late = customer.rest("POST", "/socket-tickets")
    desk.pass_time(30)
    assert desk.refuses(late["socket_ticket"])


def test_repeating_a_start_does_not_fill_the_conversation(desk: Desk) -> None:
    """Every message writes the conversation's item, which may have 400 kB at most."""
    customer = desk.customer(start_id=START_ID)
    for _ in range(10):
        desk.start(ANSWERS, start_id=START_ID)
    assert len(desk.ports.conversations.get(customer.id).keys) <= 8


def test_what_the_customer_reads_has_no_answers_of_the_form(desk: Desk) -> None:
    customer = desk.customer()
    transcript = customer.transcript()
    assert texts_of(transcript) == ["Where is my bike?"]
    assert "ada@example.com" not in json.dumps(transcript)
