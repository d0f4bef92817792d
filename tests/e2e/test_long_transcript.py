"""A transcript of thousands of messages opens with its newest ones."""

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import PAGE, FakeServer

MESSAGES = 2_000

MOST_NODES = 1_000
"""Elements in the transcript after opening: a message takes seven."""


def _open(open_desk: OpenDesk) -> FakeServer:
    server = open_desk()
    texts = [f"message {number}" for number in range(1, MESSAGES + 1)]
    server.hold("Ada", *texts)
    server.open(at="#/c/c-Ada")
    expect(_message(server.page, MESSAGES)).to_be_in_viewport()
    return server


def _log(page: Page) -> Locator:
    return page.get_by_role("log")


def _message(page: Page, number: int) -> Locator:
    return _log(page).get_by_text(f"message {number}", exact=True)


def test_the_newest_messages_come_first_and_few_are_drawn(open_desk: OpenDesk) -> None:
    server = _open(open_desk)
    assert server.pages == ["before=999999999"]
    assert _log(server.page).locator("*").count() < MOST_NODES


def test_going_up_reads_all_and_the_end_draws_few_again(open_desk: OpenDesk) -> None:
    server = _open(open_desk)
    page = server.page
    _log(page).focus()
    step = PAGE // 2
    for oldest in range(MESSAGES - step + 1, 1, -step):
        expect(_message(page, oldest)).to_be_attached()
        page.keyboard.press("Home")
        expect(_message(page, oldest - 1)).to_be_attached()
    assert len(server.pages) == MESSAGES / PAGE
    page.get_by_role("button", name="Jump to the newest").click()
    expect(_message(page, MESSAGES)).to_be_in_viewport()
    assert _log(page).locator("*").count() < MOST_NODES


def test_older_messages_come_in_above_what_is_read(open_desk: OpenDesk) -> None:
    server = _open(open_desk)
    page = server.page
    _log(page).hover()
    top = MESSAGES - PAGE // 2 + 1
    page.mouse.wheel(0, -100_000)
    expect(_message(page, top - 1)).to_be_attached()
    expect(_message(page, top)).to_be_in_viewport()
    server.say("Ada", "And one more")
    expect(_message(page, top)).to_be_in_viewport()
    expect(page.get_by_role("button", name="1 new message")).to_be_visible()
