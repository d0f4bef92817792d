"""The main journeys in every engine: typed key by key, with the pointer or without one."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.engines.window import Window

Json = dict[str, Any]
NewWindow = Callable[[], Window]
Choose = Callable[[Window, str], None]
"""How a person chooses a control by its name: with the pointer or with keys."""

POLISH = "Zażółć gęślą jaźń"
ARABIC = "مرحبا، أين دراجتي؟"
EMOJI = "👩🏽‍🔧🚲"


@pytest.fixture
def new_window(engine: NewWindow) -> Iterator[NewWindow]:
    """Windows of different people: nothing is shared between them.

    The text of each at the end is printed, which helps to explain a failure.
    """
    windows: list[Window] = []

    def new_window() -> Window:
        windows.append(engine())
        return windows[-1]

    yield new_window
    for number, window in enumerate(windows, 1):
        sys.stdout.write(f"--- Window {number}:\n{window.text()}\n")
        window.close()


def sign_in(desktop: Window, stack: Json) -> None:
    who = stack["agents"][0]
    desktop.open(stack["desktop_url"])
    desktop.expect_focus("E-mail")
    desktop.type(who["email"])
    desktop.press("Tab")
    desktop.type(who["password"])
    desktop.press("Enter")
    desktop.expect("Connected")


def with_pointer(window: Window, name: str) -> None:
    window.click(name)


def with_keys(window: Window, name: str) -> None:
    window.tab_to(name)
    window.press("Enter")


def begin(new_window: NewWindow, stack: Json, choose: Choose) -> tuple[Window, Window]:
    """The desktop of an agent who is ready, and a page on which the widget was opened."""
    desktop, widget = new_window(), new_window()
    sign_in(desktop, stack)
    choose(desktop, "Become ready")
    desktop.expect("The next conversation will appear here")
    widget.open(stack["demo_url"])
    choose(widget, "Chat with us")
    return desktop, widget


def fill_in(widget: Window, name: str, message: str) -> None:
    """Answer the form from its first field on, where the focus is, and send it."""
    widget.expect_focus("Name")
    widget.type(name)
    for answer in ("ada@example.com", "NB-20417", message):
        widget.press("Tab")
        widget.type(answer)
    widget.tab_to("Start chat")
    widget.press("Enter")
    widget.expect_focus("Message")


def test_a_conversation_with_the_pointer(new_window: NewWindow, stack: Json) -> None:
    desktop, widget = begin(new_window, stack, with_pointer)
    # WebKit gives a frame of another site the focus only after somebody has clicked into it.
    widget.click("Name")
    fill_in(widget, "Ada Marsh", "Where is my bike?")
    desktop.click("Accept")
    desktop.click("Message")
    desktop.type(f"{POLISH} {ARABIC} {EMOJI}")
    desktop.press("Enter")
    widget.expect(POLISH)
    widget.expect(ARABIC)
    widget.expect(EMOJI)
    widget.click("Message")
    widget.type(f"Dziękuję! {EMOJI}")
    widget.press("Enter")
    desktop.expect(f"Dziękuję! {EMOJI}")
    for window in (widget, desktop):
        window.reload()
        window.expect(POLISH)
    desktop.click("Close")
    desktop.click("Solved")
    desktop.click("Close conversation")
    widget.expect("ended")


def test_a_conversation_with_nothing_but_keys(new_window: NewWindow, stack: Json) -> None:
    desktop, widget = begin(new_window, stack, with_keys)
    fill_in(widget, "Bea Lund", "Do you repair wheels?")
    desktop.expect("Do you repair wheels?")
    desktop.tab_back_to("Accept")
    desktop.press("Enter")
    desktop.expect_focus("Message")
    desktop.type("Yes, bring it on Monday.")
    desktop.press("Enter")
    widget.expect("Yes, bring it on Monday.")
    widget.type("Thank you!")
    widget.press("Enter")
    desktop.expect("Thank you!")
    desktop.tab_back_to("Close")
    desktop.press("Enter")
    desktop.expect("Close conversation")
    desktop.tab_to("Solved")
    desktop.press(" ")
    desktop.tab_to("Close conversation")
    desktop.press("Enter")
    widget.expect("ended")
    desktop.expect("The next conversation will appear here")
