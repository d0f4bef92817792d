"""A conversation as its client holds it."""

from clients.python.answers import Json


class Transcript:
    """What a client holds of a conversation.

    Everything up to ``position`` is held. ``conversation`` is as the last fetch told it.
    """

    def __init__(self) -> None:
        self.position = 0
        self.conversation: Json = {}
        self._events: dict[int, Json] = {}

    @property
    def events(self) -> list[Json]:
        """All events held, in their order."""
        return [self._events[seq] for seq in sorted(self._events)]

    @property
    def messages(self) -> list[Json]:
        """The messages held, each once, in their order."""
        return [event for event in self.events if event["type"] == "message.sent"]

    @property
    def texts(self) -> list[str]:
        """What was said, in its order."""
        return [message["text"] for message in self.messages]

    def push(self, frame: Json) -> bool:
        """Take in a frame ``event``; whether something was missed before it."""
        event = frame["event"]
        self._events[event["seq"]] = event
        if frame["after"] > self.position:
            return True
        self.position = max(self.position, event["seq"])
        return False

    def take(self, reply: Json) -> bool:
        """Take in the reply to a fetch; whether to fetch again."""
        before = self.position
        for event in reply["events"]:
            self._events[event["seq"]] = event
        self.position = max(self.position, reply["position"])
        self.conversation = reply["conversation"]
        return bool(reply["more"]) and self.position > before

    def copy(self) -> "Transcript":
        """What is held now."""
        copy = Transcript()
        copy.position, copy.conversation = self.position, self.conversation
        copy._events = dict(self._events)
        return copy

    def lags(self, position: int) -> bool:
        """Whether something up to ``position`` is missing."""
        return self.position < position
