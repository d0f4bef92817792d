"""The pages, by what they do."""

import html
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_TAG = '<script src="DESK/widget/loader.js" data-queue="demo" defer></script>'
_TEXT = "<p>Bikes for every weather.</p>"


@dataclass(frozen=True)
class HostilePage:
    """A page with the widget's tag.

    ``DESK`` stands for the address of the desk, ``PORT`` for that of the site, and ``TAG`` for the
    tag within an attribute.
    """

    name: str
    head: str = ""
    body: str = _TEXT
    tag: str = _TAG
    document: str = (
        "<!doctype html><html lang=en><head><title>Shop</title>{head}{tag}</head>"
        "<body>{body}</body></html>"
    )
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    kind: str = "text/html; charset=utf-8"

    def content(self, desk_url: str, port: int = 0) -> str:
        """The page as it is served."""
        filled = self.document.replace("{head}", self.head).replace("{body}", self.body)
        filled = filled.replace("{tag}", self.tag).replace("TAG", html.escape(_TAG))
        return filled.replace("DESK", desk_url).replace("PORT", str(port))


def _style(name: str, css: str, body: str = _TEXT) -> HostilePage:
    return HostilePage(name, head=f"<style>{css}</style>", body=body)


def _script(name: str, script: str, body: str = _TEXT) -> HostilePage:
    return HostilePage(name, head=f"<script>{script}</script>", body=body)


def _tagged(name: str, tag: str, body: str = _TEXT) -> HostilePage:
    return HostilePage(name, tag=tag, body=body)


_LATE = """
<script>addEventListener("load", () => setTimeout(() => {
  const tag = document.createElement("script");
  tag.src = "DESK/widget/loader.js"; tag.dataset.queue = "demo"; document.body.append(tag);
}))</script>
"""
_POLLUTED = """
for (const kind of [Object, Array, String, Function, Element]) kind.prototype.extra = () => "extra";
Array.prototype.toJSON = String.prototype.toJSON = () => "broken";
Array.from = Object.entries = Object.keys = () => { throw new Error("replaced"); };
for (const name of ["JSON", "Promise", "fetch", "console", "Event", "WebSocket", "crypto"])
  Object.defineProperty(window, name, { value: null, writable: true });
"""
_KEYS = """
for (const kind of ["keydown", "keypress", "keyup"])
  addEventListener(kind, (event) => event.preventDefault(), true);
"""
_MESSAGES = """
setInterval(() => {
  const place = document.querySelector("[data-lambdesk]");
  const frame = place && place.shadowRoot.querySelector("iframe");
  for (const data of [null, 7, "close", { lambdesk: "close" }, { lambdesk: "host" },
      { lambdesk: "host", open: "no", url: {}, title: 7, kept: 7 },
      { lambdesk: "state", unread: 99, underway: true }, { lambdesk: "kept", key: 7 }]) {
    postMessage(data, "*");
    if (frame && (!data || data.lambdesk !== "host")) frame.contentWindow.postMessage(data, "*");
  }
}, 20);
"""
_CSP = (
    "default-src 'none'; script-src 'nonce-n1'; frame-src DESK; style-src 'none'; base-uri 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
_OVERLAY = (
    '<div style="position:fixed;inset:0;z-index:2147483647!important;background:#fffc"></div>'
)

PLAIN = HostilePage("plain")

_STYLED = (
    _style("transformed body", "body { transform: translate(40px, 60px) scale(.8); margin: 0 }"),
    _style("filtered body", "body { filter: grayscale(1); height: 3000px }"),
    _style(
        "body in perspective", "body { perspective: 500px; height: 3000px; will-change: transform }"
    ),
    _style("contained body", "body { contain: strict; width: 200px; height: 200px }"),
    _style("zoomed body", "body { zoom: 2; transform-style: preserve-3d }"),
    _style("backdrop-filtered body", "body { backdrop-filter: blur(2px); container-type: size }"),
    _style("transformed root", "html { transform: translateX(-50px); height: 3000px }"),
    _style("filtered root", "html { filter: invert(1); contain: paint; height: 3000px }"),
    _style("everything unset", "* { all: unset !important }"),
    _style(
        "everything hidden",
        "* { display: none !important } html, body { display: block !important }",
    ),
    _style(
        "frames hidden",
        "iframe, button, svg { display: none !important; visibility: hidden !important }",
    ),
    _style("empty boxes hidden", "div:empty, html > div, body ~ * { display: none !important }"),
    _style(
        "everything small and still",
        "* { position: static !important; max-width: 5px !important; transition: all 9s "
        "!important; animation: none !important; pointer-events: none !important }",
    ),
    _style(
        "root not shown yet", "html { visibility: hidden; pointer-events: none; user-select: none }"
    ),
    _style("huge root font", "html { font-size: 90px; line-height: 4; letter-spacing: 1em }"),
    _style(
        "tiny root font", "html { font-size: 1px; word-spacing: 3em; text-transform: uppercase }"
    ),
    _style(
        "locked body", "html, body { overflow: hidden; height: 100%; position: fixed; width: 100% }"
    ),
    _style(
        "root in columns", "html { display: grid; grid-template-columns: 1fr 1fr; direction: rtl }"
    ),
    _style(
        "dimming backdrops",
        "::backdrop { background: #000 !important; pointer-events: auto !important }",
    ),
    _style("highest z-index", "", _OVERLAY),
    HostilePage(
        "right to left",
        document='<!doctype html><html dir="rtl" lang="he"><title>Shop</title>{tag}{body}</html>',
    ),
)

_WRITTEN = (
    HostilePage("quirks mode", document="<html><title>Shop</title>{tag}<body>{body}"),
    HostilePage(
        "nothing but the tag",
        document='<script src="DESK/widget/loader.js" data-queue=demo></script>',
    ),
    _tagged("tag in the head, not deferred", _TAG.replace(" defer", "")),
    _tagged("asynchronous tag", _TAG.replace(" defer", " async")),
    _tagged("module", _TAG.replace(" defer", ' type="module"')),
    _tagged("injected late", _LATE),
    _tagged(
        "written by a script",
        '<script>document.write(\'<script src="DESK/widget/loader.js" '
        'data-queue="demo"><\\/script>\')</script>',
    ),
    _tagged("tag twice", _TAG + _TAG),
    _tagged("base elsewhere", '<base href="https://elsewhere.example/" target="_blank">' + _TAG),
    _tagged(
        "clobbered names",
        _TAG,
        '<img name="currentScript" alt=""><p id="Lambdesk"></p><form id="queue"></form>',
    ),
    _tagged(
        "inert body",
        _TAG,
        "<script>document.body.inert = true; document.body.ariaHidden = 'true'</script>",
    ),
)

_SCRIPTED = (
    _script("polluted prototypes", _POLLUTED),
    _script(
        "element of our name",
        'customElements.define("lambdesk-widget", class extends HTMLElement { constructor() '
        '{ super(); this.attachShadow({ mode: "open" }) } })',
    ),
    _script("keys taken away", _KEYS),
    _script("spoofed messages", _MESSAGES),
    _script("focus pulled back", 'addEventListener("focusout", () => window.focus())'),
    _script(
        "frozen prototypes",
        "for (const kind of [Object, Array, Function, Promise]) { Object.freeze(kind); "
        "Object.freeze(kind.prototype) }",
    ),
    _script(
        "removed once",
        'addEventListener("load", () => document.querySelector("[data-lambdesk]").remove())',
    ),
    _script(
        "body replaced",
        'addEventListener("load", () => document.body.replaceWith(document.createElement("body")))',
    ),
    _script(
        "root emptied",
        'addEventListener("load", () => '
        'document.documentElement.replaceChildren(document.createElement("head"), '
        'document.createElement("body")))',
    ),
    _script(
        "root replaced",
        'addEventListener("load", () => { const page = document.createElement("html"); '
        'page.append(document.createElement("body")); '
        "document.documentElement.replaceWith(page) })",
    ),
    _script(
        "page written again",
        'addEventListener("load", () => { document.open(); '
        'document.write("<title>Shop</title><p>Again"); document.close() })',
    ),
    _script(
        "popovers closed",
        'addEventListener("load", () => '
        'document.querySelectorAll("[popover]").forEach((shown) => shown.hidePopover()))',
    ),
)

_SERVED = (
    HostilePage(
        "strict policy",
        tag=_TAG.replace("<script", '<script nonce="n1"'),
        headers={"Content-Security-Policy": _CSP},
    ),
    HostilePage(
        "isolated",
        headers={
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Cross-Origin-Opener-Policy": "same-origin",
        },
    ),
    HostilePage(
        "isolated without credentials", headers={"Cross-Origin-Embedder-Policy": "credentialless"}
    ),
    HostilePage(
        "with a worker",
        head="<script>navigator.serviceWorker.register('/worker.js', { scope: '/' })</script>",
    ),
    HostilePage(
        "no features",
        headers={
            "Permissions-Policy": "autoplay=(), fullscreen=(), clipboard-write=()",
            "Referrer-Policy": "unsafe-url",
        },
    ),
    HostilePage(
        "origin agent cluster",
        headers={"Origin-Agent-Cluster": "?0"},
        head="<script>try { document.domain = document.domain } catch {}</script>",
    ),
)

_KEEPS_REMOVING = """
const remove = () => document.querySelector("[data-lambdesk]")?.remove();
new MutationObserver(remove).observe(document, { childList: true, subtree: true });
"""
_WORKER = """
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => event.respondWith(fetch(event.request)));
"""
_FRAME = '<iframe src="{src}" {more} style="border:0;width:600px;height:700px"></iframe>'


def _all() -> Iterator[HostilePage]:
    yield PLAIN
    yield from _STYLED
    yield from _WRITTEN
    yield from _SCRIPTED
    yield from _SERVED


def by_path(pages: Iterable[HostilePage]) -> dict[str, HostilePage]:
    """The pages by what their addresses begin with."""
    return {page.name.replace(",", "").replace(" ", "-"): page for page in pages}


JOURNEYS = by_path(_all())
"""Pages on which everything works as on a plain one."""

OTHERS = by_path(
    (
        HostilePage("worker.js", document=_WORKER, kind="text/javascript"),
        HostilePage("titled", document="<title>(3) Inbox</title>{tag}{body}"),
        HostilePage("without our frame", headers={"Content-Security-Policy": "frame-src 'none'"}),
        _script(
            "kept for the way back",
            'addEventListener("pageshow", (event) => { window.persisted = event.persisted })',
        ),
        _script("keeps removing", _KEEPS_REMOVING),
        HostilePage(
            "xhtml",
            document='<?xml version="1.0"?><html '
            'xmlns="http://www.w3.org/1999/xhtml"><head><title>Shop</title>'
            '<script src="DESK/widget/loader.js" '
            'data-queue="demo"></script></head><body>{body}</body></html>',
            kind="application/xhtml+xml",
        ),
        HostilePage(
            "with a dialog",
            body="<dialog id=d><button onclick=d.close()>Done</button></dialog>"
            "<button onclick=d.showModal()>Choose</button>",
        ),
        HostilePage("around a frame", tag="", body=_FRAME.format(src="/plain", more="")),
        HostilePage(
            "around another site's frame",
            tag="",
            body=_FRAME.format(src="http://127.0.0.1:PORT/plain", more=""),
        ),
        HostilePage(
            "around a sandbox",
            tag="",
            body=_FRAME.format(src="/plain", more='sandbox="allow-scripts allow-forms"'),
        ),
        HostilePage(
            "around a strict sandbox",
            tag="",
            body=_FRAME.format(src="/plain", more='sandbox="allow-scripts"'),
        ),
        HostilePage(
            "around a document of its own",
            tag="",
            body=_FRAME.format(src="data:text/html,<title>Shop</title>TAG", more=""),
        ),
        _tagged("without a queue", _TAG.replace(' data-queue="demo"', "")),
        _tagged("with another attribute", _TAG.replace("data-queue", "data-lambdesk-queue")),
        _tagged("with no such queue", _TAG.replace("demo", "nosuch")),
        _tagged("for two queues", _TAG + _TAG.replace("demo", "other")),
        _tagged("bundled", "<script type=module>import('DESK/widget/loader.js')</script>"),
        *(
            _tagged(f"telling {detail}", _TAG.replace("defer", f'data-page="{detail}" defer'))
            for detail in ("full", "path", "origin", "none", "nonsense")
        ),
        _tagged("keeping nothing", _TAG.replace("defer", 'data-storage="frame" defer')),
    )
)
"""Pages with a test of their own."""
