"""Customers: on the web with one or two windows, and with a phone."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from chalicelib.domain.access import (
    conversation_begun_by,
    customer_of_start,
    message_of_start,
)
from proof.desk import ANSWERS, OUR_NUMBER
from proof.simulation.cloud.settings import NETWORKS
from proof.simulation.identities import knows_only_in_public
from proof.simulation.ledger import Violation
from proof.simulation.people.clients import (
    HEARTBEAT,
    HEARTBEAT_WAITING,
    Network,
    Reply,
    Window,
    must_repeat,
)

JSON = {"content-type": "application/json"}


class CustomerWindow(Window):
    """A tab with the widget."""

    def __init__(self, customer: WebCustomer, number: int, conversation_id: str) -> None:
        super().__init__(customer.network, f"{customer.name} window {number}")
        self.customer = customer
        self.conversation_id = conversation_id

    @property
    def status(self) -> str:
        """``waiting``, ``active`` or ``ended``, as the events tell."""
        tells = {
            "conversation.ended": "ended",
            "participant.joined": "active",
            "participant.left": "waiting",
        }
        events = self.transcript(self.conversation_id).events
        found = [tells[event["type"]] for event in events if event["type"] in tells]
        return found[-1] if found else "waiting"

    def _beat(self) -> float:
        return HEARTBEAT_WAITING if self.status == "waiting" else HEARTBEAT

    def _follows(self, conversation_id: str) -> bool:
        return conversation_id == self.conversation_id

    def _ticket(self) -> str | None:
        reply = self.customer.ask("POST", f"{self._path}/socket-tickets")
        if must_repeat(reply) or reply is None:
            return None
        self.customer.must_be_let_in(reply)
        return str(reply[1]["socket_ticket"])

    def _read(self, conversation_id: str, after: int) -> Reply:
        del conversation_id
        reply = self.customer.ask("GET", f"{self._path}/messages", after=str(after))
        if not must_repeat(reply):
            self.customer.must_be_let_in(reply)
        if reply is not None and reply[0] == 200:
            for event in reply[1]["events"]:
                if not knows_only_in_public(event):
                    raise Violation(f"I7: {self.customer.name} reads who an agent is: {event}")
        return reply

    @property
    def _path(self) -> str:
        return f"/widget/conversations/{self.conversation_id}"


class WebCustomer:
    """Writes, waits, reads, goes, comes back."""

    def __init__(
        self,
        network: Network,
        number: int,
        queue_id: str,
        has_begun: Callable[[str], bool],
        vanishes: float = 0,
    ) -> None:
        self.network = network
        self.name = f"customer {number}"
        self.queue_id = queue_id
        self.vanishes = vanishes
        """How probable it is that they leave while they wait."""
        self._has_begun = has_begun
        self._source = network.scheduler.random.choice(NETWORKS)
        self.token: str | None = None
        self.conversation_id = ""
        self.windows: list[CustomerWindow] = []
        self.conversations: set[str] = set()
        self.unanswered = 0
        self._first: tuple[str, str] | None = None
        self._messages = 0
        self._windows = 0

    def begin(self, delay: float) -> None:
        """Come to the website."""
        self.network.scheduler.spawn(self.name, self._live, delay)

    def ask(self, method: str, path: str, body: str = "", **query: str) -> Reply:
        """A REST request with the token."""
        return self._ask_with(self.token, method, path, body, query)

    def _ask_with(
        self, token: str | None, method: str, path: str, body: str, query: dict[str, str]
    ) -> Reply:
        headers = {**JSON, "authorization": f"Bearer {token}"} if token else JSON
        return self.network.ask(
            lambda: self.network.cloud.request(
                method, path, body, headers, query, source=self._source
            )
        )

    def must_be_let_in(self, reply: Reply) -> None:
        """A customer with a good token is never turned away."""
        if reply is not None and reply[0] in (401, 403, 404, 422, 400):
            raise Violation(f"I12: {self.name} was turned away from their conversation: {reply}")

    def _live(self) -> None:
        scheduler = self.network.scheduler
        for _ in range(scheduler.random.choice((1, 1, 2))):
            if self.network.is_healing or not self._start():
                return
            self._talk()
            if scheduler.chance(0.5) and not self.network.is_healing:
                self._end()
            scheduler.sleep(scheduler.between(1, 15))
            if scheduler.chance(0.3) and not self.network.is_healing:
                self._repeat_start()

    def _talk(self) -> None:
        scheduler = self.network.scheduler
        if scheduler.chance(self.vanishes):
            self._vanish()
        for _ in range(scheduler.random.randrange(5)):
            scheduler.sleep(scheduler.between(0.1, 10))
            if self.network.is_healing:
                return
            if scheduler.chance(0.15):
                self._go_away()
            if not self._say():
                return

    def _start(self) -> bool:
        self._leave_windows()
        starts = [self._secret()]
        if self.network.scheduler.chance(0.3):
            starts.append(starts[0] if self.token is None else self._secret())
        for start_id in starts[1:]:
            name = f"{self.name} twin"
            self.network.scheduler.spawn(name, partial(self._open_twin, start_id))
        if not self._open(starts[0]):
            return False
        self.open_window()
        if self.network.scheduler.chance(0.3):
            self.open_window()
        return True

    def _repeat_start(self) -> None:
        """A tab that was asleep sends the first start again; it finds what it began then."""
        if self._first is None:
            return
        start_id, begun = self._first
        reply = self._ask_to_open(start_id)
        if reply is None:
            return
        found = reply[1]["conversation"]["conversation_id"] if reply[0] == 201 else reply
        if found != begun:
            raise Violation(f"I1: {self.name} began {begun} and is led to {found}")

    def _open_twin(self, start_id: str) -> None:
        self._open(start_id)

    def _open(self, start_id: str) -> bool:
        message_id = message_of_start(start_id)
        self.network.ledger.sent(self.name, message_id)
        begins = self._begins(start_id)
        reply = self._ask_to_open(start_id)
        if reply is None:
            return False
        if reply[0] == 409 and self._has_begun(begins):
            self.network.scheduler.note("comes too late to what it began")
            return self.token is None and self._open(self._secret())
        if reply[0] != 201:
            raise Violation(f"I1: {self.name} cannot start a conversation: {reply}")
        if self._is_of_another(reply[1]["customer_token"]):
            self.network.scheduler.note("was given another name than its other tab, and gives up")
            return False
        self.conversation_id = reply[1]["conversation"]["conversation_id"]
        if self.token is None:
            self.token = reply[1]["customer_token"]
            self._first = (start_id, self.conversation_id)
        if self.token is None:
            raise Violation(f"I12: {self.name} was given no token.")
        self.conversations.add(self.conversation_id)
        self.network.ledger.acknowledge(message_id)
        return True

    def _is_of_another(self, token: str | None) -> bool:
        """Whether two tabs began anew at once, and so became two customers."""
        if token is None or self.token is None:
            return False
        return token.partition(".")[0] != self.token.partition(".")[0]

    def _ask_to_open(self, start_id: str) -> Reply:
        answers = {**ANSWERS, "message": f"{self.name} starts {message_of_start(start_id)[:6]}"}
        body = {"start_id": start_id, "queue_id": self.queue_id, "answers": answers}
        begins, token = self._begins(start_id), self.token
        # A start is repeated as it was, also if another tab has been given a token meanwhile.
        return self._until_answered(
            "/widget/conversations",
            body,
            lambda: self._has_begun(begins),
            lambda text: self._ask_with(token, "POST", "/widget/conversations", text, {}),
        )

    def _begins(self, start_id: str) -> str:
        customer_id = self.token.partition(".")[0] if self.token else customer_of_start(start_id)
        address = f"web:{customer_id}:{self.queue_id}"
        return conversation_begun_by(address, message_of_start(start_id))

    def _say(self) -> bool:
        """Whether the conversation goes on."""
        self._messages += 1
        message_id = f"{self.name}-m{self._messages}".replace(" ", "-")
        body = {"message_id": message_id, "text": message_id}
        self.network.ledger.sent(self.name, message_id)
        reply = self._until_answered(f"{self._path}/messages", body)
        if reply is None:
            return False
        if reply[0] == 409:
            return False
        self.must_be_let_in(reply)
        self.network.ledger.acknowledge(message_id, reply[1]["seq"])
        return True

    def _end(self) -> None:
        reply = self._until_answered(f"{self._path}/end", None)
        if reply is not None and reply[0] not in (200, 409):
            raise Violation(f"I1: {self.name} cannot end the conversation: {reply}")

    def _until_answered(
        self,
        path: str,
        body: object,
        is_done: Callable[[], bool] = lambda: False,
        ask: Callable[[str], Reply] | None = None,
    ) -> Reply:
        self.unanswered += 1
        text = json.dumps(body) if body is not None else ""
        ask_once = ask or partial(self.ask, "POST", path)
        reply = self._ask_until_answered(lambda: ask_once(text), is_done)
        self.unanswered -= 1
        return reply

    def _ask_until_answered(self, ask: Callable[[], Reply], is_done: Callable[[], bool]) -> Reply:
        """``is_done`` tells whether an earlier try has had its effect."""
        pause = 0.5
        while True:
            was_done = is_done()
            reply = ask()
            if not must_repeat(reply):
                return reply
            if reply is not None and reply[0] == 429:
                if was_done:
                    raise Violation(f"D13: {self.name} was refused what they repeat: {reply}")
                self.network.scheduler.sleep(reply[1]["error"]["retry_after"])
                continue
            if self.network.sky.happens("gives_up"):
                self.network.scheduler.note("gives up")
                return None
            if self.network.sky.happens("back_late"):
                self.network.scheduler.note("comes back to it much later")
                self.network.scheduler.sleep(self.network.scheduler.between(62, 95))
            self.network.scheduler.sleep(pause * self.network.scheduler.between(0.5, 1.5))
            pause = min(30.0, pause * 2)

    def open_window(self) -> None:
        """One more tab with the conversation."""
        self._windows += 1
        window = CustomerWindow(self, self._windows, self.conversation_id)
        self.windows.append(window)
        window.begin()

    def _go_away(self) -> None:
        self._leave_windows()
        self.network.scheduler.sleep(self.network.scheduler.between(0.5, 20))
        self.open_window()

    def _vanish(self) -> None:
        """Be gone for a long time, if not for good."""
        scheduler = self.network.scheduler
        scheduler.sleep(scheduler.between(0, 5))
        self._leave_windows()
        scheduler.sleep(scheduler.between(10, 90))
        if scheduler.chance(0.6) and not self.network.is_healing:
            self.open_window()

    def _leave_windows(self) -> None:
        for window in self.windows:
            window.leave(quietly=self.network.scheduler.chance(0.5))
        self.windows.clear()

    def _secret(self) -> str:
        return f"{self.network.scheduler.random.getrandbits(128):032x}"

    @property
    def _path(self) -> str:
        return f"/widget/conversations/{self.conversation_id}"


class Script(WebCustomer):
    """Begins a conversation, from a network of its own, and never comes to it."""

    def __init__(
        self, network: Network, number: int, queue_id: str, has_begun: Callable[[str], bool]
    ) -> None:
        super().__init__(network, number, queue_id, has_begun)
        self._source = f"198.51.100.{number % 100}"

    def _live(self) -> None:
        self._open(self._secret())


class PhoneCustomer:
    """Texts, sometimes several at once; Twilio carries them, and repeats itself."""

    def __init__(self, network: Network, number: int) -> None:
        self.network = network
        self.name = f"phone {number}"
        self.number = f"+1555012{number:04d}"
        self._messages = 0

    def begin(self, delay: float) -> None:
        """Take out the phone."""
        self.network.scheduler.spawn(self.name, self._live, delay)

    def _live(self) -> None:
        scheduler = self.network.scheduler
        for _ in range(scheduler.random.randrange(1, 6)):
            if self.network.is_healing:
                return
            for _ in range(scheduler.random.choice((1, 1, 1, 2))):
                self._text(scheduler.random.choice(("", "", "", "", "", "", "STOP", "START")))
            scheduler.sleep(scheduler.between(0.2, 20))

    def _text(self, word: str) -> None:
        self._messages += 1
        sid = f"SM-{self.name}-{self._messages}".replace(" ", "-")
        form = {
            "MessageSid": sid,
            "From": self.number,
            "To": OUR_NUMBER,
            "Body": word or sid,
            "NumMedia": "0",
        }
        self.network.ledger.sent(self.name, sid)
        self.network.scheduler.spawn(f"twilio for {self.name}", lambda: self._carry(form))

    def _carry(self, form: dict[str, str]) -> None:
        scheduler = self.network.scheduler
        tries = 0
        while tries < 4:
            tries += 1
            reply = self._post(form)
            if reply is not None and reply[0] < 300:
                self.network.ledger.acknowledge(form["MessageSid"])
                if not self.network.sky.happens("webhook_repeats"):
                    return
            elif reply is not None and reply[0] < 500:
                raise Violation(f"I1: a text of {self.name} was refused: {reply}")
            elif self.network.sky.happens("gives_up"):
                return
            is_late = self.network.sky.happens("webhook_late")
            scheduler.sleep(scheduler.between(0.1, 90 if is_late else 5))

    def _post(self, form: dict[str, str]) -> Reply:
        cloud = self.network.cloud
        return self.network.ask(lambda: cloud.webhook("/twilio/messages", form, None, None))
