"""A person's browser window, the same for every engine."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from tests.e2e.waiting import comes_true

PATIENCE = 60.0
"""Seconds. A loaded machine is slow; nothing here is measured."""

A_MOMENT = 10.0
"""Seconds, after which a key has done what it does, or does nothing."""

MOST_TABS = 60
"""Presses of Tab, after which a person gives up."""

_FOCUSED = """
let element = document.activeElement;
while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
if (!element || element === document.body) return "";
if (element.tagName === "IFRAME") return null;
const label = element.labels?.[0]?.innerText;
return (element.ariaLabel || label || element.innerText || element.tagName).trim();
"""

_TEXT = "return document.body.innerText;"

_NAMED = """
const [name] = arguments;
const kinds = "button, a, input, textarea, select, [role]";
const all = (root) => [...root.querySelectorAll("*")].flatMap((element) => [
  ...(element.matches(kinds) ? [element] : []),
  ...(element.shadowRoot ? all(element.shadowRoot) : []),
]);
const nameOf = (element) =>
  (element.ariaLabel || element.labels?.[0]?.innerText || element.innerText || "").trim();
const usable = (element) =>
  element.getClientRects().length > 0 && element.getAttribute("aria-disabled") !== "true";
const seen = all(document).filter(usable);
return (
  seen.find((element) => nameOf(element) === name) ??
  seen.find((element) => nameOf(element).startsWith(name)) ??
  null
);
"""


class Window(ABC):
    """What a person does with a window, and sees in it.

    The page and the first frame in it are one to them. Names are those that a screen reader says.
    """

    def type(self, text: str) -> None:
        """Type, key by key, wherever the focus is."""
        for character in text:
            self.press(character)

    def click(self, name: str) -> None:
        """Click what has this name, or a name that begins so, as soon as it is there."""
        _await(lambda: self._click_named(name), lambda: f"{name!r} cannot be clicked.")

    def tab_to(self, name: str) -> None:
        """Press Tab until the focus is on something whose name begins so.

        Past the last place, Tab leads into the browser's own bars, from where a driven Firefox does
        not come back: go backwards for what is above.
        """
        self._step_to(name, "Tab")

    def tab_back_to(self, name: str) -> None:
        """The same backwards."""
        self._step_to(name, "Shift+Tab")

    def _step_to(self, name: str, key: str) -> None:
        passed = [self.focused()]
        while not passed[-1].startswith(name):
            if len(passed) > MOST_TABS:
                raise AssertionError(f"{key} does not lead to {name!r}, only to {passed}.")
            before = passed[-1]
            self.press(key)
            # Firefox hands keys to the page without waiting for it.
            comes_true(lambda before=before: self.focused() != before, A_MOMENT)
            passed.append(self.focused())

    def focused(self) -> str:
        """The name of what has the focus; empty when nothing has."""
        name = self._run(_FOCUSED)
        return str(self._run_in_frame(_FOCUSED) or "") if name is None else str(name)

    def expect_focus(self, name: str) -> None:
        """Wait until the focus is on something whose name begins so."""
        _await(
            lambda: self.focused().startswith(name),
            lambda: f"The focus is on {self.focused()!r} and not on {name!r}.",
        )

    def expect(self, text: str) -> None:
        """Wait until the text can be read."""
        _await(lambda: text in self.text(), lambda: f"{text!r} is not in:\n{self.text()}")

    def text(self) -> str:
        """All that can be read."""
        return f"{self._run(_TEXT)}\n{self._run_in_frame(_TEXT) or ''}"

    def _click_named(self, name: str) -> bool:
        return self._click(_NAMED, name)

    @abstractmethod
    def open(self, url: str) -> None:
        """Go to a page."""

    @abstractmethod
    def reload(self) -> None:
        """Load the page once more."""

    @abstractmethod
    def press(self, key: str) -> None:
        """Press a key: a character, or one of Tab, Shift+Tab, Enter, Escape, ArrowDown, ArrowUp."""

    @abstractmethod
    def photograph(self, path: str) -> None:
        """Save a picture of the window."""

    @abstractmethod
    def close(self) -> None:
        """Close the window and what belongs to it."""

    @abstractmethod
    def _run(self, script: str) -> Any:
        """The result of a script's body in the page."""

    @abstractmethod
    def _run_in_frame(self, script: str) -> Any:
        """The same in the first frame; None when there is none."""

    @abstractmethod
    def _click(self, script: str, name: str) -> bool:
        """Click the element that the script finds; whether there was one that could be."""


def _await(is_so: Callable[[], bool], complaint: Callable[[], str]) -> None:
    if not comes_true(is_so, PATIENCE):
        raise AssertionError(complaint())
