"""Whom conversations are offered to, in which order, and what becomes of the offers."""

from chalicelib.domain.queue import FormField, Queue
from proof.desk import Desk
from proof.people import DeskAgent


def holds(agent: DeskAgent) -> dict[str, str]:
    """What the agent is offered or holds, as I4 counts it."""
    return {id: work for id, work in agent.state.work.items() if work != "wrap_up"}


def test_the_agent_who_was_idle_longest_is_asked_first(desk: Desk) -> None:
    agents = []
    for name in ("Grace", "Linus", "Maria"):
        agents.append(desk.ready_agent(name))
        desk.pass_time(1)
    asked = []
    for _ in agents:
        customer = desk.customer()
        desk.pass_time(1)
        asked += [agent.id for agent in agents if customer.id in agent.offered]
    assert asked == [agent.id for agent in agents]


def test_the_agent_with_the_least_load_is_asked_first(desk: Desk) -> None:
    busy = desk.ready_agent("Grace")
    desk.customer()
    busy.accept()
    desk.pass_time(60)
    idle = desk.ready_agent("Linus")
    customer = desk.customer()
    assert idle.offered == [customer.id]


def test_only_agents_of_the_queue_are_asked(desk: Desk) -> None:
    desk.queues.put(Queue("other", "Other", (FormField("message", "?", "textarea", True),), (), ()))
    agent = desk.agent("Grace", queues=("other",))
    agent.ready()
    desk.customer()
    assert agent.offers == []


def test_an_offer_tells_how_long_it_stands(desk: Desk) -> None:
    agent = desk.ready_agent()
    desk.customer()
    (offer,) = agent.offers
    assert offer["seconds"] == 20
    assert offer["offered_at"] == "2026-11-22T09:00:00Z"
    assert offer["expires_at"] == "2026-11-22T09:00:20Z"
    assert agent.screen["offers"] == [offer]


def test_an_accepted_conversation_is_opened_in_every_window(desk: Desk) -> None:
    agent = desk.ready_agent()
    second = agent.open_window()
    customer = desk.customer()
    offer_id = agent.offers[0]["offer_id"]
    assert agent.accept()["type"] == "ok"
    for window in (agent.socket, second):
        (opened,) = window.of_type("conversation.opened")
        assert opened["conversation"]["conversation_id"] == customer.id
        assert window.of_type("offer.resolved") == [
            {
                "type": "offer.resolved",
                "offer_id": offer_id,
                "conversation_id": customer.id,
                "outcome": "accepted",
            }
        ]
    customer.say("Hello")
    assert agent.socket.texts == second.texts == ["Hello"]


def test_accepting_twice_is_harmless(desk: Desk) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    (offer,) = agent.offers
    assert [agent.accept(offer)["type"] for _ in range(2)] == ["ok", "ok"]
    assert holds(agent) == {customer.id: "active"}
    assert [event["type"] for event in customer.socket.events] == ["participant.joined"]


def test_accepting_again_after_the_close_opens_nothing(desk: Desk) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    (offer,) = agent.offers
    agent.accept(offer)
    agent.close(customer.id)
    before = len(agent.socket.of_type("conversation.opened"))
    agent.accept(offer)
    assert len(agent.socket.of_type("conversation.opened")) == before


def test_another_agent_cannot_answer_an_offer(desk: Desk) -> None:
    """I3."""
    agent = desk.ready_agent("Grace")
    desk.customer()
    (offer,) = agent.offers
    other = desk.ready_agent("Linus")
    before = desk.stored()
    assert other.accept(offer)["error"]["code"] == "offer_gone"
    assert other.decline(offer)["error"]["code"] == "offer_gone"
    assert desk.stored() == before
    assert agent.accept(offer)["type"] == "ok"


def test_a_declined_conversation_goes_to_the_next_agent(desk: Desk) -> None:
    first = desk.ready_agent("Grace")
    customer = desk.customer()
    second = desk.ready_agent("Linus")
    assert first.decline()["type"] == "ok"
    assert first.socket.of_type("offer.resolved")[-1]["outcome"] == "declined"
    assert first.offered + second.offered == [customer.id]
    assert second.accept()["type"] == "ok"


def test_declining_twice_answers_that_the_offer_is_gone(desk: Desk) -> None:
    agent = desk.ready_agent()
    desk.customer()
    (offer,) = agent.offers
    agent.decline(offer)
    assert agent.decline(offer)["error"]["code"] == "offer_gone"
    assert agent.accept(offer)["error"]["code"] == "offer_gone"


def test_a_declined_conversation_waits_for_others(desk: Desk) -> None:
    """I6."""
    agent = desk.ready_agent("Grace", capacity=1)
    older = desk.customer()
    desk.pass_time(5)
    newer = desk.customer()
    agent.decline()
    assert agent.offered == [newer.id]
    other = desk.ready_agent("Linus", capacity=1)
    assert other.offered == [older.id]


def test_a_refusal_holds_60_seconds(desk: Desk) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.decline()
    desk.pass_time(59)
    desk.sweep()
    assert agent.offered == []
    desk.pass_time(1)
    desk.sweep()
    assert agent.offered == [customer.id]


def test_a_refusal_is_forgotten_when_the_agent_declares_ready_anew(desk: Desk) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.decline()
    desk.pass_time(1)
    agent.not_ready()
    assert agent.offered == []
    agent.ready()
    assert agent.offered == [customer.id]


def test_an_offer_expires(desk: Desk) -> None:
    first = desk.ready_agent("Grace")
    customer = desk.customer()
    second = desk.ready_agent("Linus")
    (offer,) = first.offers
    desk.pass_time(19)
    assert first.offers == [offer]
    desk.pass_time(1)
    assert first.socket.of_type("offer.resolved")[-1]["outcome"] == "expired"
    assert first.offered + second.offered == [customer.id]
    assert first.accept(offer)["error"]["code"] == "offer_gone"
    assert holds(first) == {}


def test_repeated_and_late_timers_do_nothing(desk: Desk) -> None:
    agent = desk.ready_agent()
    desk.customer()
    (timer,) = desk.timers.messages
    agent.accept()
    before = desk.stored()
    for _ in range(2):
        desk.timers.messages.append(timer)
        desk.pass_time(20)
    assert desk.stored() == before


def test_a_timer_of_an_earlier_offer_does_not_touch_a_later_one(desk: Desk) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    desk.pass_time(10)
    agent.decline()
    desk.pass_time(1)
    agent.ready()
    assert agent.offered == [customer.id]
    desk.pass_time(10)
    assert agent.offered == [customer.id]
    desk.pass_time(10)
    assert agent.offered == []


def test_an_early_timer_comes_again(desk: Desk) -> None:
    agent = desk.ready_agent()
    desk.customer()
    desk.timers.messages[0]["due"] = desk.clock.now()
    desk.pass_time(5)
    assert len(agent.offers) == 1
    desk.pass_time(15)
    assert agent.offers == []


def test_load_never_exceeds_capacity(desk: Desk) -> None:
    """I4."""
    agent = desk.ready_agent(capacity=2)
    customers = [desk.customer() for _ in range(4)]
    assert agent.offered == [customer.id for customer in customers[:2]]
    assert (agent.state.load, agent.state.state) == (2, "busy")
    agent.accept(agent.offers[0])
    assert holds(agent) == {customers[0].id: "active", customers[1].id: "offered"}
    agent.close(customers[0].id)
    assert holds(agent) == {customers[1].id: "offered", customers[2].id: "offered"}


def test_two_conversations_at_once_do_not_take_the_same_slot(desk: Desk) -> None:
    """I4: the second comes between the look at the agent and the claim."""
    agent = desk.ready_agent(capacity=1)
    others = []
    desk.meanwhile(desk.ports.conversations, "commit", lambda: others.append(desk.customer()))
    customer = desk.customer()
    assert len(agent.offers) == agent.state.load == 1
    assert {customer.id, others[0].id} > set(agent.offered)


def test_two_agents_at_once_do_not_take_the_same_conversation(desk: Desk) -> None:
    """I3."""
    first, second = desk.agent("Grace"), desk.agent("Linus")
    customer = desk.customer()
    desk.meanwhile(desk.ports.conversations, "commit", second.ready)
    first.ready()
    assert first.offered + second.offered == [customer.id]
    assert first.state.load + second.state.load == 1


def test_a_customer_who_waits_is_offered_when_an_agent_becomes_ready(desk: Desk) -> None:
    """I5."""
    customer = desk.customer()
    assert customer.transcript()["conversation"]["status"] == "waiting"
    agent = desk.ready_agent()
    assert agent.offered == [customer.id]


def test_a_customer_who_waits_is_offered_when_an_agent_closes(desk: Desk) -> None:
    """I5."""
    agent = desk.ready_agent(capacity=1)
    first, second = desk.customer(), desk.customer()
    agent.accept()
    agent.close(first.id)
    assert agent.offered == [second.id]


def test_a_customer_who_waits_is_offered_when_an_agent_connects(desk: Desk) -> None:
    """I5."""
    agent = desk.ready_agent()
    agent.socket.close()
    customer = desk.customer()
    assert desk.ports.conversations.get(customer.id).status == "queued"
    agent.socket = agent.open_window()
    assert agent.offered == [customer.id]


def test_an_agent_who_becomes_ready_while_a_customer_starts_is_found(desk: Desk) -> None:
    """I5: two-sided, in either order."""
    agent = desk.agent()
    desk.meanwhile(desk.ports.conversations, "begin", agent.ready)
    first = desk.customer()
    assert agent.offered == [first.id]
    other = desk.agent("Linus")
    agent.not_ready()
    desk.meanwhile(desk.ports.agents, "free", other.ready)
    second = desk.customer()
    assert other.offered == [second.id]


def test_a_customer_who_goes_on_writing_is_offered_all_the_same(desk: Desk) -> None:
    """I5: two texts in quick succession."""
    agent = desk.ready_agent()
    desk.meanwhile(
        desk.ports.conversations, "commit", lambda: desk.text("+15557654321", "Are you there?")
    )
    desk.text("+15557654321", "Hello")
    assert len(agent.offers) == 1


def test_those_who_wait_are_offered_by_age(desk: Desk) -> None:
    """I6."""
    customers = []
    for _ in range(3):
        customers.append(desk.customer())
        desk.pass_time(1)
    agent = desk.ready_agent(capacity=1)
    served = []
    for _ in customers:
        served += agent.offered
        agent.accept()
        agent.close(served[-1])
    assert served == [customer.id for customer in customers]


def test_a_new_conversation_does_not_overtake_one_that_waits(desk: Desk) -> None:
    """I6: the one that waits lost its offer in a crash."""
    agent = desk.ready_agent(capacity=1)
    with desk.crash_before(desk.ports.agents, "free"):
        desk.customer()
    desk.pass_time(1)
    newer = desk.customer()
    assert agent.offered != [newer.id]
    assert len(agent.offers) == 1


def test_customers_learn_how_many_wait_before_them(desk: Desk) -> None:
    customers = [desk.customer() for _ in range(3)]
    ahead = [customer.socket.of_type("queue.position")[-1]["ahead"] for customer in customers]
    assert ahead == [0, 1, 2]
    assert customers[2].transcript()["conversation"]["ahead"] == 2
    desk.ready_agent(capacity=1)
    customers[2].socket.sync()
    assert customers[2].socket.of_type("queue.position")[-1]["ahead"] == 1


def test_agents_who_are_not_ready_or_gone_are_not_asked(desk: Desk) -> None:
    agent = desk.ready_agent()
    agent.not_ready()
    desk.customer()
    assert agent.offers == []
    assert agent.state.state == "not_ready"
    gone = desk.ready_agent("Linus")
    gone.decline()
    gone.socket.close()
    assert gone.state.state == "offline"
    desk.customer()
    assert gone.state.load == 0


def test_an_offer_stays_pending_when_its_agent_is_not_ready_any_more(desk: Desk) -> None:
    """They may still take it; nothing more comes."""
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.not_ready()
    desk.customer()
    assert agent.offered == [customer.id]
    assert agent.accept()["type"] == "ok"
    assert agent.state.work == {customer.id: "active"}


def test_an_availability_needs_a_known_reason(desk: Desk) -> None:
    """I12."""
    agent = desk.agent()
    before = desk.stored()
    for command, field in (
        ({"availability": "not_ready"}, "reason"),
        ({"availability": "not_ready", "reason": "Tea"}, "reason"),
        ({"availability": "ready", "reason": "Break"}, "reason"),
        ({"availability": "busy"}, "availability"),
        ({}, "availability"),
    ):
        error = agent.socket.send(type="availability.set", **command)["error"]
        assert (error["code"], error["field"]) == ("invalid", field), command
    assert desk.stored() == before
