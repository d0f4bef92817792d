"""Those who come to the desk in tests: agents and customers, and their sockets."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any

import app
from chalicelib.domain.agent import Agent
from proof.fakes import Json, claims_of, socket_event

if TYPE_CHECKING:
    from proof.desk import Desk


class Socket:
    """A live socket of a customer or an agent."""

    def __init__(self, desk: Desk, connection_id: str) -> None:
        self._desk = desk
        self._refs = count(1)
        self.id = connection_id

    @property
    def frames(self) -> list[Json]:
        return self._desk.gateway.frames[self.id]

    def of_type(self, type: str) -> list[Json]:
        return [frame for frame in self.frames if frame["type"] == type]

    @property
    def events(self) -> list[Json]:
        return [frame["event"] for frame in self.of_type("event")]

    @property
    def texts(self) -> list[str]:
        return [event["text"] for event in self.events if event["type"] == "message.sent"]

    def send(self, **command: Any) -> Json:
        """Send a command; its answer."""
        ref = f"r{next(self._refs)}"
        return self.send_raw(json.dumps({"ref": ref, **command}, ensure_ascii=False), ref)

    def send_raw(self, body: str, ref: str | None = None) -> Json:
        """Send any text; the one frame that answers it."""
        return self._answer(ref, lambda: self._desk.socket_event("MESSAGE", self.id, body=body))

    def send_binary(self, data: bytes, ref: str | None) -> Json:
        """Send a binary frame; the one frame that answers it."""
        event = socket_event("MESSAGE", self.id, base64.b64encode(data).decode(), None)
        event["isBase64Encoded"] = True
        return self._answer(ref, lambda: app.websocket_message(event, None))

    def _answer(self, ref: str | None, send: Callable[[], object]) -> Json:
        before = len(self.frames)
        send()
        new = self.frames[before:]
        answers = [frame for frame in new if frame["type"] in ("synced", "ok", "error")]
        (answer,) = [frame for frame in answers if frame["ref"] == ref]
        return answer

    def sync(self) -> Json:
        return self.send(type="sync")

    def close(self) -> None:
        self._desk.gateway.gone.add(self.id)
        self._desk.socket_event("DISCONNECT", self.id)

    def vanish(self) -> None:
        """Be gone without API Gateway telling."""
        self._desk.gateway.gone.add(self.id)


class DeskAgent:
    """An agent at their screen."""

    def __init__(self, desk: Desk, agent_id: str) -> None:
        self.desk = desk
        self.id = agent_id
        self.claims = claims_of(agent_id)
        self.socket = self.open_window()

    def open_window(self) -> Socket:
        status, body = self.rest("POST", "/agent/socket-tickets")
        assert status == 201
        socket = self.desk.connect(body["socket_ticket"])
        socket.sync()
        return socket

    def rest(self, method: str, path: str, **query: str) -> tuple[int, Any]:
        return self.desk.rest(method, path, claims=self.claims, query=query)

    @property
    def state(self) -> Agent:
        return self.desk.ports.agents.get(self.id)

    @property
    def screen(self) -> Json:
        """What a fresh window shows."""
        status, body = self.rest("GET", "/agent/desk")
        assert status == 200, body
        return dict(body)

    @property
    def offers(self) -> list[Json]:
        """Those presented and not yet resolved."""
        resolved = {frame["offer_id"] for frame in self.socket.of_type("offer.resolved")}
        presented = [frame["offer"] for frame in self.socket.of_type("offer.presented")]
        return [offer for offer in presented if offer["offer_id"] not in resolved]

    @property
    def offered(self) -> list[str]:
        """The conversations of these offers."""
        return [offer["conversation_id"] for offer in self.offers]

    def ready(self) -> None:
        answer = self.socket.send(type="availability.set", availability="ready")
        assert answer["type"] == "ok", answer

    def not_ready(self, reason: str = "Break") -> None:
        command = {"type": "availability.set", "availability": "not_ready", "reason": reason}
        answer = self.socket.send(**command)
        assert answer["type"] == "ok", answer

    def accept(self, offer: Json | None = None) -> Json:
        return self._answer("offer.accept", offer)

    def decline(self, offer: Json | None = None) -> Json:
        return self._answer("offer.decline", offer)

    def _answer(self, type: str, offer: Json | None) -> Json:
        (chosen,) = [offer] if offer else self.offers
        ids = {key: chosen[key] for key in ("offer_id", "conversation_id")}
        return self.socket.send(type=type, **ids)

    def say(self, conversation_id: str, text: str, message_id: str | None = None) -> Json:
        return self.socket.send(
            type="message.send",
            conversation_id=conversation_id,
            message_id=message_id or secrets.token_hex(16),
            text=text,
        )

    def close(self, conversation_id: str, disposition: str | None = "Solved") -> Json:
        return self.socket.send(
            type="conversation.close", conversation_id=conversation_id, disposition=disposition
        )

    def read(self, conversation_id: str, after: str = "0") -> tuple[int, Any]:
        return self.rest("GET", f"/agent/conversations/{conversation_id}/events", after=after)

    def read_back(self, conversation_id: str, before: str) -> tuple[int, Any]:
        return self.rest("GET", f"/agent/conversations/{conversation_id}/events", before=before)

    def transcript(self, conversation_id: str, after: int = 0) -> Json:
        status, body = self.read(conversation_id, str(after))
        assert status == 200, body
        return dict(body)


class Customer:
    """A customer on the website, in one conversation."""

    def __init__(self, desk: Desk, answers: Json, token: str | None, start_id: str) -> None:
        self.desk = desk
        self.start_id = start_id
        status, body = desk.start(answers, start_id=start_id, token=token)
        assert status == 201, body
        self.token = token or body["customer_token"]
        self.id = body["conversation"]["conversation_id"]
        self.socket = desk.connect(body["socket_ticket"])
        self.socket.sync()

    def rest(
        self, method: str, path: str, body: Json | None = None, **query: str
    ) -> tuple[int, Any]:
        path = f"/widget/conversations/{self.id}{path}"
        return self.desk.rest(method, path, body, token=self.token, query=query)

    def open_window(self) -> Socket:
        status, body = self.rest("POST", "/socket-tickets")
        assert status == 201, body
        socket = self.desk.connect(body["socket_ticket"])
        socket.sync()
        return socket

    def say(self, text: str, message_id: str | None = None) -> tuple[int, Any]:
        message = {"message_id": message_id or secrets.token_hex(16), "text": text}
        return self.rest("POST", "/messages", message)

    def end(self) -> tuple[int, Any]:
        return self.rest("POST", "/end")

    def transcript(self, after: int = 0) -> Json:
        status, body = self.rest("GET", "/messages", after=str(after))
        assert status == 200, body
        return dict(body)

    @property
    def texts(self) -> list[str]:
        """What was said, as the customer reads it."""
        return texts_of(self.transcript())


def texts_of(transcript: Json) -> list[str]:
    """What was said in a transcript."""
    return [event["text"] for event in transcript["events"] if event["type"] == "message.sent"]
