"""Calls of AWS for a message, counted where botocore makes them, and the bytes that it writes."""

import json
from dataclasses import replace

import pytest

from chalicelib.adapters.dynamodb import codec
from chalicelib.adapters.dynamodb.queues import KEPT
from chalicelib.domain import access, lifecycle, limits
from chalicelib.domain.access import Bearer, Connection, CustomerToken
from chalicelib.domain.conversation import Author
from chalicelib.domain.errors import OptedOut, TooLarge
from chalicelib.domain.texting import TextAddress
from chalicelib.usecases.conversations import finish
from chalicelib.usecases.conversations.start_conversation import Opening, start_conversation
from chalicelib.usecases.messages import send_message
from chalicelib.usecases.presence import presence
from chalicelib.usecases.texting import texts
from chalicelib.usecases.texting.receive_text import IncomingText, receive_text
from proof.sizes import item_size, value_size
from tests.adapters.world import ENDPOINT, World, entrance_of
from tests.domain.samples import NOW, QUEUE, make_agent, make_details, offered

OURS, THEIRS = "+15550100000", "+15550101234"
TOKEN = CustomerToken("ada", "key-of-ada")
TEXT = "Where is my bike? " * 11 + "??"
ADA = Author("customer", "ada", "key-of-ada")
SOURCE = limits.source_of("198.51.100.7", "secret")
NUMBER, STORE, PUSH = "UpdateItem", "PutItem", "PostToConnection"


def sends(world: World, message_id: str = "m2") -> int:
    return send_message.send_as_customer(world.ports, "c1", TOKEN, message_id, TEXT)


def texted(world: World, sid: str, opts_out: bool | None = None) -> None:
    address = TextAddress("sms", OURS, THEIRS)
    receive_text(world.ports, IncomingText(address, "", sid, TEXT, opts_out))


@pytest.fixture
def held(world: World) -> World:
    """A conversation that an agent with one window holds."""
    assert len(TEXT.encode()) == 200
    world.begin()
    world.accept(world.hire())
    world.calls.clear()
    return world


@pytest.fixture
def held_by_phone(world: World) -> World:
    """A conversation by SMS that an agent holds, in a worker that knows its queue."""
    world.queues.put(QUEUE)
    world.queues.put_number(OURS, QUEUE.id)
    agent = world.hire(capacity=1)
    texted(world, "SM1")
    (conversation_id,) = world.agents.get(agent.id).work
    offer = world.get(conversation_id).offer
    assert offer is not None
    change = lifecycle.accept(
        world.get(conversation_id), world.agents.get(agent.id), offer.id, world.clock.now()
    )
    assert change is not None
    world.conversations.commit(change)
    world.calls.clear()
    return world


def conversation_of(world: World, agent_id: str = "grace") -> str:
    (conversation_id,) = world.agents.get(agent_id).work
    return conversation_id


def test_a_customers_message_is_numbered_stored_and_pushed(held: World) -> None:
    assert sends(held) == 5
    assert held.operations == [NUMBER, STORE, PUSH]
    frame = json.loads(held.calls[-1].request["Data"])
    assert frame["event"]["text"] == TEXT


def test_a_repeated_message_is_two_calls_and_no_push(held: World) -> None:
    sends(held)
    held.calls.clear()
    assert sends(held) == 5
    assert held.operations == [NUMBER, STORE]


def test_the_agent_is_told_before_the_writers_own_windows(world: World) -> None:
    """Number, store, push: no frame to the customer's own windows comes before the agent's."""
    world.begin()
    for name in ("window", "other-window"):
        ada = Bearer("customer", "ada", "c1")
        world.attach(Connection(name, ENDPOINT, ada, NOW))
    world.accept(world.hire())
    world.calls.clear()
    sends(world)
    pushed = [call.request["ConnectionId"] for call in world.calls if call.operation == PUSH]
    assert sorted(pushed) == ["other-window", "socket-of-grace", "window"]
    assert pushed[0] == "socket-of-grace"


def test_an_agents_message_is_numbered_stored_and_pushed(held: World) -> None:
    held.attach(Connection("ada", ENDPOINT, Bearer("customer", "ada", "c1"), NOW))
    held.calls.clear()
    send_message.send_as_agent(held.ports, "c1", "grace", "m2", TEXT)
    assert held.operations == [NUMBER, STORE, PUSH, PUSH]
    held.calls.clear()
    send_message.send_as_agent(held.ports, "c1", "grace", "m2", TEXT)
    assert held.operations == [NUMBER, STORE]


def test_a_text_costs_one_read_more_where_the_worker_has_not_looked(held_by_phone: World) -> None:
    texted(held_by_phone, "SM2")
    assert held_by_phone.operations == ["BatchGetItem", NUMBER, STORE, PUSH]
    held_by_phone.calls.clear()
    texted(held_by_phone, "SM3")
    assert held_by_phone.operations == [NUMBER, STORE, PUSH]


def test_a_repeated_text_is_two_calls_and_no_push(held_by_phone: World) -> None:
    texted(held_by_phone, "SM2")
    held_by_phone.calls.clear()
    texted(held_by_phone, "SM2")
    assert held_by_phone.operations == [NUMBER, STORE]


def test_an_agents_text_goes_by_the_outbox(held_by_phone: World) -> None:
    conversation_id = conversation_of(held_by_phone)
    held_by_phone.calls.clear()
    seq = send_message.send_as_agent(held_by_phone.ports, conversation_id, "grace", "m2", TEXT)
    assert held_by_phone.operations == [NUMBER, STORE, "SendMessage", PUSH]
    (message,) = held_by_phone.received("outbound")
    assert json.loads(message["Body"]) == {"conversation_id": conversation_id, "message_seq": seq}


def test_an_opt_out_is_two_reads_and_a_transaction(held_by_phone: World) -> None:
    """Besides the text itself; repeated, one read."""
    texted(held_by_phone, "SM2")
    held_by_phone.calls.clear()
    texted(held_by_phone, "SM3", opts_out=True)
    text = [NUMBER, STORE, PUSH]
    told = ["BatchGetItem", "GetItem", "TransactWriteItems", PUSH]
    assert held_by_phone.operations == text + told
    held_by_phone.calls.clear()
    texted(held_by_phone, "SM3", opts_out=True)
    assert held_by_phone.operations == [NUMBER, STORE, "BatchGetItem"]


def test_what_may_not_be_written_to_a_phone_is_known_by_its_number(held_by_phone: World) -> None:
    """Too long, or to a customer who opted out: refused by the write that would number it."""
    conversation_id = conversation_of(held_by_phone)
    held_by_phone.calls.clear()
    with pytest.raises(TooLarge):
        send_message.send_as_agent(held_by_phone.ports, conversation_id, "grace", "m2", 1601 * "a")
    assert held_by_phone.operations == [NUMBER]
    texted(held_by_phone, "SM3", opts_out=True)
    held_by_phone.calls.clear()
    with pytest.raises(OptedOut):
        send_message.send_as_agent(held_by_phone.ports, conversation_id, "grace", "m2", TEXT)
    assert held_by_phone.operations == [NUMBER]


def test_a_delivery_status_is_two_reads_and_a_transaction(held_by_phone: World) -> None:
    conversation_id = conversation_of(held_by_phone)
    seq = send_message.send_as_agent(held_by_phone.ports, conversation_id, "grace", "m2", TEXT)
    held_by_phone.calls.clear()
    texts.record(held_by_phone.ports, conversation_id, seq, "delivered")
    assert held_by_phone.operations == ["GetItem", "GetItem", "TransactWriteItems", PUSH]
    held_by_phone.calls.clear()
    texts.record(held_by_phone.ports, conversation_id, seq, "sent")
    assert held_by_phone.operations == ["GetItem"], "A status never goes backwards (I9)."


@pytest.mark.parametrize("others", [0, 30])
def test_a_new_conversation_is_offered_in_six_calls(world: World, others: int) -> None:
    world.queues.put(QUEUE)
    world.queues.get(QUEUE.id)
    world.hire()
    for number in range(others):
        world.agents.create(make_agent(f"agent-{number}"))
    answers = {"name": "Ada", "message": TEXT}
    opening = Opening("a" * 32, QUEUE.id, "web", answers, None, SOURCE)
    world.calls.clear()
    start_conversation(world.ports, opening, None)
    assert world.operations[:5] == OFFER_CALLS


OFFER_CALLS = ["TransactWriteItems", "Query", "Query", "TransactWriteItems", PUSH]


@pytest.fixture
def forgetful(world: World) -> World:
    """A worker that has looked at nothing, at a desk with a free agent."""
    world.queues.put(QUEUE)
    world.queues.put_number(OURS, QUEUE.id)
    world.hire()
    world.clock.time += KEPT
    return world


def test_a_text_on_a_worker_that_knows_nothing_is_offered_in_six_calls(forgetful: World) -> None:
    forgetful.calls.clear()
    texted(forgetful, "SM1")
    assert forgetful.operations[:6] == ["BatchGetItem", *OFFER_CALLS]


def test_a_return_to_a_worker_that_knows_nothing_is_offered_in_six_calls(forgetful: World) -> None:
    answers = {"name": "Ada", "message": TEXT}
    first = Opening("a" * 32, QUEUE.id, "web", answers, None, SOURCE)
    opened = start_conversation(forgetful.ports, first, None)
    assert opened.token is not None
    token = access.read_token(opened.token)
    finish.end_as_customer(forgetful.ports, opened.conversation.conversation.id, token)
    forgetful.clock.time += KEPT
    forgetful.calls.clear()
    start_conversation(forgetful.ports, replace(first, start_id="b" * 32), token)
    assert forgetful.operations[:6] == ["BatchGetItem", *OFFER_CALLS]


def test_a_socket_that_is_gone_is_forgotten_everywhere(held: World) -> None:
    held.gone.add("socket-of-grace")
    sends(held)
    assert held.get().sockets == {}
    assert held.agents.get("grace").sockets == {}
    assert list(held.agents.free(QUEUE.id)) == []
    held.calls.clear()
    sends(held, "m3")
    assert held.operations == [NUMBER, STORE]


def test_a_message_is_never_a_transaction_or_a_scan(held: World) -> None:
    """Also when marks are tidied up, which is one update more once in a while."""
    for number in range(34):
        sends(held, f"n{number}")
    assert set(held.operations) == {NUMBER, STORE, PUSH}
    assert held.operations.count(NUMBER) == 35


# Bytes


AGENT_ID = "11111111-2222-3333-4444-555555555555"
CONVERSATION_ID = "0123456789abcdef01234567"


def size_after_thirty_messages(world: World, text: str) -> int:
    """Of a conversation with two sockets, ids of full length, a refusal and a pending offer."""
    id, endpoint = CONVERSATION_ID, "https://abcdefghij.execute-api.us-east-1.amazonaws.com/api"
    world.begin(id, details=make_details(text=text), entrance=entrance_of())
    made = world.offer(world.hire(AGENT_ID), id)
    assert made.agent is not None
    declined = lifecycle.decline(made.after, made.agent.after, "o1", QUEUE, NOW)
    world.conversations.commit(declined)
    for connection_id in ("L0SM9cOFvHcCIhw=", "L0SM9cOFvHcCIhx="):
        bearer = Bearer("customer", "ada", id)
        world.attach(Connection(connection_id, endpoint, bearer, NOW), id)
    for number in range(30):
        world.write(ADA, f"{number:032x}", text, id)
    assert declined.agent is not None
    world.conversations.commit(
        offered(world.get(id), declined.agent.after, "fedcba9876543210fedcba98")
    )
    return item_size(world.item(codec.conversation_key(id), "CONVERSATION"))


@pytest.mark.parametrize("text", [TEXT, "🚲" * 50], ids=["ascii", "emoji"])
def test_the_item_that_every_message_writes_stays_small(world: World, text: str) -> None:
    assert size_after_thirty_messages(world, text) < 2048


def test_a_message_of_two_hundred_bytes_is_one_write_unit(world: World) -> None:
    world.begin(channel="sms")
    world.accept(world.hire(AGENT_ID))
    conversation = world.write(Author("agent", AGENT_ID), 32 * "f", TEXT)
    key = codec.conversation_key("c1")
    assert item_size(world.item(key, codec.entry_key(conversation.seq))) < 1024


def test_sizes_follow_the_documented_rules() -> None:
    assert item_size({"pk": {"S": "é"}}) == 4
    assert [value_size({"N": n}) for n in ("0", "7", "100", "1234", "-12", "1795338000123")] == [
        1,
        2,
        2,
        3,
        3,
        8,
    ]
    assert value_size({"M": {}}) == 3
    assert value_size({"M": {"ab": {"N": "7"}}}) == 3 + 2 + 2 + 1
    assert value_size({"L": [{"BOOL": True}, {"NULL": True}]}) == 3 + 2 + 2


def test_syncing_a_socket_lets_it_hear_what_comes(held: World) -> None:
    """What the calls above rest on: who syncs is pushed to."""
    connection = Connection("widget", ENDPOINT, Bearer("customer", "ada", "c1"), NOW)
    held.queues.put(QUEUE)
    presence.sync(held.ports, connection, "r1")
    held.calls.clear()
    sends(held)
    pushed = [c.request["ConnectionId"] for c in held.calls if c.operation == PUSH]
    assert sorted(pushed) == ["socket-of-grace", "widget"]
