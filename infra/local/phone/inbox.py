"""What happens when a customer writes on a phone."""

import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree import ElementTree

from infra.local.phone import addresses
from infra.local.phone.carrier import Carrier
from infra.local.phone.segments import count_segments
from infra.local.phone.settings import API_VERSION, PhoneSettings
from infra.local.phone.store import Media, Message, PhoneStore
from infra.local.phone.webhooks import WebhookAnswer, WebhookSender, inbound_fields

_STOP = frozenset(("stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout", "cancel"))
_START = frozenset(("start", "unstop"))
_HELP = frozenset(("help", "info"))

_STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from "
    "this number. Reply START to resubscribe."
)
_STARTED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for "
    "help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
_HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."


@dataclass(frozen=True)
class Upload:
    """A picture or file that a customer sends."""

    content_type: str
    content: bytes


@dataclass(frozen=True)
class Draft:
    """A message as a customer sends it.

    `to` is the company's line, its number if empty. `fields` are added to the form of the webhook.
    """

    body: str
    sid: str = ""
    to: str = ""
    uploads: tuple[Upload, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)


class Inbox:
    """Takes what customers write and hands it to the webhook of the application."""

    def __init__(
        self, settings: PhoneSettings, store: PhoneStore, webhooks: WebhookSender, carrier: Carrier
    ) -> None:
        self._settings = settings
        self._store = store
        self._webhooks = webhooks
        self._carrier = carrier

    def receive(self, phone: str, draft: Draft) -> tuple[Message, WebhookAnswer]:
        """Send a customer's message and wait for the answer of the webhook.

        With the id of an earlier message, the earlier message is sent once more: nothing is
        stored twice, and the webhook sees the same MessageSid.
        """
        message = self._message(phone, draft)
        if self._store.add_message(message):
            for media, upload in zip(message.media, draft.uploads, strict=True):
                content_type, content = upload.content_type, upload.content
                self._store.add_media(media.sid, message.sid, content_type, content)
        else:
            message = self._store.message(message.sid) or message
        keyword = _keyword(message)
        was_out = self._apply(keyword, phone)
        answer = self._deliver(message, keyword, draft.fields)
        for reply in (*_automatic(keyword, was_out), *_replies(answer)):
            self._reply(phone, message.recipient, reply)
        return self._store.message(message.sid) or message, answer

    def _message(self, phone: str, draft: Draft) -> Message:
        sid = draft.sid or ("MM" if draft.uploads else "SM") + uuid.uuid4().hex
        now = time.time()
        return Message(
            sid=sid,
            phone=phone,
            direction="inbound",
            sender=phone,
            recipient=draft.to or addresses.ours(self._settings.number, phone),
            body=draft.body,
            status="receiving",
            num_segments=count_segments(draft.body),
            created_at=now,
            updated_at=now,
            sent_at=now,
            media=tuple(self._media(sid, upload) for upload in draft.uploads),
        )

    def _media(self, message_sid: str, upload: Upload) -> Media:
        sid = "ME" + uuid.uuid4().hex
        account = f"{API_VERSION}/Accounts/{self._settings.account_sid}"
        path = f"{account}/Messages/{message_sid}/Media/{sid}"
        return Media(sid, upload.content_type, f"{self._settings.api_url}/{path}")

    def _apply(self, keyword: str, phone: str) -> bool:
        """Opt the phone out or in; return whether it was opted out before."""
        was_out = self._store.is_opted_out(phone)
        if keyword == "STOP" and not was_out:
            self._store.opt_out(phone)
        if keyword == "START" and was_out:
            self._store.opt_in(phone)
        return was_out

    def _deliver(self, message: Message, keyword: str, extra: dict[str, str]) -> WebhookAnswer:
        fields = inbound_fields(self._settings, message, keyword) | extra
        answer = self._webhooks.post(self._settings.webhook_url, fields)
        self._store.change_message(
            message.sid,
            status="received" if answer.ok else "failed",
            webhook_status=answer.status,
            webhook_error=answer.error or _twiml_error(answer),
        )
        return answer

    def _reply(self, phone: str, line: str, body: str) -> None:
        now = time.time()
        self._carrier.send(
            Message(
                sid="SM" + uuid.uuid4().hex,
                phone=phone,
                direction="outbound-reply",
                sender=line,
                recipient=phone,
                body=body,
                status="queued",
                num_segments=count_segments(body),
                created_at=now,
                updated_at=now,
                sent_at=now,
            )
        )


def _keyword(message: Message) -> str:
    """Return STOP, START or HELP when the whole text is such a keyword; SMS and RCS only."""
    if addresses.channel(message.phone) not in ("sms", "rcs"):
        return ""
    word = message.body.strip().lower()
    kinds = {"STOP": _STOP, "START": _START, "HELP": _HELP}
    return next((kind for kind, words in kinds.items() if word in words), "")


def _automatic(keyword: str, was_out: bool) -> Iterable[str]:
    """Return what Twilio answers on its own; it confirms only what changed something."""
    if keyword == "HELP":
        return (_HELPED,)
    if keyword == "STOP" and not was_out:
        return (_STOPPED,)
    return (_STARTED,) if keyword == "START" and was_out else ()


def _replies(answer: WebhookAnswer) -> list[str]:
    """Return the texts of the `<Message>` verbs in the TwiML that the webhook answered."""
    twiml = _twiml(answer)
    verbs = twiml.iter("Message") if twiml is not None else ()
    texts = [(verb.findtext("Body") or verb.text or "").strip() for verb in verbs]
    return [text for text in texts if text]


def _twiml_error(answer: WebhookAnswer) -> str:
    if not answer.ok or not answer.body.strip() or _twiml(answer) is not None:
        return ""
    return "The webhook took it, but its answer is not TwiML (12100)"


def _twiml(answer: WebhookAnswer) -> ElementTree.Element | None:
    try:
        # The answer comes from the application under development, not from a stranger.
        return ElementTree.fromstring(answer.body) if answer.ok else None  # noqa: S314
    except ElementTree.ParseError:
        return None
