"""A customer in the widget or in an app."""

import secrets
import time
from collections.abc import Mapping
from typing import Any

from clients.python.answers import Json
from clients.python.client import Client
from clients.python.transcript import Transcript

TICKET_LASTS = 25.0
"""Seconds for which a socket ticket is used; the server takes it a little longer."""


class CustomerClient(Client):
    """A customer with one conversation at a time."""

    def __init__(self, stack: Mapping[str, Any], token: str | None = None) -> None:
        super().__init__(stack)
        self.token = token
        self.conversation_id = ""
        self.transcript = Transcript()
        self.ahead: int | None = None
        self.agents: int | None = None
        self._first_ticket: tuple[str, float] | None = None

    @property
    def events(self) -> list[Json]:
        """The events of the conversation, in their order."""
        return self.transcript.events

    @property
    def texts(self) -> list[str]:
        """What was said, in its order."""
        return self.transcript.texts

    @property
    def status(self) -> str:
        """``waiting``, ``active`` or ``ended``, as the events tell."""
        tells = {
            "conversation.ended": "ended",
            "participant.joined": "active",
            "participant.left": "waiting",
        }
        types = [event["type"] for event in self.events]
        return next((tells[type] for type in reversed(types) if type in tells), "waiting")

    def form(self, queue_id: str) -> Json:
        """What the queue asks before a conversation."""
        return self.request("GET", f"/widget/queues/{queue_id}")

    def start(
        self,
        queue_id: str,
        answers: Mapping[str, str],
        start_id: str | None = None,
        website: Json | None = None,
    ) -> Json:
        """Open a conversation; its first socket ticket is kept for ``connect``."""
        body: Json = {
            "start_id": start_id or secrets.token_urlsafe(24),
            "queue_id": queue_id,
            "answers": dict(answers),
        }
        if website is not None:
            body["website"] = website
        reply = self.request("POST", "/widget/conversations", body)
        self.token = reply["customer_token"] or self.token
        self._first_ticket = (reply["socket_ticket"], time.monotonic())
        self._follow(reply["conversation"])
        return reply

    def send(self, text: str, message_id: str | None = None) -> Json:
        """Send a message; its receipt."""
        body = {"message_id": message_id or secrets.token_hex(16), "text": text}
        return self.request("POST", f"{self._path}/messages", body)

    def resume(self) -> list[Json]:
        """Fetch what is missing; all events."""
        self._fetch(self.conversation_id)
        return self.events

    def end(self) -> Json:
        """End the conversation, and learn what that added to it."""
        reply = self.request("POST", f"{self._path}/end")
        self.resume()
        return reply

    @property
    def _path(self) -> str:
        return f"/widget/conversations/{self.conversation_id}"

    def _follow(self, conversation: Json) -> None:
        self.ahead, self.agents = conversation["ahead"], conversation["agents"]
        if conversation["conversation_id"] != self.conversation_id:
            self.conversation_id = conversation["conversation_id"]
            self.transcript = Transcript()

    def _credential(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def _ticket(self) -> str:
        first, self._first_ticket = self._first_ticket, None
        if first is not None and time.monotonic() - first[1] < TICKET_LASTS:
            return first[0]
        return str(self.request("POST", f"{self._path}/socket-tickets")["socket_ticket"])

    def _apply(self, frame: Json) -> None:
        if frame["type"] == "queue.position":
            self.ahead, self.agents = frame["ahead"], frame["agents"]

    def _transcript(self, conversation_id: str) -> Transcript | None:
        return self.transcript if conversation_id == self.conversation_id else None

    def _events_path(self, conversation_id: str) -> str:
        return f"/widget/conversations/{conversation_id}/messages"
