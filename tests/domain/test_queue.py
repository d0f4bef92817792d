"""The answers to a pre-chat form, which strangers write."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import Invalid, TooLarge
from chalicelib.domain.queue import (
    ANSWER_LENGTH,
    MESSAGE_LENGTH,
    Answer,
    check_answers,
)
from tests.domain.samples import QUEUE, words

GIVEN = {"message": "Hello", "name": "Ada"}


def test_answers_come_in_the_order_of_the_form_without_the_empty_ones() -> None:
    answers = {**GIVEN, "topic": "", "email": "  ada@example.com "}
    assert check_answers(QUEUE, answers) == (
        Answer("name", "Name", "Ada"),
        Answer("email", "E-mail", "ada@example.com"),
        Answer("message", "Message", "Hello"),
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("name", ""),
        ("name", " \t\n\u00a0"),
        ("email", "ada"),
        ("email", "@example.com"),
        ("email", "ada@"),
        ("email", "ada@example"),
        ("email", "ada@.com"),
        ("email", "a da@example.com"),
        ("email", "ada@example.com\nBcc: eve@example.com"),
        ("topic", "order"),
        ("topic", "Refund"),
        ("colour", "red"),
        ("", "red"),
    ],
)
def test_a_wrong_answer_is_named(variable: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_answers(QUEUE, {**GIVEN, variable: value})
    assert refused.value.field == f"answers.{variable}"


def test_what_is_required_may_not_be_left_out() -> None:
    with pytest.raises(Invalid) as refused:
        check_answers(QUEUE, {"name": "Ada"})
    assert refused.value.field == "answers.message"


@pytest.mark.parametrize(
    ("variable", "limit"), [("name", ANSWER_LENGTH), ("message", MESSAGE_LENGTH)]
)
def test_an_answer_has_a_longest_length(variable: str, limit: int) -> None:
    longest = check_answers(QUEUE, {**GIVEN, variable: "é" * limit})
    assert Answer(variable, variable.title(), "é" * limit) in longest
    with pytest.raises(TooLarge) as refused:
        check_answers(QUEUE, {**GIVEN, variable: "é" * (limit + 1)})
    assert refused.value.field == f"answers.{variable}"


def test_a_form_may_ask_nothing() -> None:
    assert check_answers(replace(QUEUE, form=()), {}) == ()


@given(st.dictionaries(st.sampled_from(["name", "email", "topic", "message", "x"]), words))
def test_whatever_is_answered_is_accepted_whole_or_refused_by_name(answers: dict[str, str]) -> None:
    try:
        accepted = check_answers(QUEUE, answers)
    except (Invalid, TooLarge) as refused:
        named = refused.field or ""
    else:
        named = "answers."
        assert {a.variable: a.value for a in accepted} == {
            variable: value.strip() for variable, value in answers.items() if value.strip()
        }
    assert named.startswith("answers.")
