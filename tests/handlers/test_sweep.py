"""Once a minute the sweep repairs what crashes left behind."""

from contextlib import suppress

from proof.desk import Desk


def test_it_expires_an_offer_whose_timer_was_lost(desk: Desk) -> None:
    first = desk.ready_agent("Grace")
    customer = desk.customer()
    second = desk.ready_agent("Linus")
    desk.timers.messages.clear()
    desk.pass_time(21)
    desk.sweep()
    assert first.socket.of_type("offer.resolved")[-1]["outcome"] == "expired"
    assert second.offered == [customer.id]


def test_it_leaves_offers_that_stand(desk: Desk) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    desk.pass_time(19)
    before = desk.stored()
    desk.sweep()
    assert desk.stored() == before
    assert agent.offered == [customer.id]


def test_it_offers_what_was_begun_and_not_offered(desk: Desk) -> None:
    """I5: a crash between writing the conversation and looking for agents."""
    agent = desk.ready_agent()
    with desk.crash_before(desk.ports.agents, "free"):
        desk.text("+15557654321", "Hello")
    assert agent.offers == []
    desk.sweep()
    assert len(agent.offers) == 1


def test_it_offers_to_an_agent_who_became_free_and_was_not_asked(desk: Desk) -> None:
    """I5: a crash between writing the agent and looking at what waits."""
    agent = desk.agent()
    customer = desk.customer()
    with desk.crash_before(desk.ports.conversations, "waiting"):
        agent.ready()
    desk.sweep()
    assert agent.offered == [customer.id]


def test_it_offers_what_an_agent_declined_before_a_crash(desk: Desk) -> None:
    """I5, I11: no other agent was asked."""
    first = desk.ready_agent("Grace")
    customer = desk.customer()
    second = desk.ready_agent("Linus")
    with desk.crash_before(desk.ports.agents, "free"):
        first.decline()
    desk.sweep()
    assert second.offered == [customer.id]


def test_it_fills_every_free_slot_by_age(desk: Desk) -> None:
    """I5, I6."""
    agents = [desk.agent("Grace", capacity=2), desk.agent("Linus", capacity=1)]
    customers = []
    for _ in range(4):
        customers.append(desk.customer())
        desk.pass_time(1)
    for agent in agents:
        with desk.crash_before(desk.ports.conversations, "waiting"):
            agent.ready()
    desk.sweep()
    offered = [id for agent in agents for id in agent.offered]
    assert sorted(offered) == sorted(customer.id for customer in customers[:3])


def test_an_offer_whose_push_was_cut_off_is_on_the_desk_and_expires(desk: Desk) -> None:
    agent = desk.ready_agent()
    with desk.crash_before(desk.ports.push, "send"):
        desk.text("+15557654321", "Hello")
    assert agent.offers == []
    (offer,) = agent.screen["offers"]
    desk.pass_time(21)
    desk.sweep()
    assert agent.accept(offer)["error"]["code"] == "offer_gone"


def test_it_sends_a_text_that_never_reached_the_outbound_queue(desk: Desk) -> None:
    """I8."""
    agent = desk.ready_agent()
    desk.text("+15557654321", "Hello")
    (conversation_id,) = agent.offered
    agent.accept()
    with desk.crash_before(desk.ports.outbox, "enqueue"):
        agent.say(conversation_id, "Good morning")
    desk.pass_time(121)
    desk.sweep()
    desk.send_texts()
    assert desk.phones.bodies == ["Good morning"]


def test_it_does_not_send_a_text_twice(desk: Desk) -> None:
    """I8: whatever is on the queue by then."""
    agent = desk.ready_agent()
    desk.text("+15557654321", "Hello")
    (conversation_id,) = agent.offered
    agent.accept()
    agent.say(conversation_id, "Good morning")
    for _ in range(4):
        desk.pass_time(121)
        desk.sweep()
    desk.send_texts()
    desk.sweep()
    desk.send_texts()
    assert desk.phones.bodies == ["Good morning"]


def test_one_thing_that_cannot_be_mended_does_not_stop_the_rest(desk: Desk) -> None:
    first, second = desk.ready_agent("Grace"), desk.ready_agent("Linus")
    desk.customer()
    desk.customer()
    desk.timers.messages.clear()
    desk.pass_time(21)

    def fail() -> None:
        raise RuntimeError("This one cannot be repaired.")

    desk.meanwhile(desk.ports.conversations, "commit", fail)
    # It may tell, once it has done the rest.
    with suppress(ExceptionGroup):
        desk.sweep()
    resolved = [*first.socket.of_type("offer.resolved"), *second.socket.of_type("offer.resolved")]
    assert len(resolved) == 1
