"""Free agents and waiting conversations: in order, without limit, and as of now (D5, I6)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamodb import codec
from chalicelib.adapters.dynamodb.models import SeatItem, WaitingItem
from chalicelib.domain import lifecycle
from chalicelib.domain.access import Bearer, Connection, CustomerToken
from chalicelib.domain.agent import Agent, Work
from chalicelib.domain.conversation import AgentChange
from chalicelib.domain.errors import Conflict, NotFound, Unauthenticated
from chalicelib.domain.queue import Queue
from chalicelib.domain.routing import place, rank
from tests.adapters.world import World
from tests.domain.samples import NOW, QUEUE, SECOND, free_agent, make_agent, make_start, offered

MINUTE = timedelta(minutes=1)


def test_conversations_wait_in_the_order_they_came(world: World) -> None:
    for number in (3, 1, 2):
        world.begin(f"c{number}", after=number * SECOND)
    assert list(world.waiting(QUEUE.id)) == ["c1", "c2", "c3"]
    assert list(world.waiting("another")) == []


def wait(conversation_id: str, seconds: int, priority: int = 0) -> None:
    """A place in the queue, and nothing behind it."""
    conversation = make_start(conversation_id, now=NOW + seconds * SECOND).conversation
    WaitingItem(f"WAITING#{QUEUE.id}", place(replace(conversation, priority=priority))).save()


def test_more_wait_than_fit_on_a_page(world: World) -> None:
    for number in reversed(range(25)):
        wait(f"c{number}", number, priority=9 if number == 24 else 0)
    world.calls.clear()
    waiting = world.waiting(QUEUE.id)
    assert next(waiting) == "c24"
    assert world.operations == ["Query"], "Looking at the first must not read them all."
    assert list(waiting) == [f"c{number}" for number in range(24)]


def test_a_declined_conversation_waits_behind_those_never_refused(world: World) -> None:
    for number in range(3):
        world.begin(f"c{number}", after=number * SECOND)
    made = world.offer(world.hire(), "c0")
    assert list(world.waiting(QUEUE.id)) == ["c1", "c2"]
    assert made.agent is not None
    world.conversations.commit(
        lifecycle.decline(made.after, made.agent.after, "o1", QUEUE, NOW + MINUTE)
    )
    assert list(world.waiting(QUEUE.id)) == ["c1", "c2", "c0"]


def test_counting_those_ahead(world: World) -> None:
    for number in range(3):
        world.begin(f"c{number}", after=number * SECOND)
    assert [world.conversations.count_ahead(world.get(f"c{n}")) for n in range(3)] == [0, 1, 2]


def test_counting_stops_at_a_hundred(world: World) -> None:
    last = world.begin("last", after=MINUTE).conversation
    for number in range(101):
        wait(f"w{number}", 0)
    world.calls.clear()
    assert world.conversations.count_ahead(last) == 100
    assert world.operations == ["Query"]


def seat(id: str, load: int, idle: int) -> None:
    """A free agent's place in the order of the queue."""
    work: dict[str, Work] = {f"c{n}": "active" for n in range(load)}
    agent = free_agent(id, capacity=99, work=work, idle_since=NOW + idle * SECOND)
    SeatItem(f"SEATS#{QUEUE.id}", f"AGENT#{id}", state=codec.encode(agent), rank=rank(agent)).save()


def test_more_are_free_than_fit_on_a_page(world: World) -> None:
    for number in range(25):
        seat(f"a{number:02d}", load=number % 3, idle=-number)
    world.calls.clear()
    found = world.agents.free(QUEUE.id)
    first = next(found)
    assert world.operations == ["Query"], "Looking at the first must not read them all."
    free = [first, *found]
    assert [(agent.load, agent.idle_since) for agent in free] == sorted(
        (agent.load, agent.idle_since) for agent in free
    )
    assert len(free) == 25


def test_only_the_free_are_found_and_only_in_their_queues(world: World) -> None:
    world.hire("grace", queues=(QUEUE.id, "sales"))
    world.agents.create(make_agent("alan"))
    busy = world.hire("busy", capacity=1)
    world.begin()
    world.offer(busy)
    assert [agent.id for agent in world.agents.free(QUEUE.id)] == ["grace"]
    assert [agent.id for agent in world.agents.free("sales")] == ["grace"]
    assert list(world.agents.free("another")) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda agent: agent.declared("not_ready", "Break", NOW),
        lambda agent: agent.without_sockets(set(agent.sockets), NOW),
        lambda agent: agent.with_work("c1", "active", NOW).with_work("c2", "active", NOW),
        lambda agent: agent.described("G", "g@example.com", "agent", 0, agent.queues),
        lambda agent: agent.described("G", "g@example.com", "agent", 9, ("sales",)),
    ],
)
def test_who_is_no_longer_free_is_no_longer_found(
    world: World, change: Callable[[Agent], Agent]
) -> None:
    agent = world.hire()
    assert [found.id for found in world.agents.free(QUEUE.id)] == ["grace"]
    after = change(agent)
    world.agents.put(AgentChange(agent, after))
    assert world.agents.get("grace") == after
    assert list(world.agents.free(QUEUE.id)) == []


def test_an_agent_is_written_over_nobody(world: World) -> None:
    agent = world.hire()
    world.agents.put(AgentChange(agent, agent.declared("not_ready", "Break", NOW)))
    before = world.snapshot()
    with pytest.raises(Conflict):
        world.agents.put(AgentChange(agent, agent.declared("ready", None, NOW)))
    with pytest.raises(Conflict):
        world.agents.create(agent)
    with pytest.raises(Conflict):
        world.agents.put(AgentChange(make_agent("nobody"), make_agent("nobody")))
    assert world.snapshot() == before


def test_an_agent_is_reached_by_a_socket_only_while_it_is_open(world: World) -> None:
    """A socket that is gone would keep them present for ever."""
    agent = world.hire()
    joined = agent.with_socket("new", "https://sockets")
    socket = Connection("new", "https://sockets", Bearer("agent", agent.id), NOW)
    with pytest.raises(Conflict):
        world.agents.join(AgentChange(agent, joined), socket)
    world.ports.access.put_connection(socket)
    world.agents.join(AgentChange(agent, joined), socket)
    assert world.agents.get(agent.id) == joined
    left = joined.without_sockets({"new"}, NOW)
    world.agents.put(AgentChange(joined, left))
    world.ports.access.close_connection("new")
    before = world.snapshot()
    with pytest.raises(Conflict):
        world.agents.join(AgentChange(left, left.with_socket("new", "https://sockets")), socket)
    assert world.snapshot() == before


def test_there_is_no_agent_of_that_name(world: World) -> None:
    with pytest.raises(NotFound):
        world.agents.get("nobody")


def test_routing_reads_what_is_so_now(world: World) -> None:
    """Each of two who come at the same time may miss the other, unless reads are consistent."""
    agent = world.hire()
    world.begin()
    world.calls.clear()
    list(world.agents.free(QUEUE.id))
    list(world.waiting(QUEUE.id))
    world.agents.get(agent.id)
    world.conversations.get("c1")
    world.conversations.get_with_details(["c1"])
    list(world.conversations.entries("c1", 0, 9))
    world.conversations.message("c1", 1)
    world.addresses.contact("address of c1")
    world.queues.all_ids()
    with pytest.raises(Unauthenticated):
        world.ports.access.connection("none")
    with pytest.raises(Unauthenticated):
        world.ports.access.check_token(CustomerToken("ada", "none"))
    assert len(world.calls) == 11
    assert [call.operation for call in world.calls if not is_consistent(call.request)] == []


def test_the_place_in_the_queue_is_what_is_so_now(world: World) -> None:
    conversation = world.begin().conversation
    world.calls.clear()
    world.conversations.count_ahead(conversation)
    assert [is_consistent(call.request) for call in world.calls] == [True]


def is_consistent(request: dict[str, object]) -> bool:
    tables = request.get("RequestItems")
    asked = list(tables.values()) if isinstance(tables, dict) else [request]
    return all(table.get("ConsistentRead") is True for table in asked)


def test_a_claim_is_one_of_two(world: World) -> None:
    """Both sides look at once and claim the same pair: one offer comes of it."""
    start = world.begin()
    agent = world.hire()
    claims = [offered(start.conversation, agent, offer_id) for offer_id in ("o1", "o2")]
    world.conversations.commit(claims[0])
    with pytest.raises(Conflict):
        world.conversations.commit(claims[1])
    assert world.get() == claims[0].after


# The settings of queues


def test_queues_are_remembered_for_a_minute(world: World) -> None:
    world.queues.put(QUEUE)
    world.queues.put_number("+15550100000", QUEUE.id)
    changed = replace(QUEUE, name="Another name")
    assert world.queues.get(QUEUE.id) == QUEUE
    assert world.queues.of_line(("+15550100000",)) == QUEUE
    world.queues.put(changed)
    world.calls.clear()
    world.clock.time += MINUTE - timedelta(milliseconds=1)
    assert world.queues.get(QUEUE.id) == QUEUE
    assert world.queues.of_line(("+15550100000",)) == QUEUE
    assert world.operations == []
    world.clock.time += timedelta(milliseconds=1)
    assert world.queues.get(QUEUE.id) == changed
    assert world.queues.of_line(("+15550100000",)) == changed


def test_a_queue_that_is_not_there_is_looked_for_again(world: World) -> None:
    with pytest.raises(NotFound):
        world.queues.get(QUEUE.id)
    with pytest.raises(NotFound):
        world.queues.of_line(("+15550100000",))
    with pytest.raises(NotFound):
        world.queues.put_number("+15550100000", QUEUE.id)
    world.queues.put(QUEUE)
    with pytest.raises(NotFound):
        world.queues.of_line(("+15550100000",))
    world.queues.put_number("+15550100000", QUEUE.id)
    assert world.queues.get(QUEUE.id) == world.queues.of_line(("+15550100000",)) == QUEUE


def test_a_number_follows_the_settings_of_the_queue_that_it_leads_to_last(world: World) -> None:
    other = replace(QUEUE, id="other")
    for queue in (QUEUE, other):
        world.queues.put(queue)
        world.queues.put_number("+15550100000", queue.id)
    for queue in (QUEUE, other):
        world.queues.put(replace(queue, name=f"{queue.id} renamed"))
    world.clock.time += MINUTE
    assert world.queues.of_line(("+15550100000",)).name == "other renamed"


def test_a_line_of_a_channel_may_lead_elsewhere_than_its_number(world: World) -> None:
    """Whichever of the two this worker has looked at before."""
    care = replace(QUEUE, id="care")
    for queue in (QUEUE, care):
        world.queues.put(queue)
    world.queues.put_number("+15550100000", QUEUE.id)
    lines = ("whatsapp:+15550100000", "+15550100000")
    assert world.queues.of_line(lines) == world.queues.of_line(lines[1:]) == QUEUE
    world.queues.put_number("whatsapp:+15550100000", care.id)
    world.clock.time += MINUTE
    assert world.queues.of_line(lines[1:]) == QUEUE
    assert world.queues.of_line(lines) == care


def test_all_queues_are_known(world: World) -> None:
    for id in ("sales", "care"):
        world.queues.put(Queue(id, id.title(), (), (), ()))
    world.queues.put_number("+15550100000", "care")
    assert world.queues.all_ids() == ["care", "sales"]
