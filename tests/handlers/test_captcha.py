"""A queue that asks customers to show that they are people."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.queue import Captcha
from proof.desk import ANSWERS, DEMO_QUEUE, Desk

START_ID = "start-id-of-22-characters-or-more"


@pytest.fixture
def guarded(desk: Desk) -> Desk:
    """A desk whose queue has a captcha; ``good`` and ``other`` are tokens of its provider."""
    captcha = Captcha("turnstile", "site-key", "/lambdesk/test/captcha")
    desk.queues.put(replace(DEMO_QUEUE, captcha=captcha))
    desk.captchas.given |= {"good", "other"}
    desk.pass_time(61)
    return desk


def start(
    desk: Desk, captcha_token: str | None, start_id: str = START_ID, token: str | None = None
) -> tuple[int, Any]:
    body = {
        "start_id": start_id,
        "queue_id": "demo",
        "answers": ANSWERS,
        "captcha_token": captcha_token,
    }
    return desk.rest("POST", "/widget/conversations", body, token=token)


def test_the_form_tells_what_is_public_of_it(guarded: Desk) -> None:
    _, form = guarded.rest("GET", "/widget/queues/demo")
    assert form["captcha"] == {"provider": "turnstile", "site_key": "site-key"}


@pytest.mark.parametrize("captcha_token", [None, "", "wrong"])
def test_without_a_good_token_nothing_starts(guarded: Desk, captcha_token: str | None) -> None:
    before = guarded.stored()
    status, reply = start(guarded, captcha_token)
    assert (status, reply["error"]["code"]) == (422, "invalid")
    assert reply["error"]["field"] == "captcha_token"
    assert guarded.stored() == before


def test_a_token_starts_one_conversation(guarded: Desk) -> None:
    assert start(guarded, "good")[0] == 201
    assert start(guarded, "good", f"{START_ID}-2")[0] == 422
    assert start(guarded, "other", f"{START_ID}-2")[0] == 201


def test_a_repeated_start_is_not_asked_again(guarded: Desk) -> None:
    _, first = start(guarded, "good")
    token = first["customer_token"]
    status, again = start(guarded, "good")
    assert (status, again["conversation"]) == (201, first["conversation"])
    # Also where it went into a conversation that was open already, or has ended since.
    assert start(guarded, "other", f"{START_ID}-2", token)[0] == 201
    assert start(guarded, "other", f"{START_ID}-2", token)[0] == 201
    path = f"/widget/conversations/{first['conversation']['conversation_id']}/end"
    guarded.rest("POST", path, token=token)
    assert start(guarded, None, f"{START_ID}-2", token)[0] == 201
    assert guarded.captchas.asked == 2


def test_where_the_provider_is_down_the_limits_still_hold(guarded: Desk) -> None:
    guarded.captchas.is_down = True
    statuses = [start(guarded, "any", f"{START_ID}-{number}")[0] for number in range(11)]
    assert statuses == [201] * 10 + [429]


def test_a_queue_without_one_asks_nobody(desk: Desk) -> None:
    assert start(desk, None)[0] == 201
    assert start(desk, "any", f"{START_ID}-2")[0] == 201
    assert desk.captchas.asked == 0
