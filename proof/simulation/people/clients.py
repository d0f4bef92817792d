"""What all clients do: ask over REST, hold a socket, and follow conversations by position.

They do exactly what ``docs/protocol.md`` tells them to, and nothing more.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from clients.python import Transcript
from proof.simulation.cloud.cloud import Cloud, Outcome, reply_of
from proof.simulation.cloud.scheduler import Future, Scheduler
from proof.simulation.cloud.services import Sockets
from proof.simulation.cloud.weather import Sky
from proof.simulation.ledger import Ledger

Json = dict[str, Any]
Reply = tuple[int, Any] | None

PATIENCE = 10.0
"""Seconds after which an answer is not expected any more."""

HEARTBEAT = 60.0
HEARTBEAT_WAITING = 20.0


class Network:
    """What clients need of the world."""

    def __init__(
        self, scheduler: Scheduler, sky: Sky, cloud: Cloud, sockets: Sockets, ledger: Ledger
    ) -> None:
        self.scheduler = scheduler
        self.sky = sky
        self.cloud = cloud
        self.sockets = sockets
        self.ledger = ledger
        self.is_healing = False
        """From now on nobody begins anything new; what was begun is brought to its end."""

    def ask(self, send: Callable[[], Future[Outcome]]) -> Reply:
        """The reply to a request, or None: the client cannot know whether it was carried out."""
        self.scheduler.sleep(self.sky.latency())
        if self.sky.happens("request_lost"):
            self.scheduler.note("request lost on its way")
            self.scheduler.sleep(PATIENCE)
            return None
        outcome = self.scheduler.wait(send(), PATIENCE)
        if outcome is not None and self.sky.happens("reply_lost"):
            self.scheduler.note("reply lost on its way")
            self.scheduler.sleep(PATIENCE / 4)
            return None
        return reply_of(outcome)


def must_repeat(reply: Reply) -> bool:
    """Whether the protocol says to send the same again."""
    return reply is None or reply[0] == 429 or reply[0] >= 500


class Window:
    """One socket, opened again whenever it is lost, and the transcripts behind it."""

    def __init__(self, network: Network, name: str) -> None:
        self.network = network
        self.name = name
        self.is_wanted = True
        self.is_woken = False
        """The network is back, and the window need not wait to try again."""
        self.connection_id: str | None = None
        self.transcripts: dict[str, Transcript] = {}
        self._refs = 0
        self._stays_away_until = 0.0
        self._answers: dict[str, Future[Json]] = {}
        self._died: Future[bool] = Future()
        self._fetching: dict[str, bool] = {}

    @property
    def is_connected(self) -> bool:
        """Whether the socket is there, for its client and for the gateway."""
        id = self.connection_id
        return id is not None and self.network.sockets.is_live(id)

    def begin(self) -> None:
        """Open the window."""
        self.is_wanted = True
        self.network.scheduler.spawn(self.name, self._live)

    def leave(self, *, quietly: bool) -> None:
        """The window is gone for good, with or without saying so."""
        self.is_wanted = False
        id, self.connection_id = self.connection_id, None
        if id is not None:
            if quietly:
                self.network.sockets.vanish(id)
            elif self.network.sockets.is_live(id):
                self.network.sockets.close(id)
        self.network.scheduler.done(self._died, True)

    def dropped(self) -> None:
        """The network closed the socket, and the client notices."""
        if self.connection_id is not None:
            self.network.sockets.close(self.connection_id)
            self._hang_up()

    def command(self, **command: Any) -> Json | None:
        """The answer to a command; None when there was none, and the socket counts as dead."""
        id = self.connection_id
        if id is None:
            return None
        self._refs += 1
        ref = f"{self.name}-{self._refs}".replace(" ", "-")
        answer: Future[Json] = Future()
        self._answers[ref] = answer
        body = json.dumps({"ref": ref, **command})
        self.network.scheduler.sleep(self.network.sky.latency())
        if self.network.sockets.is_live(id):
            self.network.cloud.socket("MESSAGE", id, body=body)
        frame = self.network.scheduler.wait(answer, PATIENCE)
        self._answers.pop(ref, None)
        if frame is None and self.connection_id == id:
            self.network.scheduler.note(f"{id} does not answer")
            if self.network.sockets.is_live(id):
                self.network.sockets.close(id)
            self._hang_up()
        return frame

    def fetch(self, conversation_id: str) -> None:
        """Fetch what is missing: one at a time, and once more for who asked meanwhile."""
        if conversation_id in self._fetching:
            self._fetching[conversation_id] = True
            return
        self._fetching[conversation_id] = False
        name = f"{self.name} fetch"
        self.network.scheduler.spawn(name, lambda: self._fetch(conversation_id))

    def transcript(self, conversation_id: str) -> Transcript:
        """What is held of a conversation."""
        return self.transcripts.setdefault(conversation_id, Transcript())

    def _live(self) -> None:
        scheduler = self.network.scheduler
        pause = 0.5
        while self.is_wanted:
            if self._open() and self._sync():
                pause = 0.5
                self._joined()
                self._stay()
            if self.connection_id is not None:
                if self.network.sockets.is_live(self.connection_id):
                    self.network.sockets.close(self.connection_id)
                self._hang_up()
            if self.is_wanted and not self.is_woken:
                scheduler.sleep(pause * scheduler.between(0.5, 1.5))
            self.is_woken = False
            if self.is_wanted and self._stays_away_until > scheduler.seconds:
                scheduler.sleep(self._stays_away_until - scheduler.seconds)
            pause = min(30.0, pause * 2)

    def _open(self) -> bool:
        ticket = self._ticket()
        if ticket is None or not self.is_wanted:
            return False
        id = self.network.sockets.new_id()
        scheduler, cloud = self.network.scheduler, self.network.cloud
        scheduler.sleep(self.network.sky.latency())
        outcome = scheduler.wait(cloud.socket("CONNECT", id, ticket=ticket), PATIENCE)
        if outcome is None or outcome.failed or outcome.answer["statusCode"] != 200:
            return False
        if not self.is_wanted:
            return False
        self.connection_id, self._died = id, Future()
        self.network.sockets.opened(
            id, lambda frame: self._on_frame(id, frame), lambda: self._on_close(id)
        )
        return True

    def _sync(self) -> bool:
        for _ in range(3):
            answer = self.command(type="sync")
            if answer is None:
                return False
            if answer["type"] == "synced":
                return True
            if answer["error"]["code"] not in ("internal", "busy"):
                return False
            self.network.scheduler.sleep(1)
        return False

    def _stay(self) -> None:
        while self.is_wanted and self.connection_id is not None:
            lost = self.network.scheduler.wait(self._died, self._beat())
            if lost or not self._sync():
                return

    def _hang_up(self) -> None:
        self.connection_id = None
        self.network.scheduler.done(self._died, True)

    def _on_close(self, connection_id: str) -> None:
        """A client no longer listens to a socket that it has replaced."""
        if connection_id == self.connection_id:
            self._hang_up()

    def _on_frame(self, connection_id: str, frame: Json) -> None:
        if connection_id != self.connection_id:
            return
        self.network.scheduler.history.add(
            self.network.scheduler.elapsed, self.name, f"gets {json.dumps(frame)[:200]}"
        )
        self._apply(frame)
        if frame["type"] == "event":
            id = frame["conversation_id"]
            if self._follows(id) and self.transcript(id).push(frame):
                self.fetch(id)
        for id, position in frame.get("positions", {}).items():
            if self._follows(id) and self.transcript(id).lags(position):
                self.fetch(id)
        if frame["type"] == "error" and frame["ref"] is None:
            self._make_room(frame["error"]["retry_after"])
        answer = self._answers.get(frame.get("ref") or "")
        if answer is not None and frame["type"] in ("synced", "ok", "error"):
            self.network.scheduler.done(answer, frame)

    def _make_room(self, retry_after: float) -> None:
        """There are too many windows: coming back at once would drive out another."""
        self._stays_away_until = self.network.scheduler.seconds + retry_after
        self.dropped()

    def _fetch(self, conversation_id: str) -> None:
        transcript = self.transcript(conversation_id)
        while self.is_wanted:
            self._fetching[conversation_id] = False
            reply = self._read(conversation_id, transcript.position)
            if must_repeat(reply):
                self.network.scheduler.sleep(self.network.scheduler.between(0.5, 2))
                continue
            if reply is None or reply[0] != 200:
                break
            more = transcript.take(reply[1])
            if not more and not self._fetching[conversation_id]:
                break
        self._fetching.pop(conversation_id, None)

    def _beat(self) -> float:
        return HEARTBEAT

    def _follows(self, _conversation_id: str) -> bool:
        return True

    def _joined(self) -> None:
        """The socket is open and synced."""

    def _apply(self, frame: Json) -> None:
        """Take in a frame that is no event."""

    def _ticket(self) -> str | None:
        raise NotImplementedError

    def _read(self, conversation_id: str, after: int) -> Reply:
        raise NotImplementedError
