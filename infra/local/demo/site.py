"""The pages of the site and what stands in their placeholders."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.wrappers import Request, Response

_FOLDER = Path(__file__).parent
_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
_TITLES = {
    "home": "Bikes for every weather",
    "delivery": "Delivery and returns",
    "contact": "Contact",
    "missing": "Page not found",
}
_PATHS = {"/": "home", "/delivery": "delivery", "/contact": "contact"}
_ASSETS = {"/site.css": "text/css", "/icon.svg": "image/svg+xml"}


@dataclass(frozen=True)
class SiteSettings:
    """What the site is about to show of the contact desk."""

    edge_url: str
    queue: str
    phone_url: str
    number: str


class DemoSite:
    """The WSGI application."""

    def __init__(self, settings: SiteSettings) -> None:
        self._settings = settings

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path = Request(environ).path
        return self._respond(path)(environ, start)

    def _respond(self, path: str) -> Response:
        headers = {"Cache-Control": "no-cache"}
        if path in _ASSETS:
            content = (_FOLDER / "static" / path.removeprefix("/")).read_bytes()
            return Response(content, content_type=f"{_ASSETS[path]}; charset=utf-8")
        page = _PATHS.get(path.rstrip("/") or "/", "missing")
        status = 404 if page == "missing" else 200
        return Response(self.render(page), status, headers, content_type="text/html; charset=utf-8")

    def render(self, page: str) -> str:
        """Return a page in its layout. Everything put into it is escaped."""
        settings = self._settings
        values = {
            "title": _TITLES[page],
            "edge_url": settings.edge_url.rstrip("/"),
            "queue": settings.queue,
            "phone_url": settings.phone_url,
            "number": settings.number,
            "number_to_read": readable(settings.number),
        } | {f"current_{name}": "page" if name == page else "false" for name in _TITLES}
        layout = (_FOLDER / "pages" / "layout.html").read_text("utf-8")
        content = (_FOLDER / "pages" / f"{page}.html").read_text("utf-8")
        return _fill(layout.replace("{{content}}", content), values)


def readable(number: str) -> str:
    """Return a North American number as people write it, and any other as it is."""
    match = re.fullmatch(r"\+1(\d{3})(\d{3})(\d{4})", number)
    return "+1 ({}) {}-{}".format(*match.groups()) if match else number


def _fill(text: str, values: dict[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: html.escape(values[match.group(1)]), text)
