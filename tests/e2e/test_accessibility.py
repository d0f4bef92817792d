"""The desktop with a keyboard, a screen reader, and colours of one's own."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import findings
from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import FakeServer, Json
from tests.e2e.direction import times_turned_round

LOOKS: dict[str, Json] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "phone": {"width": 390, "height": 844, "color_scheme": "dark"},
}

READY = re.compile("re ready")

Act = Callable[[Page, FakeServer], object]


def a_busy_desk(server: FakeServer) -> None:
    server.hold("Ada", "Where is my bike?", "On its way.", "Thanks!")
    server.hold("Bea", "Hello?", channel="sms", customer_present=False)
    server.transcripts["c-Ada"] += [
        {"seq": 4, "at": server.moment(-300), **event}
        for event in (
            {"type": "offer.expired", "offer_id": "o", "agent": _theo()},
            {"type": "participant.joined", "participant": _theo()},
        )
    ]
    for seq, event in enumerate(server.transcripts["c-Ada"], start=1):
        event["seq"] = seq


def _theo() -> Json:
    return {"role": "agent", "id": "agent-2", "name": "Theo"}


def _end(page: Page, server: FakeServer) -> None:
    server.happen("c-Ada", {"type": "conversation.ended", "by": "customer", "reason": None})
    expect(page.get_by_role("button", name="Solved")).to_be_enabled()


def _ask_for_outcome(page: Page, _: FakeServer) -> None:
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Close conversation").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _be_offered(page: Page, server: FakeServer) -> None:
    for name in ("Cleo", "Dora", "Emil"):
        server.present(name)
    accept = page.get_by_test_id("offer").first.get_by_role("button", name="Accept")
    expect(accept).to_be_enabled()


def _miss_one(page: Page, server: FakeServer) -> None:
    server.resolve("Cleo", "expired")
    expect(page.get_by_test_id("missed")).to_be_attached()


def _open_menu(name: str) -> Act:
    def act(page: Page, _: FakeServer) -> None:
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("menu")).to_be_visible()

    return act


def _leave(page: Page, _: FakeServer) -> None:
    page.keyboard.press("Escape")


def _lose_connection(page: Page, server: FakeServer) -> None:
    server.cut_off()
    expect(page.get_by_text("Connection lost")).to_be_visible(timeout=20_000)


STATES: tuple[tuple[str, Act], ...] = (
    ("conversation", lambda page, _: expect(page.get_by_text("Thanks!").last).to_be_visible()),
    ("offers", _be_offered),
    ("missed", _miss_one),
    ("availability", _open_menu("Availability")),
    ("menu left", _leave),
    ("account", _open_menu("Account of")),
    ("account left", _leave),
    ("ended", _end),
    ("outcome missing", _ask_for_outcome),
    ("dialog left", _leave),
    ("cut off", _lose_connection),
)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_axe_finds_nothing_at_work(open_desk: OpenDesk, look: Json) -> None:
    server = open_desk(**look)
    a_busy_desk(server)
    server.open(at="#/c/c-Ada")
    found: dict[str, list[str]] = {}
    for name, act in STATES:
        act(server.page, server)
        found[name] = findings(server.page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_axe_finds_nothing_before_and_between(open_desk: OpenDesk, look: Json) -> None:
    server = open_desk(**look)
    page = server.page
    server.open(signed_in=False)
    expect(page.get_by_label("E-mail")).to_be_focused()
    assert findings(page) == []
    page.get_by_role("button", name="Forgot password?").click()
    assert findings(page) == []
    page.get_by_role("button", name="Send code").click()
    page.get_by_role("button", name="Back to sign in").click()
    sign_in(page)
    expect(page.get_by_role("heading", name=READY)).to_be_visible()
    assert findings(page) == []
    server.change_agent(availability="not_ready", state="not_ready", reason="Break")
    expect(page.get_by_role("button", name="Become ready")).to_be_visible()
    assert findings(page) == []


def test_axe_finds_nothing_on_a_desk_that_is_not_set_up(open_desk: OpenDesk) -> None:
    server = open_desk()
    server.page.route("**/config.json", lambda route: route.fulfill(status=500, body="no"))
    server.open(signed_in=False)
    expect(server.page.get_by_role("heading", name="The desk is not set up")).to_be_visible()
    assert findings(server.page) == []


def sign_in(page: Page) -> None:
    page.get_by_label("E-mail").click()
    page.keyboard.type("mara@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type("Correct-horse-1")
    page.keyboard.press("Enter")


def focused(page: Page) -> str:
    """What has the focus, as a person would say it."""
    words: str = page.evaluate(
        "() => { const e = document.activeElement; return e === document.body ? 'nothing'"
        " : e.ariaLabel ?? e.querySelector('textarea')?.ariaLabel ?? e.textContent; }"
    )
    return words


def test_the_focus_is_never_lost(open_desk: OpenDesk) -> None:
    server = open_desk()
    server.desk["agent"].update(availability="not_ready", state="not_ready", reason="Break")
    page = server.page
    keys = page.keyboard
    server.open(signed_in=False)
    expect(page.get_by_label("E-mail")).to_be_focused()
    keys.type("mara@example.com")
    keys.press("Tab")
    keys.type("Correct-horse-1")
    keys.press("Enter")
    ready = page.get_by_role("button", name="Become ready")
    expect(ready).to_be_visible()
    expect(page.locator("main :focus, main:focus")).to_have_count(1)
    ready.press("Enter")
    expect(page.get_by_role("heading", name=READY)).to_be_focused()
    server.present("Ada")
    server.present("Bea")
    decline = page.get_by_role("region", name="Ada").get_by_role("button", name="Decline")
    expect(decline).to_be_enabled()
    decline.press("Enter")
    expect(page.get_by_role("region", name="Bea")).to_be_focused()
    accept = page.get_by_role("region", name="Bea").get_by_role("button", name="Accept")
    expect(accept).to_be_enabled()
    accept.press("Enter")
    expect(page.get_by_role("textbox", name="Message")).to_be_focused()
    hide = page.get_by_role("button", name="Hide details")
    hide.press("Enter")
    expect(page.get_by_role("button", name="Details", exact=True)).to_be_focused()
    page.get_by_role("textbox", name="Message").focus()
    server.happen("c-Bea", {"type": "conversation.ended", "by": "customer", "reason": None})
    expect(page.get_by_text("This conversation has ended.").locator("../..")).to_be_focused()
    solved = page.get_by_role("button", name="Solved")
    expect(solved).to_be_enabled()
    solved.press("Enter")
    expect(page.get_by_role("heading", name=READY)).to_be_focused()


def test_back_on_a_phone_leads_to_the_conversation_one_comes_from(open_desk: OpenDesk) -> None:
    server = open_desk(390, 844)
    a_busy_desk(server)
    page = server.page
    server.open()
    page.get_by_test_id("conversation-item").filter(has_text="Bea").click()
    page.get_by_role("button", name="Details", exact=True).press("Enter")
    page.get_by_role("button", name="Hide details").press("Enter")
    expect(page.get_by_role("button", name="Details", exact=True)).to_be_focused()
    page.get_by_role("button", name="Back to conversations").press("Enter")
    expect(page.get_by_test_id("conversation-item").filter(has_text="Bea")).to_be_focused()


def test_a_reload_restores_the_desk_and_leaves_the_focus_alone(open_desk: OpenDesk) -> None:
    server = open_desk()
    a_busy_desk(server)
    page = server.page
    server.open(at="#/c/c-Ada")
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    expect(page.get_by_text("Thanks!").last).to_be_visible()
    assert focused(page) == "nothing"


def test_only_what_is_new_is_read_and_own_words_never(open_desk: OpenDesk) -> None:
    server = open_desk()
    a_busy_desk(server)
    page = server.page
    server.open(at="#/c/c-Ada")
    log = page.get_by_role("log", name="Messages")
    expect(log).to_contain_text("Thanks!")
    assert log.get_attribute("aria-live") == "off"
    said = page.locator("[aria-live=polite]")
    expect(said).to_have_text("")
    page.get_by_role("textbox", name="Message").click()
    page.keyboard.type("You are welcome")
    page.keyboard.press("Enter")
    expect(log).to_contain_text("You are welcome")
    server.say("Ada", "One more thing")
    expect(said).to_have_text("Ada: One more thing")


def test_the_transcript_is_scrolled_with_the_keyboard(open_desk: OpenDesk) -> None:
    server = open_desk()
    server.hold("Ada", *(f"Message {number}" for number in range(60)))
    page = server.page
    server.open(at="#/c/c-Ada")
    log = page.get_by_role("log", name="Messages")
    expect(log).to_contain_text("Message 59")
    log.focus()
    before = log.evaluate("log => log.scrollTop")
    assert before > 0
    page.keyboard.press("Home")
    moved = "before => document.querySelector('[role=log]').scrollTop < before"
    page.wait_for_function(moved, arg=before)


def test_what_is_chosen_shows_in_colours_of_ones_own(open_desk: OpenDesk) -> None:
    server = open_desk(forced_colors="active")
    a_busy_desk(server)
    page = server.page
    server.open(at="#/c/c-Ada")
    chosen, other = (page.get_by_test_id("conversation-item").nth(n) for n in (0, 1))
    outline = "item => getComputedStyle(item).outlineStyle"
    assert chosen.evaluate(outline) == "solid"
    assert other.evaluate(outline) == "none"
    bubble = "row => getComputedStyle(row.querySelector('p')).borderTopWidth"
    ours, theirs = (page.locator(f"[data-side={side}]").first for side in ("ours", "theirs"))
    assert ours.evaluate(bubble) != theirs.evaluate(bubble)


def test_keys_that_write_never_accept_an_offer(open_desk: OpenDesk) -> None:
    server = open_desk()
    a_busy_desk(server)
    page = server.page
    server.open(at="#/c/c-Ada")
    server.present("Cleo")
    server.present("Dora")
    first = page.get_by_role("region", name="Cleo").get_by_role("button", name="Accept")
    expect(first).to_be_enabled()
    expect(first).to_contain_text("F2")
    page.get_by_role("textbox", name="Message").click()
    for key in ("Alt+a", "Alt+A", "Control+Alt+a", "AltGraph+a", "a", "Alt+F2", "Control+F2"):
        page.keyboard.press(key)
    assert not [sent for sent in server.commands if sent["type"] == "offer.accept"]
    page.keyboard.down("F2")
    page.keyboard.down("F2")
    page.keyboard.down("F2")
    page.keyboard.up("F2")
    expect(page.get_by_test_id("offer")).to_have_count(1)
    accepted = [sent for sent in server.commands if sent["type"] == "offer.accept"]
    assert [sent["offer_id"] for sent in accepted] == ["offer-Cleo"]


def test_offers_cover_nothing_and_can_all_be_reached(open_desk: OpenDesk) -> None:
    server = open_desk(390, 844)
    a_busy_desk(server)
    page = server.page
    server.open(at="#/c/c-Ada")
    _be_offered(page, server)
    boxes = [
        page.get_by_role("button", name=name).bounding_box()
        for name in ("Back to conversations", "Send")
    ]
    tray = page.get_by_test_id("offer").first.locator("xpath=../../..").bounding_box()
    assert tray is not None
    for box in boxes:
        assert box is not None
        assert box["y"] >= tray["y"] + tray["height"]
    page.get_by_role("region", name="Emil").get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", name="Emil", level=1)).to_be_visible()


def test_a_missed_offer_leaves_a_trace_and_takes_its_key_back(open_desk: OpenDesk) -> None:
    server = open_desk()
    page = server.page
    server.open()
    server.present("Cleo")
    said = page.locator("[aria-live=assertive]")
    expect(said).to_contain_text("Press F2")
    server.resolve("Cleo", "expired")
    expect(said).to_have_text("")
    missed = page.get_by_role("region", name="1 offer missed")
    expect(missed).to_contain_text("Cleo")
    missed.get_by_role("button", name="Dismiss missed offers").click()
    expect(missed).to_have_count(0)


def test_times_keep_their_order_in_a_page_from_right_to_left(open_desk: OpenDesk) -> None:
    server = open_desk(rtl=True, locale="en-US")
    days_ago = server.moment(-200_000)
    server.hold("Bea", "Hello", "Hello Bea", accepted_at=days_ago)
    # Once a customer is answered, the list shows for how long the conversation has gone on.
    server.open(at="#/c/c-Bea")
    page = server.page
    expect(page.get_by_test_id("message")).to_have_count(2)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_test_id("conversation-item")).to_contain_text("2 d")
    assert times_turned_round(page, at_least=3) == []
