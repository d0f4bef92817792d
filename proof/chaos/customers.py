"""Customers: on the web, and with a phone."""

import secrets

from clients.python import CustomerClient, Refused
from proof.chaos.ledger import Sent
from proof.chaos.world import TICK, Clock, Person, World
from proof.stack import Phone

THINKS = (2.0, 5.0)
"""Seconds between two messages of a customer on the web, at least and at most."""

TYPES = (2.5, 6.0)
"""The same, of a customer with a phone."""

ENDS = 0.03
"""How probable it is that a customer ends the conversation instead of writing."""

RETURNS = 0.5
"""How probable it is that the next conversation is begun by the customer of the last one."""

REPEATS = 0.1
"""How probable it is that Twilio repeats a text which was taken."""

WAITING_BEAT, BEAT = 20.0, 60.0
"""Seconds between two ``sync``, while a customer waits and otherwise."""


class WebCustomer(Person):
    """One customer after another, each with a widget and one conversation.

    ``client`` is the one now; ``left`` are those whose conversation has ended.
    """

    def __init__(self, world: World, name: str) -> None:
        super().__init__(world, name)
        self.client = CustomerClient(world.stack)
        self.left: list[CustomerClient] = []
        self._reconnects = self.pauses()
        self._connects, self._beats, self._writes = Clock(0), Clock(0), Clock(0)

    def live(self) -> None:
        """One conversation after another."""
        while self.world.is_writing:
            self._begin()
            self._converse()
            if self.client.status == "ended":
                self.client.disconnect()
                self.left.append(self.client)
        while self.client.status != "ended" and self.world.pause(TICK):
            self._stay_connected()
        self.client.disconnect()

    def _begin(self) -> None:
        token = self.client.token if self.random.random() < RETURNS else None
        self.client = CustomerClient(self.world.stack, token)
        start_id, text = secrets.token_urlsafe(24), self.words()
        answers = {"name": self.name, "email": "customer@example.com", "message": text}
        sent = self.world.ledger.send(text, self.name, "", None)
        self.until_answered(lambda: self.client.start(self.world.stack["queue"], answers, start_id))
        sent.conversation_id = self.client.conversation_id
        sent.acknowledged = sent.settled = True
        self.world.ledger.begin(sent.conversation_id)
        self._reconnects = self.pauses()
        self._connects.set(0)
        self._writes.set(self.random.uniform(*THINKS))

    def _converse(self) -> None:
        while self.world.is_writing and self.client.status != "ended":
            self._stay_connected()
            if self._writes.is_due:
                self._write_or_end()
                self._writes.set(self.random.uniform(*THINKS))
            self.world.pause(TICK)
        if self.client.status == "ended":
            self.world.ledger.end(self.client.conversation_id)

    def _stay_connected(self) -> None:
        try:
            if not self.client.is_connected and self._connects.is_due:
                self._connects.set(next(self._reconnects))
                self.client.connect()
                self._beats.set(0)
                self._reconnects = self.pauses()
            if self.client.is_connected and self._beats.is_due:
                self._beats.set(WAITING_BEAT if self.client.status == "waiting" else BEAT)
                self.client.sync()
        except (ConnectionError, TimeoutError, Refused):
            self.client.disconnect(close_frame=False)

    def _write_or_end(self) -> None:
        if self.random.random() < ENDS:
            self._end()
            return
        message_id = secrets.token_hex(16)
        sent = self.world.ledger.send(
            self.words(), self.name, self.client.conversation_id, message_id
        )
        try:
            self.until_answered(lambda: self.client.send(sent.text, message_id))
            sent.acknowledged = True
        except Refused:
            self._learn()
        sent.settled = True

    def _end(self) -> None:
        try:
            self.until_answered(self.client.end)
        except Refused:
            self._learn()

    def _learn(self) -> None:
        """Fetch why it was refused, as the protocol says: the conversation has ended."""
        self.until_answered(self.client.resume)


class PhoneCustomer(Person):
    """Somebody who texts, and whose next text after the end begins a new conversation.

    The stand-in repeats a webhook that failed as Twilio does, under the same MessageSid. When it
    has given up, so has Twilio: nobody was acknowledged anything, and the text may be missing.
    """

    def __init__(self, world: World, name: str, number: str) -> None:
        super().__init__(world, name)
        self.phone = Phone(world.stack["phone_url"], number)

    def live(self) -> None:
        """One text after another."""
        while self.world.is_writing and self.world.pause(self.random.uniform(*TYPES)):
            sid = f"SM{secrets.token_hex(16)}"
            sent = self.world.ledger.send(self.words(), self.name, "", sid)
            self._text(sent, sid)
            sent.settled = True
            if sent.acknowledged and self.random.random() < REPEATS:
                self._text(sent, sid)

    def _text(self, sent: Sent, sid: str) -> None:
        webhook = self.phone.type(sent.text, sid)["webhook"]
        self.world.ledger.count("repeated", webhook["attempts"] - 1)
        sent.acknowledged |= webhook["status"] is not None and webhook["status"] < 300
