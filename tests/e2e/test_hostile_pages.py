"""The widget on pages that are not plain, as their customers meet it."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, expect

from infra import web
from proof.stack import free_ports
from tests.e2e.hostile.customer import VIEWPORT, Customer
from tests.e2e.hostile.desk import Desk
from tests.e2e.hostile.pages import JOURNEYS, OTHERS, HostilePage
from tests.e2e.hostile.site import Site

Json = dict[str, Any]

QUESTION = "Where is my bike?"


@pytest.fixture(scope="module")
def ports() -> int:
    return free_ports()


@pytest.fixture(scope="module")
def desk(ports: int) -> Iterator[Desk]:
    web.bring_up_to_date()
    desk = Desk(web.WEB / "dist", (ports, ports + 1))
    yield desk
    desk.stop()


@pytest.fixture(scope="module")
def site(ports: int, desk: Desk) -> Iterator[Site]:
    site = Site(ports + 2, desk.url, JOURNEYS | OTHERS)
    yield site
    site.stop()


@pytest.fixture(autouse=True)
def clean_desk(desk: Desk) -> None:
    """Nobody has started a conversation. These tests need no local stack."""
    desk.forget()


@pytest.fixture(scope="module")
def usual_browser(browser_type: BrowserType, browser_type_launch_args: Json) -> Iterator[Browser]:
    """A browser as people have it, which keeps the storage of our frame apart for each site.

    Playwright's flags switch that off, and a frame of another site is then refused storage.
    """
    profile = tempfile.mkdtemp(prefix="lambdesk-profile-")
    flags = ["--headless=new", "--remote-debugging-pipe", f"--user-data-dir={profile}"]
    browser = browser_type.launch(
        executable_path=browser_type_launch_args["executable_path"],
        args=[*browser_type_launch_args["args"], *flags],
        ignore_default_args=True,
    )
    yield browser
    browser.close()
    shutil.rmtree(profile, ignore_errors=True)


@pytest.fixture
def context(usual_browser: Browser) -> Iterator[BrowserContext]:
    context = usual_browser.new_context(viewport=VIEWPORT)
    yield context
    context.close()


@pytest.fixture
def refusing_context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that refuses storage to frames of other sites."""
    context = browser.new_context(viewport=VIEWPORT)
    yield context
    context.close()


def kept_by_the_page(customer: Customer) -> str:
    return str(customer.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"))


@pytest.mark.parametrize("name", JOURNEYS)
def test_everything_works_on_a_page(
    name: str, desk: Desk, site: Site, context: BrowserContext
) -> None:
    customer = Customer(context.new_page(), f"{site.url}/{name}")
    customer.sees_the_launcher_in_its_corner()
    customer.open()
    customer.start(QUESTION)
    customer.close()
    customer.page.goto(f"{site.url}/{name}/next")
    customer.open()
    expect(customer.texts).to_have_text([QUESTION])
    assert len(desk.starts) == 1
    assert customer.errors == []


def test_a_dimming_page_stays_bright(site: Site, context: BrowserContext) -> None:
    pictures = []
    for name in ("plain", "dimming-backdrops"):
        customer = Customer(context.new_page(), f"{site.url}/{name}")
        customer.sees_the_launcher_in_its_corner()
        pictures.append(customer.page.screenshot())
    assert pictures[0] == pictures[1]


def test_an_xhtml_page(site: Site, context: BrowserContext) -> None:
    customer = Customer(context.new_page(), f"{site.url}/xhtml")
    customer.sees_the_launcher_in_its_corner()
    customer.open()
    # Locators find frames in HTML pages only.
    app = customer.page.frames[-1]
    expect(app.get_by_label("Name")).to_be_focused()
    customer.page.keyboard.type("Ada")
    expect(app.get_by_label("Name")).to_have_value("Ada")
    app.get_by_role("button", name="Close").click()
    expect(customer.launcher).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("key", ["Enter", "Space"])
@pytest.mark.parametrize("name", ["plain", "keys-taken-away"])
def test_the_keyboard_opens_and_closes(
    name: str, key: str, site: Site, context: BrowserContext
) -> None:
    customer = Customer(context.new_page(), f"{site.url}/{name}")
    if name == "plain":
        customer.page.keyboard.press("Tab")
    else:
        customer.launcher.focus()
    expect(customer.launcher).to_be_focused()
    customer.page.keyboard.press(key)
    customer.sees_it_open()
    expect(customer.app.get_by_label("Name")).to_be_focused()
    customer.page.keyboard.press("Escape")
    expect(customer.launcher).to_be_focused()
    customer.page.keyboard.press(key)
    customer.sees_it_open()
    customer.launcher.focus()
    customer.page.keyboard.press(key)
    expect(customer.frame).not_to_be_visible()


@pytest.mark.parametrize(
    "around",
    [
        "a-frame",
        "another-site's-frame",
        "a-sandbox",
        "a-strict-sandbox",
        "a-document-of-its-own",
    ],
)
def test_a_page_in_a_frame(around: str, desk: Desk, site: Site, context: BrowserContext) -> None:
    url = f"{site.url}/around-{around}"
    customer = Customer(context.new_page(), url, within="iframe")
    customer.open()
    customer.start(QUESTION)
    customer.close()
    customer.open()
    expect(customer.texts).to_have_text([QUESTION])
    assert len(desk.starts) == 1


def test_a_page_from_a_disk(desk: Desk, context: BrowserContext, tmp_path: Path) -> None:
    for name in ("one.html", "two.html"):
        (tmp_path / name).write_text(HostilePage("file").content(desk.url))
    customer = Customer(context.new_page(), (tmp_path / "one.html").as_uri())
    customer.open()
    customer.start(QUESTION)
    customer.close()
    customer.page.goto((tmp_path / "two.html").as_uri())
    customer.open()
    expect(customer.texts).to_have_text([QUESTION])
    assert [start["website"] for start in desk.starts] == [None]


@pytest.mark.parametrize("claim", ["null", "https://bank.example"])
def test_a_page_that_lies_about_its_origin_hears_nothing(
    claim: str, desk: Desk, site: Site, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(f"{site.url}/plain")
    page.evaluate(
        """([address]) => {
            window.heard = [];
            addEventListener("message", ({ data }) => window.heard.push(data.lambdesk));
            const frame = document.createElement("iframe");
            frame.id = "stolen";
            frame.src = address;
            frame.onload = () => {
                const message = { lambdesk: "host", open: true, url: "", title: "", kept: null };
                frame.contentWindow.postMessage(message, "*");
            };
            document.body.append(frame);
        }""",
        [f"{desk.url}/widget/index.html#queue=demo&origin={claim}"],
    )
    app = page.frame_locator("#stolen")
    app.get_by_role("button", name="Close").click()
    expect(app.get_by_role("button", name="Start chat")).to_be_visible()
    assert page.evaluate("window.heard") in ([], ["ready"])


def test_the_conversation_goes_on_where_frames_may_not_store(
    desk: Desk, site: Site, refusing_context: BrowserContext
) -> None:
    customer = Customer(refusing_context.new_page(), f"{site.url}/plain")
    customer.open()
    customer.start(QUESTION)
    customer.page.goto(f"{site.url}/plain/next")
    customer.sees_it_open()
    expect(customer.texts).to_have_text([QUESTION])
    tab = Customer(refusing_context.new_page(), f"{site.url}/plain")
    tab.open()
    expect(tab.texts).to_have_text([QUESTION])
    assert len(desk.starts) == 1


def test_another_tab_hears_of_it_where_frames_may_not_store(
    site: Site, refusing_context: BrowserContext
) -> None:
    customer, tab = (Customer(refusing_context.new_page(), f"{site.url}/plain") for _ in range(2))
    tab.open()
    expect(tab.app.get_by_label("Name")).to_be_focused()
    customer.open()
    customer.page.bring_to_front()
    customer.start(QUESTION)
    expect(tab.texts).to_have_text([QUESTION])


def test_half_a_form_survives_the_next_page_where_frames_may_not_store(
    site: Site, refusing_context: BrowserContext
) -> None:
    customer = Customer(refusing_context.new_page(), f"{site.url}/plain")
    customer.open()
    customer.write_answers(QUESTION)
    customer.page.goto(f"{site.url}/plain/next")
    expect(customer.app.get_by_label("How can we help?")).to_have_value(QUESTION)


def test_a_site_can_forbid_that_its_pages_keep_the_conversation(
    desk: Desk, site: Site, refusing_context: BrowserContext
) -> None:
    customer = Customer(refusing_context.new_page(), f"{site.url}/keeping-nothing")
    customer.open()
    customer.start(QUESTION)
    assert next(iter(desk.conversations)) not in kept_by_the_page(customer)
    customer.page.goto(f"{site.url}/keeping-nothing/next")
    expect(customer.app.get_by_role("button", name="Start chat")).to_be_visible()


def test_pages_cannot_read_the_token_where_the_frame_may_store(
    desk: Desk, site: Site, context: BrowserContext
) -> None:
    customer = Customer(context.new_page(), f"{site.url}/plain")
    customer.open()
    customer.start(QUESTION)
    assert next(iter(desk.conversations)) not in kept_by_the_page(customer)


def test_two_tabs_that_start_at_once_have_one_conversation(
    desk: Desk, site: Site, context: BrowserContext
) -> None:
    tabs = [Customer(context.new_page(), f"{site.url}/plain") for _ in range(2)]
    for number, tab in enumerate(tabs):
        tab.page.bring_to_front()
        tab.open()
        tab.write_answers(f"From tab {number}")
    with desk.holding_starts():
        for tab in tabs:
            tab.send()
            expect(tab.app.get_by_role("button", name="Starting")).to_be_visible()
    expect(tabs[1].texts).to_have_count(2)
    for tab in tabs:
        tab.page.reload()
        expect(tab.texts).to_have_count(2)
    assert len(desk.conversations) == 1


def test_a_start_tells_the_page_on_which_it_is_made(
    desk: Desk, site: Site, context: BrowserContext
) -> None:
    customer = Customer(context.new_page(), f"{site.url}/plain")
    customer.open()
    customer.write_answers(QUESTION)
    customer.page.evaluate("history.pushState({}, '', '/plain/2'); document.title = 'Second'")
    customer.send()
    expect(customer.texts).to_have_text([QUESTION])
    assert desk.starts[0]["website"] == {"url": f"{site.url}/plain/2", "title": "Second"}


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ("full", {"url": "/telling-full/a?token=1#secret", "title": "Shop"}),
        ("path", {"url": "/telling-path/a", "title": "Shop"}),
        ("nonsense", {"url": "/telling-nonsense/a", "title": "Shop"}),
        ("origin", {"url": "", "title": ""}),
        ("none", None),
    ],
)
def test_a_start_tells_as_much_of_the_page_as_the_site_allows(
    detail: str, told: Json | None, desk: Desk, site: Site, context: BrowserContext
) -> None:
    url = f"{site.url}/telling-{detail}/a?token=1#secret"
    customer = Customer(context.new_page(), url)
    customer.open()
    customer.start(QUESTION)
    expected = told and {**told, "url": site.url + told["url"]}
    assert desk.starts[0]["website"] == expected


def test_a_page_keeps_the_number_in_its_title(
    desk: Desk, site: Site, context: BrowserContext
) -> None:
    customer = Customer(context.new_page(), f"{site.url}/titled")
    customer.open()
    customer.start(QUESTION)
    customer.close()
    expect(customer.page).to_have_title("(3) Inbox")
    desk.answer("On its way.")
    customer.page.reload()
    expect(customer.page).to_have_title(re.compile(r"^\(1\)\s\(3\) Inbox$"))
    expect(customer.launcher).to_have_accessible_name("Chat with us, 1 unread")
    customer.open()
    expect(customer.page).to_have_title("(3) Inbox")


def test_a_library_that_replaces_pages_keeps_the_conversation_open(
    site: Site, context: BrowserContext
) -> None:
    customer = Customer(context.new_page(), f"{site.url}/plain")
    customer.open()
    customer.start(QUESTION)
    customer.app.get_by_role("textbox", name="Message").click()
    customer.page.keyboard.type("Not sent")
    customer.page.evaluate(
        """async () => {
            const next = await (await fetch("/plain/next")).text();
            const page = new DOMParser().parseFromString(next, "text/html");
            history.pushState({}, "", "/plain/next");
            document.body.replaceWith(document.adoptNode(page.body));
            const tag = document.createElement("script");
            for (const { name, value } of page.querySelector("script").attributes)
                tag.setAttribute(name, value);
            await new Promise((done) => { tag.onload = done; document.head.append(tag); });
        }"""
    )
    expect(customer.launcher).to_have_count(1)
    customer.sees_the_launcher_in_its_corner()
    box = customer.app.get_by_role("textbox", name="Message")
    expect(box).to_have_value("Not sent")
    expect(box).to_be_focused()


def test_a_page_that_keeps_removing_it_is_left_alone(site: Site, context: BrowserContext) -> None:
    customer = Customer(context.new_page(), f"{site.url}/keeps-removing")
    expect(customer.launcher).to_have_count(0)
    customer.page.wait_for_function("typeof Lambdesk === 'object'")
    assert any("gives up" in said for said in customer.console)


def test_a_page_that_forbids_the_frame_gets_a_tab(site: Site, context: BrowserContext) -> None:
    customer = Customer(context.new_page(), f"{site.url}/without-our-frame")
    with context.expect_page() as opened:
        customer.launcher.click()
    tab = opened.value
    tab.get_by_label("Name").click()
    tab.keyboard.type("Ada")
    expect(tab.get_by_label("Name")).to_have_value("Ada")
    expect(customer.launcher).to_have_attribute("aria-expanded", "false")
    assert any("frame-src" in said for said in customer.console if "Lambdesk" in said)


def test_a_dialog_of_the_page_comes_first(site: Site, context: BrowserContext) -> None:
    customer = Customer(context.new_page(), f"{site.url}/with-a-dialog")
    customer.page.get_by_role("button", name="Choose").click()
    customer.page.get_by_role("button", name="Done").click()
    customer.open()
    customer.start(QUESTION)


def test_it_is_not_printed(site: Site, context: BrowserContext) -> None:
    customer = Customer(context.new_page(), f"{site.url}/plain")
    customer.open()
    customer.page.emulate_media(media="print")
    expect(customer.launcher).not_to_be_visible()
    expect(customer.frame).not_to_be_visible()


def test_a_translated_page_leaves_it_alone(site: Site, context: BrowserContext) -> None:
    customer = Customer(context.new_page(), f"{site.url}/plain")
    assert customer.launcher.evaluate("(button) => button.translate") is False
    assert customer.page.evaluate("document.querySelector('[data-lambdesk]').translate") is False


def go_back(customer: Customer) -> None:
    """To a page that has waited in the browser's cache. Locators do not see its frame any more."""
    customer.page.evaluate("history.back()")
    customer.page.wait_for_function("window.persisted === true")


def test_the_way_back_finds_it_alive(desk: Desk, site: Site, context: BrowserContext) -> None:
    customer = Customer(context.new_page(), f"{site.url}/kept-for-the-way-back")
    customer.open()
    customer.start(QUESTION)
    customer.close()
    customer.page.goto(f"{site.url}/plain")
    go_back(customer)
    customer.open()
    customer.page.keyboard.press("Escape")
    expect(customer.launcher).to_have_attribute("aria-expanded", "false")
    assert len(desk.starts) == 1


def test_the_way_back_finds_what_has_happened_since(
    desk: Desk, site: Site, context: BrowserContext
) -> None:
    customer = Customer(context.new_page(), f"{site.url}/kept-for-the-way-back")
    customer.open()
    expect(customer.app.get_by_label("Name")).to_be_focused()
    customer.close()
    customer.page.goto(f"{site.url}/plain")
    customer.open()
    customer.start(QUESTION)
    customer.close()
    desk.answer("On its way.")
    go_back(customer)
    expect(customer.launcher).to_have_accessible_name("Chat with us, 1 unread")


def test_destroying_removes_everything_and_the_tag_can_run_again(
    desk: Desk, site: Site, context: BrowserContext
) -> None:
    customer = Customer(context.new_page(), f"{site.url}/titled")
    before = customer.page.evaluate("Object.keys(window).filter((name) => name !== 'Lambdesk')")
    customer.open()
    customer.start(QUESTION)
    customer.close()
    desk.answer("On its way.")
    customer.page.reload()
    expect(customer.page).to_have_title(re.compile("1"))
    customer.page.evaluate("Lambdesk.destroy()")
    expect(customer.launcher).to_have_count(0)
    expect(customer.page).to_have_title("(3) Inbox")
    assert customer.page.evaluate("Object.keys(window)") == before
    assert customer.page.evaluate("document.documentElement.childElementCount") == 2
    customer.page.evaluate(
        """() => {
            const tag = document.createElement("script");
            for (const { name, value } of document.querySelector("script").attributes)
                tag.setAttribute(name, value);
            document.body.append(tag);
        }"""
    )
    customer.open()
    expect(customer.texts).to_have_text([QUESTION, "On its way."])


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("without-a-queue", 'data-queue=""'),
        ("with-another-attribute", 'data-queue=""'),
        ("with-no-such-queue", 'no queue "nosuch"'),
        ("for-two-queues", 'for the queue "demo" already'),
        ("bundled", "found no tag"),
        ("telling-nonsense", 'not "nonsense"'),
    ],
)
def test_the_console_says_what_is_wrong_with_the_tag(
    name: str, hint: str, site: Site, context: BrowserContext
) -> None:
    page = context.new_page()
    with page.expect_console_message(lambda said: "Lambdesk" in said.text) as message:
        page.goto(f"{site.url}/{name}")
        if name == "with-no-such-queue":
            page.get_by_test_id("launcher").click()
    assert hint in message.value.text
