"""Agents at their desks: one or two windows, and a will of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.agent import Agent
from proof.fakes import claims_of
from proof.simulation.ledger import Violation
from proof.simulation.people.clients import Json, Network, Reply, Window, must_repeat

_TELLS = {
    "participant.joined": "active",
    "conversation.ended": "wrap_up",
    "conversation.closed": "closed",
}


class AgentWindow(Window):
    """A window of the desktop."""

    def __init__(self, agent: AgentPerson, number: int) -> None:
        super().__init__(agent.network, f"{agent.name} window {number}")
        self.person = agent
        self.agent: Json = {}
        self.offers: dict[str, Json] = {}
        self.conversations: dict[str, Json] = {}
        self._desk_frames = 0
        self._is_taking = False

    def status(self, conversation_id: str) -> str:
        """The status of a conversation on the screen, as the events tell."""
        events = self.transcript(conversation_id).events
        found = [_TELLS[event["type"]] for event in events if event["type"] in _TELLS]
        return found[-1] if found else str(self.conversations[conversation_id]["status"])

    @property
    def differs(self) -> bool:
        """Whether the agent's own state tells of another desk than the screen shows."""
        if not self.agent:
            return True
        active = sum(self.status(id) == "active" for id in self.conversations)
        return (
            set(self.agent["conversations"]) != set(self.conversations)
            or self.agent["load"] != len(self.offers) + active
        )

    def take_desk(self) -> None:
        """Take over the desk, again while it changes meanwhile."""
        if self._is_taking:
            return
        self._is_taking = True
        while self.is_wanted:
            before = self._desk_frames
            reply = self.person.ask("/agent/desk")
            if must_repeat(reply):
                self.network.scheduler.sleep(self.network.scheduler.between(0.5, 2))
                continue
            if self.person.is_turned_away(reply):
                self.leave(quietly=False)
                break
            if reply is None or reply[0] != 200:
                raise Violation(f"I12: {self.name} was turned away from the desk: {reply}")
            self._take(reply[1])
            if self._desk_frames == before:
                break
        self._is_taking = False

    def _joined(self) -> None:
        self.take_desk()

    def _apply(self, frame: Json) -> None:
        type = frame["type"]
        self._desk_frames += type.startswith(("offer.", "conversation."))
        if frame.get("agent"):
            self._take_agent(frame["agent"])
        if type == "synced":
            self.network.scheduler.spawn(f"{self.name} compare", self._compare, 3)
        elif type == "offer.presented":
            self.offers[frame["offer"]["offer_id"]] = frame["offer"]
        elif type == "offer.resolved":
            self.offers.pop(frame["offer_id"], None)
        elif type == "conversation.opened":
            id = frame["conversation"]["conversation_id"]
            self.conversations[id] = frame["conversation"]
            self.fetch(id)
        elif type == "conversation.released":
            self.conversations.pop(frame["conversation_id"], None)

    def _compare(self) -> None:
        if self.is_connected and self.differs:
            self.network.scheduler.sleep(3)
            if self.is_connected and self.differs:
                self.take_desk()

    def _take(self, desk: Json) -> None:
        self._take_agent(desk["agent"])
        self.offers = {offer["offer_id"]: offer for offer in desk["offers"]}
        self.conversations = {held["conversation_id"]: held for held in desk["conversations"]}
        for id, held in self.conversations.items():
            if self.transcript(id).lags(held["position"]):
                self.fetch(id)

    def _take_agent(self, agent: Json) -> None:
        if agent["version"] >= self.agent.get("version", 0):
            self.agent = agent

    def _ticket(self) -> str | None:
        reply = self.person.ask("/agent/socket-tickets", method="POST")
        if must_repeat(reply) or reply is None:
            return None
        if self.person.is_turned_away(reply):
            self.leave(quietly=False)
            return None
        return str(reply[1]["socket_ticket"])

    def _read(self, conversation_id: str, after: int) -> Reply:
        path = f"/agent/conversations/{conversation_id}/events"
        return self.person.ask(path, after=str(after))


@dataclass(frozen=True, slots=True)
class Manners:
    """How probable it is that an agent does something, whenever there is occasion to."""

    declines: float
    ignores: float
    leaves: float
    signs_out: float
    """And says so, rather than just being gone."""
    writes: float
    closes: float
    says_two_things: float
    """At the same time, perhaps from two windows."""
    reads: float
    """In this window, of which the others are told."""
    dozes: float
    """Does nothing for a while, with everything open."""


class AgentPerson:
    """Comes, works, goes; sometimes comes back."""

    def __init__(
        self,
        network: Network,
        agent_id: str,
        stored: Callable[[], Agent],
        *,
        is_faithful: bool,
    ) -> None:
        self.network = network
        self.was_removed = False
        """Whether anybody ever tried to remove them."""
        self._stored = stored
        self.id = agent_id
        self.name = agent_id
        self.claims = claims_of(agent_id)
        self.windows: list[AgentWindow] = []
        self.left_at: float | None = None
        self._windows = 0
        self._messages = 0
        self._ignored: set[str] = set()
        self._is_back_for_good = is_faithful or network.scheduler.chance(0.5)
        self._manners = Manners(
            declines=network.scheduler.choice_of(0.0, 0.1, 0.4),
            ignores=network.scheduler.choice_of(0.0, 0.1, 0.4),
            leaves=network.scheduler.choice_of(0.01, 0.03, 0.1),
            signs_out=network.scheduler.choice_of(0.0, 0.5, 1.0),
            writes=network.scheduler.choice_of(0.2, 0.3, 0.9),
            closes=network.scheduler.choice_of(0.0, 0.08, 0.4),
            says_two_things=network.scheduler.choice_of(0.0, 0.5),
            reads=network.scheduler.choice_of(0.0, 0.1, 0.5),
            dozes=network.scheduler.choice_of(0.0, 0.0, 0.05, 0.2),
        )
        self._awake_at = 0.0

    def begin(self, delay: float) -> None:
        """Come to work."""
        self.network.scheduler.spawn(self.name, self._live, delay)

    def ask(self, path: str, *, method: str = "GET", **query: str) -> Reply:
        """A REST request."""
        cloud = self.network.cloud
        before = self._stored()
        reply = self.network.ask(
            lambda: cloud.request(method, path, query=query, claims=self.claims)
        )
        self._check_out(before, path, reply)
        return reply

    def is_turned_away(self, reply: Reply) -> bool:
        """Whether the desk says that they work here no longer."""
        if reply is None or reply[0] != 403:
            return False
        if not self.was_removed:
            raise Violation(f"I12: {self.name} was turned away: {reply}")
        return True

    def _live(self) -> None:
        scheduler = self.network.scheduler
        self._arrive()
        while True:
            scheduler.sleep(scheduler.between(0.3, 3))
            if self.network.is_healing and not self._is_back_for_good:
                self._leave()
                return
            if not self.network.is_healing and scheduler.chance(self._manners.leaves):
                self._leave()
                if not self._is_back_for_good and scheduler.chance(0.7):
                    return
                scheduler.sleep(scheduler.between(1, scheduler.choice_of(25, 80)))
                self._arrive()
            if any(not window.is_wanted for window in self.windows):
                self._come_again()
            window = self._window()
            if window is not None:
                self._act(window)

    def _arrive(self) -> None:
        self.left_at = None
        for _ in range(self.network.scheduler.random.choice((1, 1, 2, 2))):
            self.open_window()

    def open_window(self) -> None:
        """One more window of the desktop."""
        self._windows += 1
        window = AgentWindow(self, self._windows)
        self.windows.append(window)
        window.begin()

    def _come_again(self) -> None:
        """Who was turned away from a window works here again, perhaps."""
        if not self._stored().is_removed:
            self._leave()
            self._arrive()

    def _check_out(self, before: Agent, path: str, reply: Reply) -> None:
        """Who was removed before the request and still is gets nothing but what they hold."""
        now = self._stored()
        is_out = before.is_removed and now.is_removed and before.since == now.since
        is_held = path.startswith("/agent/conversations/") and before.work
        if is_out and not is_held and reply is not None and reply[0] < 400:
            raise Violation(f"I12: {self.name}, who was removed, is let in: {path} {reply}")

    def _leave(self) -> None:
        window = self._window()
        if window is not None and self.network.scheduler.chance(self._manners.signs_out):
            self._sign_out(window)
        self.left_at = self.network.scheduler.seconds
        quietly = self.network.scheduler.chance(0.3)
        for window in self.windows:
            window.leave(quietly=quietly)
        self.windows.clear()

    def _sign_out(self, window: AgentWindow) -> None:
        """Hand over first. Without an answer they go all the same."""
        self.network.ledger.leaving.add(self.id)
        answer = window.command(type="agent.leave")
        if answer is not None and answer["type"] == "ok":
            self.network.ledger.handed_over(self.id)

    def _window(self) -> AgentWindow | None:
        there = [window for window in self.windows if window.connection_id is not None]
        return self.network.scheduler.random.choice(there) if there else None

    def _act(self, window: AgentWindow) -> None:
        scheduler = self.network.scheduler
        if self._dozes():
            return
        if len(self.windows) > 1 and not self.network.is_healing and scheduler.chance(0.02):
            # At another computer; here they stay, and are ready again when they notice.
            self._sign_out(window)
            return
        if window.agent.get("availability") != "ready":
            self._declare(window, "ready")
        elif not self.network.is_healing and scheduler.chance(0.02):
            self._declare(window, "not_ready")
        for offer in list(window.offers.values()):
            self._answer(window, offer)
        for id in list(window.conversations):
            self._work_on(window, id)

    def _dozes(self) -> bool:
        scheduler = self.network.scheduler
        if self.network.is_healing:
            return False
        if scheduler.chance(self._manners.dozes):
            self._awake_at = scheduler.seconds + scheduler.between(20, 90)
        return scheduler.seconds < self._awake_at

    def _declare(self, window: AgentWindow, availability: str) -> None:
        reason = "Break" if availability == "not_ready" else None
        window.command(type="availability.set", availability=availability, reason=reason)

    def _answer(self, window: AgentWindow, offer: Json) -> None:
        scheduler = self.network.scheduler
        id = offer["offer_id"]
        ids = {"offer_id": id, "conversation_id": offer["conversation_id"]}
        if id in self._ignored:
            return
        if not self.network.is_healing:
            if scheduler.chance(self._manners.ignores):
                self._ignored.add(id)
                return
            if scheduler.chance(self._manners.declines):
                self._settle(window, offer, window.command(type="offer.decline", **ids))
                return
        self._settle(window, offer, window.command(type="offer.accept", **ids))

    def _settle(self, window: AgentWindow, offer: Json, answer: Json | None) -> None:
        """A refusal for good takes the offer off the screen; ``ok`` waits for its frames."""
        if answer is not None and answer["type"] == "error" and _is_final(answer):
            window.offers.pop(offer["offer_id"], None)

    def _work_on(self, window: AgentWindow, conversation_id: str) -> None:
        scheduler = self.network.scheduler
        if conversation_id not in window.conversations:
            return
        if not self.network.is_healing and scheduler.chance(self._manners.reads):
            self._read(window, conversation_id)
        status = window.status(conversation_id)
        if status == "wrap_up" and scheduler.chance(0.3):
            self._close(window, conversation_id)
        if status != "active" or self.network.is_healing:
            return
        if scheduler.chance(self._manners.writes):
            if scheduler.chance(self._manners.says_two_things):
                other = self._window() or window
                scheduler.spawn(f"{self.name} again", lambda: self._say(other, conversation_id))
            self._say(window, conversation_id)
        elif scheduler.chance(self._manners.closes):
            self._close(window, conversation_id)

    def _read(self, window: AgentWindow, conversation_id: str) -> None:
        """Up to the newest event, an older one, or one that is yet to come."""
        events = window.transcript(conversation_id).events
        newest = int(events[-1]["seq"]) if events else 1
        seq = max(1, newest + self.network.scheduler.random.choice((0, 0, -1, -3, 2)))
        window.command(type="conversation.read", conversation_id=conversation_id, seq=seq)

    def _say(self, window: AgentWindow, conversation_id: str) -> None:
        self._messages += 1
        message_id = f"{self.name}-m{self._messages}"
        self.network.ledger.sent(self.name, message_id)
        command: Json = {
            "type": "message.send",
            "conversation_id": conversation_id,
            "message_id": message_id,
            "text": message_id,
        }
        answer = self._until_answered(window, command)
        if answer is not None and answer["type"] == "ok":
            self.network.ledger.acknowledge(message_id, answer["seq"])
        elif answer is None and self.network.scheduler.chance(0.5):
            self._close(window, conversation_id)

    def _close(self, window: AgentWindow, conversation_id: str) -> None:
        command = {
            "type": "conversation.close",
            "conversation_id": conversation_id,
            "disposition": "Solved",
        }
        self._until_answered(window, command)

    def _until_answered(self, window: AgentWindow, command: Json) -> Json | None:
        pause = 0.5
        while window.is_wanted:
            answer = window.command(**command)
            if answer is not None and (answer["type"] == "ok" or _is_final(answer)):
                return answer
            if self.network.sky.happens("gives_up"):
                return None
            self.network.scheduler.sleep(pause * self.network.scheduler.between(0.5, 1.5))
            pause = min(30.0, pause * 2)
        return None


def _is_final(answer: Json) -> bool:
    code: Any = answer["error"]["code"]
    return code not in ("internal", "busy", "unauthenticated")
