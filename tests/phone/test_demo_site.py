"""The company's website: the widget is on every page, and nothing is loaded from elsewhere."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from infra.local.demo.site import DemoSite, SiteSettings, readable
from infra.local.phone.serving import LocalServer

EDGE = "http://localhost:4567"
PHONES = "http://localhost:4569/"


@pytest.fixture
def site() -> Iterator[str]:
    server = LocalServer(0)
    settings = SiteSettings(EDGE + "/", 'de"mo', PHONES, "+15550100000")
    stop = server.start(DemoSite(settings))
    yield server.url
    stop()


@pytest.mark.parametrize("path", ["/", "/delivery", "/contact", "/contact/"])
def test_every_page_carries_the_widget_and_the_number(site: str, path: str) -> None:
    with urllib.request.urlopen(site + path) as response:
        page = response.read().decode()

    script = f'<script src="{EDGE}/widget/loader.js" data-queue="de&quot;mo" defer></script>'
    assert page.count(script) == 1
    assert "+1 (555) 010-0000" in page
    assert f'href="{PHONES}"' in page
    assert "{{" not in page
    loaded = re.findall(r'(?:src|<link[^>]*href)="(https?://[^"]*)"', page)
    assert loaded == [f"{EDGE}/widget/loader.js"]


@pytest.mark.parametrize("path", ["/site.css", "/icon.svg"])
def test_its_assets_are_served(site: str, path: str) -> None:
    with urllib.request.urlopen(site + path) as response:
        content = response.read().decode()

    assert "url(" not in content
    assert "@import" not in content


def test_other_paths_are_not_found(site: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{site}/pages/layout.html")

    with caught.value as answer:
        assert answer.code == 404
        assert "This road ends here" in answer.read().decode()


def test_a_foreign_number_is_left_as_it_is() -> None:
    assert readable("+442079460018") == "+442079460018"
