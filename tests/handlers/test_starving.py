"""Nobody starves (I17): refused or abandoned conversations do not block the others."""

import secrets
from dataclasses import replace
from datetime import timedelta

from proof.desk import ANSWERS, DEMO_QUEUE, Desk
from proof.people import Customer, DeskAgent

SCRIPTED = 13


def scripted(desk: Desk) -> str:
    """A conversation begun by a script that never opens a socket."""
    status, body = desk.start(ANSWERS, start_id=secrets.token_urlsafe(24))
    assert status == 201
    desk.clock.time += timedelta(milliseconds=1)
    return str(body["conversation"]["conversation_id"])


def offers_until(agent: DeskAgent, customer: Customer) -> int:
    """How many offers the agent was made, up to the one of this customer."""
    made = [frame["offer"]["conversation_id"] for frame in agent.socket.of_type("offer.presented")]
    return made.index(customer.id) + 1 if customer.id in made else 0


def test_a_customer_behind_thirteen_scripted_conversations_is_offered(desk: Desk) -> None:
    """An agent of capacity 3 misses what nobody is behind, and declares ready again."""
    for _ in range(SCRIPTED):
        scripted(desk)
    customer = desk.customer()
    agent = desk.ready_agent(capacity=3)
    for _ in range(15):
        desk.pass_time(10)
        desk.sweep()
        customer.socket.sync()
        if customer.id in agent.offered:
            break
        if agent.state.availability == "not_ready":
            agent.ready()
    assert 0 < offers_until(agent, customer) <= SCRIPTED + 1
    assert agent.accept(next(o for o in agent.offers if o["conversation_id"] == customer.id))


def test_what_was_refused_waits_behind_who_was_not_whenever_it_may_be_offered_again(
    desk: Desk,
) -> None:
    """The customer came later, and a minute has passed since the refusals."""
    agent = desk.ready_agent(capacity=1)
    refused = [desk.customer() for _ in range(2)]
    for _ in refused:
        agent.decline()
    desk.pass_time(61)
    agent.not_ready()
    newer = desk.customer()
    agent.ready()
    assert agent.offered == [newer.id]
    agent.accept()
    agent.close(newer.id)
    assert agent.offered == [refused[0].id]


def test_of_those_refused_once_the_oldest_is_offered_first(desk: Desk) -> None:
    agent = desk.ready_agent(capacity=1)
    customers = [desk.customer() for _ in range(3)]
    for _ in customers:
        agent.decline()
    agent.not_ready()
    desk.pass_time(1)
    agent.ready()
    assert agent.offered == [customers[0].id]
    agent.decline()
    desk.pass_time(1)
    agent.not_ready()
    agent.ready()
    assert agent.offered == [customers[1].id]


def test_a_refusal_counts_although_more_agents_refused_than_are_remembered(desk: Desk) -> None:
    often = desk.customer()
    agents = [desk.agent(f"Agent{number}", capacity=1) for number in range(12)]
    for agent in agents:
        agent.ready()
        agent.decline()
        agent.not_ready()
    assert desk.ports.conversations.get(often.id).refused == len(agents)
    others = [desk.customer() for _ in range(2)]
    agent.ready()
    for other in others:
        assert agent.offered == [other.id]
        agent.decline()
    assert agent.offered == [often.id]
    agent.decline()
    agent.not_ready()
    desk.pass_time(1)
    agent.ready()
    assert agent.offered == [others[0].id]


def test_the_order_holds_across_the_queues_of_an_agent(desk: Desk) -> None:
    desk.queues.put(replace(DEMO_QUEUE, id="sales", name="Sales"))
    refuser = desk.ready_agent("Grace", capacity=1)
    refused = desk.customer()
    refuser.decline()
    refuser.not_ready()
    desk.pass_time(1)
    start_id = secrets.token_urlsafe(24)
    _, body = desk.start(ANSWERS, start_id=start_id, queue_id="sales")
    agent = desk.agent("Linus", capacity=1, queues=("demo", "sales"))
    agent.ready()
    assert agent.offered == [body["conversation"]["conversation_id"]]
    assert desk.ports.conversations.get(refused.id).status == "queued"


def test_a_conversation_handed_back_does_not_come_before_all_others_for_ever(desk: Desk) -> None:
    """Each refusal halves its priority, so nobody waits behind it for more than a few offers."""
    first = desk.ready_agent("Grace", capacity=1)
    desk.text("+15557654321", "Hello")
    (handed_back,) = first.offered
    first.accept()
    first.socket.close()
    desk.pass_time(31)
    assert desk.ports.conversations.get(handed_back).priority == 9
    agent = desk.ready_agent("Linus", capacity=1)
    for _ in range(4):
        assert agent.offered == [handed_back]
        agent.decline()
        desk.pass_time(60)
        desk.sweep()
    agent.decline()
    agent.not_ready()
    customer = desk.customer()
    desk.pass_time(1)
    agent.ready()
    assert agent.offered == [customer.id]


def test_customers_learn_their_place_in_the_same_order(desk: Desk) -> None:
    agent = desk.ready_agent(capacity=1)
    refused = desk.customer()
    agent.decline()
    agent.not_ready()
    newer = desk.customer()
    ahead = [c.transcript()["conversation"]["ahead"] for c in (newer, refused)]
    assert ahead == [0, 1]


def test_a_place_from_before_refusals_were_counted_is_taken_and_left(desk: Desk) -> None:
    """Items that are in the tables when the code is updated have no count."""
    customer = desk.customer()
    key = {"pk": {"S": f"CONVERSATION#{customer.id}"}, "sk": {"S": "CONVERSATION"}}
    desk.update_raw(key, "REMOVE refused, left_at, due_kind, due_at")
    assert desk.ports.conversations.get(customer.id).refused == 0
    agent = desk.ready_agent()
    assert agent.offered == [customer.id]
    assert list(desk.ports.conversations.waiting("demo")) == []


def misses(desk: Desk, times: int) -> None:
    """Offers that nobody answers, one after another."""
    for _ in range(times):
        desk.customer()
        desk.pass_time(20)


def test_an_agent_who_misses_three_offers_in_a_row_is_not_ready(desk: Desk) -> None:
    agent = desk.ready_agent(capacity=1)
    misses(desk, 2)
    assert agent.state.availability == "ready"
    misses(desk, 1)
    shown = agent.socket.of_type("agent.changed")[-1]["agent"]
    assert (shown["availability"], shown["reason"], shown["missed"]) == (
        "not_ready",
        "no_answer",
        3,
    )
    assert agent.screen["agent"] == shown
    assert agent.screen["not_ready_reasons"] == ["Break", "Lunch"]
    assert agent.offers == []
    desk.pass_time(120)
    desk.sweep()
    assert agent.offers == []


def test_who_missed_too_many_chooses_ready_and_starts_over(desk: Desk) -> None:
    agent = desk.ready_agent(capacity=1)
    misses(desk, 3)
    agent.ready()
    assert (agent.state.reason, agent.state.missed) == (None, 0)
    assert len(agent.offers) == 1
    desk.pass_time(20)
    desk.pass_time(20)
    assert agent.state.availability == "ready"
    desk.pass_time(20)
    assert agent.state.reason == "no_answer"


def test_an_answer_interrupts_the_row(desk: Desk) -> None:
    agent = desk.ready_agent(capacity=1)
    misses(desk, 2)
    desk.customer()
    agent.decline()
    assert agent.state.missed == 0
    desk.pass_time(1)
    agent.ready()
    desk.pass_time(20)
    desk.pass_time(20)
    assert (agent.state.availability, agent.state.missed) == ("ready", 2)
    agent.accept()
    assert agent.state.missed == 0


def test_the_reason_of_who_does_not_answer_cannot_be_chosen(desk: Desk) -> None:
    agent = desk.agent()
    command = {"type": "availability.set", "availability": "not_ready", "reason": "no_answer"}
    assert agent.socket.send(**command)["error"]["field"] == "reason"


def test_three_offers_that_end_at_once_are_three(desk: Desk) -> None:
    """Each is ended by its own timer, at the same moment as the others."""
    agent = desk.ready_agent(capacity=3)
    for _ in range(3):
        desk.customer()
    desk.pass_time(21)
    assert (agent.state.availability, agent.state.missed, agent.state.work) == ("not_ready", 3, {})


def test_a_queue_says_how_many_may_be_missed(desk: Desk) -> None:
    desk.queues.put(replace(DEMO_QUEUE, missed_offers=1))
    agent = desk.ready_agent(capacity=1)
    misses(desk, 1)
    assert agent.state.reason == "no_answer"
