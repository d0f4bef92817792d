"""The widget with a keyboard, a screen reader, colours of one's own, and on small screens."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import findings
from tests.e2e.building import build
from tests.e2e.conftest import RIGHT_TO_LEFT
from tests.e2e.direction import times_turned_round
from tests.e2e.widgets import FakeServer

Json = dict[str, Any]
OpenWidget = Callable[..., FakeServer]


LOOKS: dict[str, Json] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "320 px": {"viewport": {"width": 320, "height": 568}},
    "landscape": {"viewport": {"width": 844, "height": 390}},
}

WORD = "Donaudampfschifffahrtsgesellschaft" * 3
LONG = {
    "a word without blanks": WORD,
    "an address": f"https://example.com/{WORD}?{WORD}",
    "Japanese": "お問い合わせいただきありがとうございます。" * 6,
    "Arabic": "أين طلبي؟ رقم الطلب هو 20417 وشكرا جزيلا لكم. " * 4,
    "Hebrew and a number": "ההזמנה שלי NB-20417 עדיין לא הגיעה!",
}


@pytest.fixture(autouse=True)
def clean_desk() -> None:
    """There is no desk behind these tests."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The widget as it is published."""
    return build("widget", tmp_path_factory.mktemp("widget"))


@pytest.fixture
def open_widget(browser: Browser, built: Path) -> Iterator[OpenWidget]:
    """Widgets in browsers of their own. Errors on a page fail."""
    pages: list[Page] = []
    errors: list[str] = []

    def open_widget(**look: Any) -> FakeServer:
        size = {"width": 400, "height": 640}
        context = browser.new_context(**{"viewport": size, "bypass_csp": True, **look})
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(page)
        return FakeServer(page, built)

    yield open_widget
    for page in pages:
        page.context.close()
    assert not errors


def form(server: FakeServer) -> None:
    server.open()
    expect(server.page.get_by_role("button", name="Start chat")).to_be_visible()


def form_with_problems(server: FakeServer) -> None:
    form(server)
    server.page.get_by_role("button", name="Start chat").click()
    expect(server.page.get_by_text("Please fill this in.")).to_have_count(3)


def refused_form(server: FakeServer) -> None:
    form(server)
    for label in ("Name", "Topic", "Message"):
        server.page.get_by_label(label).click()
        server.page.keyboard.type("Something")
    server.refusal = (403, "forbidden")
    server.page.get_by_role("button", name="Start chat").click()
    expect(server.page.get_by_role("alert")).to_be_visible()


def not_loaded(server: FakeServer) -> None:
    server.refusal = (503, "busy")
    server.open()
    expect(server.page.get_by_role("button", name="Try again")).to_be_visible()


def not_there(server: FakeServer) -> None:
    server.refusal = (404, "not_found")
    server.open()
    expect(server.page.get_by_role("alert")).to_be_visible()


def waiting(server: FakeServer) -> None:
    server.write("Hello")
    server.resume("waiting", ahead=2)
    expect(server.page.get_by_test_id("waiting")).to_be_visible()


def nobody_there(server: FakeServer) -> None:
    server.write("Hello")
    server.resume("waiting", ahead=0, agents=0)
    expect(server.page.get_by_text("Nobody is here at the moment.")).to_be_visible()


def a_wait_that_is_known(server: FakeServer) -> None:
    server.write("Hello")
    server.resume("waiting", ahead=2, agents=3, wait_seconds=480)
    expect(server.page.get_by_text("in about 10 minutes")).to_be_visible()


def talking(server: FakeServer) -> None:
    server.write("Where is my order?")
    server.write("See https://example.com/orders/20417", agent="Mara Lind")
    server.resume()
    expect(server.page.get_by_test_id("message")).to_have_count(2)


def refused_message(server: FakeServer) -> None:
    talking(server)
    server.refusal, server.refuses = (422, "invalid"), "/messages"
    server.page.get_by_role("textbox", name="Message").click()
    server.page.keyboard.type("Nobody wants this")
    server.page.keyboard.press("Enter")
    expect(server.page.get_by_role("button", name="Delete")).to_be_visible()


def offline(server: FakeServer) -> None:
    waiting(server)
    server.page.context.set_offline(True)
    expect(server.page.get_by_text("No connection.")).to_be_visible()


def about_to_end(server: FakeServer) -> None:
    talking(server)
    server.page.get_by_role("button", name="End conversation").click()
    expect(server.page.get_by_role("dialog")).to_be_visible()


def ended(server: FakeServer) -> None:
    server.write("Bye")
    server.resume("ended")
    expect(server.page.get_by_role("button", name="Start a new conversation")).to_be_visible()


STATES = [
    form,
    form_with_problems,
    refused_form,
    not_loaded,
    not_there,
    waiting,
    nobody_there,
    a_wait_that_is_known,
    talking,
    refused_message,
    offline,
    about_to_end,
    ended,
]


def overflowing(page: Page) -> list[str]:
    """What is wider than its place, or reaches out of the window. An ellipsis keeps its text in."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("body *:not(.hidden, .hidden *)")]
            .filter((element) => {
                const { left, right } = element.getBoundingClientRect();
                const { display, overflowX } = getComputedStyle(element);
                const kept = getComputedStyle(element.parentElement).textOverflow === "ellipsis";
                const wide = overflowX === "visible" && display !== "inline"
                    && element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1;
                return !kept && (left < -1 || right > innerWidth + 1 || wide);
            })
            .map((element) => element.outerHTML.slice(0, 120))"""
    )
    return found


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing(
    open_widget: OpenWidget, state: Callable[[FakeServer], None], look: Json
) -> None:
    server = open_widget(reduced_motion="reduce", **look)
    state(server)
    assert findings(server.page) == []
    assert overflowing(server.page) == []


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize("scale", [1, 2], ids=["normal text", "text of 200 %"])
def test_nothing_long_leaves_its_place(open_widget: OpenWidget, text: str, scale: int) -> None:
    server = open_widget(viewport={"width": 320, "height": 568}, reduced_motion="reduce")
    server.page.add_init_script(
        "addEventListener('DOMContentLoaded', () => {"
        f" document.documentElement.style.fontSize = '{100 * scale}%'; }})"
    )
    server.queue_name = text
    server.form[0]["label"] = text
    form_with_problems(server)
    assert overflowing(server.page) == []
    server.write(text)
    server.write(text, agent=text)
    server.resume(agent=text)
    expect(server.page.get_by_test_id("message")).to_have_count(2)
    server.page.get_by_role("textbox", name="Message").click()
    server.page.keyboard.type(text)
    assert overflowing(server.page) == []
    expect(server.page.get_by_role("button", name="End conversation")).to_be_in_viewport()


def test_writing_from_right_to_left_reads_from_right_to_left(open_widget: OpenWidget) -> None:
    server = open_widget()
    server.write(LONG["Hebrew and a number"])
    server.write("Plain", agent="Mara")
    server.resume()
    page = server.page
    composer = page.get_by_role("textbox", name="Message")
    composer.click()
    page.keyboard.type("שלום!")
    for element in (page.get_by_test_id("message").first, composer):
        assert element.evaluate("element => element.matches(':dir(rtl)')")
    assert page.get_by_test_id("message").last.evaluate("element => element.matches(':dir(ltr)')")


def test_times_keep_their_order_in_a_page_from_right_to_left(open_widget: OpenWidget) -> None:
    server = open_widget(locale="en-US")
    server.page.add_init_script(RIGHT_TO_LEFT)
    talking(server)
    expect(server.page.locator("html")).to_have_attribute("dir", "rtl")
    assert times_turned_round(server.page, at_least=2) == []


@pytest.mark.parametrize("state", [waiting, talking, offline], ids=lambda state: state.__name__)
def test_a_phone_on_its_side_has_room_to_read(
    open_widget: OpenWidget, state: Callable[[FakeServer], None]
) -> None:
    server = open_widget(viewport={"width": 390, "height": 844})
    state(server)
    server.page.set_viewport_size({"width": 844, "height": 390})
    box = server.page.get_by_role("log").bounding_box()
    assert box is not None
    assert box["height"] >= 200
    expect(server.page.get_by_test_id("message").last).to_be_in_viewport()


def test_the_last_problem_of_a_form_is_in_sight(open_widget: OpenWidget) -> None:
    server = open_widget(viewport={"width": 390, "height": 420})
    form(server)
    page = server.page
    for label in ("Name", "Topic"):
        page.get_by_label(label).click()
        page.keyboard.type("Something")
    page.keyboard.press("Enter")
    problem = page.get_by_text("Please fill this in.")
    expect(problem).to_be_in_viewport(ratio=1)
    covered = problem.evaluate(
        """element => {
            const { left, bottom } = element.getBoundingClientRect();
            return !element.contains(document.elementFromPoint(left + 4, bottom - 3));
        }"""
    )
    assert not covered


def test_only_what_is_new_is_announced(open_widget: OpenWidget) -> None:
    server = open_widget()
    talking(server)
    page = server.page
    said = page.get_by_test_id("announcer")
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")
    expect(said).to_have_text("")
    expect(page.locator("[data-live]")).to_be_visible()
    server.push(server.write("Mine from another tab"))
    server.push(server.write("It is on its way.", agent="Mara Lind"))
    expect(said).to_have_text("Mara Lind wrote: It is on its way.")


def test_edges_stay_where_the_system_chooses_the_colours(open_widget: OpenWidget) -> None:
    server = open_widget(forced_colors="active")
    talking(server)
    page = server.page
    for element in (*page.get_by_test_id("message").all(), page.locator("header")):
        width = element.evaluate("element => getComputedStyle(element).borderBottomWidth")
        assert width != "0px"
    page.get_by_role("textbox", name="Message").click()
    outline = page.locator("form > div").first.evaluate(
        "element => getComputedStyle(element).outlineStyle"
    )
    assert outline == "solid"
