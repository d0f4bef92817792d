"""What customers write never sets the size of what agents work with."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import findings
from tests.e2e.conftest import OpenDesk
from tests.e2e.desks import FakeServer, Json

LONGEST_NAME = 100
LONGEST_ANSWER = 1000

TEXTS = {
    "no spaces": "Maximilian-Alexander_von.Hohenzollern-Sigmaringen" * 2,
    "right to left": "عبدالرحمنالمستعينباللهالطويلجداجدا" * 3,
    "CJK": "株式会社超長名前顧客対応窓口担当者様御一行" * 5,
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈" * 10,
}

WIDTHS = ((320, 640), (390, 844), (768, 1024), (1280, 860), (740, 360))

LOOKS: tuple[Json, ...] = (
    {"color_scheme": "light"},
    {"color_scheme": "dark", "rtl": True},
)

# A control is out of reach where it is not wholly in the window once it is scrolled to, or where
# something else is in its place. Returns what is wrong, in words.
OUT_OF_REACH = """
() => {
  const wrong = [];
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth > clientWidth) wrong.push(`the page is ${scrollWidth} wide`);
  const modal = document.querySelector("dialog[open], [role=menu]");
  for (const control of (modal ?? document).querySelectorAll("button, a, textarea, input")) {
    if (control.disabled || control.getClientRects().length === 0) continue;
    control.scrollIntoView({ block: "nearest", inline: "nearest" });
    const { left, right, top, bottom } = control.getBoundingClientRect();
    const name = control.ariaLabel ?? control.textContent;
    const fits = left >= -0.5 && right <= innerWidth + 0.5;
    // A link in a text is as high as the text.
    if (control.localName === "a" && fits) continue;
    if (!fits || top < -0.5 || bottom > innerHeight + 0.5) {
      wrong.push(`"${name}" at ${[left, top, right, bottom].map(Math.round)}`);
      continue;
    }
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const label = control.closest("label");
    if (!control.contains(hit) && !label?.contains(hit) && !hit?.contains(control)) {
      wrong.push(`"${name}" is under ${hit?.outerHTML.slice(0, 120)}`);
    }
  }
  for (const part of document.querySelectorAll("main, main *")) {
    const style = getComputedStyle(part);
    if (!/auto|scroll/.test(style.overflowX)) continue;
    if (part.scrollWidth > part.clientWidth + 1) {
      wrong.push(`${part.outerHTML.slice(0, 90)} scrolls sideways`);
    }
  }
  return wrong;
}
"""


def out_of_reach(page: Page) -> str:
    """What cannot be reached, in words."""
    return "; ".join(page.evaluate(OUT_OF_REACH))


def long_everything(server: FakeServer) -> None:
    """A desk on which customers wrote the longest they can wherever they can."""
    for kind, text in TEXTS.items():
        everywhere = _everywhere(text)
        long = (text * 40)[:LONGEST_ANSWER]
        server.hold(kind, long, f"https://example.com/{'x' * 400}", long, **everywhere)
        server.offer(kind, first_message=long, **everywhere)
    ended = _everywhere(TEXTS["no spaces"])
    outcomes = [TEXTS["no spaces"], "Solved"]
    server.hold("ended", "Hello", status="wrap_up", dispositions=outcomes, **ended)
    server.desk["not_ready_reasons"] = [TEXTS["CJK"], "Break"]


def _everywhere(text: str) -> Json:
    name = text[:LONGEST_NAME]
    long = (text * 40)[:LONGEST_ANSWER]
    return {
        "customer": {
            "id": name,
            "name": name,
            "email": f"{text[:64]}@example.com",
            "phone": "+" + "1" * 40,
            "account_id": name,
        },
        "queue_name": name,
        "answers": [
            {"variable": "order", "label": name, "value": long},
            {"variable": "more", "label": "More", "value": long},
        ],
        "website": {"url": f"https://example.com/{'x' * 500}", "title": long},
    }


def go(page: Page, place: str) -> None:
    page.evaluate("place => { location.hash = place; }", place)


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark-rtl"])
@pytest.mark.parametrize("size", WIDTHS, ids=lambda size: f"{size[0]}x{size[1]}")
def test_everything_stays_in_reach(open_desk: OpenDesk, size: tuple[int, int], look: Json) -> None:
    server = open_desk(*size, **look)
    long_everything(server)
    page = server.page
    server.open()
    expect(page.get_by_test_id("offer")).to_have_count(3)
    assert out_of_reach(page) == ""
    for kind in TEXTS:
        go(page, f"#/c/c-{quote(kind)}")
        expect(page.get_by_test_id("message").first).to_be_attached()
        assert out_of_reach(page) == ""
    go(page, f"#/c/c-{quote(kind)}/details")
    assert out_of_reach(page) == ""
    go(page, "#/c/c-ended")
    expect(page.get_by_role("button", name="Solved")).to_be_attached()
    assert out_of_reach(page) == ""
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Close conversation").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert out_of_reach(page) == ""


@pytest.mark.parametrize("size", WIDTHS, ids=lambda size: f"{size[0]}x{size[1]}")
def test_what_was_missed_and_what_is_lost_stay_in_reach(
    open_desk: OpenDesk, size: tuple[int, int]
) -> None:
    server = open_desk(*size)
    long_everything(server)
    page = server.page
    server.open()
    expect(page.get_by_test_id("offer")).to_have_count(3)
    for kind in TEXTS:
        server.resolve(kind, "expired")
    expect(page.get_by_test_id("missed")).to_be_attached()
    server.cut_off()
    expect(page.get_by_text("Connection lost")).to_be_visible(timeout=20_000)
    assert out_of_reach(page) == ""
    page.get_by_role("button", name="Account of").click()
    assert out_of_reach(page) == ""


def test_a_customer_with_a_long_name_can_be_accepted_with_the_pointer(open_desk: OpenDesk) -> None:
    server = open_desk(1280, 860)
    server.open()
    server.present("x", customer={**_nobody(), "name": "x" * 43, "email": "y" * 44})
    page = server.page
    page.get_by_test_id("offer").get_by_role("button", name="Accept").click()
    expect(page.get_by_test_id("conversation-item")).to_have_count(1)


def test_text_of_twice_the_size_fits(
    launch_browser: Callable[..., Browser], browser_type_launch_args: Json, built_desktop: Path
) -> None:
    """What the reader chose in the browser's settings holds, and cuts nothing off."""
    flags = [*browser_type_launch_args["args"], "--blink-settings=defaultFontSize=32"]
    browser = launch_browser(args=flags)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    server = FakeServer(page, built_desktop)
    long_everything(server)
    server.open(at="#/c/c-CJK")
    expect(page.get_by_test_id("offer")).to_have_count(3)
    heading = page.get_by_role("heading", name=TEXTS["CJK"][:LONGEST_NAME], level=1)
    assert heading.evaluate("h => getComputedStyle(h).fontSize") == "32px"
    assert out_of_reach(page) == ""
    browser.close()


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark-rtl"])
@pytest.mark.parametrize("size", WIDTHS, ids=lambda size: f"{size[0]}x{size[1]}")
def test_an_empty_desk_tells_how_the_queues_stand(
    open_desk: OpenDesk, size: tuple[int, int], look: Json
) -> None:
    server = open_desk(*size, **look)
    server.desk["agent"].update(availability="not_ready", state="not_ready")
    long = TEXTS["no spaces"]
    queue = {"queue_id": "a", "queue_name": long, "waiting": 100, "ready": 100}
    server.queues = {
        "queues": [{**queue, "waiting_since": server.moment(-86_400 * 9)}],
        "ready": 100,
        "served": [{"since": server.moment(-60), "count": 12_345}],
    }
    page = server.page
    server.open()
    figures = page.get_by_role("region", name="Your queues")
    expect(figures).to_contain_text("100 or more")
    expect(figures).to_contain_text("12345")
    figures.scroll_into_view_if_needed()
    expect(figures).to_be_in_viewport(ratio=1)
    assert out_of_reach(page) == ""
    assert findings(page) == []


def test_nobody_asks_how_the_queues_stand_who_does_not_look(open_desk: OpenDesk) -> None:
    """With a conversation on the screen; back on the empty desk, the question comes at once."""
    server = open_desk(1280, 860)
    server.hold("Ada", "Hello")
    asked: list[str] = []
    page = server.page
    page.on("request", lambda request: asked.append(request.url))
    server.open(at="#/c/c-Ada")
    expect(page.get_by_test_id("message")).to_be_visible()
    assert not [url for url in asked if url.endswith("/queues")]
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("dialog").get_by_text("Solved", exact=True).click()
    page.get_by_role("button", name="Close conversation").click()
    expect(page.get_by_role("region", name="Your queues")).to_be_visible()
    assert len([url for url in asked if url.endswith("/queues")]) == 1


def test_turning_the_phone_keeps_everything_in_reach(open_desk: OpenDesk) -> None:
    server = open_desk(390, 844)
    page = server.page
    long_everything(server)
    server.open(at="#/c/c-CJK")
    expect(page.get_by_test_id("offer")).to_have_count(3)
    for width, height in ((844, 390), (667, 375), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert out_of_reach(page) == ""


def _nobody() -> Json:
    return {"id": "x", "name": "", "email": None, "phone": None, "account_id": None}
