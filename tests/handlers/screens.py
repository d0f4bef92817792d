"""What clients make of frames and replies, following docs/protocol.md to the letter."""

from clients.python import Transcript
from proof.fakes import Json
from proof.people import Customer, DeskAgent, Socket


def delivered(events: list[Json]) -> list[Json]:
    """Events as they are shown: each message with its newest delivery status."""
    newest = {e["message_seq"]: e["delivery"] for e in events if e["type"] == "message.delivery"}
    return [
        {**event, "delivery": newest[event["seq"]]} if event["seq"] in newest else event
        for event in events
    ]


class CustomerScreen:
    """A customer's window."""

    def __init__(self, customer: Customer, socket: Socket) -> None:
        self._customer = customer
        self.socket = socket
        self.transcript = Transcript()
        self.misses = 0
        self.status, self.agent = "waiting", None
        self.fetch()

    def fetch(self) -> None:
        reply = self._customer.transcript(self.transcript.position)
        while self.transcript.take(reply):
            reply = self._customer.transcript(self.transcript.position)
        self.status, self.agent = reply["conversation"]["status"], reply["conversation"]["agent"]

    def take(self, frame: Json) -> None:
        if frame["type"] == "synced":
            if self.transcript.lags(frame["positions"][self._customer.id]):
                self.fetch()
        elif frame["type"] == "event":
            self._take_event(frame)

    def _take_event(self, frame: Json) -> None:
        event = frame["event"]
        if event["type"] == "participant.joined":
            self.status, self.agent = "active", event["participant"]
        if event["type"] == "conversation.ended":
            self.status = "ended"
        if self.transcript.push(frame):
            self.misses += 1
            self.fetch()

    @property
    def shown(self) -> Json:
        return {
            "status": self.status,
            "agent": self.agent,
            "events": self.transcript.events,
            "position": max((event["seq"] for event in self.transcript.events), default=0),
        }

    @property
    def fresh(self) -> Json:
        """What a new window would show."""
        reply = self._customer.transcript()
        told = {key: reply["conversation"][key] for key in ("status", "agent", "position")}
        return {**told, "events": reply["events"]}


class AgentScreen:
    """An agent's window."""

    def __init__(self, agent: DeskAgent, socket: Socket) -> None:
        self._agent = agent
        self.socket = socket
        self.misses = 0
        self._transcripts: dict[str, Transcript] = {}
        self._state: Json = {"version": -1}
        self._offers: dict[str, Json] = {}
        self._held: dict[str, Json] = {}
        self.reconcile()

    def reconcile(self) -> None:
        """Take over the desk, as after every ``synced`` on a new socket."""
        desk = self._agent.screen
        self._take_state(desk["agent"])
        self._offers = {offer["offer_id"]: offer for offer in desk["offers"]}
        self._held = {held["conversation_id"]: held for held in desk["conversations"]}
        for id, held in self._held.items():
            if self._transcript(id).lags(held["position"]):
                self._fetch(id)

    def take(self, frame: Json) -> None:
        match frame:
            case {"type": "synced" | "agent.changed", "agent": state}:
                self._take_state(state)
            case {"type": "offer.presented", "offer": offer}:
                self._offers[offer["offer_id"]] = offer
            case {"type": "offer.resolved", "offer_id": id}:
                self._offers.pop(id, None)
            case {"type": "conversation.opened", "conversation": held}:
                self._held[held["conversation_id"]] = held
                self._fetch(held["conversation_id"])
            case {"type": "conversation.released", "conversation_id": id}:
                self._held.pop(id, None)
            case {"type": "event", "conversation_id": id, "event": event}:
                self._take_event(id, event)
                if self._transcript(id).push(frame):
                    self.misses += 1
                    self._fetch(id)

    def _take_state(self, state: Json) -> None:
        if state["version"] >= self._state["version"]:
            self._state = state

    def _take_event(self, id: str, event: Json) -> None:
        held = self._held.get(id)
        if held is None or event["seq"] <= held["position"]:
            return
        changes: Json = {"position": event["seq"]}
        if event["type"] == "message.sent":
            role, text = event["sender"]["role"], event["text"][:80]
            changes["last_message"] = {"role": role, "text": text, "at": event["at"]}
        if event["type"] == "conversation.ended":
            changes["status"] = "wrap_up"
        self._held[id] = {**held, **changes}

    def _transcript(self, id: str) -> Transcript:
        return self._transcripts.setdefault(id, Transcript())

    def _fetch(self, id: str) -> None:
        transcript = self._transcript(id)
        while transcript.take(self._agent.transcript(id, transcript.position)):
            pass

    @property
    def shown(self) -> Json:
        return {
            "agent": self._state,
            "offers": self._offers,
            "held": self._held,
            "events": {id: delivered(self._transcript(id).events) for id in self._held},
        }

    @property
    def fresh(self) -> Json:
        """What a new window would show."""
        desk = self._agent.screen
        held = {held["conversation_id"]: held for held in desk["conversations"]}
        return {
            "agent": desk["agent"],
            "offers": {offer["offer_id"]: offer for offer in desk["offers"]},
            "held": held,
            "events": {id: delivered(self._agent.transcript(id)["events"]) for id in held},
        }
