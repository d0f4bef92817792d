"""An agent at the desk."""

import json
import secrets
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import urlencode, urljoin

import urllib3

from clients.python.answers import Json, content_of
from clients.python.client import Client
from clients.python.transcript import Transcript
from clients.python.websocket import PATIENCE


class AgentClient(Client):
    """An agent at a desk of their own."""

    def __init__(self, stack: Mapping[str, Any], email: str, password: str) -> None:
        super().__init__(stack)
        self._transcripts: dict[str, Transcript] = {}
        self._desk_frames = 0
        self.agent: Json = {}
        self.offers: dict[str, Json] = {}
        self.conversations: dict[str, Json] = {}
        self.not_ready_reasons: list[str] = []
        self._id_token = self._sign_in(_config(self._http, stack), email, password)

    def connect(self) -> None:
        """Open a socket, sync, and take over the desk."""
        super().connect()
        self.take_desk()

    def take_desk(self) -> Json:
        """Read the desk, again if it changed meanwhile, and fetch what its conversations lack."""
        is_current = False
        while not is_current:
            before = self._desk_frames
            desk = self._whole_desk()
            with self._changed:
                is_current = self._desk_frames == before
                self._put_on_desk(desk)
        for held in desk["conversations"]:
            self._fetch_up_to(held["conversation_id"], held["position"])
        return desk

    def _whole_desk(self) -> Json:
        desk = self.request("GET", "/agent/desk")
        while desk["next_page"] is not None:
            page = self.request("GET", "/agent/desk?" + urlencode({"page": desk["next_page"]}))
            for part in ("offers", "conversations"):
                page[part] = desk[part] + page[part]
            desk = page
        return desk

    def queues(self) -> Json:
        """How the queues of this agent stand."""
        return self.request("GET", "/agent/queues")

    def ready(self) -> None:
        """Declare to be ready."""
        self.command("availability.set", availability="ready")

    def not_ready(self, reason: str) -> None:
        """Declare not to be ready."""
        self.command("availability.set", availability="not_ready", reason=reason)

    def wait_for_offer(self, conversation_id: str | None = None, seconds: float = PATIENCE) -> Json:
        """A pending offer: of this conversation, or any."""

        def pending(client: Self) -> Json | None:
            offers = client.offers.values()
            wanted = (o for o in offers if conversation_id in (None, o["conversation_id"]))
            return next(wanted, None)

        return self.wait_for(pending, "offer", seconds)

    def accept(self, offer: Json) -> Json:
        """Accept; the conversation, once it is on the desk."""
        self._answer("offer.accept", offer)
        conversation_id = offer["conversation_id"]
        held = self.wait_for(
            lambda client: client.conversations.get(conversation_id), "conversation.opened"
        )
        self._fetch_up_to(conversation_id, held["position"])
        return held

    def decline(self, offer: Json) -> None:
        """Decline."""
        self._answer("offer.decline", offer)

    def say(self, conversation_id: str, text: str, message_id: str | None = None) -> Json:
        """Send a message; its receipt."""
        return self.command(
            "message.send",
            conversation_id=conversation_id,
            message_id=message_id or secrets.token_hex(16),
            text=text,
        )

    def close(
        self, conversation_id: str, disposition: str | None = None, note: str | None = None
    ) -> None:
        """Close a conversation."""
        self.command(
            "conversation.close",
            conversation_id=conversation_id,
            disposition=disposition,
            note=note,
        )

    def transcript(self, conversation_id: str) -> Transcript:
        """What is held of the conversation."""
        return self._transcript(conversation_id)

    def resume(self, conversation_id: str) -> list[Json]:
        """Fetch what is missing; all events."""
        self._fetch(conversation_id)
        return self.transcript(conversation_id).events

    def _put_on_desk(self, desk: Json) -> None:
        self._take_agent(desk["agent"])
        self.not_ready_reasons = desk["not_ready_reasons"]
        self.offers = {offer["offer_id"]: offer for offer in desk["offers"]}
        self.conversations = {held["conversation_id"]: held for held in desk["conversations"]}
        self._changed.notify_all()

    def _answer(self, type: str, offer: Json) -> None:
        ids = {name: offer[name] for name in ("conversation_id", "offer_id")}
        self.command(type, **ids)
        with self._changed:
            self.offers.pop(offer["offer_id"], None)

    def _sign_in(self, config: Json, email: str, password: str) -> str:
        reply = self._http.request(
            "POST",
            config["cognito_url"].rstrip("/") + "/",
            headers={
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
            },
            body=json.dumps(
                {
                    "AuthFlow": "USER_PASSWORD_AUTH",
                    "ClientId": config["user_pool_client_id"],
                    "AuthParameters": {"USERNAME": email, "PASSWORD": password},
                }
            ),
        )
        return str(content_of(reply)["AuthenticationResult"]["IdToken"])

    def _credential(self) -> dict[str, str]:
        return {"Authorization": self._id_token}

    def _ticket(self) -> str:
        return str(self.request("POST", "/agent/socket-tickets")["socket_ticket"])

    def _apply(self, frame: Json) -> None:
        self._desk_frames += frame["type"].startswith(("offer.", "conversation."))
        match frame:
            case {"type": "synced" | "agent.changed", "agent": dict(agent)}:
                self._take_agent(agent)
            case {"type": "offer.presented", "offer": offer}:
                self.offers[offer["offer_id"]] = offer
            case {"type": "offer.resolved", "offer_id": offer_id}:
                self.offers.pop(offer_id, None)
            case {"type": "conversation.opened", "conversation": conversation}:
                self.conversations[conversation["conversation_id"]] = conversation
            case {"type": "conversation.released", "conversation_id": conversation_id}:
                self.conversations.pop(conversation_id, None)

    def _take_agent(self, agent: Json) -> None:
        if agent["version"] >= self.agent.get("version", 0):
            self.agent = agent

    def _transcript(self, conversation_id: str) -> Transcript:
        return self._transcripts.setdefault(conversation_id, Transcript())

    def _events_path(self, conversation_id: str) -> str:
        return f"/agent/conversations/{conversation_id}/events"


def _config(http: urllib3.PoolManager, stack: Mapping[str, Any]) -> Json:
    if "cognito_url" in stack:
        return dict(stack)
    desktop = str(stack["desktop_url"])
    base = desktop if "." in desktop.rsplit("/", 1)[-1] else desktop.rstrip("/") + "/"
    return content_of(http.request("GET", urljoin(base, "config.json")))
