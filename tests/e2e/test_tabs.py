"""Several tabs of one browser are one agent at work."""

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import FakeServer


def another_tab(first: FakeServer, built: Path) -> FakeServer:
    """A new tab of the same browser, on the same desk."""
    tab = FakeServer(first.page.context.new_page(), built)
    tab.desk = first.desk
    tab.transcripts = first.transcripts
    tab.open(signed_in=False)
    return tab


def test_a_new_tab_is_signed_in_and_signing_out_ends_both(
    open_desk: OpenDesk, built_desktop: Path
) -> None:
    first = open_desk()
    first.open()
    expect(first.page.get_by_text("Connected", exact=True)).to_be_visible()
    second = another_tab(first, built_desktop)
    expect(second.page.get_by_text("Connected", exact=True)).to_be_visible()
    second.page.get_by_role("button", name="Account of").click()
    second.page.get_by_role("menuitem", name="Sign out").click()
    for tab in (first, second):
        expect(tab.page.get_by_label("E-mail")).to_be_visible()
    tab = another_tab(first, built_desktop)
    expect(tab.page.get_by_label("E-mail")).to_be_visible()


def test_what_was_read_in_one_tab_is_read_in_the_other(
    open_desk: OpenDesk, built_desktop: Path
) -> None:
    first = open_desk()
    first.hold("Ada", "Hello")
    first.open()
    second = another_tab(first, built_desktop)
    unread = second.page.get_by_text("1 unread")
    expect(unread).to_be_attached()
    first.page.get_by_test_id("conversation-item").click()
    expect(unread).to_have_count(0)


def test_what_was_read_in_one_browser_is_read_in_another(open_desk: OpenDesk) -> None:
    first, second, later = open_desk(), open_desk(), open_desk()
    first.hold("Ada", "Hello")
    first.others.append(second)
    for other in (second, later):
        other.desk, other.transcripts = first.desk, first.transcripts
    first.open()
    second.open()
    unread = second.page.get_by_text("1 unread")
    expect(unread).to_be_attached()
    first.page.get_by_test_id("conversation-item").click()
    expect(unread).to_have_count(0)
    later.open()
    expect(later.page.get_by_test_id("conversation-item")).to_contain_text("Hello")
    expect(later.page.get_by_text("1 unread")).to_have_count(0)
    assert [c["type"] for c in second.commands if c["type"] != "sync"] == []


def test_signing_out_with_a_customer_in_hand_asks_first(open_desk: OpenDesk) -> None:
    server = open_desk()
    server.hold("Ada", "Hello")
    page = server.page
    server.open()
    expect(page.get_by_test_id("conversation-item")).to_be_visible()
    for answer in ("Stay", "Hand over and sign out"):
        page.get_by_role("button", name="Account of").click()
        page.get_by_role("menuitem", name="Sign out").click()
        dialog = page.get_by_role("dialog", name="A customer is still with you")
        dialog.get_by_role("button", name=answer).click()
        expect(dialog).to_have_count(0)
    expect(page.get_by_label("E-mail")).to_be_visible()
    assert [c["type"] for c in server.commands if c["type"] != "sync"] == ["agent.leave"]


def test_while_customers_are_handed_over_the_agent_sees_it(open_desk: OpenDesk) -> None:
    server = open_desk()
    server.hold("Ada", "Hello")
    page = server.page
    server.open()
    expect(page.get_by_test_id("conversation-item")).to_be_visible()
    server.unanswered = "agent.leave"
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("menuitem", name="Sign out").click()
    dialog = page.get_by_role("dialog", name="A customer is still with you")
    dialog.get_by_role("button", name="Hand over and sign out").click()
    expect(dialog.get_by_role("status")).to_contain_text("go to your colleagues")
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    # No answer comes, and the agent is not kept.
    expect(page.get_by_label("E-mail")).to_be_visible(timeout=15_000)
