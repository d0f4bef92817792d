"""Agents: they accept or decline, answer, close, and lose their window now and then."""

import secrets

from clients.python import AgentClient, Json, Refused
from proof.chaos.ledger import Sent
from proof.chaos.world import TICK, Clock, Person, World, is_passing

BEAT = 60.0
"""Seconds between two ``sync``."""

DIFFERS_FOR = 3.0
"""Seconds for which the desk may differ from the agent's state."""

DECLINES = 0.08
"""How probable it is that an agent declines an offer."""

THINKS = (0.5, 2.0)
"""Seconds between two messages of an agent, over all conversations, at least and at most."""

MESSAGES = (3, 9)
"""How much an agent says in a conversation before closing it, at least and at most."""

WORKS = (30.0, 90.0)
"""Seconds until an agent's window goes away without a word."""

STAYS_AWAY = (2.0, 45.0)
"""Seconds until it is back; the grace is 30."""


class Agent(Person):
    """An agent with one window."""

    def __init__(self, world: World, login: Json) -> None:
        super().__init__(world, login["name"])
        self.client = AgentClient(world.stack, login["email"], login["password"])
        self._outbox: dict[str, Sent] = {}
        self._limits: dict[str, int] = {}
        self._said_in: dict[str, int] = {}
        self._is_ready = False
        self._reconnects = self.pauses()
        self._connects, self._beats, self._writes = Clock(0), Clock(BEAT), Clock(0)
        self._differs_until = Clock(DIFFERS_FOR)
        self._leaves = Clock(self.random.uniform(*WORKS))

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do at the desk."""
        return not self._outbox and not self.client.offers and not self._wrapping_up()

    def live(self) -> None:
        """Do what there is to do, again and again."""
        while self.world.pause(TICK):
            try:
                self._take_turn()
            except (ConnectionError, TimeoutError):
                # No answer: the socket is dead, whatever the operating system says.
                self.world.ledger.count("repeated")
                self.client.disconnect(close_frame=False)
            except Refused as refused:
                if not is_passing(refused):
                    raise
        self.client.disconnect()

    def _take_turn(self) -> None:
        if self.world.is_writing and self._leaves.is_due:
            self._leave()
        if not self.client.is_connected:
            self._connect()
            return
        if self._beats.is_due:
            self._beats.set(BEAT)
            self.client.sync()
        self._compare()
        for offer in list(self.client.offers.values()):
            self._answer(offer)
        for conversation_id in self._wrapping_up():
            self._close(conversation_id)
        self._write()

    def _leave(self) -> None:
        self._leaves.set(self.random.uniform(*WORKS))
        self.world.ledger.count("agents gone")
        self.client.disconnect(close_frame=False)
        self._connects.set(self.random.uniform(*STAYS_AWAY))

    def _connect(self) -> None:
        if not self._connects.is_due:
            return
        self._connects.set(next(self._reconnects))
        try:
            self.client.connect()
        except Refused:
            # Refused while no worker lived, too, and the ticket is gone: the next try gets another.
            self.world.ledger.count("repeated")
            self.client.disconnect(close_frame=False)
            return
        if not self._is_ready:
            self.client.ready()
            self._is_ready = True
        self._reconnects = self.pauses()

    def _compare(self) -> None:
        """Take over the desk if it has differed from the agent's state for a few seconds."""
        agent, held = self.client.agent, set(self.client.conversations)
        load = len(self.client.offers) + len(held) - len(self._wrapping_up())
        if (set(agent["conversations"]), agent["load"]) == (held, load):
            self._differs_until.set(DIFFERS_FOR)
        elif self._differs_until.is_due:
            self._differs_until.set(DIFFERS_FOR)
            self.client.take_desk()

    def _answer(self, offer: Json) -> None:
        conversation_id = offer["conversation_id"]
        is_declined = self.world.is_writing and self.random.random() < DECLINES
        try:
            (self.client.decline if is_declined else self.client.accept)(offer)
        except Refused as refused:
            if is_passing(refused):
                raise
            self.client.take_desk()
            return
        if is_declined:
            self.world.ledger.count("offers declined")
        else:
            self.world.ledger.begin(conversation_id)

    def _wrapping_up(self) -> list[str]:
        return [held for held in list(self.client.conversations) if self._has_ended(held)]

    def _has_ended(self, conversation_id: str) -> bool:
        events = self.client.wait_for(
            lambda client: [*client.transcript(conversation_id).events, {"type": ""}]
        )
        return any(event["type"] == "conversation.ended" for event in events)

    def _close(self, conversation_id: str) -> None:
        try:
            self.client.close(conversation_id, "Solved")
        except Refused as refused:
            if is_passing(refused):
                raise
            self.client.take_desk()
        self.world.ledger.end(conversation_id)

    def _write(self) -> None:
        for sent in list(self._outbox.values()):
            self._send(sent)
        if not self.world.is_writing or not self._writes.is_due:
            return
        self._writes.set(self.random.uniform(*THINKS))
        held = [one for one in list(self.client.conversations) if not self._has_ended(one)]
        if not held:
            return
        conversation_id = min(held, key=lambda one: (self._said_in.get(one, 0), one))
        limit = self._limits.setdefault(conversation_id, self.random.randint(*MESSAGES))
        if self._said_in.get(conversation_id, 0) >= limit:
            self._close(conversation_id)
            return
        self._say(conversation_id)

    def _say(self, conversation_id: str) -> None:
        self._said_in[conversation_id] = self._said_in.get(conversation_id, 0) + 1
        message_id = secrets.token_hex(16)
        sent = self.world.ledger.send(self.words(), self.name, conversation_id, message_id)
        self._outbox[conversation_id] = sent
        self._send(sent)

    def _send(self, sent: Sent) -> None:
        try:
            self.client.say(sent.conversation_id, sent.text, sent.message_id)
            sent.acknowledged = True
        except Refused as refused:
            if is_passing(refused):
                raise
        sent.settled = True
        del self._outbox[sent.conversation_id]
