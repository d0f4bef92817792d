"""The journeys of customers and agents in a real browser."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from clients.python import AgentClient, CustomerClient
from proof.stack import free_ports
from tests.e2e.hostile.customer import Customer
from tests.e2e.hostile.pages import JOURNEYS
from tests.e2e.hostile.site import Site
from tests.e2e.screens import Desktop, PhonePage, Widget, photograph

Json = dict[str, Any]
NewPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Browsers of different people: nothing is shared between them. Errors on a page fail."""
    pages: list[Page] = []
    errors: list[str] = []

    def new_page(width: int = 1280, height: int = 860, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(page)
        return page

    yield new_page
    for page in pages:
        page.context.close()
    assert not errors


@pytest.fixture
def another_site(stack: Json) -> Iterator[Site]:
    """A site that is not the desk's, so that browsers refuse storage to the widget there."""
    site = Site(free_ports(), stack["desktop_url"].removesuffix("/desktop/"), JOURNEYS)
    yield site
    site.stop()


def at_work(page: Page, stack: Json) -> Desktop:
    """The desktop of an agent who is ready."""
    desktop = Desktop(page, stack, 0)
    desktop.sign_in()
    desktop.be_ready()
    return desktop


def test_widget_to_desktop_and_back(stack: Json, new_page: NewPage) -> None:
    desktop = at_work(new_page(), stack)
    widget = Widget(new_page(), stack)
    widget.start("Ada Marsh", "Where is my <b>bike</b>?")
    expect(desktop.offers).to_contain_text("Where is my <b>bike</b>?")
    photograph(desktop.page, "offer")
    desktop.accept("Where is my")
    desktop.open("Ada Marsh")
    expect(desktop.page.get_by_text("ada@example.com")).to_be_visible()
    desktop.say("Hello Ada! It left our workshop this morning.")
    expect(widget.message("It left our workshop")).to_be_visible()
    widget.say("Wonderful, thank you!")
    expect(desktop.message("Wonderful, thank you!")).to_be_visible()
    photograph(widget.page, "widget")
    desktop.close("Solved")
    expect(desktop.item("Ada Marsh")).to_have_count(0)
    expect(widget.app.get_by_text("ended", exact=False).first).to_be_visible()


def test_phone_and_website_at_once(stack: Json, new_page: NewPage) -> None:
    desktop = at_work(new_page(1440, 900), stack)
    phone = PhonePage(new_page(1100, 860), stack)
    phone.type("Do you repair wheels?")
    desktop.accept("Do you repair wheels?")
    widget = Widget(new_page(), stack)
    widget.start("Bea Lund", "Can I change my order?")
    desktop.accept("Can I change my order?")
    expect(desktop.page.get_by_test_id("conversation-item")).to_have_count(2)
    desktop.open("+1")
    desktop.say("Yes, we do. Bring it to any of our shops.")
    expect(phone.shows("Yes, we do. Bring it to any of our shops.")).to_be_visible()
    desktop.open("Bea Lund")
    desktop.say("Of course! What should be different?")
    expect(widget.message("What should be different?")).to_be_visible()
    widget.say("The blue one instead of the green one, please.")
    expect(desktop.message("The blue one")).to_be_visible()
    photograph(desktop.page, "desktop")
    photograph(phone.page, "phone")
    desktop.close("Solved")
    desktop.open("+1")
    desktop.close("Solved")
    expect(desktop.page.get_by_test_id("conversation-item")).to_have_count(0)


def test_reload_and_second_tab_show_everything_once(
    stack: Json, new_page: NewPage, sign_in: Callable[[int], AgentClient]
) -> None:
    agent = sign_in(0)
    agent.ready()
    widget = Widget(new_page(), stack)
    widget.start("Cleo", "First")
    held = agent.accept(agent.wait_for_offer())["conversation_id"]
    agent.say(held, "Second")
    expect(widget.message("Second")).to_be_visible()
    tab = Widget(widget.page.context.new_page(), stack)
    if not tab.texts.first.is_visible():
        tab.open()
    expect(tab.texts).to_have_count(2)
    widget.say("Third")
    expect(tab.message("Third")).to_be_visible()
    widget.page.reload()
    expect(widget.texts).to_have_count(3)
    agent.wait_for(lambda client: client.transcript(held).texts == ["First", "Second", "Third"])


def test_a_customer_on_an_isolated_page_of_another_site(
    new_page: NewPage, sign_in: Callable[[int], AgentClient], another_site: Site
) -> None:
    agent = sign_in(0)
    agent.ready()
    customer = Customer(new_page(), f"{another_site.url}/isolated/a?token=1")
    customer.open()
    customer.start("Where is my bike?")
    offer = agent.wait_for_offer()
    assert offer["website"] == {"url": f"{another_site.url}/isolated/a", "title": "Shop"}
    held = agent.accept(offer)["conversation_id"]
    customer.page.goto(f"{another_site.url}/isolated/b")
    customer.sees_it_open()
    agent.say(held, "It is on its way.")
    expect(customer.texts).to_have_text(["Where is my bike?", "It is on its way."])


def test_a_message_typed_offline_is_sent_when_the_line_is_back(
    stack: Json, new_page: NewPage, sign_in: Callable[[int], AgentClient]
) -> None:
    agent = sign_in(0)
    agent.ready()
    widget = Widget(new_page(), stack)
    widget.start("Dora", "Hello")
    held = agent.accept(agent.wait_for_offer())["conversation_id"]
    expect(widget.app.get_by_role("textbox", name="Message")).to_be_visible()
    widget.page.context.set_offline(True)
    widget.say("Written in a tunnel")
    agent.say(held, "Are you there?")
    widget.page.context.set_offline(False)
    agent.wait_for(
        lambda client: "Written in a tunnel" in client.transcript(held).texts, seconds=30
    )
    expect(widget.message("Are you there?")).to_be_visible()
    expect(widget.texts).to_have_count(3)
    assert agent.transcript(held).texts.count("Written in a tunnel") == 1


def test_a_declined_offer_reaches_another_agent(
    stack: Json,
    new_page: NewPage,
    sign_in: Callable[[int], AgentClient],
    customer: Callable[..., CustomerClient],
) -> None:
    desktop = at_work(new_page(), stack)
    other = sign_in(1)
    other.ready()
    customer("Pass me on")
    desktop.offers.get_by_role("button", name="Decline").click()
    assert other.wait_for_offer()["first_message"] == "Pass me on"
    expect(desktop.offers).to_have_count(0, timeout=15_000)


def test_a_second_click_does_not_reach_the_next_offer(
    stack: Json, new_page: NewPage, customer: Callable[..., CustomerClient]
) -> None:
    desktop = at_work(new_page(), stack)
    for name in ("Fay", "Gus"):
        customer(f"{name} is here", name)
    fay, gus = (desktop.offers.filter(has_text=name) for name in ("Fay", "Gus"))
    gus.hover()
    before = gus.bounding_box()
    fay.get_by_role("button", name="Accept").click()
    expect(fay).to_have_count(0)
    assert gus.bounding_box() == before
    desktop.page.mouse.down()
    desktop.page.mouse.up()
    desktop.page.mouse.move(0, 0)
    expect(desktop.item("Fay")).to_be_visible()
    desktop.accept("Gus is here")
    expect(desktop.item("Gus")).to_be_visible()


def test_a_missed_offer_leaves_the_screen(
    stack: Json, new_page: NewPage, customer: Callable[..., CustomerClient]
) -> None:
    desktop = at_work(new_page(), stack)
    waiting = customer("Anybody there?")
    expect(desktop.offers).to_have_count(1)
    expect(desktop.offers).to_have_count(0, timeout=45_000)
    assert waiting.status == "waiting"
    waiting.end()


def test_two_windows_of_one_agent_stay_in_step(
    stack: Json, new_page: NewPage, customer: Callable[..., CustomerClient]
) -> None:
    first, second = (Desktop(new_page(), stack, 0) for _ in range(2))
    for window in (first, second):
        window.sign_in()
    first.be_ready()
    expect(second.page.get_by_test_id("availability")).to_contain_text("Ready")
    customer("In both windows", "Emil")
    expect(second.offers).to_have_count(1)
    first.accept("In both windows")
    expect(second.offers).to_have_count(0, timeout=15_000)
    first.open("Emil")
    first.say("Hello Emil")
    second.open("Emil")
    expect(second.message("Hello Emil")).to_be_visible()
    second.page.reload()
    expect(second.item("Emil")).to_be_visible()


def test_dark_and_narrow(stack: Json, new_page: NewPage) -> None:
    widget = Widget(new_page(390, 844, "dark"), stack)
    widget.open()
    expect(widget.app.get_by_label("How can we help?")).to_be_visible()
    photograph(widget.page, "widget-phone-dark")
    desktop = Desktop(new_page(1280, 860, "dark"), stack, 1)
    desktop.sign_in()
    photograph(desktop.page, "desktop-dark")
