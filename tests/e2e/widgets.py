"""The widget as it is built, with a server of the test's own: any state in a moment."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, WebSocketRoute

from tests.e2e.built import BuiltClient, Json, message_sent

ADDRESS = "https://widget.example/"
CONVERSATION = "c1"
AT = "2026-11-25T12:00:00Z"


class FakeServer(BuiltClient):
    """Answers all that the widget asks, from what the test puts in."""

    address = ADDRESS

    def __init__(self, page: Page, built: Path) -> None:
        super().__init__(page, built)
        self.form = [_field(name, name.capitalize()) for name in ("name", "topic", "message")]
        self.queue_name = "Customer care"
        self.conversation: Json | None = None
        self.events: list[Json] = []
        self.refusal: tuple[int, str] | None = None
        """How requests are refused: status and code."""
        self.refuses = "/"
        """What the path of a refused request ends with, or "/" for all but those for files."""

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
        place = {"conversation_id": CONVERSATION, "read": 0}
        self._remember("localStorage", "lambdesk:place:demo", place)
        self.open()

    def write(self, text: str, *, agent: str | None = None) -> Json:
        """An event in which the agent of that name, else the customer, has written."""
        role = "customer" if agent is None else "agent"
        number = len(self.events) + 1
        sender = {"role": role, "id": role, "name": agent or "Ada"}
        event = message_sent(number, AT, f"m{number}", sender, text)
        self.events.append(event)
        return event

    def push(self, event: Json) -> None:
        """Tell the open widget of an event."""
        frame = {"type": "event", "conversation_id": CONVERSATION, "event": event}
        self._push(self.sockets[-1], {**frame, "after": event["seq"] - 1})

    @property
    def _config(self) -> Json:
        return {"rest_url": ADDRESS + "api", "socket_url": "wss://widget.example/"}

    def _request(self, route: Route, path: str) -> None:
        if not self.refusal or not self._refuses(route):
            route.fulfill(json=self._reply(path))
            return
        status, code = self.refusal
        error = {
            "code": code,
            "message": "The server does not like it.",
            "field": None,
            "retry_after": None,
        }
        route.fulfill(status=status, json={"error": error})

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

    def _receive(self, socket: WebSocketRoute, command: Json) -> None:
        self._synced(socket, command["ref"], positions={CONVERSATION: len(self.events)})


def _field(variable: str, label: str) -> Json:
    kind = "textarea" if variable == "message" else "text"
    return {"variable": variable, "label": label, "type": kind, "required": True, "options": []}
