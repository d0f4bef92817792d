"""Queues: where conversations wait, and how their contacts are handled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from chalicelib.domain.errors import Invalid, TooLarge

FieldType = Literal["text", "email", "tel", "textarea", "select"]

CaptchaProvider = Literal["turnstile", "hcaptcha"]

MESSAGE_LENGTH = 4000
ANSWER_LENGTH = 200


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
    unless they declare themselves ready anew.

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
    starts_per_address: int = 10
    starts_per_customer: int = 5
    starts_per_queue: int = 1000
    starts_within: timedelta = timedelta(minutes=10)
    captcha: Captcha | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered question of the pre-chat form."""

    variable: str
    label: str
    value: str


def check_answers(queue: Queue, answers: Mapping[str, str]) -> tuple[Answer, ...]:
    """The answers in the order of the form, without the empty ones.

    Raises Invalid or TooLarge, naming the field ``answers.<variable>``.
    """
    known = {field.variable for field in queue.form}
    for variable in answers:
        if variable not in known:
            raise Invalid("This form has no such field.", f"answers.{variable}")
    checked = [_check_answer(field, answers.get(field.variable, "")) for field in queue.form]
    return tuple(answer for answer in checked if answer.value)


def _check_answer(field: FormField, value: str) -> Answer:
    name = f"answers.{field.variable}"
    value = value.strip()
    if not value:
        if field.required:
            raise Invalid(f"{field.label} is required.", name)
        return Answer(field.variable, field.label, "")
    limit = MESSAGE_LENGTH if field.type == "textarea" else ANSWER_LENGTH
    if len(value) > limit:
        raise TooLarge(f"{field.label} is longer than {limit} characters.", name)
    if field.type == "email" and not _is_email(value):
        raise Invalid(f"{field.label} is not an e-mail address.", name)
    if field.type == "select" and value not in field.options:
        raise Invalid(f"{field.label} is not one of the choices.", name)
    return Answer(field.variable, field.label, value)


def _is_email(value: str) -> bool:
    local, at, host = value.rpartition("@")
    return bool(at and local and "." in host.strip(".")) and not any(c.isspace() for c in value)
