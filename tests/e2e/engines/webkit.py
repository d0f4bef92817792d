"""WebKit, as GTK has it: https://webkitgtk.org/reference/webkit2gtk/stable/"""

import os
import subprocess
from pathlib import Path
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import WebKitGTK
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.e2e.engines.window import Window

DRIVER = "/usr/bin/WebKitWebDriver"

_BROWSERS = ("webkit2gtk-4.1", "webkit2gtk-4.0")

_KEYS = {
    "Tab": Keys.TAB,
    "Enter": Keys.ENTER,
    "Escape": Keys.ESCAPE,
    "ArrowDown": Keys.ARROW_DOWN,
    "ArrowUp": Keys.ARROW_UP,
}

_FIRST_FRAME = """
const all = (root) => [...root.querySelectorAll("*")].flatMap((element) => [
  ...(element.tagName === "IFRAME" ? [element] : []),
  ...(element.shadowRoot ? all(element.shadowRoot) : []),
]);
return all(document)[0] ?? null;
"""


class Screen:
    """A screen that nobody sees, for a browser that has no mode without one."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1200x24"]
        self._process = subprocess.Popen(
            command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            self.display = f":{pipe.readline().strip()}"

    def close(self) -> None:
        """Switch it off."""
        self._process.terminate()
        self._process.wait()


class WebKitWindow(Window):
    """A window with a driver of its own, and so with a profile of its own."""

    def __init__(self, screen: Screen) -> None:
        options = Options()
        options.binary_location = _browser()
        options.add_argument("--automation")
        environment = {**os.environ, "DISPLAY": screen.display}
        self._driver = WebKitGTK(options=options, service=Service(DRIVER, env=environment))
        self._driver.set_window_size(1280, 860)

    def open(self, url: str) -> None:
        self._driver.get(url)

    def reload(self) -> None:
        self._driver.refresh()

    def press(self, key: str) -> None:
        keys = ActionChains(self._driver, duration=0)
        if key == "Shift+Tab":
            keys.key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
        else:
            keys.send_keys(_KEYS.get(key, key)).perform()

    def photograph(self, path: str) -> None:
        self._driver.save_screenshot(path)

    def close(self) -> None:
        self._driver.quit()

    def _run(self, script: str) -> Any:
        self._driver.switch_to.default_content()
        return self._script(script)

    def _run_in_frame(self, script: str) -> Any:
        try:
            return self._script(script) if self._go_into_frame() else None
        finally:
            self._driver.switch_to.default_content()

    def _click(self, script: str, name: str) -> bool:
        self._driver.switch_to.default_content()
        if self._click_here(script, name):
            return True
        try:
            return self._go_into_frame() and self._click_here(script, name)
        finally:
            self._driver.switch_to.default_content()

    def _click_here(self, script: str, name: str) -> bool:
        try:
            found = self._driver.execute_script(script, name)
            if found is None:
                return False
            found.click()
        except WebDriverException:
            return False
        return True

    def _script(self, script: str) -> Any:
        try:
            return self._driver.execute_script(script)
        except WebDriverException:
            # The page or the frame is being replaced.
            return ""

    def _go_into_frame(self) -> bool:
        self._driver.switch_to.default_content()
        try:
            frame = self._driver.execute_script(_FIRST_FRAME)
            if frame is not None:
                self._driver.switch_to.frame(frame)
        except WebDriverException:
            return False
        return frame is not None


def _browser() -> str:
    found = [path for name in _BROWSERS for path in Path("/usr/lib").glob(f"*/{name}/MiniBrowser")]
    if not found:
        raise FileNotFoundError("There is no MiniBrowser of WebKitGTK.")
    return str(found[0])
