"""Twilio's webhooks: https://www.twilio.com/docs/usage/webhooks"""

from http import HTTPStatus
from urllib.parse import parse_qs, urlencode

from chalice.app import MultiDict, Request, Response

from chalicelib.config import Settings
from chalicelib.domain import text
from chalicelib.domain.errors import Forbidden, Invalid, TooLarge
from chalicelib.domain.events import Channel, Delivery
from chalicelib.domain.queue import ANSWER_LENGTH, MESSAGE_LENGTH
from chalicelib.domain.text import is_id
from chalicelib.domain.texting import TextAddress
from chalicelib.handlers.http import FORM, answering, body_of, query_of
from chalicelib.handlers.parsing import parse_number
from chalicelib.ports import Ports
from chalicelib.usecases.texting import texts
from chalicelib.usecases.texting.receive_text import IncomingText, receive_text

NAME_LENGTH = 100
"""Of what Twilio calls a message or a sender; the longest are some 50 characters."""

MOST_MEDIA = 10

EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'

_CHANNELS: dict[str, Channel] = {"whatsapp": "whatsapp", "messenger": "messenger", "rcs": "rcs"}

_OPT_OUT = frozenset(
    ("STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "OPTOUT", "CANCEL")
)
_OPT_IN = frozenset(("START", "UNSTOP"))
"""Twilio's keywords: https://help.twilio.com/articles/223134027"""

_KEYWORD_CHANNELS: frozenset[Channel] = frozenset(("sms", "rcs"))
"""Where Twilio and the carriers act on keywords. On the others "end" is a word like any other."""

_OPT_OUT_TYPES = {"STOP": True, "START": False, "HELP": None}
"""What Twilio says that it took a text for, if Advanced Opt-Out is on; its words can be chosen:
https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out"""

_DELIVERIES: dict[str, Delivery] = {
    "accepted": "sent",
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
"""What Twilio's statuses mean to us. Each tells that Twilio has the text: it need not leave again,
also if the answer to our request was lost."""


@answering
def receive(request: Request, ports: Ports, settings: Settings) -> Response:
    """A customer's text."""
    form = _signed_form(request, settings)
    channel = _channel(_required(form, "From"))
    incoming = IncomingText(
        TextAddress(channel, ours=_required(form, "To"), theirs=_required(form, "From")),
        name=text.cut(text.line(form.get("ProfileName", "")), ANSWER_LENGTH),
        sid=_required(form, "MessageSid"),
        text=_text(form),
        opts_out=_opts_out(form, channel),
    )
    receive_text(ports, incoming)
    return Response(EMPTY_TWIML, {"Content-Type": "text/xml"}, HTTPStatus.OK)


@answering
def status(request: Request, ports: Ports, settings: Settings) -> Response:
    """What became of a text of ours."""
    form = _signed_form(request, settings)
    query = query_of(request)
    delivery = _DELIVERIES.get(_required(form, "MessageStatus"))
    conversation_id = query.get("conversation", "")
    if delivery is not None and is_id(conversation_id):
        texts.record(
            ports,
            conversation_id,
            parse_number(query.get("message"), "message"),
            delivery,
            _number(form, "ErrorCode"),
        )
    return Response("", {}, HTTPStatus.NO_CONTENT)


def _signed_form(request: Request, settings: Settings) -> dict[str, str]:
    """The fields of the form. Raises Forbidden unless Twilio signed exactly this request.

    https://www.twilio.com/docs/usage/security#validating-requests
    """
    from twilio.request_validator import RequestValidator

    body = body_of(request, FORM).decode("utf-8", errors="replace")
    fields = parse_qs(body, keep_blank_values=True)
    url = settings.public_base_url + request.path
    if query_of(request):
        url += "?" + urlencode(sorted(query_of(request).items()))
    validator = RequestValidator(settings.twilio_auth_token)
    signature = request.headers.get("x-twilio-signature", "")
    if not settings.twilio_auth_token or not validator.validate(url, MultiDict(fields), signature):
        raise Forbidden("The signature is wrong.")
    return {name: values[0] for name, values in fields.items()}


def _required(form: dict[str, str], name: str) -> str:
    value = text.line(form.get(name, ""))
    if not value:
        raise Invalid("This field is missing.", name)
    if len(value) > NAME_LENGTH:
        raise TooLarge(f"At most {NAME_LENGTH} characters are accepted.", name)
    return value


def _channel(sender: str) -> Channel:
    prefix, colon, _ = sender.partition(":")
    return _CHANNELS.get(prefix, "sms") if colon else "sms"


def _opts_out(form: dict[str, str], channel: Channel) -> bool | None:
    """Whether the customer opts out, or in; None when they say nothing of it."""
    if form.get("OptOutType") in _OPT_OUT_TYPES:
        return _OPT_OUT_TYPES[form["OptOutType"]]
    word = form.get("Body", "").strip().upper()
    if channel not in _KEYWORD_CHANNELS or word not in _OPT_OUT | _OPT_IN:
        return None
    return word in _OPT_OUT


def _text(form: dict[str, str]) -> str:
    """The text, with a line for each thing in the message that is not text.

    A text has at most 1,600 characters, so it is whole unless somebody else than Twilio signs.
    """
    lines: list[str] = []
    for number in range(min(_number(form, "NumMedia") or 0, MOST_MEDIA)):
        lines.append(f"[attachment: {_part(form, f'MediaContentType{number}') or 'file'}]")
    if "Latitude" in form and "Longitude" in form:
        lines.append(f"[location: {_part(form, 'Latitude')}, {_part(form, 'Longitude')}]")
    room = MESSAGE_LENGTH - sum(len(line) + 1 for line in lines)
    body = text.cut(text.message(form.get("Body", "")).strip(), room)
    return "\n".join(line for line in (body, *lines) if line) or "[empty message]"


def _part(form: dict[str, str], name: str) -> str:
    return text.cut(text.line(form.get(name, "")), NAME_LENGTH)


def _number(form: dict[str, str], name: str) -> int | None:
    """A small number, such as a count or the code of an error."""
    value = form.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 9 else None
