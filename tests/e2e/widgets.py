"""The widget as it is built, with a server of the test's own: any state in a moment."""

import json
import mimetypes
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, WebSocketRoute

ADDRESS = "https://widget.example/"
CONVERSATION = "c1"
AT = "2026-11-25T12:00:00Z"

Json = dict[str, Any]


class FakeServer:
    """Answers all that the widget asks, from what the test puts in."""

    def __init__(self, page: Page, built: Path) -> None:
        self.page = page
        self.built = built
        self.form = [_field(name, name.capitalize()) for name in ("name", "topic", "message")]
        self.queue_name = "Customer care"
        self.conversation: Json | None = None
        self.events: list[Json] = []
        self.refusal: tuple[int, str] | None = None
        """How requests are refused: status and code."""
        self.refuses = "/"
        """What the path of a refused request ends with, or "/" for all but those for files."""
        self.sockets: list[WebSocketRoute] = []
        page.route(ADDRESS + "**", self._answer)
        page.route_web_socket(re.compile("wss://widget.example/.*"), self._connect)

    def open(self) -> None:
        """Open the widget as a page of its own."""
        self.page.goto(ADDRESS + "index.html#queue=demo")

    def resume(self, status: str = "active", agent: str = "Mara Lind", **given: Any) -> None:
        """Open the widget in a conversation that is under way."""
        self.conversation = {
            "conversation_id": CONVERSATION,
            "queue_id": "demo",
            "queue_name": self.queue_name,
            "channel": "web",
            "status": status,
            "started_at": AT,
            "agent": {"role": "agent", "id": "a1", "name": agent} if status == "active" else None,
            "ahead": None,
            "agents": None,
            "wait_seconds": None,
            "away_seconds": 300,
            **given,
        }
        place = json.dumps({"conversation_id": CONVERSATION, "read": 0})
        self.page.goto(ADDRESS + "nothing")
        self.page.evaluate("place => localStorage.setItem('lambdesk:place:demo', place)", place)
        self.open()

    def write(self, text: str, *, agent: str | None = None) -> Json:
        """An event in which the agent of that name, else the customer, has written."""
        role = "customer" if agent is None else "agent"
        number = len(self.events) + 1
        event = {
            "type": "message.sent",
            "seq": number,
            "at": AT,
            "message_id": f"m{number}",
            "sender": {"role": role, "id": role, "name": agent or "Ada"},
            "text": text,
            "delivery": None,
        }
        self.events.append(event)
        return event

    def push(self, event: Json) -> None:
        """Tell the open widget of an event."""
        frame = {"type": "event", "conversation_id": CONVERSATION, "event": event}
        self.sockets[-1].send(json.dumps({**frame, "after": event["seq"] - 1}))

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path.lstrip("/")
        file = self.built / path
        if path and file.is_file() and path != "config.json":
            kind, _ = mimetypes.guess_type(path)
            route.fulfill(body=file.read_bytes(), content_type=kind or "text/html")
        elif path == "nothing":
            route.fulfill(body="<title>Nothing</title>", content_type="text/html")
        elif path == "config.json":
            urls = {"rest_url": ADDRESS + "api", "socket_url": "wss://widget.example/"}
            route.fulfill(json=urls)
        elif self.refusal and self._refuses(route):
            status, code = self.refusal
            error = {
                "code": code,
                "message": "The server does not like it.",
                "field": None,
                "retry_after": None,
            }
            route.fulfill(status=status, json={"error": error})
        else:
            route.fulfill(json=self._reply(path))

    def _refuses(self, route: Route) -> bool:
        writes = route.request.method == "POST"
        return self.refuses == "/" or (writes and route.request.url.endswith(self.refuses))

    def _reply(self, path: str) -> Json:
        if "/queues/" in path:
            return {"queue_id": "demo", "name": self.queue_name, "form": self.form, "captcha": None}
        if path.endswith("/socket-tickets"):
            return {"socket_ticket": "t", "expires_at": AT}
        position = len(self.events)
        conversation = {**(self.conversation or {}), "position": position}
        return {
            "conversation": conversation,
            "events": self.events,
            "position": position,
            "more": False,
        }

    def _connect(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)

        def receive(data: str | bytes) -> None:
            ref = json.loads(data)["ref"]
            positions = {CONVERSATION: len(self.events)}
            synced = {"type": "synced", "ref": ref, "version": 1, "agent": None}
            socket.send(json.dumps({**synced, "positions": positions}))

        socket.on_message(receive)


def _field(variable: str, label: str) -> Json:
    kind = "textarea" if variable == "message" else "text"
    return {"variable": variable, "label": label, "type": kind, "required": True, "options": []}
