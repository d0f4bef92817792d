"""Steps are written all or not at all, and each named condition stands in the way by itself."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamodb import codec
from chalicelib.domain import events, lifecycle, text_steps
from chalicelib.domain.access import Bearer, Connection, CustomerToken
from chalicelib.domain.conversation import AgentChange, Author, Change, MessageDraft
from chalicelib.domain.errors import Conflict
from chalicelib.domain.events import Entry, MessageSent, NumberVoided
from chalicelib.usecases.routing import offers
from tests.adapters.world import ENDPOINT, World, entrance_of
from tests.domain.samples import NOW, QUEUE, SECOND, accepted, agent_after, make_start, offered

ADA = Author("customer", "ada")
GRACE = Author("agent", "grace")


def refused(world: World, write: Callable[[], None]) -> bool:
    """Whether the write met a Conflict, and left everything as it was."""
    before = world.snapshot()
    try:
        write()
    except Conflict:
        return world.snapshot() == before
    return False


def test_a_beginning_is_one_transaction(world: World) -> None:
    world.calls.clear()
    start = world.begin(entrance=entrance_of())
    assert world.operations == ["TransactWriteItems"]
    assert world.get() == start.conversation
    assert world.conversations.get_with_details(["c1"])["c1"][1] == start.details
    assert list(world.conversations.entries("c1", 0, 10)) == list(start.entries)
    assert list(world.waiting(QUEUE.id)) == ["c1"]
    contact = world.addresses.contact("address of c1")
    assert (contact.conversation_id, contact.has_ended) == ("c1", False)
    world.ports.access.check_token(CustomerToken("ada", "token-of-ada"))
    assert world.ports.access.take_ticket("ticket-of-ada") == Bearer("customer", "ada", "c1")


def test_an_id_begins_one_conversation(world: World) -> None:
    world.begin("c1", address="here")
    assert refused(world, lambda: world.conversations.begin(make_start("c1"), entrance_of()))


def test_an_address_leads_to_one_open_conversation(world: World) -> None:
    world.begin("c1", address="here")
    second = make_start("c2", address="here")
    assert refused(world, lambda: world.conversations.begin(second, entrance_of()))


def test_an_address_goes_on_from_the_conversation_it_was_seen_to_lead_to(world: World) -> None:
    world.begin("c1", address="here")
    world.begin("c2", address="here", previous="c1")
    third = make_start("c3", address="here", previous="c1")
    assert refused(world, lambda: world.conversations.begin(third, None))
    world.begin("c3", address="here", previous="c2")
    assert world.addresses.contact("here").conversation_id == "c3"


def test_the_whole_life_is_read_as_it_was_decided(world: World) -> None:
    world.begin()
    agent = world.hire()
    change: Change | None = offered(world.get(), agent)
    decisions: list[Callable[[Change], Change | None]] = [
        lambda c: lifecycle.decline(c.after, agent_after(c), "o1", QUEUE, NOW),
        lambda c: offered(c.after, agent_after(c), "o2"),
        lambda c: lifecycle.expire(c.after, agent_after(c), "o2", QUEUE, NOW + QUEUE.offer_lasts),
        lambda c: offered(c.after, agent_after(c), "o3"),
        lambda c: lifecycle.hand_back(c.after, agent_after(c), QUEUE, NOW),
        lambda c: offered(c.after, agent_after(c), "o4"),
        accepted,
        lambda c: lifecycle.hand_back(c.after, agent_after(c), QUEUE, NOW),
        lambda c: offered(c.after, agent_after(c), "o5"),
        accepted,
        lambda c: lifecycle.end(c.after, agent_after(c), "customer", QUEUE, NOW),
        lambda c: lifecycle.close(c.after, agent_after(c), QUEUE, "Solved", "Note", NOW),
    ]
    told = list(world.conversations.entries("c1", 0, 99))
    for decide in [*decisions, None]:
        assert change is not None
        world.conversations.commit(change)
        told += change.entries
        assert world.get() == change.after
        assert world.agents.get("grace") == agent_after(change)
        waits = change.after.status == "queued"
        assert list(world.waiting(QUEUE.id)) == (["c1"] if waits else [])
        assert list(world.conversations.entries("c1", 0, 99)) == told
        change = decide(change) if decide else None
    assert world.addresses.contact("address of c1").has_ended


def test_a_step_is_one_transaction(world: World) -> None:
    world.begin()
    change = offered(world.get(), world.hire())
    world.calls.clear()
    world.conversations.commit(change)
    assert world.operations == ["TransactWriteItems"]


def test_nothing_may_have_happened_since(world: World) -> None:
    """Only the number has changed: the message of that number is not stored yet."""
    world.begin()
    change = offered(world.get(), world.hire())
    world.conversations.number("c1", ADA, MessageDraft("m2", "Hello?", NOW))
    assert refused(world, lambda: world.conversations.commit(change))


def test_a_step_takes_no_number_that_is_taken(world: World) -> None:
    """Only the entry is there: the conversation does not know of its number."""
    world.begin()
    change = offered(world.get(), world.hire())
    assert world.conversations.void("c1", Entry(3, NOW, NumberVoided()))
    assert refused(world, lambda: world.conversations.commit(change))


def test_the_agent_may_not_have_changed_since(world: World) -> None:
    world.begin()
    agent = world.hire()
    change = offered(world.get(), agent)
    world.agents.put(AgentChange(agent, agent.declared("not_ready", "Break", NOW)))
    assert refused(world, lambda: world.conversations.commit(change))


def test_an_agent_has_no_slot_twice(world: World) -> None:
    """Two conversations claim the last slot of one agent (I4)."""
    world.begin("c1")
    world.begin("c2")
    agent = world.hire(capacity=1)
    second = offered(world.get("c2"), agent)
    world.offer(agent, "c1")
    assert refused(world, lambda: world.conversations.commit(second))


def test_a_conversation_has_no_agent_twice(world: World) -> None:
    """Two agents are offered one conversation (I3)."""
    world.begin()
    second = offered(world.get(), world.hire("alan"))
    world.offer(world.hire("grace"))
    assert refused(world, lambda: world.conversations.commit(second))


def test_the_end_is_written_where_the_address_still_leads(world: World) -> None:
    """Only the address has changed."""
    start = world.begin("c1", address="here")
    world.begin("c2", address="here", previous="c1")
    end = lifecycle.end(start.conversation, None, "customer", QUEUE, NOW)
    assert refused(world, lambda: world.conversations.commit(end))


def window(name: str) -> Connection:
    return Connection(name, ENDPOINT, Bearer("customer", "ada", "c1"), NOW)


def test_nobody_may_have_joined_since(world: World) -> None:
    """Only a socket has come, which the step does not know of: it would not be told."""
    world.begin()
    change = offered(world.get(), world.hire())
    world.attach(window("comes"))
    assert refused(world, lambda: world.conversations.commit(change))


def test_nobody_may_have_joined_since_in_the_place_of_another(world: World) -> None:
    """There are as many sockets as before."""
    world.begin()
    world.attach(window("leaves"))
    change = offered(world.get(), world.hire())
    world.conversations.attach("c1", window("comes"), ["leaves"])
    assert refused(world, lambda: world.conversations.commit(change))


def test_who_joins_meanwhile_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The customer's socket joins between the step's reads and its write."""
    world.queues.put(QUEUE)
    world.begin()
    made = world.offer(world.hire())
    assert made.after.offer is not None
    commit = world.conversations.commit

    def late(change: Change) -> None:
        monkeypatch.undo()
        world.attach(window("comes"))
        commit(change)

    monkeypatch.setattr(world.conversations, "commit", late)
    offers.accept(world.ports, "grace", "c1", made.after.offer.id)
    pushed = [call.request for call in world.calls if call.operation == "PostToConnection"]
    frames = [json.loads(r["Data"]) for r in pushed if r["ConnectionId"] == "comes"]
    assert [frame["event"]["seq"] for frame in frames] == [world.get().seq]


def test_who_goes_meanwhile_stays_away(world: World) -> None:
    """Sockets that leave and tokens are in no step's way, and it leaves them as they are."""
    world.begin(entrance=entrance_of())
    for name in ("leaves", "stays"):
        world.attach(window(name))
    change = offered(world.get(), world.hire())
    world.conversations.detach("c1", ["leaves"])
    world.conversations.let_in("c1", replace(entrance_of(), token_key="another"), [])
    world.conversations.commit(change)
    assert set(world.get().sockets) == {"stays"}
    assert {"another", "key-of-ada"} <= set(world.get().keys)


def test_the_agents_windows_are_added_to_those_there(world: World) -> None:
    world.begin()
    world.attach(window("s"))
    world.accept(world.hire())
    owners = {id: socket.owner for id, socket in world.get().sockets.items()}
    assert owners == {"s": "ada", "socket-of-grace": "grace"}


def test_a_customer_is_let_in_all_or_not_at_all(world: World) -> None:
    world.begin()
    assert refused(
        world, lambda: world.conversations.let_in("c1", entrance_of("eve"), ["key-of-ada"])
    )
    assert refused(world, lambda: world.conversations.let_in("c9", entrance_of(), []))
    world.conversations.let_in("c1", entrance_of(), [])
    assert set(world.get().keys) == {"key-of-ada", "token-of-ada"}
    assert world.ports.access.take_ticket("ticket-of-ada") == Bearer("customer", "ada", "c1")


def test_a_token_takes_the_place_of_others(world: World) -> None:
    world.begin()
    world.conversations.let_in("c1", entrance_of(), ["key-of-ada", "gone already"])
    assert set(world.get().keys) == {"token-of-ada"}
    assert world.get().attached == 0, "No socket has joined by it."


def with_pending_text(world: World) -> tuple[Change, MessageSent]:
    """A text of the agent's that has to leave, and the step that says it did."""
    world.begin(channel="sms")
    world.accept(world.hire())
    conversation = world.write(GRACE, "m2")
    entry = world.conversations.message("c1", conversation.seq)
    assert entry is not None
    assert isinstance(entry.event, MessageSent)
    return text_steps.delivery_changed(conversation, entry.seq, "sent", None, NOW), entry.event


def test_a_delivery_is_written_with_its_message(world: World) -> None:
    change, known = with_pending_text(world)
    later = NOW + 1 * SECOND
    assert [due.message_seq for due in world.conversations.due("outbound", later)] == [5]
    world.conversations.commit_delivery(change, known)
    assert world.get() == change.after
    message = world.conversations.message("c1", 5)
    assert message is not None
    assert message.event == replace(known, delivery="sent")
    assert list(world.conversations.entries("c1", 5, 9)) == list(change.entries)
    assert world.conversations.due("outbound", later) == []


def test_a_delivery_rests_on_the_status_that_was_known(world: World) -> None:
    """Only the message's status has changed."""
    change, known = with_pending_text(world)
    stale = replace(known, delivery="sent")
    assert refused(world, lambda: world.conversations.commit_delivery(change, stale))


def test_a_delivery_rests_on_nothing_having_happened_since(world: World) -> None:
    change, known = with_pending_text(world)
    world.conversations.number("c1", ADA, MessageDraft("m3", "Thanks", NOW))
    assert refused(world, lambda: world.conversations.commit_delivery(change, known))


def test_only_a_delivery_is_written_so(world: World) -> None:
    _, known = with_pending_text(world)
    other = lifecycle.end(world.get(), None, "customer", QUEUE, NOW)
    with pytest.raises(TypeError):
        world.conversations.commit_delivery(other, known)


def test_what_is_due_is_found_when_its_time_is_over(world: World) -> None:
    world.begin()
    agent = world.hire()
    made = world.offer(agent)
    due = NOW + QUEUE.offer_lasts
    millisecond = timedelta(milliseconds=1)
    assert world.conversations.due("offer", due) == []
    assert [d.id for d in world.conversations.due("offer", due + millisecond)] == ["c1"]
    change = accepted(made)
    world.conversations.commit(change)
    assert world.conversations.due("offer", due + millisecond) == []
    ended = lifecycle.end(change.after, agent_after(change), "customer", QUEUE, NOW)
    world.conversations.commit(ended)
    over = NOW + QUEUE.wrap_up_lasts + millisecond
    assert [d.id for d in world.conversations.due("wrap_up", over)] == ["c1"]
    closed = lifecycle.run_out(ended.after, agent_after(ended), over)
    assert closed is not None
    world.conversations.commit(closed)
    assert world.conversations.due("wrap_up", over) == []
    assert "due_at" not in world.item(codec.conversation_key("c1"), "CONVERSATION")


def test_events_are_kept_as_they_were_told(world: World) -> None:
    world.begin()
    world.accept(world.hire())
    kinds = [type(entry.event) for entry in world.conversations.entries("c1", 0, 9)]
    assert kinds == [
        events.ConversationStarted,
        events.MessageSent,
        events.OfferMade,
        events.ParticipantJoined,
    ]


def test_a_conversation_that_waits_is_due_while_it_waits(world: World) -> None:
    """When it is looked whether its customer is there."""
    world.begin()
    allowed, millisecond = QUEUE.abandoned_after, timedelta(milliseconds=1)
    world.begin("text", channel="sms", address="phone")
    assert world.conversations.due("waiting", NOW + allowed) == []
    due = world.conversations.due("waiting", NOW + allowed + millisecond)
    assert [found.id for found in due] == ["c1"]
    made = world.offer(world.hire())
    later = NOW + timedelta(days=1)
    assert world.conversations.due("waiting", later) == []
    change = lifecycle.decline(made.after, agent_after(made), "o1", QUEUE, NOW)
    world.conversations.commit(change)
    assert [found.id for found in world.conversations.due("waiting", later)] == ["c1"]
    ended = lifecycle.abandon(world.get(), QUEUE, later)
    assert ended is not None
    world.conversations.commit(ended)
    assert world.conversations.due("waiting", later) == []


def test_a_look_is_put_off_while_the_conversation_waits(world: World) -> None:
    """STILL_WAITS."""
    waiting = world.begin().conversation
    later = replace(waiting, next_look=NOW + timedelta(hours=1))
    world.calls.clear()
    world.conversations.look_again(later)
    assert world.operations == ["UpdateItem"]
    assert world.get() == later
    world.offer(world.hire())
    before = world.snapshot()
    world.conversations.look_again(later)
    assert world.snapshot() == before


def test_a_step_leaves_when_the_customer_left(world: World) -> None:
    """It may have been written since the step was decided."""
    waiting = world.begin().conversation
    world.conversations.detach("c1", ["gone"], NOW + timedelta(seconds=9))
    world.conversations.commit(offered(waiting, world.hire()))
    assert world.get().left_at == NOW + timedelta(seconds=9)
    change = lifecycle.accept(world.get(), world.agents.get("grace"), "o1", NOW)
    assert change is not None
    world.conversations.commit(change)
    late = NOW + timedelta(hours=1)
    back = lifecycle.hand_back(world.get(), world.agents.get("grace"), QUEUE, late)
    assert back is not None
    world.conversations.commit(back)
    assert world.get().left_at == late
