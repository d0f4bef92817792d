"""Chromium, and Firefox over WebDriver BiDi."""

from typing import Any

from playwright.sync_api import Browser, ElementHandle, Frame
from playwright.sync_api import Error as PlaywrightError

from tests.e2e.engines.window import Window


class PlaywrightWindow(Window):
    """A window in a browser profile of its own."""

    def __init__(self, browser: Browser) -> None:
        context = browser.new_context(viewport={"width": 1280, "height": 860})
        self._page = context.new_page()
        self.errors: list[str] = []
        self._page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, url: str) -> None:
        self._page.goto(url)

    def reload(self) -> None:
        self._page.reload()

    def type(self, text: str) -> None:
        self._page.bring_to_front()
        self._page.keyboard.type(text)

    def press(self, key: str) -> None:
        # Enter does nothing in a window of Firefox that is behind another.
        self._page.bring_to_front()
        self._page.keyboard.press(key)

    def photograph(self, path: str) -> None:
        self._page.screenshot(path=path)

    def close(self) -> None:
        self._page.context.close()
        assert not self.errors

    def _run(self, script: str) -> Any:
        return self._evaluate(self._page.main_frame, script)

    def _run_in_frame(self, script: str) -> Any:
        frame = self._frame
        return None if frame is None else self._evaluate(frame, script)

    def _click(self, script: str, name: str) -> bool:
        for frame in filter(None, (self._page.main_frame, self._frame)):
            try:
                found = frame.evaluate_handle(_function(script), [name]).as_element()
                if isinstance(found, ElementHandle):
                    found.click(timeout=2_000)
                    return True
            except PlaywrightError:
                continue
        return False

    @property
    def _frame(self) -> Frame | None:
        return next(iter(self._page.frames[1:]), None)

    @staticmethod
    def _evaluate(frame: Frame, script: str) -> Any:
        try:
            return frame.evaluate(_function(script), [])
        except PlaywrightError:
            # The page or the frame is being replaced.
            return ""


def _function(body: str) -> str:
    return f"(given) => (function () {{ {body} }})(...given)"
