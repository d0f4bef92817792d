"""The agent desktop as it is built, with a server of the test's own: any state in a moment."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from playwright.sync_api import Page, Route, WebSocketRoute

from tests.e2e.built import BuiltClient, Json, message_sent

ADDRESS = "https://desk.example/"

PAGE = 200
"""Most events of a page that is read backwards."""


class FakeServer(BuiltClient):
    """Answers all that the desktop asks, from what the test puts in."""

    address = ADDRESS

    def __init__(self, page: Page, built: Path, **agent: Any) -> None:
        super().__init__(page, built)
        self.started = datetime.now(UTC)
        self.desk: Json = {
            "agent": _agent(self.moment(0), agent),
            "offers": [],
            "conversations": [],
            "not_ready_reasons": ["Break", "Lunch"],
        }
        self.transcripts: dict[str, list[Json]] = {}
        self.pages: list[str] = []
        """The queries of the pages of transcripts that were asked for."""
        self.queues: Json = {"queues": [], "ready": 0, "served": []}
        self.commands: list[Json] = []
        self.others: list[FakeServer] = []
        """The same desk in other browsers."""
        self.unanswered = ""
        """The type of the commands to which no answer comes."""

    def moment(self, seconds: float) -> str:
        """That many seconds from now, as the protocol writes it."""
        return (self.started + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def open(self, *, signed_in: bool = True, at: str = "") -> None:
        """Open the desk, of an agent who is signed in already or has yet to."""
        if signed_in:
            self._remember("sessionStorage", "lambdesk.session", _tokens(self.started))
        self.page.goto(ADDRESS + at)

    def offer(self, name: str, **given: Any) -> Json:
        """Put an offer on the desk; push it with `present` where the desk is open."""
        offer = {
            "offer_id": f"offer-{name}",
            "conversation_id": f"c-{name}",
            "queue_id": "support",
            "queue_name": "Support",
            "channel": "web",
            "customer": _customer(name),
            "answers": [],
            "first_message": "Where is my order?",
            "started_at": self.moment(-40),
            "offered_at": self.moment(0),
            "expires_at": self.moment(600),
            "seconds": 600,
            "website": None,
            **given,
        }
        self.desk["offers"].append(offer)
        self.desk["agent"]["load"] += 1
        return offer

    def present(self, name: str, **given: Any) -> None:
        """Offer a conversation now."""
        self.push({"type": "offer.presented", "offer": self.offer(name, **given)})

    def resolve(self, name: str, outcome: str) -> None:
        """The offer is over."""
        offers = self.desk["offers"]
        self.desk["offers"] = [one for one in offers if one["offer_id"] != f"offer-{name}"]
        self.desk["agent"]["load"] -= 1
        self.push(
            {
                "type": "offer.resolved",
                "offer_id": f"offer-{name}",
                "conversation_id": f"c-{name}",
                "outcome": outcome,
            }
        )

    def hold(self, name: str, *messages: str, **given: Any) -> str:
        """A conversation with this customer, in which the two wrote in turn; its id."""
        conversation_id = f"c-{name}"
        events = [
            self._message(conversation_id, seq, text, given.get("customer") or _customer(name))
            for seq, text in enumerate(messages, start=1)
        ]
        self.transcripts[conversation_id] = events
        view = {
            "conversation_id": conversation_id,
            "queue_id": "support",
            "queue_name": "Support",
            "channel": "web",
            "status": "active",
            "customer": _customer(name),
            "answers": [],
            "dispositions": ["Solved", "Passed on", "Spam"],
            "started_at": self.moment(-600),
            "position": len(events),
            "website": None,
            "accepted_at": self.moment(-500),
            "customer_present": True,
            "last_message": None,
            "read": 0,
            **given,
        }
        self.desk["conversations"].append(view)
        self.desk["agent"]["conversations"].append(conversation_id)
        self.desk["agent"]["load"] += view["status"] == "active"
        return conversation_id

    def happen(self, conversation_id: str, event: Json) -> None:
        """Something happens in a conversation that is held."""
        events = self.transcripts[conversation_id]
        after = events[-1]["seq"] if events else 0
        numbered = {"at": self.moment(0), **event, "seq": after + 1}
        events.append(numbered)
        self.push(
            {
                "type": "event",
                "conversation_id": conversation_id,
                "after": after,
                "event": numbered,
            }
        )

    def say(self, name: str, text: str) -> None:
        """The customer writes."""
        conversation_id = f"c-{name}"
        seq = len(self.transcripts[conversation_id]) + 1
        sender = {"role": "customer", "id": name, "name": name}
        message_id = f"{conversation_id}-{seq}"
        self.happen(conversation_id, message_sent(seq, self.moment(0), message_id, sender, text))

    def change_agent(self, **given: Any) -> None:
        """The agent's state changes."""
        agent = self.desk["agent"]
        agent.update(given, version=agent["version"] + 1)
        self.push({"type": "agent.changed", "agent": agent})

    def push(self, frame: Json) -> None:
        """Send a frame to all windows."""
        for socket in self.sockets:
            self._push(socket, frame)

    def cut_off(self) -> None:
        """The connection is lost, and none can be made."""
        self.answers = False
        for socket in self.sockets:
            socket.close()
        self.sockets.clear()

    def _message(self, conversation_id: str, seq: int, text: str, customer: Json) -> Json:
        theirs = seq % 2 == 1
        agent = self.desk["agent"]
        sender = (
            {"role": "customer", "id": customer["id"], "name": customer["name"]}
            if theirs
            else {"role": "agent", "id": agent["agent_id"], "name": agent["name"]}
        )
        at = self.moment(-400 + seq * 10)
        return message_sent(seq, at, f"{conversation_id}-{seq}", sender, text)

    @property
    def _config(self) -> Json:
        return _CONFIG

    def _request(self, route: Route, path: str) -> None:
        if path == "cognito":
            route.fulfill(json=self._cognito(route.request.headers["x-amz-target"]))
        else:
            route.fulfill(json=self._rest(route.request.url))

    def _cognito(self, target: str) -> Json:
        if not target.endswith("InitiateAuth"):
            return {}
        tokens = _tokens(self.started)
        return {
            "AuthenticationResult": {
                "IdToken": tokens["idToken"],
                "AccessToken": "access",
                "RefreshToken": "refresh",
                "ExpiresIn": 3600,
            }
        }

    def _rest(self, url: str) -> Json:
        parts = urlsplit(url)
        if parts.path.endswith("/socket-tickets"):
            now = datetime.now(UTC) + timedelta(seconds=30)
            return {
                "socket_ticket": "ticket",
                "expires_at": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            }
        if parts.path.endswith("/desk"):
            return self.desk
        if parts.path.endswith("/queues"):
            return {"at": self.moment(0), **self.queues}
        query = parse_qs(parts.query)
        self.pages.append(parts.query)
        return self._page(unquote(parts.path.split("/")[-2]), query)

    def _page(self, conversation_id: str, query: dict[str, list[str]]) -> Json:
        events = self.transcripts.get(conversation_id, [])
        views = {view["conversation_id"]: view for view in self.desk["conversations"]}
        newest = events[-1]["seq"] if events else 0
        if "before" in query:
            older = [event for event in events if event["seq"] < int(query["before"][0])]
            given, more = older[-PAGE:], len(older) > PAGE
        else:
            after = int(query.get("after", ["0"])[0])
            given, more = [event for event in events if event["seq"] > after], False
        return {
            "conversation": {**views[conversation_id], "position": newest},
            "events": given,
            "position": given[-1]["seq"] if given else newest,
            "more": more,
        }

    def _receive(self, socket: WebSocketRoute, command: Json) -> None:
        self.commands.append(command)
        if command["type"] == "sync":
            self._synced(socket, command["ref"], agent=self.desk["agent"])
            return
        if command["type"] == self.unanswered:
            return
        self._carry_out(command)
        seq = self._post(command) if command["type"] == "message.send" else None
        self._push(socket, {"type": "ok", "ref": command["ref"], "seq": seq})

    def _carry_out(self, command: Json) -> None:
        if command["type"] == "availability.set":
            ready = command["availability"] == "ready"
            state = "ready" if ready else "not_ready"
            self.change_agent(
                availability=command["availability"], state=state, reason=command.get("reason")
            )
        elif command["type"] in {"offer.accept", "offer.decline"}:
            self._answer_offer(command)
        elif command["type"] == "conversation.read":
            self._read(command["conversation_id"], command["seq"])
        elif command["type"] == "conversation.close":
            self._close(command["conversation_id"])

    def _post(self, command: Json) -> int:
        agent = self.desk["agent"]
        conversation_id = command["conversation_id"]
        sender = {"role": "agent", "id": agent["agent_id"], "name": agent["name"]}
        seq = len(self.transcripts[conversation_id]) + 1
        sent = message_sent(seq, self.moment(0), command["message_id"], sender, command["text"])
        self.happen(conversation_id, sent)
        return seq

    def _answer_offer(self, command: Json) -> None:
        name = command["offer_id"].removeprefix("offer-")
        [offer] = [o for o in self.desk["offers"] if o["offer_id"] == command["offer_id"]]
        outcome = "accepted" if command["type"] == "offer.accept" else "declined"
        if outcome == "accepted":
            self.hold(name, offer["first_message"], customer=offer["customer"])
            view = self.desk["conversations"][-1]
            self.push({"type": "conversation.opened", "conversation": view})
        self.resolve(name, outcome)
        self.change_agent()

    def _read(self, conversation_id: str, seq: int) -> None:
        views = {view["conversation_id"]: view for view in self.desk["conversations"]}
        views[conversation_id]["read"] = seq
        frame = {
            "type": "read.changed",
            "conversation_id": conversation_id,
            "by": "agent",
            "seq": seq,
        }
        for other in self.others:
            other.push(frame)

    def _close(self, conversation_id: str) -> None:
        held = self.desk["conversations"]
        self.desk["conversations"] = [
            view for view in held if view["conversation_id"] != conversation_id
        ]
        agent = self.desk["agent"]
        agent["load"] = len(self.desk["conversations"])
        ids = [one for one in agent["conversations"] if one != conversation_id]
        self.change_agent(conversations=ids)
        self.push({"type": "conversation.released", "conversation_id": conversation_id})


_CONFIG = {
    "rest_url": ADDRESS + "api",
    "socket_url": "wss://desk.example/socket",
    "user_pool_client_id": "client",
    "cognito_url": ADDRESS + "cognito",
}


def _customer(name: str) -> Json:
    return {
        "id": name,
        "name": name,
        "email": None,
        "phone": None,
        "account_id": None,
    }


def _agent(since: str, given: Json) -> Json:
    return {
        "agent_id": "agent-1",
        "name": "Mara Lindqvist",
        "email": "mara@example.com",
        "role": "agent",
        "availability": "ready",
        "state": "ready",
        "since": since,
        "load": 0,
        "capacity": 5,
        "conversations": [],
        "version": 1,
        "reason": None,
        **given,
    }


def _tokens(now: datetime) -> Json:
    claims = json.dumps({"sub": "agent-1", "email": "mara@example.com"}).encode()
    payload = base64.urlsafe_b64encode(claims).decode().rstrip("=")
    return {
        "idToken": f"e30.{payload}.x",
        "accessToken": "access",
        "refreshToken": "refresh",
        "expiresAt": int((now + timedelta(hours=1)).timestamp() * 1000),
    }
