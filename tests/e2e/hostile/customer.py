"""Somebody on a page with the widget."""

from typing import Any

from playwright.sync_api import FrameLocator, Locator, Page, expect

VIEWPORT: Any = {"width": 1000, "height": 800}
MARGIN = 20
SIZE = 56
SCROLLBAR = 16


class Customer:
    """Somebody on a page, or in a frame of it, who writes key by key and clicks what they see."""

    def __init__(self, page: Page, url: str, *, within: str | None = None) -> None:
        self.page = page
        self.errors: list[str] = []
        self.console: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.console.append(message.text))
        self._scope: Page | FrameLocator = page.frame_locator(within) if within else page
        page.goto(url)

    @property
    def launcher(self) -> Locator:
        return self._scope.get_by_test_id("launcher")

    @property
    def frame(self) -> Locator:
        return self._scope.locator("[data-lambdesk] iframe")

    @property
    def app(self) -> FrameLocator:
        return self.frame.content_frame

    @property
    def texts(self) -> Locator:
        return self.app.get_by_test_id("message")

    def open(self) -> None:
        self.launcher.click()
        self.sees_it_open()

    def sees_it_open(self) -> None:
        expect(self.launcher).to_have_attribute("aria-expanded", "true")
        expect(self.frame).to_be_visible()

    def close(self) -> None:
        self.app.get_by_role("button", name="Close").click()
        expect(self.launcher).to_have_attribute("aria-expanded", "false")
        expect(self.frame).not_to_be_visible()

    def start(self, message: str) -> None:
        """Fill in the form and send it."""
        self.write_answers(message)
        self.send()
        expect(self.texts).to_have_text([message])

    def write_answers(self, message: str) -> None:
        keys = self.page.keyboard
        expect(self.app.get_by_label("Name")).to_be_focused()
        keys.type("Ada")
        for answer in ("ada@example.com", "NB-20417", message):
            keys.press("Tab")
            keys.type(answer)

    def send(self) -> None:
        self.app.get_by_role("button", name="Start chat").click()

    def sees_the_launcher_in_its_corner(self) -> None:
        """It is a round button at the bottom right of what is seen, scrollbars left out."""
        expect(self.launcher).to_have_count(1)
        expect(self.launcher).to_be_in_viewport(ratio=1)
        box = self.launcher.bounding_box()
        assert box is not None
        right = VIEWPORT["width"] - box["x"] - SIZE
        bottom = VIEWPORT["height"] - box["y"] - SIZE
        assert (box["width"], box["height"]) == (SIZE, SIZE)
        for distance in (right, bottom):
            assert MARGIN - 2 <= distance <= MARGIN + SCROLLBAR, box
