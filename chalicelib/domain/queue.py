"""Queues: where conversations wait, and how their contacts are handled."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from chalicelib.domain import text
from chalicelib.domain.errors import Invalid, TooLarge

FieldType = Literal["text", "email", "tel", "textarea", "select"]

CaptchaProvider = Literal["turnstile", "hcaptcha"]
NO_ANSWER = "no_answer"
"""The reason of an agent who missed too many offers; nobody chooses it."""

_SECONDS = {
    "offer_lasts": (5, 900),
    "refusal_holds": (0, 86_400),
    "wrap_up_lasts": (0, 86_400),
    "abandoned_after": (30, 86_400),
    "starts_within": (60, 86_400),
}
"""The least and the most of each duration. A timer on SQS waits 900 seconds at most; a customer
who loads the next page is gone for a few."""

MESSAGE_LENGTH = 4000
ANSWER_LENGTH = 200

ANSWERS_BYTES = 20_000
"""Of all answers together, in JSON: an offer shows them twice in a frame of 32 kB."""

SHOWN_BYTES = 4_000
"""Of a queue's name, outcomes and questions, which are in the same frame."""

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\W_]([\w-]*[^\W_])?(\.[^\W_]([\w-]*[^\W_])?)+")
"""Looser than RFC 5322 and browsers: addresses in any script are good."""


@dataclass(frozen=True, slots=True)
class FormField:
    """A question of the pre-chat form.

    The variables ``name``, ``email``, ``phone`` and ``account_id`` identify the customer;
    ``message`` is the first message of the conversation.
    """

    variable: str
    label: str
    type: FieldType
    required: bool
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Captcha:
    """A check that a person starts the conversation, by a provider.

    ``site_key`` is public, ``secret_parameter`` names the secret in Parameter Store.
    """

    provider: CaptchaProvider
    site_key: str
    secret_parameter: str


@dataclass(frozen=True, slots=True)
class Queue:
    """The settings of a queue.

    An agent who declined or missed a conversation is not offered it again for ``refusal_holds``,
    unless they declare themselves ready anew. An agent who misses ``missed_offers`` offers in a row
    is not ready any more. A conversation that waits ends when its customer has been gone for
    longer than ``abandoned_after``. An agent who was away for longer than the grace begins not
    ready; where all of their queues have ``begins_ready``, as they left.

    Within ``starts_within`` at most that many conversations are started from a network address, by
    a customer who came before, and in the whole queue; 0 is no limit. Texts are not counted.
    """

    id: str
    name: str
    form: tuple[FormField, ...]
    dispositions: tuple[str, ...]
    not_ready_reasons: tuple[str, ...]
    offer_lasts: timedelta = timedelta(seconds=20)
    refusal_holds: timedelta = timedelta(seconds=60)
    wrap_up_lasts: timedelta = timedelta(minutes=10)
    abandoned_after: timedelta = timedelta(minutes=5)
    missed_offers: int = 3
    begins_ready: bool = False
    starts_per_address: int = 10
    starts_per_customer: int = 5
    starts_per_queue: int = 1000
    starts_within: timedelta = timedelta(minutes=10)
    captcha: Captcha | None = None

    @property
    def shown_bytes(self) -> int:
        """The bytes of what a frame about a conversation shows of the queue, in JSON."""
        asked = [(field.variable, field.label) for field in self.form]
        return _bytes([self.id, self.name, self.dispositions, asked])


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered question of the pre-chat form."""

    variable: str
    label: str
    value: str


def check_settings(queue: Queue) -> None:
    """Raises Invalid, naming the setting whose value is not allowed."""
    if not text.is_id(queue.id):
        raise Invalid("id is up to 64 letters, digits, hyphens and underscores.", "id")
    for setting, (least, most) in _SECONDS.items():
        seconds = getattr(queue, setting).total_seconds()
        if not least <= seconds <= most:
            raise Invalid(f"{setting} is from {least} to {most} seconds.", setting)
    for setting in ("starts_per_address", "starts_per_customer", "starts_per_queue"):
        if getattr(queue, setting) < 0:
            raise Invalid(f"{setting} is at least 0, which is no limit.", setting)
    if queue.missed_offers < 1:
        raise Invalid("missed_offers is at least 1.", "missed_offers")
    if NO_ANSWER in queue.not_ready_reasons:
        raise Invalid(f"not_ready_reasons cannot list {NO_ANSWER}.", "not_ready_reasons")


def check_answers(queue: Queue, answers: Mapping[str, str]) -> tuple[Answer, ...]:
    """The answers in the order of the form, without the empty ones.

    Raises Invalid or TooLarge, naming the field ``answers.<variable>``: the longest one where all
    together are too long.
    """
    known = {field.variable for field in queue.form}
    for variable in answers:
        if variable not in known:
            raise Invalid("This form has no such field.", f"answers.{variable}")
    checked = [_check_answer(field, answers.get(field.variable, "")) for field in queue.form]
    given = tuple(answer for answer in checked if answer.value)
    if sum(_bytes(answer.value) for answer in given) > ANSWERS_BYTES:
        longest = max(given, key=lambda answer: _bytes(answer.value))
        raise TooLarge("The answers are too long together.", f"answers.{longest.variable}")
    return given


def _check_answer(field: FormField, value: str) -> Answer:
    name = f"answers.{field.variable}"
    has_lines = field.type == "textarea"
    limit = MESSAGE_LENGTH if has_lines else ANSWER_LENGTH
    if len(value) > limit:
        raise TooLarge(f"{field.label} is longer than {limit:,} characters.", name)
    value = text.message(value).strip() if has_lines else text.line(value)
    if not value:
        if field.required:
            raise Invalid(f"{field.label} is required.", name)
        return Answer(field.variable, field.label, "")
    if field.type == "email" and not _EMAIL.fullmatch(value):
        raise Invalid(f"{field.label} is not an e-mail address.", name)
    if field.type == "select" and value not in field.options:
        raise Invalid(f"{field.label} is not one of the choices.", name)
    return Answer(field.variable, field.label, value)


def _bytes(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())
