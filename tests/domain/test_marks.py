"""Marks: how a message that is sent again is recognised, and when that ends."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import messages
from chalicelib.domain.conversation import Author, Conversation, MessageDraft
from chalicelib.domain.messages import RETRY_WINDOW
from tests.domain.samples import NOW, ids, make_waiting

CUSTOMER, AGENT = Author("customer", "ada"), Author("agent", "grace")


def after_messages(authors: list[Author], trims: bool) -> Conversation:
    conversation = make_waiting()
    for number, author in enumerate(authors):
        draft = MessageDraft(f"m-{number}", "Hello", NOW)
        conversation = messages.with_message(conversation, author, draft)
        if trims:
            conversation = without(conversation, messages.outdated_marks(conversation))
    return conversation


def without(conversation: Conversation, marks: list[str]) -> Conversation:
    kept = {mark: seq for mark, seq in conversation.recent.items() if mark not in marks}
    return make_waiting(recent=kept, seq=conversation.seq)


def of_side(conversation: Conversation, author: Author) -> list[int]:
    recent = conversation.recent.items()
    return sorted(seq for mark, seq in recent if mark[0] == author.role[0])


@given(ids, ids, st.sampled_from(["customer", "agent"]))
def test_a_mark_is_the_same_for_the_same_message_of_the_same_sender(
    sender: str, message: str, role: str
) -> None:
    author = Author("customer" if role == "customer" else "agent", sender)
    assert messages.mark(author, message) == messages.mark(author, message)
    assert messages.mark(author, message)[0] == role[0]
    assert messages.mark(author, message) != messages.mark(author, message + "x")
    assert messages.mark(author, message) != messages.mark(
        Author(author.role, sender + "x"), message
    )


def test_the_mark_of_a_participant_is_the_mark_of_its_author() -> None:
    waiting = make_waiting()
    assert messages.mark(waiting.customer, "m1") == messages.mark(CUSTOMER, "m1")


def test_marks_are_short() -> None:
    assert len(messages.mark(Author("customer", "a" * 200), "b" * 200)) == 13


@given(st.lists(st.sampled_from([CUSTOMER, AGENT]), max_size=120))
def test_every_message_can_be_repeated_while_its_window_lasts(authors: list[Author]) -> None:
    conversation = after_messages(authors, trims=True)
    for side in (CUSTOMER, AGENT):
        numbers = [seq for seq, author in enumerate(authors, start=3) if author == side]
        if side == CUSTOMER:
            numbers.insert(0, 2)
        kept = of_side(conversation, side)
        assert set(numbers[-RETRY_WINDOW:]) <= set(kept)
        assert len(kept) <= 2 * RETRY_WINDOW


@given(st.lists(st.sampled_from([CUSTOMER, AGENT]), min_size=60, max_size=120))
def test_trimming_keeps_exactly_the_newest_of_each_side_that_has_too_many(
    authors: list[Author],
) -> None:
    conversation = after_messages(authors, trims=False)
    trimmed = without(conversation, messages.outdated_marks(conversation))
    for side in (CUSTOMER, AGENT):
        before, after = of_side(conversation, side), of_side(trimmed, side)
        assert after == (before[-RETRY_WINDOW:] if len(before) > 2 * RETRY_WINDOW else before)


def test_nothing_is_trimmed_until_it_is_worth_a_write() -> None:
    enough = [CUSTOMER] * (2 * RETRY_WINDOW - 1)
    assert messages.outdated_marks(after_messages(enough, trims=False)) == []
    more = after_messages([*enough, CUSTOMER], trims=False)
    assert len(messages.outdated_marks(more)) == RETRY_WINDOW + 1
