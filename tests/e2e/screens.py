"""What people do on the three screens: the demo site's widget, the desktop, the phone."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import FrameLocator, Locator, Page, expect

IMAGES = Path(os.environ.get("SCREENSHOTS", "test-results"))

Json = dict[str, Any]


class Widget:
    """A customer's browser on the demo site."""

    def __init__(self, page: Page, stack: Json) -> None:
        self.page = page
        page.goto(stack["demo_url"])

    @property
    def app(self) -> FrameLocator:
        return self.page.frame_locator("iframe")

    def open(self) -> None:
        self.page.get_by_test_id("launcher").click()

    def start(self, name: str, message: str) -> None:
        """Open the widget, fill in the form and send it."""
        self.open()
        keys = self.page.keyboard
        expect(self.app.get_by_label("Name")).to_be_focused()
        keys.type(name)
        for answer in (f"{name.split()[0].lower()}@example.com", "NB-20417", message):
            keys.press("Tab")
            keys.type(answer)
        self.app.get_by_role("button", name="Start chat").click()
        expect(self.message(message)).to_be_visible()

    def say(self, text: str) -> None:
        write(self.page, self.app.get_by_role("textbox", name="Message"), text)

    def message(self, text: str) -> Locator:
        return self.app.get_by_test_id("message").filter(has_text=text)

    @property
    def texts(self) -> Locator:
        return self.app.get_by_test_id("message")


class Desktop:
    """An agent's browser."""

    def __init__(self, page: Page, stack: Json, number: int) -> None:
        self.page = page
        self.who = stack["agents"][number]
        page.goto(stack["desktop_url"])

    def sign_in(self) -> None:
        keys = self.page.keyboard
        expect(self.page.get_by_label("E-mail")).to_be_focused()
        keys.type(self.who["email"])
        keys.press("Tab")
        keys.type(self.who["password"])
        keys.press("Enter")
        expect(self.page.get_by_text("Connected", exact=True)).to_be_visible(timeout=20_000)

    def be_ready(self) -> None:
        self.page.get_by_test_id("availability").click()
        self.page.get_by_role("menuitemradio", name="Ready", exact=True).click()
        expect(self.page.get_by_test_id("availability")).to_contain_text("Ready")

    @property
    def offers(self) -> Locator:
        return self.page.get_by_test_id("offer")

    def accept(self, first_message: str) -> None:
        offer = self.offers.filter(has_text=first_message)
        offer.get_by_role("button", name="Accept").click()
        expect(offer).to_have_count(0, timeout=15_000)

    def open(self, name: str) -> None:
        self.item(name).click()

    def item(self, name: str) -> Locator:
        return self.page.get_by_test_id("conversation-item").filter(has_text=name)

    def say(self, text: str) -> None:
        write(self.page, self.page.get_by_role("textbox", name="Message"), text)
        expect(self.message(text)).to_be_visible()

    def message(self, text: str) -> Locator:
        return self.page.get_by_test_id("message").filter(has_text=text)

    def close(self, disposition: str) -> None:
        self.page.get_by_role("button", name="Close", exact=True).click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_text(disposition, exact=True).click()
        dialog.get_by_role("button", name="Close conversation").click()
        expect(dialog).to_have_count(0)


class PhonePage:
    """A phone on the phone page."""

    def __init__(self, page: Page, stack: Json) -> None:
        self.page = page
        page.goto(stack["phone_url"])

    def type(self, text: str) -> None:
        write(self.page, self.page.get_by_role("textbox", name="Message from").first, text)

    def shows(self, text: str) -> Locator:
        return self.page.get_by_text(text, exact=True).first


def write(page: Page, box: Locator, text: str) -> None:
    """Click into a box, type key by key wherever the focus goes, and send with Enter."""
    box.click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def photograph(page: Page, name: str) -> None:
    """A picture of what this person sees: `make screenshots` puts them into docs/images."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=IMAGES / f"{name}.png")
