"""The cheap path: messages are numbered once and stored once, whatever is tried again (I1)."""

from dataclasses import replace

import pytest

from chalicelib.adapters.dynamodb import codec
from chalicelib.domain import lifecycle, messages, text_steps
from chalicelib.domain.access import Bearer, Connection
from chalicelib.domain.conversation import (
    MOST_SOCKETS,
    Author,
    LastMessage,
    MessageDraft,
    Socket,
)
from chalicelib.domain.errors import ConversationClosed, LambdeskError, NotFound, Unauthenticated
from chalicelib.domain.events import Entry, MessageSent, NumberVoided
from chalicelib.usecases import connections
from tests.adapters.world import World, entrance_of
from tests.domain.samples import NOW, QUEUE, SECOND, make_details, make_start

ADA = Author("customer", "ada", "key-of-ada")
GRACE = Author("agent", "grace")
DRAFT = MessageDraft("m2", "Is anybody there?", NOW + SECOND)


def test_a_message_takes_the_next_number(world: World) -> None:
    world.begin()
    world.calls.clear()
    numbered = world.conversations.number("c1", ADA, DRAFT)
    assert world.operations == ["UpdateItem"]
    assert (numbered.seq, numbered.after, numbered.is_repeated) == (3, 2, False)
    assert numbered.conversation == world.get()
    assert numbered.conversation.last_message == LastMessage(
        "customer", "Is anybody there?", NOW + SECOND
    )


def test_after_is_the_newest_number_that_the_customer_could_see(world: World) -> None:
    world.begin()
    world.offer(world.hire())
    numbered = world.conversations.number("c1", ADA, DRAFT)
    assert (numbered.seq, numbered.after) == (4, 2)


def test_the_rules_and_the_database_make_the_same_of_a_message(world: World) -> None:
    before = world.begin(details=make_details(text="é" * 500)).conversation
    draft = replace(DRAFT, text="🚲" * 500)
    numbered = world.conversations.number("c1", ADA, draft)
    assert world.get() == numbered.conversation == messages.with_message(before, ADA, draft)


def test_a_repeated_message_keeps_its_number(world: World) -> None:
    world.begin()
    first = world.conversations.number("c1", ADA, DRAFT)
    world.conversations.number("c1", ADA, replace(DRAFT, id="m3"))
    for _ in range(3):
        again = world.conversations.number("c1", ADA, replace(DRAFT, at=NOW + 9 * SECOND))
        assert again.seq == first.seq
        assert again.is_repeated
    assert world.get().seq == 4


def test_two_senders_may_use_one_id(world: World) -> None:
    world.begin()
    world.accept(world.hire())
    numbered = [world.conversations.number("c1", who, DRAFT) for who in (ADA, GRACE, ADA)]
    assert [(n.seq, n.is_repeated) for n in numbered] == [(5, False), (6, False), (5, True)]


@pytest.mark.parametrize(
    ("author", "error"),
    [
        (Author("customer", "eve", "key-of-ada"), NotFound),
        (Author("customer", "eve"), NotFound),
        (Author("customer", "ada", "unknown"), Unauthenticated),
        (Author("customer", "ada", "expired"), Unauthenticated),
        (Author("agent", "alan"), NotFound),
        (Author("agent", "ada"), NotFound),
    ],
)
def test_who_may_not_write_is_refused_and_changes_nothing(
    world: World, author: Author, error: type[LambdeskError]
) -> None:
    world.begin()
    expired = replace(entrance_of(), token_key="expired", token_expires_at=DRAFT.at)
    world.conversations.let_in("c1", expired, [])
    world.accept(world.hire())
    before = world.snapshot()
    with pytest.raises(error):
        world.conversations.number("c1", author, DRAFT)
    with pytest.raises(error):
        world.conversations.renumber("c1", author, DRAFT, voided=3)
    assert world.snapshot() == before


def test_an_agent_does_not_write_before_accepting(world: World) -> None:
    world.begin()
    world.offer(world.hire())
    with pytest.raises(NotFound):
        world.conversations.number("c1", GRACE, DRAFT)


@pytest.mark.parametrize("author", [ADA, GRACE])
def test_nobody_writes_after_the_end_but_what_was_sent_before_is_known(
    world: World, author: Author
) -> None:
    world.begin()
    world.accept(world.hire())
    first = world.conversations.number("c1", author, DRAFT)
    agent = world.agents.get("grace")
    world.conversations.commit(lifecycle.end(world.get(), agent, "customer", QUEUE, NOW))
    assert world.conversations.number("c1", author, DRAFT).seq == first.seq
    before = world.snapshot()
    with pytest.raises(ConversationClosed):
        world.conversations.number("c1", author, replace(DRAFT, id="m3"))
    assert world.snapshot() == before


def test_a_bad_token_does_not_learn_what_was_sent(world: World) -> None:
    world.begin()
    world.conversations.number("c1", ADA, DRAFT)
    with pytest.raises(Unauthenticated):
        world.conversations.number("c1", replace(ADA, key="unknown"), DRAFT)


def test_there_is_no_message_without_a_conversation(world: World) -> None:
    with pytest.raises(NotFound):
        world.conversations.number("c9", ADA, DRAFT)
    assert world.snapshot() == [[], []]


def test_the_first_to_store_a_number_wins(world: World) -> None:
    conversation = world.begin().conversation
    entry = Entry(3, NOW, MessageSent("m2", conversation.customer, "Hello"))
    other = Entry(3, NOW, MessageSent("m3", conversation.customer, "Hello?"))
    assert world.conversations.put_message(conversation, entry) is None
    assert world.conversations.put_message(conversation, other) == entry
    assert world.conversations.put_message(conversation, entry) == entry
    assert world.conversations.message("c1", 3) == entry
    assert not world.conversations.void("c1", Entry(3, NOW, NumberVoided()))
    assert world.conversations.message("c1", 3) == entry


def test_what_is_there_is_told_with_its_delivery(world: World) -> None:
    conversation = world.begin(channel="sms").conversation
    change = world.accept(world.hire())
    assert change.agent is not None
    entry = Entry(5, NOW, MessageSent("m2", change.agent.after.participant, "Hi", "pending"))
    world.conversations.put_message(conversation, entry)
    numbered = world.conversations.number("c1", GRACE, DRAFT).conversation
    told = text_steps.delivery_changed(numbered, 5, "delivered", None, NOW)
    assert isinstance(entry.event, MessageSent)
    world.conversations.commit_delivery(told, entry.event)
    stored = world.conversations.put_message(conversation, entry)
    assert stored == replace(entry, event=replace(entry.event, delivery="delivered"))


def test_a_message_whose_number_was_voided_gets_another(world: World) -> None:
    world.begin()
    cut_off = world.conversations.number("c1", ADA, DRAFT)
    voided = Entry(cut_off.seq, NOW, NumberVoided())
    assert world.conversations.void("c1", voided)
    numbered = world.conversations.number("c1", ADA, DRAFT)
    entry = messages.message_entry(numbered.conversation, ADA, DRAFT, numbered.seq)
    assert world.conversations.put_message(numbered.conversation, entry) == voided
    again = world.conversations.renumber("c1", ADA, DRAFT, voided.seq)
    assert (again.seq, again.is_repeated) == (cut_off.seq + 1, False)
    assert world.conversations.number("c1", ADA, DRAFT).seq == again.seq


def test_two_tries_that_find_their_number_voided_agree_on_another(world: World) -> None:
    world.begin()
    cut_off = world.conversations.number("c1", ADA, DRAFT)
    world.conversations.void("c1", Entry(cut_off.seq, NOW, NumberVoided()))
    first = world.conversations.renumber("c1", ADA, DRAFT, cut_off.seq)
    second = world.conversations.renumber("c1", ADA, DRAFT, cut_off.seq)
    assert second.seq == first.seq
    assert (first.is_repeated, second.is_repeated) == (False, True)
    assert world.get().seq == first.seq


@pytest.mark.parametrize("author", [ADA, GRACE])
def test_what_was_voided_gets_no_number_after_the_end(world: World, author: Author) -> None:
    """It was never seen by anybody, so it is not taken for sent."""
    world.begin()
    world.accept(world.hire())
    cut_off = world.conversations.number("c1", author, DRAFT)
    world.conversations.void("c1", Entry(cut_off.seq, NOW, NumberVoided()))
    agent = world.agents.get("grace")
    world.conversations.commit(lifecycle.end(world.get(), agent, "customer", QUEUE, NOW))
    before = world.snapshot()
    with pytest.raises(ConversationClosed):
        world.conversations.renumber("c1", author, DRAFT, cut_off.seq)
    assert world.snapshot() == before


def test_what_got_another_number_before_the_end_keeps_it(world: World) -> None:
    world.begin()
    cut_off = world.conversations.number("c1", ADA, DRAFT)
    world.conversations.void("c1", Entry(cut_off.seq, NOW, NumberVoided()))
    first = world.conversations.renumber("c1", ADA, DRAFT, cut_off.seq)
    world.conversations.commit(lifecycle.end(world.get(), None, "customer", QUEUE, NOW))
    again = world.conversations.renumber("c1", ADA, DRAFT, cut_off.seq)
    assert (again.seq, again.is_repeated) == (first.seq, True)


def test_a_mark_that_was_dropped_leaves_the_others(world: World) -> None:
    world.begin()
    for number in range(5):
        world.write(ADA, f"n{number}")
    marks = [messages.mark(ADA, f"n{number}") for number in range(3)]
    world.conversations.forget_marks("c1", marks)
    assert sorted(world.get().recent.values()) == [2, 6, 7]
    world.conversations.forget_marks("c1", marks)
    assert sorted(world.get().recent.values()) == [2, 6, 7]


def test_entries_are_read_in_pages(world: World) -> None:
    world.begin()
    for number in range(10):
        world.write(ADA, f"n{number}")
    assert [entry.seq for entry in world.conversations.entries("c1", 0, 99)] == list(range(1, 13))
    assert [entry.seq for entry in world.conversations.entries("c1", 8, 3)] == [9, 10, 11]
    assert list(world.conversations.entries("c1", 12, 3)) == []
    assert list(world.conversations.entries("c9", 0, 3)) == []


def test_entries_are_read_backwards_in_pages(world: World) -> None:
    world.begin()
    for number in range(10):
        world.write(ADA, f"n{number}")
    back = world.conversations.entries_before
    assert [entry.seq for entry in back("c1", 13, 99)] == list(range(12, 0, -1))
    assert [entry.seq for entry in back("c1", 9, 3)] == [8, 7, 6]
    assert list(back("c1", 1, 3)) == list(back("c1", 0, 3)) == list(back("c9", 9, 3)) == []


def test_what_does_not_exist_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        world.conversations.get("c9")
    assert world.conversations.get_with_details(["c9"]) == {}
    assert world.conversations.message("c9", 1) is None


def test_many_conversations_are_found_at_once(world: World) -> None:
    wanted = {f"c{number}" for number in range(53)}
    for id in wanted:
        start = make_start(id)
        codec.conversation_item(start.conversation).save()
        codec.details_item(id, start.details).save()
    world.calls.clear()
    assert set(world.conversations.get_with_details([*wanted, "c99"])) == wanted
    assert world.operations == ["BatchGetItem"] * 2


# Sockets


def socket(id: str, owner: str = "ada", kind: str = "customer") -> Connection:
    bearer = Bearer("customer", owner, "c1") if kind == "customer" else Bearer("agent", owner)
    return Connection(id, "https://sockets", bearer, NOW)


@pytest.mark.parametrize(
    "stranger",
    [socket("s", "eve"), socket("s", "alan", "agent"), socket("s", "ada", "agent")],
)
def test_a_socket_is_let_in_only_to_its_bearers_conversation(
    world: World, stranger: Connection
) -> None:
    world.begin()
    world.accept(world.hire())
    before = world.snapshot()
    with pytest.raises(NotFound):
        world.attach(stranger)
    with pytest.raises(NotFound):
        world.attach(stranger, "c9")
    assert world.snapshot() == before


def test_an_agent_is_let_in_when_they_have_accepted(world: World) -> None:
    world.begin()
    agent = world.hire()
    world.offer(agent)
    window = socket("window", "grace", "agent")
    with pytest.raises(NotFound):
        world.attach(window)
    held = lifecycle.accept(world.get(), world.agents.get("grace"), "o1", NOW)
    assert held is not None
    world.conversations.commit(held)
    attached = world.attach(window)
    assert attached == world.get()
    assert attached.sockets["window"] == Socket("grace", "https://sockets", NOW)


def test_each_socket_that_joins_is_counted(world: World) -> None:
    """Also after others have left: a step can tell that it does not know of everybody."""
    world.begin()
    assert world.attach(socket("one")).attached == 1
    world.conversations.detach("c1", ["one"])
    assert world.get().attached == 1
    assert world.attach(socket("two")).attached == 2
    world.accept(world.hire())
    world.write(ADA, "m2")
    assert world.get().attached == 2


def test_a_socket_joins_in_the_place_of_others(world: World) -> None:
    world.begin()
    for name in ("old=", "older="):
        world.attach(socket(name))
    world.clock.time += SECOND
    world.calls.clear()
    after = world.conversations.attach("c1", socket("new="), ["older=", "gone already"])
    assert world.operations == ["UpdateItem"]
    assert after == world.get()
    assert after.sockets == {
        "old=": Socket("ada", "https://sockets", NOW),
        "new=": Socket("ada", "https://sockets", NOW + SECOND),
    }


def test_who_is_not_let_in_takes_nobodys_place(world: World) -> None:
    world.begin()
    world.attach(socket("old"))
    before = world.snapshot()
    with pytest.raises(NotFound):
        world.conversations.attach("c1", socket("s", "eve"), ["old"])
    assert world.snapshot() == before


def join(world: World, connection: Connection) -> None:
    if connection.bearer.kind == "agent":
        agent = world.ports.agents.get(connection.bearer.id)
        connections.attach_agent(world.ports, world.get(), connection, agent)
    else:
        connections.attach_customer(world.ports, world.get(), connection)
    world.clock.time += SECOND


def test_sockets_are_bounded_and_the_oldest_gives_way(world: World) -> None:
    """Every newcomer is let in: an old socket may be dead without anybody having noticed."""
    world.begin()
    for number in range(MOST_SOCKETS + 2):
        join(world, socket(f"s{number}="))
        assert f"s{number}=" in world.get().sockets
    assert set(world.get().sockets) == {f"s{number}=" for number in range(2, MOST_SOCKETS + 2)}
    before = world.snapshot()
    join(world, socket("s5="))
    assert world.snapshot() == before, "A known socket takes nobody's place."
    join(world, socket("s0="))
    assert set(world.get().sockets) == {"s0="} | {
        f"s{number}=" for number in range(3, MOST_SOCKETS + 2)
    }
    world.conversations.detach("c1", ["s3=", "s4="])
    join(world, socket("fits"))
    assert len(world.get().sockets) == MOST_SOCKETS - 1


def test_a_customers_sockets_do_not_keep_the_agent_out(world: World) -> None:
    world.begin()
    world.accept(world.hire())
    world.clock.time += SECOND
    for number in range(MOST_SOCKETS + 2):
        join(world, socket(f"s{number}"))
    join(world, socket("new-window", "grace", "agent"))
    sockets = world.get().sockets
    of_grace = {id for id, known in sockets.items() if known.owner == "grace"}
    assert of_grace == {"socket-of-grace", "new-window"}
    assert len(sockets) == MOST_SOCKETS + 2


def test_detaching_what_is_gone_does_nothing(world: World) -> None:
    world.begin()
    before = world.snapshot()
    assert world.conversations.detach("c1", ["unknown"]) == world.get()
    assert world.conversations.detach("c9", ["unknown"]) is None
    assert world.snapshot() == before


def test_detaching_tells_who_is_left(world: World) -> None:
    world.begin()
    for name in ("one", "two", "three"):
        world.attach(socket(name))
    left = world.conversations.detach("c1", ["one", "three"])
    assert left == world.get()
    assert set(left.sockets) == {"two"}
    assert left.customer_is_present
    left = world.conversations.detach("c1", ["two"])
    assert left == world.get()
    assert not left.customer_is_present
