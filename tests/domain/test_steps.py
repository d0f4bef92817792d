"""Single steps, where what they write matters beyond the invariants."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import events, lifecycle, messages, text_steps
from chalicelib.domain.agent import GRACE, MOST_WINDOWS
from chalicelib.domain.conversation import (
    MOST_KEYS,
    MOST_SOCKETS,
    Author,
    Change,
    Conversation,
    LastMessage,
    MessageDraft,
    Socket,
)
from chalicelib.domain.errors import (
    ConversationClosed,
    Invalid,
    NotFound,
    OfferGone,
    Unauthenticated,
)
from chalicelib.domain.events import Channel, Delivery, Event
from chalicelib.domain.queue import NO_ANSWER
from chalicelib.domain.routing import place
from tests.domain.samples import (
    NOW,
    QUEUE,
    SECOND,
    accepted,
    active,
    agent_after,
    free_agent,
    make_agent,
    make_details,
    make_start,
    make_waiting,
    offered,
)


def events_of(change: Change | None) -> list[Event]:
    assert change is not None
    return [entry.event for entry in change.entries]


def test_a_start_holds_the_first_message_and_what_to_recognise_it_by() -> None:
    start = make_start(message_id="m1", previous="c0")
    conversation = start.conversation
    assert conversation.recent == {messages.mark(conversation.customer, "m1"): 2}
    assert conversation.last_message is not None
    assert conversation.last_message.text == "Where is my bike?"
    assert start.previous == "c0"
    assert start.entries[1].event == events.MessageSent(
        "m1", conversation.customer, "Where is my bike?"
    )


def test_an_offer_lasts_as_long_as_the_queue_says() -> None:
    change = offered(make_waiting(), free_agent())
    assert change.after.offer is not None
    assert change.after.offer.expires_at == NOW + QUEUE.offer_lasts
    assert agent_after(change).work == {"c1": "offered"}
    assert change.after.public_seq == 2


def test_accepting_lets_all_the_agents_windows_in() -> None:
    agent = free_agent(sockets={"a": "https://one", "b": "https://two"})
    waiting = make_waiting(sockets={"c": Socket("ada", "https://one", NOW - SECOND)})
    change = active(waiting, agent)
    assert change.after.sockets == {
        "a": Socket("grace", "https://one", NOW),
        "b": Socket("grace", "https://two", NOW),
        "c": Socket("ada", "https://one", NOW - SECOND),
    }
    assert change.after.public_seq == change.after.seq == 4


def test_accepting_twice_is_accepting_once() -> None:
    change = active(make_waiting(), free_agent())
    assert lifecycle.accept(change.after, agent_after(change), "o1", NOW + SECOND) is None


def test_nobody_accepts_what_another_accepted() -> None:
    change = active(make_waiting(), free_agent())
    with pytest.raises(OfferGone):
        lifecycle.accept(change.after, free_agent("alan"), "o1", NOW)


def test_a_declined_conversation_keeps_its_place() -> None:
    made = offered(make_waiting(), free_agent())
    change = lifecycle.decline(made.after, agent_after(made), "o1", QUEUE, NOW + 5 * SECOND)
    assert change.after.queued_at == NOW
    assert change.after.refusals == {"grace": NOW + 5 * SECOND}
    assert agent_after(change).work == {}
    assert agent_after(change).idle_since == NOW + 5 * SECOND


def test_a_refusal_is_counted_and_halves_the_priority() -> None:
    made = offered(make_waiting(priority=9, refused=4), free_agent())
    declined = lifecycle.decline(made.after, agent_after(made), "o1", QUEUE, NOW)
    assert (declined.after.refused, declined.after.priority) == (5, 4)
    missed = lifecycle.expire(made.after, agent_after(made), "o1", QUEUE, NOW + QUEUE.offer_lasts)
    assert missed is not None
    assert (missed.after.refused, missed.after.priority) == (5, 4)


def test_an_agent_who_misses_too_many_offers_in_a_row_is_not_ready() -> None:
    due = NOW + QUEUE.offer_lasts
    agent = free_agent()
    for number in range(1, QUEUE.missed_offers + 1):
        made = offered(make_waiting(), agent)
        missed = lifecycle.expire(made.after, agent_after(made), "o1", QUEUE, due)
        assert missed is not None
        agent = agent_after(missed)
        assert agent.missed == number
        assert (agent.availability == "ready") == (number < QUEUE.missed_offers)
    assert (agent.reason, agent.since) == (NO_ANSWER, due)
    ready = agent.declared("ready", None, due + SECOND)
    assert (ready.missed, ready.reason) == (0, None)


def test_one_who_chose_not_to_be_ready_keeps_their_reason() -> None:
    made = offered(make_waiting(), free_agent(missed=7))
    on_a_break = replace(agent_after(made), availability="not_ready", reason="Break")
    due = NOW + QUEUE.offer_lasts
    missed = lifecycle.expire(made.after, on_a_break, "o1", QUEUE, due)
    assert agent_after(missed).reason == "Break"  # type: ignore[arg-type]
    assert agent_after(missed).since == NOW  # type: ignore[arg-type]


def test_an_answer_ends_the_row_of_missed_offers() -> None:
    made = offered(make_waiting(), free_agent(missed=2))
    declined = lifecycle.decline(made.after, agent_after(made), "o1", QUEUE, NOW)
    assert agent_after(declined).missed == 0
    assert agent_after(accepted(made)).missed == 0
    too_late = free_agent(missed=3, availability="not_ready", reason=NO_ANSWER)
    assert too_late.answering().missed == 3, "It is why they are not ready."


def test_an_abandoned_conversation_ends_with_a_reason_and_nobodys_work() -> None:
    late = NOW + QUEUE.abandoned_after + SECOND
    change = lifecycle.abandon(make_waiting(), QUEUE, late)
    assert events_of(change) == [
        events.ConversationEnded("bot", "abandoned"),
        events.ConversationClosed(),
    ]
    assert change is not None
    assert (change.after.status, change.after.next_look, change.agent) == ("closed", None, None)
    assert change.after.public_seq == change.after.seq - 1
    assert lifecycle.abandon(make_waiting(), QUEUE, NOW + QUEUE.abandoned_after) is None
    assert lifecycle.abandon(offered(make_waiting(), free_agent()).after, QUEUE, late) is None


def test_a_waiting_conversation_is_looked_at_when_its_customer_may_have_been_gone_too_long() -> (
    None
):
    allowed = QUEUE.abandoned_after
    assert make_start().conversation.next_look == NOW + allowed
    assert make_start(channel="sms").conversation.next_look is None
    made = offered(make_waiting(left_at=NOW + SECOND), free_agent())
    assert made.after.next_look is None
    at = NOW + 9 * SECOND
    declined = lifecycle.decline(made.after, agent_after(made), "o1", QUEUE, at)
    assert declined.after.next_look == NOW + SECOND + allowed, "A refusal gives no more time."
    there = {"s": Socket("ada", "https://one", NOW)}
    present = replace(made.after, sockets=there)
    declined = lifecycle.decline(present, agent_after(made), "o1", QUEUE, at)
    assert declined.after.next_look == at + allowed


def test_a_conversation_handed_back_gives_its_customer_the_whole_time() -> None:
    change = active(make_waiting(), free_agent())
    much_later = NOW + 3 * QUEUE.abandoned_after
    back = lifecycle.hand_back(change.after, agent_after(change), QUEUE, much_later)
    assert back is not None
    assert (back.after.gone_since, back.after.next_look) == (
        much_later,
        much_later + QUEUE.abandoned_after,
    )


def test_the_newest_refusals_are_kept() -> None:
    conversation = make_waiting()
    names = [f"agent-{number:02d}" for number in range(lifecycle.REFUSALS_KEPT + 2)]
    for number, name in enumerate(names):
        made = offered(conversation, free_agent(name))
        at = NOW + number * SECOND
        conversation = lifecycle.decline(made.after, agent_after(made), "o1", QUEUE, at).after
    assert set(conversation.refusals) == set(names[2:])


def test_an_offer_expires_when_its_time_is_over_and_not_before() -> None:
    made = offered(make_waiting(), free_agent())
    due = NOW + QUEUE.offer_lasts
    early = due - timedelta(milliseconds=1)
    assert lifecycle.expire(made.after, agent_after(made), "o1", QUEUE, early) is None
    assert events_of(lifecycle.expire(made.after, agent_after(made), "o1", QUEUE, due)) == [
        events.OfferExpired("o1", free_agent().participant)
    ]


def test_a_conversation_under_way_waits_first_when_its_agent_is_gone() -> None:
    change = active(make_waiting(), free_agent())
    back = lifecycle.hand_back(change.after, agent_after(change), QUEUE, NOW + 40 * SECOND)
    assert events_of(back) == [events.ParticipantLeft(free_agent().participant)]
    assert back is not None
    assert (back.after.status, back.after.assignment) == ("queued", None)
    assert (back.after.priority, back.after.queued_at) == (lifecycle.HIGHEST_PRIORITY, NOW)
    assert place(back.after) < place(make_waiting(priority=8, queued_at=NOW - SECOND))
    assert back.after.public_seq == back.after.seq
    assert agent_after(back).work == {}
    again = active(back.after, free_agent("alan"), "o2")
    assert again.after.holds_as_agent("alan")
    assert not again.after.holds_as_agent("grace")


def test_an_offer_to_an_agent_who_is_gone_is_taken_back_and_no_refusal() -> None:
    made = offered(make_waiting(priority=3), free_agent())
    back = lifecycle.hand_back(made.after, agent_after(made), QUEUE, NOW)
    assert events_of(back) == [events.OfferRevoked("o1", free_agent().participant)]
    assert back is not None
    assert (back.after.status, back.after.offer, back.after.priority) == ("queued", None, 3)
    assert back.after.refusals == {}
    assert agent_after(back).work == {}


def test_only_what_waits_for_the_agent_is_handed_back() -> None:
    change = active(make_waiting(), free_agent())
    ended = lifecycle.end(change.after, agent_after(change), "customer", QUEUE, NOW)
    assert lifecycle.hand_back(make_waiting(), free_agent(), QUEUE, NOW) is None
    assert lifecycle.hand_back(change.after, free_agent("alan"), QUEUE, NOW) is None
    assert lifecycle.hand_back(ended.after, agent_after(ended), QUEUE, NOW) is None


def test_an_agent_is_away_since_the_last_socket_was_lost_and_missed_after_the_grace() -> None:
    agent = free_agent(sockets={"a": "https://one", "b": "https://two"}, work={"c1": "active"})
    one_left = agent.without_sockets({"a"}, NOW)
    assert (one_left.away_since, one_left.missed_at) == (None, None)
    gone = one_left.without_sockets({"b"}, NOW + SECOND)
    assert (gone.away_since, gone.missed_at) == (NOW + SECOND, NOW + SECOND + GRACE)
    assert gone.without_sockets({"b"}, NOW + 9 * SECOND).away_since == NOW + SECOND
    assert gone.with_socket("c", "https://one").missed_at is None
    assert gone.without_work("c1", NOW).missed_at is None
    assert gone.with_work("c1", "wrap_up", NOW).missed_at is None, "Nobody waits for a note."


def test_a_customer_is_present_with_a_socket_of_their_own() -> None:
    held = active(make_waiting(), free_agent()).after
    assert not held.customer_is_present
    theirs = {**held.sockets, "s": Socket("ada", "https://one", NOW)}
    assert replace(held, sockets=theirs).customer_is_present


def test_ending_takes_a_pending_offer_back() -> None:
    made = offered(make_waiting(), free_agent())
    change = lifecycle.end(made.after, agent_after(made), "customer", QUEUE, NOW)
    assert events_of(change) == [
        events.OfferRevoked("o1", free_agent().participant),
        events.ConversationEnded("customer"),
        events.ConversationClosed(),
    ]
    assert agent_after(change).work == {}
    assert change.after.public_seq == change.after.seq - 1


def test_ending_while_waiting_concerns_no_agent() -> None:
    change = lifecycle.end(make_waiting(), None, "customer", QUEUE, NOW)
    assert change.after.status == "closed"
    assert change.agent is None


def test_the_agent_wraps_up_what_the_customer_ended() -> None:
    taken = active(make_waiting(), free_agent(capacity=1))
    change = lifecycle.end(taken.after, agent_after(taken), "customer", QUEUE, NOW)
    assert change.after.status == "wrap_up"
    assert agent_after(change).load == 0
    assert agent_after(change).state == "wrap_up"
    closed = lifecycle.close(change.after, agent_after(change), QUEUE, "Solved", "Paid", NOW)
    assert events_of(closed) == [events.ConversationClosed("Solved", "Paid")]
    assert agent_after(closed).state == "ready"


def test_closing_an_active_conversation_ends_it_first() -> None:
    taken = active(make_waiting(), free_agent(role="supervisor"))
    change = lifecycle.close(taken.after, agent_after(taken), QUEUE, "Solved", None, NOW)
    assert events_of(change) == [
        events.ConversationEnded("supervisor"),
        events.ConversationClosed("Solved"),
    ]


@pytest.mark.parametrize("disposition", [None, "Lost", ""])
def test_a_disposition_must_be_one_of_the_queues(disposition: str | None) -> None:
    taken = active(make_waiting(), free_agent())
    with pytest.raises(Invalid) as refused:
        lifecycle.close(taken.after, agent_after(taken), QUEUE, disposition, None, NOW)
    assert refused.value.field == "disposition"


def test_a_queue_without_dispositions_asks_for_none() -> None:
    taken = active(make_waiting(), free_agent())
    queue = replace(QUEUE, dispositions=())
    change = lifecycle.close(taken.after, agent_after(taken), queue, None, None, NOW)
    assert change.after.status == "closed"


def test_only_the_assigned_agent_closes_and_only_once() -> None:
    taken = active(make_waiting(), free_agent())
    with pytest.raises(NotFound):
        lifecycle.close(taken.after, free_agent("alan"), QUEUE, "Solved", None, NOW)
    closed = lifecycle.close(taken.after, agent_after(taken), QUEUE, "Solved", None, NOW)
    with pytest.raises(ConversationClosed):
        lifecycle.close(closed.after, agent_after(closed), QUEUE, "Solved", None, NOW)


def test_customers_write_with_a_token_that_is_good() -> None:
    waiting = make_waiting(keys={"good": NOW + SECOND, "old": NOW})
    assert messages.refusal(waiting, Author("customer", "ada", "good"), NOW) is None
    for key in ("old", "unknown"):
        refusal = messages.refusal(waiting, Author("customer", "ada", key), NOW)
        assert isinstance(refusal, Unauthenticated)


def test_others_are_not_told_whether_there_is_a_conversation() -> None:
    closed = make_waiting(status="closed")
    for author in (Author("customer", "eve", "key-of-ada"), Author("agent", "alan")):
        assert isinstance(messages.refusal(closed, author, NOW), NotFound)


def test_nobody_learns_of_an_end_with_a_bad_token() -> None:
    closed = make_waiting(status="closed")
    refusal = messages.refusal(closed, Author("customer", "ada", "unknown"), NOW)
    assert isinstance(refusal, Unauthenticated)


def test_agents_do_not_write_during_the_wrap_up() -> None:
    taken = active(make_waiting(), free_agent())
    ended = lifecycle.end(taken.after, agent_after(taken), "customer", QUEUE, NOW)
    refusal = messages.refusal(ended.after, Author("agent", "grace"), NOW)
    assert isinstance(refusal, ConversationClosed)


@pytest.mark.parametrize(
    ("channel", "delivery"), [("web", None), ("app", None), ("sms", "pending"), ("rcs", "pending")]
)
def test_only_an_agents_text_has_to_be_delivered(
    channel: Channel, delivery: Delivery | None
) -> None:
    taken = active(make_waiting(channel=channel), free_agent())
    draft = MessageDraft("m2", "On its way", NOW)
    ours = messages.message_entry(taken.after, Author("agent", "grace"), draft, 5)
    theirs = messages.message_entry(taken.after, Author("customer", "ada"), draft, 5)
    agent = free_agent().participant
    assert ours.event == events.MessageSent("m2", agent, "On its way", delivery)
    assert theirs.event == events.MessageSent("m2", taken.after.customer, "On its way")


def test_lists_show_the_beginning_of_a_long_message() -> None:
    long = "é" * 5000
    conversation = make_start(details=make_details(text=long)).conversation
    assert conversation.last_message is not None
    assert conversation.last_message.text == "é" * messages.PREVIEW_LENGTH
    draft = MessageDraft("m2", long, NOW + SECOND)
    after = messages.with_message(conversation, Author("customer", "ada"), draft)
    assert after.last_message == LastMessage("customer", "é" * 80, NOW + SECOND)


def test_a_delivery_status_takes_a_number_that_customers_do_not_see() -> None:
    taken = active(make_waiting(channel="sms"), free_agent())
    change = text_steps.delivery_changed(taken.after, 4, "failed", "No phone.", NOW)
    assert events_of(change) == [events.MessageDelivery(4, "failed", "No phone.")]
    assert change.after.seq == taken.after.seq + 1
    assert change.after.public_seq == taken.after.public_seq


def test_texts_before_one_that_left_are_settled_and_stay_so() -> None:
    conversation = active(make_waiting(channel="sms"), free_agent()).after
    assert conversation.settled == 0
    later = text_steps.delivery_changed(conversation, 6, "sent", None, NOW).after
    assert later.settled == 6
    assert text_steps.delivery_changed(later, 4, "delivered", None, NOW).after.settled == 6


def with_sockets(**counts: int) -> Conversation:
    """A conversation that each of these opened so many sockets to, the newest ones first."""
    return make_waiting(
        sockets={
            f"{owner}-{number}": Socket(owner, "https://one", NOW + number * SECOND)
            for owner, count in counts.items()
            for number in reversed(range(count))
        }
    )


@pytest.mark.parametrize(
    ("count", "leaving"),
    [
        (0, []),
        (MOST_SOCKETS - 1, []),
        (MOST_SOCKETS, ["ada-0"]),
        (MOST_SOCKETS + 2, ["ada-0", "ada-1", "ada-2"]),
    ],
)
def test_ones_oldest_sockets_make_room_for_one_more(count: int, leaving: list[str]) -> None:
    conversation = with_sockets(ada=count, grace=MOST_SOCKETS - 1)
    assert conversation.crowded_out("ada", 1) == leaving
    assert conversation.crowded_out("grace", 1) == [], "Only ada has too many."
    assert conversation.crowded_out("eve", 1) == []
    assert conversation.crowded_out("ada", 0) == leaving[:-1]


@pytest.mark.parametrize(
    ("count", "leaving"),
    [(0, []), (MOST_KEYS - 1, []), (MOST_KEYS, ["key-0"]), (MOST_KEYS + 1, ["key-0", "key-1"])],
)
def test_the_oldest_keys_make_room_for_one_more(count: int, leaving: list[str]) -> None:
    keys = {f"key-{number}": NOW + number * SECOND for number in reversed(range(count))}
    assert make_waiting(keys=keys).outdated_keys() == leaving


def test_an_agents_oldest_windows_make_room() -> None:
    agent = make_agent()
    for number in range(MOST_WINDOWS + 2):
        agent = agent.with_socket(f"window-{number}", "https://one")
        assert f"window-{number}" in agent.sockets
        assert agent.version == number + 1
    assert list(agent.sockets) == [f"window-{number}" for number in range(2, MOST_WINDOWS + 2)]


def test_all_windows_that_an_agent_has_find_room_in_a_conversation() -> None:
    assert MOST_WINDOWS <= MOST_SOCKETS


def test_who_declares_the_same_again_keeps_their_turn_and_gets_what_they_refused() -> None:
    ready = make_agent().declared("ready", None, NOW + SECOND)
    assert (ready.since, ready.idle_since) == (NOW + SECOND, NOW + SECOND)
    again = ready.declared("ready", None, NOW + 9 * SECOND)
    assert (again.since, again.idle_since) == (NOW + 9 * SECOND, NOW + SECOND)
    assert again.version == ready.version + 1
    away = again.declared("not_ready", "Break", NOW + 10 * SECOND)
    still_away = away.declared("not_ready", "Lunch", NOW + 11 * SECOND)
    assert (still_away.reason, still_away.idle_since) == ("Lunch", NOW + 10 * SECOND)
    back = still_away.declared("ready", None, NOW + 12 * SECOND)
    assert back.idle_since == NOW + 12 * SECOND


def test_a_new_description_leaves_the_agent_to_their_work() -> None:
    agent = agent_after(offered(make_waiting(), free_agent()))
    described = agent.described("Grace H.", "gh@example.com", "supervisor", 5, ("sales",))
    assert (described.name, described.role, described.capacity) == ("Grace H.", "supervisor", 5)
    assert (described.work, described.sockets) == (agent.work, agent.sockets)
    assert described.version == agent.version + 1


def test_what_screens_show_of_an_agent() -> None:
    assert make_agent().state == "offline"
    assert make_agent(sockets={"s": "https://s"}).state == "not_ready"
    assert free_agent().state == "ready"
    assert free_agent(work={"c1": "active", "c2": "offered"}).state == "busy"
    assert free_agent(work={"c1": "wrap_up"}).state == "wrap_up"
    assert free_agent(work={"c1": "wrap_up", "c2": "active"}).state == "ready"
    assert make_agent(availability="ready", work={"c1": "active"}).state == "offline"
