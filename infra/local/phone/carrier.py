"""The way of an outgoing message: its statuses, one after the other, and their callbacks."""

from dataclasses import dataclass

from infra.local.phone import addresses
from infra.local.phone.settings import PhoneSettings
from infra.local.phone.store import Message, MessageFilter, PhoneStore
from infra.local.phone.timeline import Timeline
from infra.local.phone.webhooks import WebhookSender, status_fields

_RANK = {"accepted": 0, "queued": 1, "sent": 2, "delivered": 3, "undelivered": 3, "failed": 3}
_WINDOW = 24 * 60 * 60


@dataclass(frozen=True)
class Step:
    """A status that is reported, with the error that goes with it."""

    status: str
    error_code: int | None = None


_DELIVERED = (Step("queued"), Step("sent"), Step("delivered"))
_BY_TROUBLE = {
    addresses.UNREACHABLE: (Step("queued"), Step("sent"), Step("undelivered", 30003)),
    addresses.FILTERED: (Step("queued"), Step("sent"), Step("undelivered", 30007)),
    addresses.LANDLINE: (Step("queued"), Step("failed", 30006)),
    addresses.SHUFFLED: tuple(map(Step, ("sent", "delivered", "queued", "delivered", "sent"))),
}
_OUTSIDE_WINDOW = (Step("queued"), Step("failed", 63016))


class Carrier:
    """Moves messages on, step by step, each step after the callback of the one before."""

    def __init__(
        self,
        settings: PhoneSettings,
        store: PhoneStore,
        webhooks: WebhookSender,
        timeline: Timeline,
    ) -> None:
        self._settings = settings
        self._store = store
        self._webhooks = webhooks
        self._timeline = timeline

    def send(self, message: Message) -> None:
        """Store an outgoing message and set it on its way."""
        self._store.add_phone(message.phone, "Customer")
        self._store.add_message(message)
        self._schedule(message, self._plan(message))

    def resume(self) -> None:
        """Take up what was under way when the process ended."""
        for message in self._store.unfinished():
            if message.direction == "inbound":
                self._store.change_message(
                    message.sid, status="failed", webhook_error="Stopped before it was sent"
                )
                continue
            reached = _RANK[message.status]
            rest = [step for step in self._plan(message) if _RANK[step.status] >= reached]
            self._schedule(message, tuple(rest))

    def _plan(self, message: Message) -> tuple[Step, ...]:
        if self._is_outside_window(message):
            return _OUTSIDE_WINDOW
        trouble = addresses.trouble(message.phone)
        return _BY_TROUBLE.get(trouble, _DELIVERED) if trouble else _DELIVERED

    def _is_outside_window(self, message: Message) -> bool:
        """Free text needs a message of the customer in the last 24 hours on some channels."""
        if message.content_sid or addresses.channel(message.phone) in ("sms", "rcs"):
            return False
        latest = self._store.messages(MessageFilter(sender=message.phone), limit=1)
        return not latest or latest[0].created_at < message.created_at - _WINDOW

    def _schedule(self, message: Message, steps: tuple[Step, ...]) -> None:
        if steps:
            self._timeline.after(self._settings.step_delay, lambda: self._take(message.sid, steps))

    def _take(self, sid: str, steps: tuple[Step, ...]) -> None:
        message = self._store.message(sid)
        if message is None:
            return
        step, *rest = steps
        self._record(message, step)
        if message.status_callback:
            sent = self._store.message(sid) or message
            fields = status_fields(self._settings, sent, step.status, step.error_code)
            self._webhooks.post(message.status_callback, fields)
        self._schedule(message, tuple(rest))

    def _record(self, message: Message, step: Step) -> None:
        if _RANK[step.status] <= _RANK[message.status]:
            return
        values: dict[str, str | int | float | None] = {"status": step.status}
        # A messaging service picks its sender when the message leaves, not before.
        if message.sender is None:
            values["sender"] = addresses.ours(self._settings.number, message.recipient)
        if step.error_code is not None:
            values["error_code"] = step.error_code
        self._store.change_message(message.sid, **values)
