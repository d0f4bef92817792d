"""What stands around the application: SQS, API Gateway's sockets, and Twilio, with their faults."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from botocore.exceptions import ConnectionClosedError

from chalicelib.ports import Text, TextDelayed, TextRefused
from infra.local import limits
from proof.fakes import receipt_of
from proof.simulation.cloud.cloud import Cloud, Outcome
from proof.simulation.cloud.scheduler import Killed, Scheduler
from proof.simulation.cloud.weather import CALM, Sky
from proof.simulation.ledger import Violation

Json = dict[str, Any]

ATTEMPTS = 2
"""Of botocore for SQS and the sockets, as ``bootstrap`` sets it."""

MOST_RECEIVES = {"timers": 5, "outbound": 100}
DEDUPLICATED_FOR = 300.0


def call(scheduler: Scheduler, sky: Sky, name: str, effect: Callable[[], None]) -> None:
    """A call to one of these services, repeated as botocore does when it gets no answer."""
    for attempt in range(ATTEMPTS):
        fate = sky.fate_of_call()
        scheduler.sleep(sky.latency())
        if fate == "crash before":
            scheduler.note(f"{name} → dies before it")
            raise Killed
        if fate in ("ok", "lost after", "failed after", "crash after"):
            effect()
        scheduler.note(f"{name} → {'dies after it' if fate == 'crash after' else fate}")
        if fate == "crash after":
            raise Killed
        scheduler.sleep(sky.latency())
        if fate == "ok":
            return
        if attempt < ATTEMPTS - 1:
            scheduler.sleep(scheduler.between(0, 0.1))
    raise ConnectionClosedError(endpoint_url="https://aws")


class TimerQueue:
    """A standard queue: delays, repeats and reorders."""

    VISIBILITY = 60.0

    def __init__(self, scheduler: Scheduler, sky: Sky, cloud: Callable[[], Cloud]) -> None:
        self._scheduler = scheduler
        self._sky = sky
        self._cloud = cloud

    def send_message(self, **message: Any) -> None:
        body = message["MessageBody"]
        delay = float(message.get("DelaySeconds", 0))

        def effect() -> None:
            self._scheduler.later(self._lateness(delay), lambda: self._deliver(body, 1))

        call(self._scheduler, self._sky, f"timers.send {body} in {delay:.0f} s", effect)

    def _lateness(self, delay: float) -> float:
        late = self._scheduler.between(5, 60) if self._sky.happens("queue_late") else 0.02
        return delay + self._scheduler.between(0, late)

    def _deliver(self, body: str, receives: int) -> None:
        message = {"MessageBody": body, "receives": receives}

        def work() -> None:
            future = self._cloud().queued("timer_due", message)
            outcome = self._scheduler.wait(future, self.VISIBILITY)
            if (outcome is None or outcome.failed) and receives < MOST_RECEIVES["timers"]:
                self._scheduler.later(self.VISIBILITY, lambda: self._deliver(body, receives + 1))

        self._scheduler.spawn("sqs timers", work)
        if self._sky.happens("queue_repeats"):
            self._scheduler.later(
                self._scheduler.between(0, 40), lambda: self._deliver(body, receives)
            )


class OutboundQueue:
    """A FIFO queue: one at a time and in order in each group, de-duplicated for five minutes."""

    VISIBILITY = 120.0

    def __init__(self, scheduler: Scheduler, sky: Sky, cloud: Callable[[], Cloud]) -> None:
        self._scheduler = scheduler
        self._sky = sky
        self._cloud = cloud
        self._known: dict[str, float] = {}
        self._groups: dict[str, deque[Json]] = defaultdict(deque)
        self._busy: set[str] = set()

    def send_message(self, **message: Any) -> None:
        name, group = message["MessageDeduplicationId"], message["MessageGroupId"]

        def effect() -> None:
            known = self._known.get(name)
            if known is not None and self._scheduler.seconds - known < DEDUPLICATED_FOR:
                return
            self._known[name] = self._scheduler.seconds
            self._groups[group].append({"MessageBody": message["MessageBody"], "receives": 0})
            self._scheduler.later(self._scheduler.between(0, 0.05), lambda: self._next(group))

        # A text that is stored and not on its way is what the sweep is for.
        if self._sky.happens("unqueued"):
            self._sky.struck()
            self._scheduler.note(f"outbound.send {name} → dies before it")
            raise Killed
        call(self._scheduler, self._sky, f"outbound.send {name}", effect)

    def change_message_visibility(self, **change: Any) -> None:
        receipt, seconds = change["ReceiptHandle"], change["VisibilityTimeout"]

        def effect() -> None:
            for group in self._busy:
                for message in self._groups[group]:
                    if receipt == receipt_of(message):
                        message["visible_at"] = self._scheduler.seconds + seconds

        call(self._scheduler, self._sky, f"outbound.hide {receipt} for {seconds} s", effect)

    def _next(self, group: str) -> None:
        if group not in self._busy and self._groups[group]:
            self._busy.add(group)
            self._scheduler.spawn(f"sqs outbound {group[:8]}", lambda: self._deliver(group))

    def _deliver(self, group: str) -> None:
        message = self._groups[group][0]
        message["receives"] += 1
        message["visible_at"] = self._scheduler.seconds + self.VISIBILITY
        outcome = self._scheduler.wait(
            self._cloud().queued("text_outbound", dict(message)), self.VISIBILITY
        )
        failed = outcome is None or outcome.failed
        again = failed or self._sky.happens("queue_repeats")
        if not again or message["receives"] >= MOST_RECEIVES["outbound"]:
            self._groups[group].popleft()
        hidden = message["visible_at"] - self._scheduler.seconds if failed else 0
        self._scheduler.sleep(max(0.01, hidden))
        self._busy.discard(group)
        self._next(group)


class Sockets:
    """API Gateway's side of sockets."""

    class exceptions:  # noqa: N801 - botocore's name
        class GoneException(Exception):
            pass

    def __init__(self, scheduler: Scheduler, sky: Sky, cloud: Callable[[], Cloud]) -> None:
        self._scheduler = scheduler
        self._sky = sky
        self._cloud = cloud
        self._count = 0
        self._live: dict[str, Callable[[Json], None]] = {}
        self._half_open: set[str] = set()
        self._hung_up: dict[str, Callable[[], None]] = {}
        self.posting: Callable[[str, Json], None] = lambda _connection_id, _frame: None
        self.posted: Callable[[str, Json], None] = lambda _connection_id, _frame: None

    def new_id(self) -> str:
        self._count += 1
        return f"c{self._count}="

    def opened(
        self,
        connection_id: str,
        receive: Callable[[Json], None],
        hung_up: Callable[[], None] = lambda: None,
    ) -> None:
        """A client is there; its frames go to ``receive``, and it learns when it was hung up on."""
        self._live[connection_id] = receive
        self._hung_up[connection_id] = hung_up

    def is_live(self, connection_id: str) -> bool:
        return connection_id in self._live

    def close(self, connection_id: str) -> None:
        """The client closed the socket; the application is told, most of the time."""
        self._live.pop(connection_id, None)
        self._gone(connection_id)

    def vanish(self, connection_id: str) -> None:
        """The client is gone and nobody knows; the gateway finds out later."""
        if self._live.pop(connection_id, None) is None:
            return
        self._half_open.add(connection_id)
        self._scheduler.later(self._scheduler.between(0, 90), lambda: self._gone(connection_id))

    def delete_connection(self, *, ConnectionId: str) -> None:  # noqa: N803
        def effect() -> None:
            if ConnectionId not in self._live and ConnectionId not in self._half_open:
                raise self.exceptions.GoneException
            self._hung_up[ConnectionId]()
            self._half_open.discard(ConnectionId)
            self.close(ConnectionId)

        call(self._scheduler, self._sky, f"hang up {ConnectionId}", effect)

    def post_to_connection(self, *, ConnectionId: str, Data: bytes) -> None:  # noqa: N803
        if limits.is_frame_too_large(Data):
            raise Violation(f"D18: a frame of {len(Data)} bytes is pushed to {ConnectionId}")
        frame: Json = json.loads(Data)
        self.posting(ConnectionId, frame)
        if self._sky.happens("post_fails"):
            self._scheduler.sleep(self._sky.latency())
            self._scheduler.note(f"post {ConnectionId} {frame['type']} → fails")
            raise ConnectionClosedError(endpoint_url="https://sockets")

        def effect() -> None:
            self.posted(ConnectionId, frame)
            if ConnectionId in self._half_open:
                return
            if ConnectionId not in self._live:
                self._scheduler.note(f"post {ConnectionId} {frame['type']} → gone")
                raise self.exceptions.GoneException
            late = self._sky.happens("post_late")
            delay = self._scheduler.between(0.001, 4 if late else 0.02)
            self._scheduler.later(delay, lambda: self._arrive(ConnectionId, frame))

        call(self._scheduler, self._sky, f"post {ConnectionId} {_brief(frame)}", effect)

    def _arrive(self, connection_id: str, frame: Json) -> None:
        receive = self._live.get(connection_id)
        if receive is not None:
            receive(frame)

    def _gone(self, connection_id: str) -> None:
        self._half_open.discard(connection_id)
        if self._scheduler.chance(self._sky.season.unannounced):
            self._scheduler.note(f"{connection_id} is gone, unannounced")
            return
        self._cloud().socket("DISCONNECT", connection_id)


class Twilio:
    """The provider of texts: takes them, refuses some, and tells what became of them.

    It is away at times, and at some texts our own code fails whenever they are sent.
    """

    def __init__(self, scheduler: Scheduler, sky: Sky, cloud: Callable[[], Cloud]) -> None:
        self._scheduler = scheduler
        self._sky = sky
        self._cloud = cloud
        self.took: Callable[[Text], None] = lambda _text: None
        self.cut_off: Callable[[Text], None] = lambda _text: None
        self.may_fail: Callable[[Text], None] = lambda _text: None
        self._away_until = 0.0
        self._breaks: dict[tuple[str, int], bool] = {}

    def send(self, text: Text) -> None:
        name = f"twilio.send {text.conversation_id[:8]} {text.message_seq} {text.body!r}"
        if self._is_broken_by(text):
            self._scheduler.note(f"{name} → our own code fails")
            self.may_fail(text)
            raise KeyError(name)
        if self._is_away():
            self._scheduler.note(f"{name} → Twilio is away")
            asked = self._scheduler.choice_of(0, 1, 20)
            raise TextDelayed("away", timedelta(seconds=asked) if asked else None)
        fate = self._sky.fate_of_call()
        self._scheduler.sleep(self._sky.latency())
        if fate == "crash before":
            self._scheduler.note(f"{name} → dies before it")
            raise Killed
        if fate not in ("ok", "lost after", "failed after", "crash after"):
            self._scheduler.note(f"{name} → {fate}")
            raise TextDelayed(fate)
        if self._sky.happens("text_refused"):
            self._scheduler.note(f"{name} → refused")
            self.may_fail(text)
            raise TextRefused(30003)
        self._scheduler.note(f"{name} → {fate}")
        self.took(text)
        self._tell(text)
        if fate != "ok":
            self.cut_off(text)
        if fate == "crash after":
            raise Killed
        self._scheduler.sleep(self._sky.latency())
        if fate != "ok":
            raise TextDelayed(fate)

    def _is_broken_by(self, text: Text) -> bool:
        """Whether our code fails at this text: each time, or never."""
        name = (text.conversation_id, text.message_seq)
        if name not in self._breaks:
            self._breaks[name] = self._sky.happens("text_breaks")
        return self._breaks[name]

    def _is_away(self) -> bool:
        if self._sky.happens("provider_away"):
            self._away_until = self._scheduler.seconds + self._scheduler.between(2, 90)
        return self._sky.weather is not CALM and self._scheduler.seconds < self._away_until

    def _tell(self, text: Text) -> None:
        scheduler = self._scheduler
        end = scheduler.random.choice(("delivered", "delivered", "read", "undelivered"))
        if end == "undelivered":
            self.may_fail(text)
        for status in ("queued", "sent", "delivered" if end == "read" else end, end):
            times = 2 if self._sky.happens("webhook_repeats") else 1
            for _ in range(times):
                delay = scheduler.between(0.05, 6)
                scheduler.spawn("twilio", partial(self._call_back, text, status), delay)

    def _call_back(self, text: Text, status: str) -> None:
        form = {"MessageSid": "SM1", "MessageStatus": status}
        query = {"conversation": text.conversation_id, "message": str(text.message_seq)}
        for _ in range(3):
            outcome = self._scheduler.wait(
                self._cloud().webhook("/twilio/status", form, query, None), 15
            )
            if outcome is not None and _is_2xx(outcome):
                return
            self._scheduler.sleep(1)


def _is_2xx(outcome: Outcome) -> bool:
    return not outcome.failed and outcome.answer["statusCode"] < 300


def _brief(frame: Json) -> str:
    return json.dumps(frame)[:200]
